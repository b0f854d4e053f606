"""Manifests are taken as the generators write them; what is none is told in one line that names the file."""

import json
from pathlib import Path
from typing import Any

import pytest

from graphql_api.documents import Documents
from graphql_api.schema import make_schema
from graphql_api.trusted.manifest import read_manifest
from graphql_api.trusted.trusted import Trusted
from infra.settings import WrongSetting

TEXT = "query Who { viewer { person { name } } }"
APOLLO: dict[str, Any] = {
    "format": "apollo-persisted-query-manifest",
    "version": 1,
    "operations": [{"id": "b7", "body": TEXT, "name": "Who", "type": "query"}],
}


def written(folder: Path, content: Any) -> Path:
    path = folder / "documents.json"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


@pytest.mark.parametrize("content", [{"b7": TEXT}, APOLLO], ids=["relay and graphql-codegen", "apollo"])
def test_a_manifest_is_taken_as_it_was_generated(tmp_path: Path, content: Any) -> None:
    assert read_manifest(written(tmp_path, content)) == {"b7": TEXT}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff",
        b"[" * 100_000,
        [],
        {"b7": 1},
        {"operations": []},
        {**APOLLO, "version": 2},
        {**APOLLO, "format": "another"},
        {**APOLLO, "operations": [*APOLLO["operations"], {"id": "b7", "body": "{ other }"}]},
    ],
)
def test_what_is_no_manifest_is_told_in_one_line(tmp_path: Path, content: Any) -> None:
    with pytest.raises(WrongSetting, match=r"PUSHBACK_DOCUMENTS: .*documents\.json has none of the forms") as refused:
        read_manifest(written(tmp_path, content))
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(WrongSetting, match=r"nowhere\.json cannot be read: No such file"):
        read_manifest(tmp_path / "nowhere.json")


@pytest.mark.parametrize("text", ["{ nobody }", "query {", "{ " + "a: __typename " * 6000 + "}"])
def test_a_document_that_is_not_valid_here_is_named(text: str) -> None:
    with pytest.raises(WrongSetting, match="the document 'b7' is not valid here: ") as refused:
        Trusted(Documents(make_schema()), {"b7": text})
    assert "\n" not in str(refused.value)
