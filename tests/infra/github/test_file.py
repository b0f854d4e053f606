"""What a file of GitHub may look like, and what is said of one that may not."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from infra.github.check import read_files
from infra.github.file import parse
from infra.importing.refusal import ImportRefused, Notes
from tests.infra.github.archives import Json, moment, overruled, pull, review

ARCHIVE = json.dumps({"repo": "mill/flour", "issues": [], "pulls": [overruled(1), overruled(2)]}).encode()
LONG = "x" * 900_001
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def refusal(data: bytes, folder: Path) -> ImportRefused:
    (folder / "archive.json").write_bytes(data)
    with pytest.raises(ImportRefused) as caught:
        read_files([folder / "archive.json"], NOW)
    return caught.value


def of_pull(said: Json) -> bytes:
    return json.dumps({"repo": "mill/flour", "pulls": [said]}).encode()


def answer(*nodes: Json, total: int) -> bytes:
    pulls = {"nodes": nodes, "totalCount": total}
    return json.dumps({"data": {"repository": {"nameWithOwner": "mill/flour", "pullRequests": pulls}}}).encode()


@pytest.mark.parametrize("length", [1, 100, len(ARCHIVE) // 2, len(ARCHIVE) - 1])
def test_a_file_that_was_cut_off_is_refused_where_it_ends(length: int, tmp_path: Path) -> None:
    refused = refusal(ARCHIVE[:length], tmp_path)
    assert (refused.code, refused.place) == ("TRUNCATED", f"byte {length}")


@pytest.mark.parametrize(
    ("data", "code", "place"),
    [
        (b" ", "EMPTY_FILE", ""),
        (b"Number,title\n", "NOT_JSON", "byte 0"),
        (b'{"repo": "a/b"}', "NOT_GITHUB", "$"),
        (b'{"issues": [], "names": {}}', "NOT_GITHUB", "$"),
        (b'{"data": null, "errors": [{"message": "Bad credentials"}]}', "NOT_GITHUB", "$"),
        (b"[1]", "NOT_GITHUB", "$"),
        (b'{"repo": "a/b", "pulls": [{}]}', "WRONG_SHAPE", "$.pulls[0]"),
        (of_pull(pull(1, state="DRAFT")), "WRONG_SHAPE", "$.pulls[0].state"),
        (of_pull(pull(1, review(1, 2, "bob", "MAYBE"))), "WRONG_SHAPE", "$.pulls[0].reviews[0].state"),
        (of_pull(pull(1, createdAt="2020-05-01")), "BAD_TIME", "$.pulls[0].createdAt"),
        (of_pull(pull(1, mergedAt="2999-05-01T00:00:00Z")), "TIME_IN_FUTURE", "$.pulls[0].mergedAt"),
        (of_pull(pull(1, review(1, 2, "bob", "APPROVED", body=LONG))), "TEXT_TOO_LONG", "$.pulls[0].reviews[0]"),
        (of_pull(pull(1, body=LONG)), "TEXT_TOO_LONG", "$.pulls[0]"),
        (b'{"repo": "a/b", "pulls": ' + b"[" * 5000 + b"]" * 5000 + b"}", "NOT_GITHUB", "$"),
    ],
)  # fmt: skip
def test_a_file_is_refused_at_its_first_fault(data: bytes, code: str, place: str, tmp_path: Path) -> None:
    refused = refusal(data, tmp_path)
    assert (refused.code, refused.place) == (code, place)
    assert "\n" not in str(refused)


def test_two_things_with_one_id_or_one_number_are_refused(tmp_path: Path) -> None:
    both = [pull(1), pull(1, createdAt=moment(2))]
    assert refusal(json.dumps({"repo": "a/b", "pulls": both}).encode(), tmp_path).code == "TWO_ISSUES_WITH_ONE_ID"
    both = [pull(1), pull(1, id="PR_other")]
    assert refusal(json.dumps({"repo": "a/b", "pulls": both}).encode(), tmp_path).code == "TWO_ISSUES_WITH_ONE_KEY"


def test_an_answer_of_graphql_is_read_like_an_archive() -> None:
    said = overruled(1)
    nodes = {**said, "author": {"login": "ann"}, "mergedBy": {"login": "mia"}, "reviews": {"nodes": said["reviews"]}}
    (archived,) = (issue for _, issue, _ in parse(of_pull(said), "a", Notes()).issues())
    ((sort, answered, where),) = parse(answer(nodes, total=1), "b", Notes()).issues()
    assert (sort.name, answered.id, where.key) == ("Pull request", archived.id, "mill/flour#1")
    assert str(where) == "b, mill/flour#1, $.data.repository.pullRequests.nodes[0]"


def test_what_is_missing_from_pages_is_noted(tmp_path: Path) -> None:
    cut = {**pull(1), "reviews": {"nodes": [review(1, 2, "bob", "APPROVED")], "totalCount": 2}}
    (tmp_path / "page.json").write_bytes(answer(cut, total=3))
    notes = read_files([tmp_path / "page.json"], NOW).notes
    assert [(note.code, note.count) for note in notes] == [("REVIEWS_INCOMPLETE", 1), ("PAGES_MISSING", 1)]
