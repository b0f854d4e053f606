"""Raising a pushback and everything that may be said about it until it ends."""

from domain import ids
from domain.authority import Authority, Power, Who, blocking, ownership
from domain.commands.pushbacks.anchors import placed, quoted
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
from domain.events.pushback import Reason, ResponseKind, Stance
from domain.ids import PushbackId, RevisionId
from domain.refusals import (
    AlreadyTerminal,
    ItemSideOnly,
    LiftsWhenRequired,
    NotAuthorised,
    NothingChanged,
    NothingToSettle,
    NotLaterRevision,
    OnlyAnAnswerFixes,
    OwnItem,
    OwnPushback,
    RaiserOnly,
    StillOpen,
    UnknownPushback,
    UnknownRevision,
)
from domain.state.item import Item, must_be_as_shown, must_stand
from domain.state.pushback import Phase, PushbackState
from domain.text import optional, prose


def may_raise(item: Item, who: Who) -> Authority:
    """Anybody with a role here, but not on their own item."""
    must_stand(item)
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
    anchors: tuple[str, ...] | None = None,
    recurrence_of: PushbackId | None = None,
    expected_digest: str | None = None,
) -> Decided:
    """Push back on an item as it is now. One sentence is enough; a block needs one more: what would lift it.

    It may point at sections or single criteria, and name a pushback that has ended and is back.
    """
    authority = may_raise(item, who)
    if expected_digest is not None:
        must_be_as_shown(item, expected_digest)
    if stance is Stance.BLOCKING:
        authority = who.by(blocking(item.track))
        if not (lifts_when or "").strip():
            raise LiftsWhenRequired(path="liftsWhen", unmet=("what would lift the block",))
    points = placed(item, anchors)
    raised = PushbackRaised(
        pushback=len(item.pushbacks) + 1,
        revision=item.revision,
        digest=item.digest,
        stance=stance,
        reason=reason,
        anchors=points,
        quoted_digests=quoted(item, points),
        recurrence_of=None if recurrence_of is None else _ended(item, recurrence_of),
        statement=prose("statement", statement),
        lifts_when=optional("liftsWhen", lifts_when),
    )
    return decided(authority, raised)


def may_sort(item: Item, who: Who, pushback: int) -> Authority:
    """Whose it is; the item's side as long as nobody has."""
    raised = _open(item, pushback)
    if raised.holder_id == who.person_id:
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
    """The item's side: its author, or an owner of its track, but never who raised it or took it over."""
    raised = _open(item, pushback)
    if who.person_id in (raised.raiser_id, raised.holder_id):
        raise OwnPushback
    if item.author_id == who.person_id:
        return who.as_party()
    try:
        return who.by(ownership(item.track))
    except NotAuthorised as refusal:
        raise ItemSideOnly(who_could=refusal.who_could) from None


def answer_pushback(
    item: Item,
    who: Who,
    pushback: int,
    *,
    text: str,
    kind: ResponseKind = ResponseKind.ANSWER,
    fixed_in: RevisionId | None = None,
) -> Decided:
    """Answer a pushback, optionally naming the revision that fixes it. It stays open until the raiser settles it.

    It may also be a counter-proposal, or ask for information; the turn is the raiser's each time.
    """
    authority = may_answer(item, who, pushback)
    said = prose("text", text)
    if fixed_in is None:
        return decided(authority, PushbackResponded(pushback=pushback, kind=kind, text=said))
    if kind is not ResponseKind.ANSWER:
        raise OnlyAnAnswerFixes(path="kind")
    revision = _revision(item, fixed_in)
    if revision <= item.pushbacks[pushback].revision:
        raise NotLaterRevision(path="fixedIn")
    return decided(authority, PushbackClaimedAddressed(pushback=pushback, revision=revision, text=said))


def may_settle(item: Item, who: Who, pushback: int) -> Authority:
    """Whose it is, once there is an answer."""
    if held_by(item, who, pushback).phase is Phase.OPEN:
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
    """Whose it is, at any time; a service too, or nobody could end what it raised by mistake."""
    held_by(item, who, pushback)
    return who.as_holder()


def withdraw_pushback(item: Item, who: Who, pushback: int, *, why: str | None = None) -> Decided:
    """Take your pushback back."""
    authority = may_withdraw(item, who, pushback)
    return decided(authority, PushbackWithdrawn(pushback=pushback, why=optional("why", why)))


def held_by(item: Item, who: Who, pushback: int) -> PushbackState:
    """An open pushback; refuses everybody but whose it is: who raised it, or took it over."""
    raised = _open(item, pushback)
    if raised.holder_id != who.person_id:
        raise RaiserOnly
    return raised


def _open(item: Item, pushback: int) -> PushbackState:
    if pushback not in item.pushbacks:
        raise UnknownPushback(path="pushback")
    must_stand(item)
    if not item.pushbacks[pushback].is_open:
        raise AlreadyTerminal
    return item.pushbacks[pushback]


def _ended(item: Item, key: PushbackId) -> int:
    ordinal = _inside(item, "pbk", key)
    if ordinal not in item.pushbacks:
        raise UnknownPushback(path="recurrenceOf")
    if item.pushbacks[ordinal].is_open:
        raise StillOpen(path="recurrenceOf")
    return ordinal


def _revision(item: Item, key: RevisionId) -> int:
    ordinal = _inside(item, "rev", key)
    if not 1 <= ordinal <= item.revision:
        raise UnknownRevision(path="fixedIn")
    return ordinal


def _inside(item: Item, prefix: str, key: str) -> int:
    """The ordinal of a thing of this item; 0 for any other id."""
    try:
        found = ids.parse(key)
    except ids.MalformedId:
        return 0
    is_its_own = found.prefix == prefix and found.stream_id == ids.stream_id(item.id)
    return found.ordinal if is_its_own else 0
