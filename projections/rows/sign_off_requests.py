"""Each request for a sign-off: who was asked, whose turn it is, how it ended."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

from msgspec.structs import replace

from domain.authority import HOLDERS, Power, ownership
from domain.entry import Choice, Entry
from domain.events import SignOffRequested, SignOffRequestEnded
from domain.events.item import Track
from domain.events.sign_off import Label
from domain.ids import ItemId, PersonId, RevisionId, SignOffRequestId, TeamId, stream_key, thing_key
from projections.declare import Points, Projection, Row, one, said
from projections.rows.items import Item
from projections.turns import TurnRule, Whose


class SignOffRequestState(Choice):
    """Where a request for a sign-off stands, or how it ended."""

    ASKED = "ASKED", "The turn of who was asked: to sign, or to decline."
    GRANTED = "GRANTED", "The sign-off was given."
    DECLINED = "DECLINED", "Who was asked pushed back instead."
    WITHDRAWN = "WITHDRAWN", "It is not asked for any more."
    STALE = "STALE", "What should have been signed changed."


class SignOffRequest(Row, frozen=True, kw_only=True):
    """Somebody was asked for their sign-off."""

    id: SignOffRequestId
    item_id: ItemId
    team_id: TeamId
    track: Track
    number: int
    label: Label
    state: SignOffRequestState
    requester_id: PersonId
    asked_id: PersonId
    turn_id: PersonId | None
    turn_since: datetime | None
    revision_id: RevisionId
    answer_by: datetime | None = None
    ended_at: datetime | None = None
    requested: Annotated[int, Points(SignOffRequested)]
    ended: Annotated[int, Points(SignOffRequestEnded)] | None = None

    item = one("Item", "item_id", doc="What is to be signed.")
    team = one("Team", "team_id", doc="Whose item it is.")
    requester = one("Person", "requester_id", doc="Who asked.")
    asked = one("Person", "asked_id", doc="Who should sign or decline.")
    turn = one("Person", "turn_id", doc="Who has to move; null once it has ended.")
    waits_for = one("Turn", "id", doc="Whose turn it is, since when, by which rule; null once ended.", prefix="trn_")
    revision = one("Revision", "revision_id", doc="The revision that was current when it was asked.")
    text = said("requested", "text", doc="What the requester said.")


def _keys(entry: Entry[Any]) -> Iterable[str]:
    return (thing_key("srq", stream_key("itm", entry.stream_id), entry.event.sign_off_request),)


def _evolve(row: SignOffRequest | None, entry: Entry[Any], item: Item | None) -> SignOffRequest | None:
    match entry.event:
        case SignOffRequested() if item:
            return _requested(entry, item)
        case SignOffRequestEnded(outcome=outcome) if row:
            row = replace(row, turn_id=None, turn_since=None, ended=entry.position, ended_at=entry.effective_at)
            return replace(row, state=SignOffRequestState(outcome))
        case _:
            return row


def _requested(entry: Entry[SignOffRequested], item: Item) -> SignOffRequest:
    event = entry.event
    return SignOffRequest(
        id=SignOffRequestId(thing_key("srq", item.id, event.sign_off_request)),
        item_id=item.id,
        team_id=item.team_id,
        track=item.track,
        number=event.sign_off_request,
        label=event.label,
        state=SignOffRequestState.ASKED,
        requester_id=PersonId(entry.act.actor),
        asked_id=event.person_id,
        turn_id=event.person_id,
        turn_since=entry.effective_at,
        revision_id=RevisionId(thing_key("rev", item.id, event.revision)),
        answer_by=event.answer_by,
        requested=entry.position,
    )


def whose(row: SignOffRequest) -> Whose | None:
    """Whose turn it is: who was asked signs or declines, or whoever else may give that sign-off.

    An architect is asked for an acceptance only where policy has it shared.
    """
    if row.state is not SignOffRequestState.ASKED:
        return None
    power = _signing(row)
    shared = (Power.SIGN_ARCHITECTURE,) if row.label is Label.ACCEPTANCE else ()
    return Whose(TurnRule.SIGN_OFF, row.turn_id, HOLDERS[power], powers=(power,), needs=(power, *shared))


def _signing(row: SignOffRequest) -> Power:
    powers = {Label.READY: Power.SIGN_READY, Label.ARCHITECTURE: Power.SIGN_ARCHITECTURE}
    return powers.get(row.label) or ownership(row.track)


PROJECTION = Projection(
    SignOffRequest, frozenset({SignOffRequested, SignOffRequestEnded}), _keys, _evolve, reads_item=True
)
