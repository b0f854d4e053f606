"""Raising a pushback and everything that may be said about it until it ends."""

from domain.authority import Authority, Power, Who, blocking
from domain.commands.pushbacks.anchors import placed, quoted
from domain.commands.pushbacks.silence import begun_anew, patience
from domain.commands.pushbacks.standing import (
    between_the_two,
    heir,
    held_by,
    inside,
    its_holders,
    on_the_item_s_side,
    still_open,
    unended,
)
from domain.commands.reason import category_of
from domain.decision import Decided, decided
from domain.entry import Event
from domain.events import (
    PushbackAnswered,
    PushbackClaimedAddressed,
    PushbackConceded,
    PushbackRaised,
    PushbackReasonSorted,
    PushbackReassigned,
    PushbackResponded,
    PushbackSettledByRevision,
    PushbackVerificationRejected,
    PushbackWithdrawn,
)
from domain.events.pushback import Reason, ResponseKind, Stance
from domain.ids import PushbackId, RevisionId
from domain.refusals import (
    LiftsWhenRequired,
    NothingChanged,
    NothingToSettle,
    NotLaterRevision,
    OnlyAnAnswerFixes,
    OwnItem,
    RaiserOnly,
    StillOpen,
    UnknownPushback,
    UnknownRevision,
)
from domain.state.item import Item, must_be_as_shown, must_stand
from domain.state.pushback import Phase
from domain.text import optional, prose


def may_raise(item: Item, who: Who) -> Authority:
    """Anybody with a role here, but not on their own item."""
    must_stand(item)
    if item.author_id == who.person_id:
        raise OwnItem
    return who.by_apart(Power.RAISE_PUSHBACK, not_for=(item.author_id,))


def raise_pushback(
    item: Item,
    who: Who,
    *,
    statement: str,
    stance: Stance = Stance.ADVISORY,
    lifts_when: str | None = None,
    reason: Reason = Reason.UNSORTED,
    reason_code: str | None = None,
    anchors: tuple[str, ...] | None = None,
    recurrence_of: PushbackId | None = None,
    expected_digest: str | None = None,
) -> Decided:
    """Push back on an item as it is now. One sentence is enough; a block needs one more: what would lift it.

    It may point at sections or single criteria, and name a pushback that has ended and is back. A reason that the
    workspace added may be named by its code.
    """
    authority = may_raise(item, who)
    must_be_as_shown(item, expected_digest)
    if stance is Stance.BLOCKING:
        authority = may_block(item, who, lifts_when)
    points, category = placed(item, anchors), category_of(who, reason_code)
    raised = PushbackRaised(
        pushback=len(item.pushbacks) + 1,
        revision=item.revision,
        digest=item.digest,
        stance=stance,
        reason=general(reason, reason_code),
        reason_code=reason_code,
        reason_category=category,
        anchors=points,
        quoted_digests=quoted(item, points),
        recurrence_of=None if recurrence_of is None else _ended(item, recurrence_of),
        statement=prose("statement", statement),
        lifts_when=optional("liftsWhen", lifts_when),
    )
    return decided(authority, raised)


def may_block(item: Item, who: Who, lifts_when: str | None) -> Authority:
    """Who has the power to block, when they say what would lift it."""
    authority = who.by_apart(blocking(item.track), not_for=(item.author_id,))
    if not (lifts_when or "").strip():
        raise LiftsWhenRequired(path="liftsWhen", unmet=("what would lift the block",))
    return authority


def may_sort(item: Item, who: Who, pushback: int) -> Authority:
    """Whose it is; the item's side as long as nobody has."""
    raised = still_open(item, pushback)
    if raised.holder_id == who.person_id:
        return who.as_holder()
    authority = on_the_item_s_side(item, who, pushback)
    if raised.reason is not Reason.UNSORTED:
        raise RaiserOnly
    return authority


def sort_pushback(item: Item, who: Who, pushback: int, *, reason: Reason, reason_code: str | None = None) -> Decided:
    """Give a pushback its reason after it was raised, or more exactly one that the workspace added, by its code."""
    authority, category = may_sort(item, who, pushback), category_of(who, reason_code)
    raised, reason = item.pushbacks[pushback], general(reason, reason_code)
    if (raised.reason, raised.reason_code) == (reason, reason_code):
        raise NothingChanged(path="reason")
    due_at = begun_anew(item, who, pushback)
    sorted_so = PushbackReasonSorted(
        pushback=pushback, reason=reason, reason_code=reason_code, reason_category=category, due_at=due_at
    )
    return decided(authority, sorted_so)


def general(reason: Reason, code: str | None) -> Reason:
    """The reason among those that everybody has: OTHER when only an added one is named."""
    return Reason.OTHER if code and reason is Reason.UNSORTED else reason


def may_answer(item: Item, who: Who, pushback: int) -> Authority:
    """The item's side, while nobody goes ahead over it."""
    authority = on_the_item_s_side(item, who, pushback)
    between_the_two(item.pushbacks[pushback])
    return authority


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
        return decided(authority, PushbackResponded(pushback=pushback, kind=kind, due_at=patience(who), text=said))
    if kind is not ResponseKind.ANSWER:
        raise OnlyAnAnswerFixes(path="kind")
    revision = _revision(item, fixed_in)
    if revision <= item.pushbacks[pushback].revision:
        raise NotLaterRevision(path="fixedIn")
    claimed = PushbackClaimedAddressed(pushback=pushback, revision=revision, due_at=patience(who), text=said)
    return decided(authority, claimed)


def may_settle(item: Item, who: Who, pushback: int) -> Authority:
    """Whose it is, once there is an answer."""
    raised = held_by(item, who, pushback)
    between_the_two(raised)
    if raised.phase not in (Phase.RESPONDED, Phase.AWAITING_VERIFICATION):
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
    authority = on_the_item_s_side(item, who, pushback)
    return decided(authority, PushbackConceded(pushback=pushback, consequence=prose("consequence", consequence)))


def may_withdraw(item: Item, who: Who, pushback: int) -> Authority:
    """Whose it is, at any time; a service too, or nobody could end what it raised by mistake."""
    its_holders(unended(item, pushback), who)
    return who.as_holder()


def withdraw_pushback(item: Item, who: Who, pushback: int, *, why: str | None = None) -> Decided:
    """Take your pushback back. Where others joined it, it does not end: it becomes that of the first who is here."""
    authority, because = may_withdraw(item, who, pushback), optional("why", why)
    heir_id = heir(item, who, pushback)
    if heir_id is None:
        return decided(authority, PushbackWithdrawn(pushback=pushback, why=because))
    due_at = begun_anew(item, who, pushback)
    return decided(authority, PushbackReassigned(pushback=pushback, person_id=heir_id, due_at=due_at, why=because))


def _ended(item: Item, key: PushbackId) -> int:
    ordinal = inside(item, "pbk", key)
    if ordinal not in item.pushbacks:
        raise UnknownPushback(path="recurrenceOf")
    if item.pushbacks[ordinal].is_open:
        raise StillOpen(path="recurrenceOf")
    return ordinal


def _revision(item: Item, key: RevisionId) -> int:
    ordinal = inside(item, "rev", key)
    if not 1 <= ordinal <= item.revision:
        raise UnknownRevision(path="fixedIn")
    return ordinal
