"""Which field of a file is the size: every Jira site has another id for it."""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

import msgspec

from infra.importing.issue import order_of
from infra.importing.refusal import Notes
from infra.jira import shapes
from infra.jira.file import JiraFile

NAMES: Final = ("story points", "story point estimate")
"""What Jira calls the size, in lower case."""


class SizeField(NamedTuple):
    """The field's id, None when nothing tells it, and what the changelog calls it, in lower case."""

    field_id: str | None
    names: frozenset[str]


def size_field_of(file: JiraFile, given: str | None, notes: Notes) -> SizeField:
    """By what the user says, the file's names, the ids in its changelog, or the values that its histories end in."""
    named = {key: name for key, name in file.names.items() if name.lower() in NAMES}
    if given is not None:
        return SizeField(given, frozenset({file.names.get(given, given).lower(), *NAMES}))
    if len(named) == 1:
        (field_id, name) = next(iter(named.items()))
        return SizeField(field_id, frozenset({name.lower()}))
    issues = [issue for issue, _ in file.issues()]
    candidates = named or _ids_in_changelogs(issues) or _fields_that_end_alike(issues)
    best = max(candidates, key=lambda field_id: _filled(issues, field_id), default=None)
    if best is None:
        notes.add("SIZE_FIELD_UNKNOWN", "no field was found that holds the size; name it with --size-field", file.name)
        return SizeField(None, frozenset(NAMES))
    if not named:
        notes.add("SIZE_FIELD_GUESSED", f"{best} was taken for the size, by what the changelogs say", file.name)
    return SizeField(best, frozenset({named[best].lower()} if named else NAMES))


def _ids_in_changelogs(issues: Iterable[shapes.Issue]) -> dict[str, None]:
    items = (item for issue in issues for entry in _entries(issue) for item in entry.items)
    return {item.field_id: None for item in items if item.field_id and item.field.lower() in NAMES}


def _fields_that_end_alike(issues: Iterable[shapes.Issue]) -> dict[str, None]:
    """The custom fields that hold, in each issue whose size has a history, the value it ends in."""
    alike: set[str] | None = None
    for issue in issues:
        last = _last_size(issue)
        if last is not None:
            values = msgspec.json.decode(issue.fields, type=dict[str, Any])
            holding = {key for key, value in values.items() if key.startswith("customfield_") and _equals(value, last)}
            alike = holding if alike is None else alike & holding
    return dict.fromkeys(sorted(alike or ()))


def _last_size(issue: shapes.Issue) -> str | None:
    entries = sorted(_entries(issue), key=lambda entry: order_of(entry.created, str(entry.id)))
    sizes = [item.to_text for entry in entries for item in entry.items if item.field.lower() in NAMES]
    return sizes[-1] if sizes else None


def _equals(value: object, text: str) -> bool:
    try:
        return isinstance(value, int | float) and float(value) == float(text)
    except ValueError:
        return False


def _filled(issues: Iterable[shapes.Issue], field_id: str) -> int:
    """In how many issues the field holds something."""
    fields = (msgspec.json.decode(issue.fields, type=dict[str, msgspec.Raw]) for issue in issues)
    return sum(bytes(values.get(field_id) or b"null") != b"null" for values in fields)


def _entries(issue: shapes.Issue) -> Iterable[shapes.History]:
    changelog = issue.changelog or shapes.Changelog()
    return changelog.histories or changelog.values or ()
