"""What the page on importing shows of GitHub is what the command says and what the API answers."""

import json
import re
from pathlib import Path
from typing import Final

from graphql import parse, validate

from graphql_api.schema import make_schema
from infra.github.run import import_github
from tests.graphql_api.client import Client, backend, cast, client  # noqa: F401 - fixtures

ROOT: Final = Path(__file__).parents[2]
ARCHIVE: Final = ROOT / "tests" / "data" / "github" / "archive.json"
PAGE: Final = (ROOT / "docs" / "import.md").read_text(encoding="utf-8")


def shown(language: str) -> str:
    """The one block of the page in this language."""
    (block,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return str(block)


async def test_the_page_shows_what_an_import_says(client: Client) -> None:  # noqa: F811 - a fixture
    backend, cast = client.backend, client.cast  # noqa: F811 - its own names for them
    workspace_id = cast.ada.workspace_id
    imported = await import_github(backend.ledger, backend.pool, workspace_id, [ARCHIVE])
    told = re.sub(r"itm_[0-9a-z]{26}", "itm_...", imported.text())
    assert told == shown("text").rstrip("\n")
    assert json.loads(shown("json")) == json.loads(json.dumps(imported.figures))
    await backend.projector.catch_up(workspace_id)
    answer = await client.ask(cast.dora, shown("graphql"))
    (verdict,) = answer["verdicts"]["nodes"]
    assert (verdict["kind"], verdict["person"]["name"]) == ("CHANGES_REQUESTED", "arno")
    assert verdict["item"]["merged"]["actor"]["name"] == "dora"
    assert [item["sourceKey"] for item in answer["items"]["nodes"]] == ["mill/flour#6"]


def test_the_operation_that_is_shown_is_one_of_the_schema() -> None:
    assert validate(make_schema()._schema, parse(shown("graphql"))) == []
