"""What a file may look like, and what is said of one that may not."""

import json
from pathlib import Path

import pytest

from infra.importing.refusal import ImportRefused, Notes
from infra.jira.file import parse, read
from tests.infra.jira.conftest import DATA
from tests.infra.jira.exports import reopened

EXPORT = json.dumps({"names": {"customfield_10023": "Story Points"}, "issues": [reopened(1), reopened(2)]}).encode()


def refusal(data: bytes) -> ImportRefused:
    with pytest.raises(ImportRefused) as caught:
        list(parse(data, "export.json", Notes()).issues())
    return caught.value


def keys(data: bytes) -> list[str]:
    return [issue.key for issue, _ in parse(data, "export.json", Notes()).issues()]


@pytest.mark.parametrize("length", [1, 100, len(EXPORT) // 2, len(EXPORT) - 1])
def test_a_file_that_was_cut_off_is_refused_where_it_ends(length: int) -> None:
    refused = refusal(EXPORT[:length])
    assert (refused.code, refused.place, refused.file) == ("TRUNCATED", f"byte {length}", "export.json")


@pytest.mark.parametrize("data", [b"", b" \n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(data: bytes) -> None:
    assert refusal(data).code == "EMPTY_FILE"


@pytest.mark.parametrize(
    ("data", "code", "place"),
    [
        (b"Key,Summary\nSHOP-1,A\n", "NOT_JSON", "byte 0"),
        (b'{"issues": [}', "NOT_JSON", "byte 12"),
        (b'{"issues": []} {}', "NOT_JSON", "byte 16"),
        ('{"issues": ["ä"]}'.encode("latin-1"), "NOT_UTF8", "byte 13"),
        (b'{"data": {"repository": {}}}', "NOT_JIRA", "$"),
        (b'{"issues": {"1": {}}}', "NOT_JIRA", "$.issues"),
        (b'"issues"', "NOT_JIRA", "$"),
        (b"[1, 2]", "WRONG_SHAPE", "$[0]"),
        (b'{"issues": [{"id": "1", "fields": {}}]}', "WRONG_SHAPE", "$.issues[0]"),
        (b'{"issues": [{"id": [], "key": "A-1", "fields": {}}]}', "WRONG_SHAPE", "$.issues[0].id"),
        (b'{"issues": ' + b"[" * 5000 + b"]" * 5000 + b"}", "NOT_JIRA", "$"),
    ],
)
def test_a_file_of_something_else_is_refused_at_its_first_fault(data: bytes, code: str, place: str) -> None:
    refused = refusal(data)
    assert (refused.code, refused.place) == (code, place)


def test_a_wrong_value_deep_in_a_changelog_is_named_by_its_path() -> None:
    data = EXPORT.replace(b'"toString": "Closed"', b'"toString": 7', 2)
    refused = refusal(data)
    assert refused.place == "$.issues[0].changelog.histories[1].items[0].toString"
    assert str(refused).endswith("[WRONG_SHAPE] Nothing was imported.")


def test_a_search_result_a_list_and_a_single_issue_are_read_alike() -> None:
    one = json.dumps(reopened(1)).encode()
    assert keys(EXPORT) == ["SHOP-1", "SHOP-2"]
    assert keys(b"[" + one + b"]") == keys(one) == keys(b"\xef\xbb\xbf" + one) == ["SHOP-1"]


def test_a_search_that_found_nothing_is_no_fault() -> None:
    assert keys(b'{"issues": [], "total": 0}') == []


def test_characters_that_no_text_may_hold_are_replaced_and_noted() -> None:
    notes = Notes()
    said = rb'{"id": "1", "key": "A-\u0000\ud800\u0041\\u0000\ud83d\ude00\udc00", "fields": {}}'
    ((issue, _),) = parse(said, "export.json", notes).issues()
    assert issue.key == "A-\ufffd\ufffdA\\u0000\U0001f600\ufffd"
    (note,) = notes
    assert (note.code, note.count, note.places) == ("CHARACTERS_REPLACED", 3, ("export.json, byte 22",))


def test_a_file_that_is_not_there_is_refused_with_its_name() -> None:
    with pytest.raises(ImportRefused, match=r"nowhere\.json.*NOT_READABLE"):
        read(Path("nowhere.json"), Notes())


def test_the_hand_made_files_are_readable() -> None:
    assert [issue.key for issue, _ in read(DATA / "cloud.json", Notes()).issues()] == ["MOON-7", "MOON-8"]
