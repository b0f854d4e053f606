"""How a sign-off ends: its signer takes it back, time is over, or a revision changes what was signed."""

from collections.abc import Iterator
from typing import Final

from domain.authority import Authority, Who
from domain.commands.sign_offs.quorum import live, lost
from domain.commands.sign_offs.requests import answered
from domain.decision import Decided, decided
from domain.entry import Event
from domain.events import (
    ItemRevised,
    SignOffCarriedForward,
    SignOffExpired,
    SignOffRevoked,
    SignOffVoided,
)
from domain.events.item import ChangeKind
from domain.events.sign_off import Label, RequestOutcome
from domain.ids import PersonId
from domain.policy import Level, Rule
from domain.refusals import NotLive, NotYetDue, SignerOnly, UnknownSignOff
from domain.state.item import Item, must_stand
from domain.state.sign_off import SignOffState
from domain.text import prose

VOIDED_BY: Final = "substantive-revision-voids/1"
CARRIED_BY: Final = "editorial-revision-carries/1"
WITHDRAWN_BY: Final = "withdrawn-item-voids/1"
EXPIRED_BY: Final = "sign-off-expires/1"
IMPLEMENTS_BY: Final = "implementer-does-not-sign/1"


def may_revoke(item: Item, who: Who, sign_off: int) -> Authority:
    """The signer, while it is live."""
    if _given(item, sign_off).signer_id != who.person_id:
        raise SignerOnly
    _must_be_live(item, sign_off)
    return who.as_party()


def revoke_sign_off(item: Item, who: Who, sign_off: int, *, why: str) -> Decided:
    """Take your sign-off back, saying why."""
    authority = may_revoke(item, who, sign_off)
    revoked = SignOffRevoked(sign_off=sign_off, why=prose("why", why))
    return decided(authority, revoked, *lost(item, who, (sign_off,)))


def may_expire(item: Item, who: Who, sign_off: int) -> Authority:
    """The scheduler, once a live sign-off is as old as policy lets one become."""
    due_at = _given(item, sign_off).due_at
    authority = who.as_system(EXPIRED_BY)
    _must_be_live(item, sign_off)
    if due_at is None or who.now < due_at:
        raise NotYetDue
    return authority


def expire_sign_off(item: Item, who: Who, sign_off: int) -> Decided:
    """End a sign-off that is older than policy lets one become."""
    authority = may_expire(item, who, sign_off)
    return decided(authority, SignOffExpired(sign_off=sign_off, rule=EXPIRED_BY), *lost(item, who, (sign_off,)))


def decay(item: Item, revised: ItemRevised) -> Iterator[Event]:
    """What a revision does to each live sign-off, and to each open request for one: one event each. Objections stay."""
    is_editorial = revised.change_kind is ChangeKind.EDITORIAL
    for ordinal, sign_off in item.sign_offs.items():
        if sign_off.is_live:
            yield _carried(ordinal, revised) if is_editorial else _voided(ordinal, revised)
    if not is_editorial:
        yield from answered(item, None, None, RequestOutcome.STALE)


def withdrawn(item: Item) -> Iterator[Event]:
    """What the withdrawal of the item does to each live sign-off: nothing is left to accept, and none may expire."""
    for ordinal, sign_off in item.sign_offs.items():
        if sign_off.is_live:
            yield SignOffVoided(sign_off=ordinal, by_revision=item.revision, changed_sections=(), rule=WITHDRAWN_BY)


def named_after_signing(item: Item, who: Who, person_id: PersonId) -> Iterator[Event]:
    """What it does to somebody's live acceptances that they implement the item, where policy requires another's."""
    if who.policy.level(Rule.IMPLEMENTER_DOES_NOT_SIGN) is not Level.REQUIRE:
        return
    own = [key for key, given in live(item, Label.ACCEPTANCE).items() if person_id in (given.signer_id, given.for_id)]
    for ordinal in own:
        yield SignOffVoided(sign_off=ordinal, by_revision=item.revision, changed_sections=(), rule=IMPLEMENTS_BY)
    yield from lost(item, who, own)


def _carried(ordinal: int, revised: ItemRevised) -> Event:
    return SignOffCarriedForward(
        sign_off=ordinal, revision=revised.revision, digest_covered=revised.digest, rule=CARRIED_BY
    )


def _voided(ordinal: int, revised: ItemRevised) -> Event:
    return SignOffVoided(
        sign_off=ordinal, by_revision=revised.revision, changed_sections=revised.changed_sections, rule=VOIDED_BY
    )


def _given(item: Item, sign_off: int) -> SignOffState:
    if sign_off not in item.sign_offs:
        raise UnknownSignOff(path="signOff")
    must_stand(item)
    return item.sign_offs[sign_off]


def _must_be_live(item: Item, sign_off: int) -> None:
    if not item.sign_offs[sign_off].is_live:
        raise NotLive
