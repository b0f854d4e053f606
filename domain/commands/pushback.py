"""Raising a pushback and everything that may be said about it until it ends."""

from domain import ids
from domain.authority import Authority, Power, Who, blocking, ownership
from domain.commands.item import same_digest
from domain.decision import Decided, decided
from domain.entry import Event
from domain.events import (
    PushbackAnswered,
    PushbackClaimedAddressed,
    PushbackConceded,
    PushbackRaised,
    PushbackReasonSorted,
    PushbackResponded,
    PushbackSettledByRevision,
    PushbackVerificationRejected,
    PushbackWithdrawn,
)
from domain.events.pushback import Reason, Stance
from domain.ids import RevisionId
from domain.item import Item, Phase, PushbackState
from domain.refusals import (
    AlreadyTerminal,
    ItemSideOnly,
    LiftsWhenRequired,
    NotAuthorised,
    NothingChanged,
    NothingToSettle,
    NotLaterRevision,
    OwnItem,
    OwnPushback,
    RaiserOnly,
    UnknownItem,
    UnknownPushback,
    UnknownRevision,
)
from domain.text import optional, prose


def may_raise(item: Item, who: Who) -> Authority:
    """Anybody with a role here, but not on their own item."""
    if not item.revision:
        raise UnknownItem(path="item")
    if item.author_id == who.person_id:
        raise OwnItem
    return who.by(Power.RAISE_PUSHBACK)


def raise_pushback(
    item: Item,
    who: Who,
    *,
    statement: str,
    stance: Stance = Stance.ADVISORY,
    lifts_when: str | None = None,
    reason: Reason = Reason.UNSORTED,
    expected_digest: str | None = None,
) -> Decided:
    """Push back on an item as it is now. One sentence is enough; a block needs one more: what would lift it."""
    authority = may_raise(item, who)
    if expected_digest is not None:
        same_digest(item, expected_digest)
    if stance is Stance.BLOCKING:
        authority = who.by(blocking(item.track))
        if not (lifts_when or "").strip():
            raise LiftsWhenRequired(path="liftsWhen", unmet=("what would lift the block",))
    raised = PushbackRaised(
        pushback=len(item.pushbacks) + 1,
        revision=item.revision,
        digest=item.digest,
        stance=stance,
        reason=reason,
        statement=prose("statement", statement),
        lifts_when=optional("liftsWhen", lifts_when),
    )
    return decided(authority, raised)


def may_sort(item: Item, who: Who, pushback: int) -> Authority:
    """The raiser; the item's side as long as nobody has."""
    raised = _open(item, pushback)
    if raised.raiser_id == who.person_id:
        return who.as_holder()
    authority = may_answer(item, who, pushback)
    if raised.reason is not Reason.UNSORTED:
        raise RaiserOnly
    return authority


def sort_pushback(item: Item, who: Who, pushback: int, *, reason: Reason) -> Decided:
    """Give a pushback its reason after it was raised."""
    authority = may_sort(item, who, pushback)
    if item.pushbacks[pushback].reason is reason:
        raise NothingChanged(path="reason")
    return decided(authority, PushbackReasonSorted(pushback=pushback, reason=reason))


def may_answer(item: Item, who: Who, pushback: int) -> Authority:
    """The item's side: its author, or an owner of its track, but never who raised it."""
    if _open(item, pushback).raiser_id == who.person_id:
        raise OwnPushback
    if item.author_id == who.person_id:
        return who.as_party()
    try:
        return who.by(ownership(item.track))
    except NotAuthorised as refusal:
        raise ItemSideOnly(who_could=refusal.who_could) from None


def answer_pushback(item: Item, who: Who, pushback: int, *, text: str, fixed_in: RevisionId | None = None) -> Decided:
    """Answer a pushback, optionally naming the revision that fixes it. It stays open until the raiser settles it."""
    authority = may_answer(item, who, pushback)
    said = prose("text", text)
    if fixed_in is None:
        return decided(authority, PushbackResponded(pushback=pushback, text=said))
    revision = _revision(item, fixed_in)
    if revision <= item.pushbacks[pushback].revision:
        raise NotLaterRevision(path="fixedIn")
    return decided(authority, PushbackClaimedAddressed(pushback=pushback, revision=revision, text=said))


def may_settle(item: Item, who: Who, pushback: int) -> Authority:
    """The raiser, once there is an answer."""
    if _raised_by(item, who, pushback).phase is Phase.OPEN:
        raise NothingToSettle
    return who.as_party()


def settle_pushback(item: Item, who: Who, pushback: int) -> Decided:
    """Say that the answer, or the revision that claims to address it, settles your pushback."""
    authority = may_settle(item, who, pushback)
    raised = item.pushbacks[pushback]
    if raised.phase is Phase.AWAITING_VERIFICATION:
        event: Event = PushbackSettledByRevision(pushback=pushback, revision=raised.claimed_revision)
        return decided(authority, event)
    return decided(authority, PushbackAnswered(pushback=pushback))


def reject_answer(item: Item, who: Who, pushback: int, *, why: str) -> Decided:
    """Say that your pushback is not settled yet, because."""
    authority = may_settle(item, who, pushback)
    return decided(authority, PushbackVerificationRejected(pushback=pushback, why=prose("why", why)))


def concede_pushback(item: Item, who: Who, pushback: int, *, consequence: str) -> Decided:
    """Agree with a pushback and say what follows from it."""
    authority = may_answer(item, who, pushback)
    return decided(authority, PushbackConceded(pushback=pushback, consequence=prose("consequence", consequence)))


def may_withdraw(item: Item, who: Who, pushback: int) -> Authority:
    """The raiser, at any time; a service too, or nobody could end what it raised by mistake."""
    _raised_by(item, who, pushback)
    return who.as_holder()


def withdraw_pushback(item: Item, who: Who, pushback: int, *, why: str | None = None) -> Decided:
    """Take your pushback back."""
    authority = may_withdraw(item, who, pushback)
    return decided(authority, PushbackWithdrawn(pushback=pushback, why=optional("why", why)))


def _open(item: Item, pushback: int) -> PushbackState:
    if pushback not in item.pushbacks:
        raise UnknownPushback(path="pushback")
    if item.pushbacks[pushback].phase is Phase.CLOSED:
        raise AlreadyTerminal
    return item.pushbacks[pushback]


def _raised_by(item: Item, who: Who, pushback: int) -> PushbackState:
    raised = _open(item, pushback)
    if raised.raiser_id != who.person_id:
        raise RaiserOnly
    return raised


def _revision(item: Item, key: RevisionId) -> int:
    try:
        prefix, stream_id, ordinal = ids.parse(key)
    except ids.MalformedId:
        raise UnknownRevision(path="fixedIn") from None
    if prefix != "rev" or stream_id != ids.stream_id(item.id) or ordinal > item.revision:
        raise UnknownRevision(path="fixedIn")
    return ordinal
