"""What is declared in SQL or by name, once more in Python, for the oracle; `state` is its state of all rows."""

from collections.abc import Callable
from typing import Any, Final

from domain.authority import HOLDERS

EXPRESSIONS: Final[dict[tuple[str, str], Callable[[Any, Any], Any]]] = {
    ("Item", "is_blocked"): lambda _, row: bool(row.blocking),
    ("Person", "name"): lambda state, row: state.names.get(row.id),
}
"""What each `expr` means, in Python."""

WHERE: Final[dict[str, Callable[[Any, Any, Any], bool]]] = {
    "Person.attention": lambda state, turn, person: person in falls_to(state, turn),
    "Pushback.joiners": lambda state, person, pushback: (
        person.column("id") in state.one("Pushback", pushback).row.joined_ids
    ),
    "Pushback.revisions_since": lambda state, revision, pushback: came_after(state, pushback, revision, "content"),
    "Pushback.sign_offs_ended_since": lambda state, sign_off, pushback: came_after(state, pushback, sign_off, "ended"),
    "Query.attention": lambda state, turn, given: given[0] in falls_to(state, turn),
    "Query.disagreements": lambda _, pushback, given: (
        between(pushback.row, *given) or between(pushback.row, *given[::-1])
    ),
    "RecordedRefusal.overridden_since": lambda state, pushback, refusal: overridden_after(state, pushback.row, refusal),
    "Turn.people": lambda state, person, turn: person.column("id") in falls_to(state, state.one("Turn", turn)),
}
"""What each `where` means, in Python: of the state, a row, and the id of whom it belongs to."""

THINGS: Final = {
    "pushback": ("Pushback", "pbk"), "recurrence_of": ("Pushback", "pbk"),
    "verdict": ("Verdict", "vrd"), "by_verdict": ("Verdict", "vrd"),
    "sign_off": ("SignOff", "sof"), "by_sign_off": ("SignOff", "sof"),
    "estimate": ("Estimate", "est"), "revision": ("Revision", "rev"), "by_revision": ("Revision", "rev"),
    "sign_off_request": ("SignOffRequest", "srq"),
    "question": ("Question", "qst"), "assignment": ("RoleAssignment", "asg"), "credential": ("Credential", "crd"),
    "ended_assignment": ("RoleAssignment", "asg"), "delegation": ("Delegation", "dlg"),
    "opened_with": ("Credential", "crd"),
    "policy": ("PolicyVersion", "pol"), "replaces": ("PolicyVersion", "pol"), "definition": ("Definition", "dfn"),
    "by_definition": ("Definition", "dfn"), "replaces_definition": ("Definition", "dfn"),
    "added_reason": ("ReasonCode", "rsn"), "webhook": ("Webhook", "whk"),
    "round": ("EstimationRound", "rnd"), "vote": ("Vote", "vot"), "refusal": ("RecordedRefusal", "rfs"),
}  # fmt: skip


def came_after(state: Any, pushback: str, other: Any, what: str) -> bool:
    """Whether something happened to another row of the item after the pushback ended."""
    ended, happened = state.one("Pushback", pushback).row, getattr(other.row, what)
    is_after = bool(ended.closed and happened and happened > ended.closed)
    return is_after and bool(other.row.item_id == ended.item_id)


def overridden_after(state: Any, pushback: Any, refusal: str) -> bool:
    """Whether a pushback on the item was overridden after something was refused there."""
    told = state.one("RecordedRefusal", refusal).row
    is_overridden = pushback.item_id == told.item_id and pushback.outcome == "OVERRIDDEN"
    return is_overridden and bool(pushback.closed > told.recorded)


def between(pushback: Any, author: str, other: str) -> bool:
    """Whether one raised it, took it over or joined it, and the other wrote the item."""
    return pushback.author_id == author and other in {pushback.raiser_id, pushback.holder_id, *pushback.joined_ids}


def falls_to(state: Any, turn: Any) -> set[str]:
    """Whom a turn falls to."""
    held = [row for row in state.all("RoleAssignment") if _holds(state, row.row)]
    here = [row.row for row in held if _is_over(state, row.row, turn.row)]
    there = [each for each in here if not _is_absent(state, each.person_id)]
    able = {each.person_id for each in there if not turn.row.needs or _gives_what_it_needs(each, turn.row)}
    if turn.row.person_id in {each.person_id for each in there} & able:
        return {turn.row.person_id}
    may = [each for each in there if each.person_id not in turn.row.not_ids]
    lenders = {each.person_id for each in here if _gives(each, turn.row)} - {*turn.row.not_ids}
    ladder = [
        {each.person_id for each in there if each.person_id in turn.row.person_ids} & able,
        _standing_in(state, turn.row, lenders & {turn.row.person_id}),
        {each.person_id for each in may if _gives(each, turn.row)},
        _standing_in(state, turn.row, lenders),
        {each.person_id for each in may if each.role == "SCRUM_MASTER"},
        {each.person_id for each in may if each.role.startswith("CHIEF_")},
        {each.person_id for each in there if each.role == "ADMINISTRATOR"},
        {each.person_id for each in here if each.role == "ADMINISTRATOR"},
    ]
    return next(filter(None, ladder), set())


def _is_over(state: Any, row: Any, turn: Any) -> bool:
    """Whether somebody is assigned where a turn is, with a mandate that covers its item."""
    item: Any = state.rows["Item"].get(turn.item_id)
    covers = row.track in {None, item and item.track} and (not row.item_ids or turn.item_id in row.item_ids)
    return covers and row.team_id in {None, turn.team_id}


def _gives(row: Any, turn: Any) -> bool:
    """Whether somebody may make the move by this assignment."""
    is_left = not row.powers or bool({*row.powers} & {*turn.powers})
    return row.role in turn.roles and row.mode != "ADVISER" and is_left


def _gives_what_it_needs(row: Any, turn: Any) -> bool:
    """Whether somebody whose turn it is may make the move by this assignment."""
    needed = [power for power in turn.needs if row.role in HOLDERS[power]]
    return row.mode != "ADVISER" and bool(needed) and (not row.powers or bool({*row.powers} & {*turn.needs}))


def _standing_in(state: Any, turn: Any, lenders: set[str]) -> set[str]:
    """Who may use a power for one of these, and is there."""
    lent = [row.row for row in state.all("Delegation") if row.row.from_id in lenders and not row.row.ended]
    return {
        each.person_id
        for each in lent
        if each.team_id == turn.team_id
        and set(each.powers) & set(turn.powers)
        and each.person_id not in turn.not_ids
        and _lasts(state, each)
        and not _is_absent(state, each.person_id)
        and not _is_service(state, each.person_id)
    }


def _is_absent(state: Any, person_id: str) -> bool:
    person: Any = state.rows["Person"].get(person_id)
    return bool(person and person.is_absent)


def _is_service(state: Any, person_id: str) -> bool:
    person: Any = state.rows["Person"].get(person_id)
    return bool(person and person.kind == "SERVICE")


def _holds(state: Any, row: Any) -> bool:
    if row.ended or row.role in {"OBSERVER", "AUDITOR"} or _is_service(state, row.person_id):
        return False
    return _lasts(state, row)


def _lasts(state: Any, row: Any) -> bool:
    clock = state.ledger.entries[state.position - 1].effective_at if state.position else None
    if clock is None:
        return False
    return bool(row.starts_at <= clock and (row.ends_at is None or row.ends_at > clock))
