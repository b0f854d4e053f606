"""Verdicts that people gave in another tool, each with what came of it. None of them is a sign-off here."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

from msgspec.structs import replace

from domain.entry import Choice, Entry, Event
from domain.events import (
    TrackerVerdictDismissed,
    TrackerVerdictOverruled,
    TrackerVerdictRecorded,
    TrackerVerdictReplaced,
)
from domain.events.tracker import VerdictKind
from domain.ids import ItemId, PersonId, TeamId, VerdictId, stream_key, thing_key
from projections.declare import Points, Projection, Row, one, said
from projections.entries import person_acting
from projections.rows.items import Item


class VerdictState(Choice):
    """What became of a review in another tool."""

    LAST = "LAST", "Its person's last verdict."
    REPLACED = "REPLACED", "Its person gave another one later."
    REMARK = "REMARK", "A comment, which is no verdict."
    OVERRULED = "OVERRULED", "An objection that stood when the change was merged, whatever was said later."


class Verdict(Row, frozen=True, kw_only=True):
    """What somebody said of an item in another tool, imported as it was: no sign-off, as it signed no digest."""

    id: VerdictId
    item_id: ItemId
    team_id: TeamId
    number: int
    kind: VerdictKind
    state: VerdictState
    source: str | None
    person_id: PersonId | None
    said_at: datetime
    recorded: Annotated[int, Points(TrackerVerdictRecorded)]
    replaced: Annotated[int, Points(TrackerVerdictReplaced)] | None = None
    dismissed: Annotated[int, Points(TrackerVerdictDismissed)] | None = None
    overruled: Annotated[int, Points(TrackerVerdictOverruled)] | None = None

    item = one("Item", "item_id", doc="What it is about.")
    team = one("Team", "team_id", doc="Whose item it is about.")
    person = one("Person", "person_id", doc="Who gave it; null when nobody knows.")
    text = said("recorded", "text", doc="What they wrote.")


def _keys(entry: Entry[Any]) -> Iterable[str]:
    return (thing_key("vrd", stream_key("itm", entry.stream_id), entry.event.verdict),)


def _evolve(row: Verdict | None, entry: Entry[Any], item: Item | None) -> Verdict | None:
    match entry.event:
        case TrackerVerdictRecorded() if item:
            return _recorded(entry, item)
        case _ if row is None:
            return None
        case TrackerVerdictReplaced():
            state = row.state if row.overruled else VerdictState.REPLACED
            return replace(row, replaced=entry.position, state=state)
        case TrackerVerdictDismissed():
            return replace(row, dismissed=entry.position, kind=VerdictKind.DISMISSED)
        case TrackerVerdictOverruled():
            return replace(row, overruled=entry.position, state=VerdictState.OVERRULED)
        case _:
            return row


def _recorded(entry: Entry[TrackerVerdictRecorded], item: Item) -> Verdict:
    event = entry.event
    return Verdict(
        id=VerdictId(thing_key("vrd", item.id, event.verdict)),
        item_id=item.id,
        team_id=item.team_id,
        number=event.verdict,
        kind=event.kind,
        state=_state(event),
        source=item.source,
        person_id=person_acting(entry),
        said_at=entry.act.occurred_at or entry.effective_at,
        recorded=entry.position,
    )


def _state(event: TrackerVerdictRecorded) -> VerdictState:
    if event.kind is VerdictKind.COMMENTED:
        return VerdictState.REMARK
    return VerdictState.LAST if event.is_latest else VerdictState.REPLACED


_EVENTS: frozenset[type[Event]] = frozenset({
    TrackerVerdictRecorded, TrackerVerdictReplaced, TrackerVerdictDismissed, TrackerVerdictOverruled,
})  # fmt: skip

PROJECTION = Projection(Verdict, _EVENTS, _keys, _evolve, reads_item=True)
