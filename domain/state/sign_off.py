"""The sign-offs on an item, the requests for them and their quorums, as rules read them."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from domain.entry import Entry
from domain.events import (
    QuorumLost,
    QuorumReached,
    ReadinessRevoked,
    SignOffExpired,
    SignOffGranted,
    SignOffRequested,
    SignOffRequestEnded,
    SignOffRevoked,
    SignOffSuperseded,
    SignOffVoided,
)
from domain.events.sign_off import Label
from domain.ids import PersonId


class SignOffState(msgspec.Struct, frozen=True, kw_only=True):
    """A sign-off as rules read it. `for_id` is whom the signer acted for, themselves if nobody.

    `met` and `waived` are the criteria that the signer spoke of as is asked, and nobody revoked.
    """

    signer_id: PersonId
    for_id: PersonId
    role: str
    label: Label
    revision: int
    digest_signed: str
    met: frozenset[str] = frozenset()
    waived: frozenset[str] = frozenset()
    due_at: datetime | None = None
    is_live: bool = True


class RequestState(msgspec.Struct, frozen=True, kw_only=True):
    """A request for a sign-off as rules read it."""

    requester_id: PersonId
    person_id: PersonId
    label: Label
    revision: int
    is_open: bool = True


SignOffs = Mapping[int, SignOffState]
NO_SIGN_OFFS: Final[SignOffs] = MappingProxyType({})
Requests = Mapping[int, RequestState]
NO_REQUESTS: Final[Requests] = MappingProxyType({})
_ENDINGS: Final = (SignOffVoided, SignOffRevoked, SignOffExpired, SignOffSuperseded)


def evolve(sign_offs: SignOffs, entry: Entry[Any]) -> SignOffs:
    """An item's sign-offs after an entry, by ordinal; total."""
    event = entry.event
    if isinstance(event, SignOffGranted):
        return {**sign_offs, event.sign_off: _granted(entry, event)}
    if isinstance(event, ReadinessRevoked):
        return {key: _without(one, event.criterion) for key, one in sign_offs.items()}
    if isinstance(event, _ENDINGS) and event.sign_off in sign_offs:
        return {**sign_offs, event.sign_off: replace(sign_offs[event.sign_off], is_live=False)}
    return sign_offs


def _without(sign_off: SignOffState, criterion: str) -> SignOffState:
    if sign_off.label is not Label.READY:
        return sign_off
    return replace(sign_off, met=sign_off.met - {criterion}, waived=sign_off.waived - {criterion})


def _granted(entry: Entry[Any], event: SignOffGranted) -> SignOffState:
    spoken = zip(event.criteria, event.met, event.told, strict=False)
    told = [(key, is_met) for key, is_met, is_told in spoken if is_told]
    return SignOffState(
        signer_id=PersonId(entry.act.actor),
        for_id=PersonId(entry.act.on_behalf_of or entry.act.actor),
        role=entry.act.acting_role,
        label=event.label,
        revision=event.revision,
        digest_signed=event.digest_signed,
        met=frozenset(key for key, is_met in told if is_met),
        waived=frozenset(key for key, is_met in told if not is_met),
        due_at=event.due_at,
    )


def reached(labels: frozenset[Label], sign_offs: SignOffs, entry: Entry[Any]) -> frozenset[Label]:
    """The labels that have their quorum after an entry, given the sign-offs after it; total.

    Before quorums were counted each sign-off was enough. A quorum ends with QuorumLost, or with its last sign-off.
    """
    match entry.event:
        case QuorumReached(label=label):
            labels |= {label}
        case QuorumLost(label=label):
            labels -= {label}
        case SignOffGranted(label=label, needed=None):
            labels |= {label}
    return labels & {sign_off.label for sign_off in sign_offs.values() if sign_off.is_live}


def requested(requests: Requests, entry: Entry[Any]) -> Requests:
    """An item's requests for sign-offs after an entry, by ordinal; total."""
    match entry.event:
        case SignOffRequested(sign_off_request=ordinal) as event:
            asked = RequestState(
                requester_id=PersonId(entry.act.actor),
                person_id=event.person_id,
                label=event.label,
                revision=event.revision,
            )
            return {**requests, ordinal: asked}
        case SignOffRequestEnded(sign_off_request=ordinal) if ordinal in requests:
            return {**requests, ordinal: replace(requests[ordinal], is_open=False)}
        case _:
            return requests
