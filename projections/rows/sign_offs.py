"""Who accepted exactly what, under which role, and what became of it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

from msgspec.structs import replace

from domain.entry import Choice, Entry, Event
from domain.events import (
    SignOffCarriedForward,
    SignOffExpired,
    SignOffGranted,
    SignOffRevoked,
    SignOffSuperseded,
    SignOffVoided,
)
from domain.events.sign_off import Label
from domain.ids import DefinitionId, ItemId, PersonId, RevisionId, SignOffId, TeamId, stream_key, thing_key
from projections.declare import Points, Projection, Row, one, said
from projections.rows.items import Item


class SignOffState(Choice):
    """Whether a sign-off counts, or how it ended."""

    LIVE = "LIVE", "It counts."
    VOIDED = (
        "VOIDED",
        "What it said no longer holds: the content changed, the item is gone, or its signer implements it.",
    )
    REVOKED = "REVOKED", "Its signer took it back."
    EXPIRED = "EXPIRED", "Its time is over."
    SUPERSEDED = "SUPERSEDED", "A newer one of the same person took its place."


class SignOff(Row, frozen=True, kw_only=True):
    """An acceptance. What a person saw (signed) and what a rule carried it to (covered) are never mixed."""

    id: SignOffId
    item_id: ItemId
    team_id: TeamId
    number: int
    label: Label
    state: SignOffState
    signer_id: PersonId
    acting_role: str
    authorised_by: str
    signed_revision_id: RevisionId
    digest_signed: str
    covered_revision_id: RevisionId
    digest_covered: str
    granted_at: datetime
    ended_at: datetime | None = None
    definition_id: DefinitionId | None = None
    due_at: datetime | None = None
    due: str | None = None
    granted: Annotated[int, Points(SignOffGranted)]
    carried: Annotated[int, Points(SignOffCarriedForward)] | None = None
    ended: Annotated[int, Points(SignOffVoided, SignOffRevoked, SignOffExpired, SignOffSuperseded)] | None = None

    item = one("Item", "item_id", doc="What was accepted.")
    team = one("Team", "team_id", doc="Whose item it is.")
    signer = one("Person", "signer_id", doc="Who accepted it.")
    signed_revision = one("Revision", "signed_revision_id", doc="The revision the signer saw.")
    covered_revision = one("Revision", "covered_revision_id", doc="The revision a rule carried it to.")
    statement = said("granted", "statement", doc="What the signer said.")
    definition = one("Definition", "definition_id", doc="The definition it was given by; null where none held.")
    criteria = said("granted", "criteria", doc="The ids of the criteria that the signer spoke of.")
    met = said("granted", "met", doc="Whether each of them is met.")
    evidence = said("granted", "evidence", doc="What shows each; empty where nothing was said, null where nowhere.")
    waived_why = said("granted", "waived_why", doc="Why each need not be met; empty where nothing was said.")
    needed = said("granted", "needed", doc="How many under its label policy asked for; null where one was enough.")
    unmet = said("granted", "unmet", doc="Rules of policy that it did not meet and that only advise.")


_ENDINGS: dict[type[Event], SignOffState] = {
    SignOffVoided: SignOffState.VOIDED,
    SignOffRevoked: SignOffState.REVOKED,
    SignOffExpired: SignOffState.EXPIRED,
    SignOffSuperseded: SignOffState.SUPERSEDED,
}


def _keys(entry: Entry[Any]) -> Iterable[str]:
    return (thing_key("sof", stream_key("itm", entry.stream_id), entry.event.sign_off),)


def _evolve(row: SignOff | None, entry: Entry[Any], item: Item | None) -> SignOff | None:
    match entry.event:
        case SignOffGranted() if item:
            return _granted(entry, item)
        case SignOffCarriedForward() as event if row:
            key = RevisionId(thing_key("rev", row.item_id, event.revision))
            row = replace(row, covered_revision_id=key, digest_covered=event.digest_covered)
            return replace(row, carried=entry.position)
        case event if row and type(event) in _ENDINGS:
            row = replace(row, ended=entry.position, ended_at=entry.effective_at, due_at=None, due=None)
            return replace(row, state=_ENDINGS[type(event)])
        case _:
            return row


def _granted(entry: Entry[SignOffGranted], item: Item) -> SignOff:
    event = entry.event
    revision = RevisionId(thing_key("rev", item.id, event.revision))
    return SignOff(
        id=SignOffId(thing_key("sof", item.id, event.sign_off)),
        item_id=item.id,
        team_id=item.team_id,
        number=event.sign_off,
        label=event.label,
        state=SignOffState.LIVE,
        signer_id=PersonId(entry.act.actor),
        acting_role=entry.act.acting_role,
        authorised_by=entry.act.authorised_by,
        signed_revision_id=revision,
        digest_signed=event.digest_signed,
        covered_revision_id=revision,
        digest_covered=event.digest_signed,
        granted_at=entry.effective_at,
        definition_id=event.definition_id,
        due_at=event.due_at,
        due="expire_sign_off" if event.due_at else None,
        granted=entry.position,
    )


_EVENTS: frozenset[type[Event]] = frozenset({SignOffGranted, SignOffCarriedForward, *_ENDINGS})

PROJECTION = Projection(SignOff, _EVENTS, _keys, _evolve, reads_item=True)
