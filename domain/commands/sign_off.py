"""Signing off what a person was shown, taking it back, and what a revision does to it."""

from collections.abc import Iterator
from typing import Final

from domain.authority import HOLDERS, Authority, Power, Who, ownership
from domain.decision import Decided, decided
from domain.entry import ActorKind, Event
from domain.events import (
    ItemRevised,
    SignOffCarriedForward,
    SignOffGranted,
    SignOffRevoked,
    SignOffSuperseded,
    SignOffVoided,
)
from domain.events.item import ChangeKind
from domain.events.sign_off import Label
from domain.ids import thing_key
from domain.refusals import (
    AlreadySigned,
    NotAuthorised,
    NotLive,
    OpenBlockingPushback,
    ServiceCannotDecide,
    SignerOnly,
    UnknownSignOff,
)
from domain.state.item import Item, must_be_as_shown, must_stand
from domain.text import optional, prose

VOIDED_BY: Final = "substantive-revision-voids/1"
CARRIED_BY: Final = "editorial-revision-carries/1"


def may_sign(item: Item, who: Who) -> Authority:
    """Whoever could sign under some label, unless something blocks the item."""
    must_stand(item)
    powers = [_power(item, label) for label in Label]
    for power in powers:
        if who.holds(power):
            _must_be_unblocked(item)
            return who.by(power)
    if who.kind is ActorKind.SERVICE:
        raise ServiceCannotDecide
    raise NotAuthorised(who_could=tuple(dict.fromkeys(role for power in powers for role in HOLDERS[power])))


def grant_sign_off(
    item: Item, who: Who, *, label: Label, expected_digest: str, statement: str | None = None
) -> Decided:
    """Accept exactly the content you were shown: `expectedDigest` is its digest.

    READY is the team's, ARCHITECTURE an architect's, ACCEPTANCE that of the owner of the item's track. Authors may
    sign their own items.
    """
    must_stand(item)
    authority = who.by(_power(item, label))
    must_be_as_shown(item, expected_digest)
    _must_be_unblocked(item)
    before = _live_of(item, who, label)
    if before and item.sign_offs[before].digest_signed == item.digest:
        raise AlreadySigned
    ordinal = len(item.sign_offs) + 1
    granted = SignOffGranted(
        sign_off=ordinal,
        label=label,
        revision=item.revision,
        digest_signed=item.digest,
        section_digests=dict(item.section_digests),
        statement=optional("statement", statement),
    )
    superseded = (SignOffSuperseded(sign_off=before, by_sign_off=ordinal),) if before else ()
    return decided(authority, granted, *superseded)


def may_revoke(item: Item, who: Who, sign_off: int) -> Authority:
    """The signer, while it is live."""
    if sign_off not in item.sign_offs:
        raise UnknownSignOff(path="signOff")
    must_stand(item)
    if item.sign_offs[sign_off].signer_id != who.person_id:
        raise SignerOnly
    if not item.sign_offs[sign_off].is_live:
        raise NotLive
    return who.as_party()


def revoke_sign_off(item: Item, who: Who, sign_off: int, *, why: str) -> Decided:
    """Take your sign-off back, saying why."""
    authority = may_revoke(item, who, sign_off)
    return decided(authority, SignOffRevoked(sign_off=sign_off, why=prose("why", why)))


def decay(item: Item, revised: ItemRevised) -> Iterator[Event]:
    """What a revision does to each live sign-off: one event each, naming its rule. Objections always stay."""
    for ordinal, sign_off in item.sign_offs.items():
        if not sign_off.is_live:
            continue
        if revised.change_kind is ChangeKind.EDITORIAL:
            yield SignOffCarriedForward(
                sign_off=ordinal, revision=revised.revision, digest_covered=revised.digest, rule=CARRIED_BY
            )
        else:
            yield SignOffVoided(
                sign_off=ordinal,
                by_revision=revised.revision,
                changed_sections=revised.changed_sections,
                rule=VOIDED_BY,
            )


def _must_be_unblocked(item: Item) -> None:
    if item.blocks:
        raise OpenBlockingPushback(unmet=tuple(thing_key("pbk", item.id, ordinal) for ordinal in item.blocks))


def _power(item: Item, label: Label) -> Power:
    if label is Label.ACCEPTANCE:
        return ownership(item.track)
    return Power.SIGN_ARCHITECTURE if label is Label.ARCHITECTURE else Power.SIGN_READY


def _live_of(item: Item, who: Who, label: Label) -> int:
    for ordinal, sign_off in item.sign_offs.items():
        if sign_off.is_live and sign_off.label is label and sign_off.signer_id == who.person_id:
            return ordinal
    return 0
