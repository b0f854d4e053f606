"""Holding an item for a few days, to find out whether a concern is one: a block that always ends by itself."""

from typing import Final

from domain.authority import Authority, Who, blocking
from domain.commands.deadlines import deadline
from domain.commands.pushbacks.anchors import placed, quoted
from domain.commands.pushbacks.pushback import general, may_block, may_raise
from domain.commands.pushbacks.standing import its_holders, unended
from domain.commands.reason import category_of
from domain.decision import Decided, decided
from domain.events import HoldExpired, HoldSubstantiated, PushbackRaised
from domain.events.pushback import Reason, Stance
from domain.refusals import AlreadyTerminal, HeldBefore, NotHeld, NotYetDue
from domain.state.item import Item, must_be_as_shown
from domain.state.pushback import Phase, PushbackState
from domain.text import optional, prose

EXPIRED_BY: Final = "hold-expires/1"


def may_hold(item: Item, who: Who) -> Authority:
    """Who may block it by a role of their own, once for what it says as far as others said it.

    Otherwise it could be held again and again, which is a block without a reason.
    """
    may_raise(item, who)
    authority = who.by_role(blocking(item.track))
    if item.looked_into.get(who.person_id, 0) >= item.substance:
        raise HeldBefore
    return authority


def place_hold(
    item: Item,
    who: Who,
    *,
    statement: str,
    anchors: tuple[str, ...] | None = None,
    expected_digest: str | None = None,
) -> Decided:
    """Block an item for some working days while you find out whether your concern is one. Say what you look into.

    It ends by itself unless you say in time what the concern is, and is yours once for what others make the item say.
    """
    authority = may_hold(item, who)
    must_be_as_shown(item, expected_digest)
    points = placed(item, anchors)
    held = PushbackRaised(
        pushback=len(item.pushbacks) + 1,
        revision=item.revision,
        digest=item.digest,
        stance=Stance.BLOCKING,
        reason=Reason.UNSORTED,
        anchors=points,
        quoted_digests=quoted(item, points),
        due_at=deadline(who, who.policy.hold_days),
        statement=prose("statement", statement),
    )
    return decided(authority, held)


def may_substantiate(item: Item, who: Who, pushback: int) -> Authority:
    """Who holds the item, as long as they do: not once its time is over, though nobody has ended it yet."""
    held = its_holders(_held(item, pushback), who)
    if held.hold_until is not None and who.now >= held.hold_until:
        raise AlreadyTerminal
    return who.as_party()


def substantiate_hold(
    item: Item,
    who: Who,
    pushback: int,
    *,
    statement: str,
    stance: Stance = Stance.ADVISORY,
    lifts_when: str | None = None,
    reason: Reason = Reason.UNSORTED,
    reason_code: str | None = None,
    anchors: tuple[str, ...] | None = None,
    expected_digest: str | None = None,
) -> Decided:
    """Say what the concern is for which you held the item; from then on it is a pushback like any other.

    It goes on to block only if you say so, and what would lift it. It is about the item as it is now.
    """
    authority = may_substantiate(item, who, pushback)
    must_be_as_shown(item, expected_digest)
    if stance is Stance.BLOCKING:
        authority = may_block(item, who, lifts_when)
    points = placed(item, anchors)
    said = HoldSubstantiated(
        pushback=pushback,
        revision=item.revision,
        digest=item.digest,
        stance=stance,
        reason=general(reason, reason_code),
        reason_code=reason_code,
        reason_category=category_of(who, reason_code),
        anchors=points,
        quoted_digests=quoted(item, points),
        statement=prose("statement", statement),
        lifts_when=optional("liftsWhen", lifts_when),
    )
    return decided(authority, said)


def may_expire(item: Item, who: Who, pushback: int) -> Authority:
    """Time alone."""
    _held(item, pushback)
    return who.as_system(EXPIRED_BY)


def expire_hold(item: Item, who: Who, pushback: int) -> Decided:
    """End a hold whose time is over."""
    authority = may_expire(item, who, pushback)
    until = item.pushbacks[pushback].hold_until
    if until is None or who.now < until:
        raise NotYetDue
    return decided(authority, HoldExpired(pushback=pushback))


def _held(item: Item, pushback: int) -> PushbackState:
    raised = unended(item, pushback)
    if raised.phase is not Phase.HELD:
        raise NotHeld
    return raised
