"""Signing off what a person was shown, or declining to."""

from datetime import datetime

from domain.authority import Authority, Who
from domain.commands.deadlines import deadline
from domain.commands.pushbacks.pushback import may_raise, raise_pushback
from domain.commands.sign_offs.checklist import Checks, ticked, unconfirmed
from domain.commands.sign_offs.powers import may_answer_for, must_be_unblocked, to_sign
from domain.commands.sign_offs.quorum import live, lost, reached, suffices
from domain.commands.sign_offs.requests import answered, met
from domain.decision import Decided, decided
from domain.events import SignOffDeclined, SignOffGranted, SignOffRevoked, SignOffSuperseded
from domain.events.pushback import Stance
from domain.events.sign_off import Label, RequestOutcome
from domain.ids import PersonId
from domain.policy import Rule
from domain.refusals import AlreadySigned
from domain.state.item import Item, must_be_as_shown, must_stand
from domain.state.sign_off import SignOffState
from domain.text import optional, prose


def grant_sign_off(
    item: Item,
    who: Who,
    *,
    label: Label,
    expected_digest: str,
    statement: str | None = None,
    checklist: Checks | None = None,
) -> Decided:
    """Accept exactly the content you were shown: `expectedDigest` is its digest.

    Where acceptance is formal and a definition of done holds, tick its criteria one by one.

    READY is the team's, ARCHITECTURE an architect's, ACCEPTANCE that of the owner of the item's track, and of an
    architect where acceptance is shared. Authors may sign their own items, who implements one does not accept it,
    unless policy says otherwise.
    """
    must_stand(item)
    authority = to_sign(item, who, label)
    must_be_as_shown(item, expected_digest)
    must_be_unblocked(item)
    before = _live_of(item, who, label)
    if before and item.sign_offs[before].digest_signed == item.digest and not _is_enough_now(item, who, label):
        raise AlreadySigned
    granted = SignOffGranted(
        sign_off=len(item.sign_offs) + 1,
        label=label,
        revision=item.revision,
        digest_signed=item.digest,
        section_digests=dict(item.section_digests),
        needed=who.policy.quorum(label),
        unmet=_weighed(item, who, authority, label, checklist),
        due_at=_due_at(who),
        statement=optional("statement", statement),
        **ticked(item, who, label, checklist),
    )
    superseded = (SignOffSuperseded(sign_off=before, by_sign_off=granted.sign_off),) if before else ()
    together = live(item, label, without=(before,)) | {granted.sign_off: _state(who, authority, granted)}
    quorum = reached(item, who, label, together)
    return decided(authority, granted, *superseded, *quorum, *met(item, who, label, is_enough=bool(quorum)))


def may_decline(item: Item, who: Who) -> Authority:
    """Whoever could sign, and may push back."""
    may_answer_for(item, who)
    return may_raise(item, who)


def decline_sign_off(
    item: Item,
    who: Who,
    *,
    label: Label,
    statement: str,
    lifts_when: str | None = None,
    expected_digest: str | None = None,
) -> Decided:
    """Say that you do not sign, and why: this pushes back. It blocks the item if you say what would lift that.

    If you had signed under this label, that is taken back.
    """
    must_stand(item)
    to_sign(item, who, label)
    stance = Stance.BLOCKING if optional("liftsWhen", lifts_when) else Stance.ADVISORY
    raised = raise_pushback(
        item, who, statement=statement, stance=stance, lifts_when=lifts_when, expected_digest=expected_digest
    )
    pushback = len(item.pushbacks) + 1
    declined = SignOffDeclined(label=label, revision=item.revision, digest=item.digest, pushback=pushback)
    ended = answered(item, who.person_id, label, RequestOutcome.DECLINED)
    own = _live_of(item, who, label)
    revoked = (SignOffRevoked(sign_off=own, why=prose("statement", statement)), *lost(item, who, (own,))) if own else ()
    return decided(raised.authority, *raised.events, declined, *ended, *revoked)


def _weighed(item: Item, who: Who, authority: Authority, label: Label, checklist: Checks | None) -> tuple[Rule, ...]:
    """The rules about who signs that are not met and only advise; refuses where one is required."""
    is_another = authority.is_apart(who.person_id, (item.author_id,))
    by_another = who.policy.weigh(Rule.AUTHOR_DOES_NOT_SIGN, is_met=is_another)
    if label is Label.READY:
        return (*by_another, *unconfirmed(item, who, checklist))
    if label is Label.ARCHITECTURE:
        return by_another
    is_met = authority.is_apart(who.person_id, item.implemented)
    return (*by_another, *who.policy.weigh(Rule.IMPLEMENTER_DOES_NOT_SIGN, is_met=is_met))


def _due_at(who: Who) -> datetime | None:
    days = who.policy.sign_off_expiry_days
    return deadline(who, days) if days else None


def _state(who: Who, authority: Authority, granted: SignOffGranted) -> SignOffState:
    """What it will be once it is in the ledger."""
    return SignOffState(
        signer_id=who.person_id,
        for_id=PersonId(authority.on_behalf_of or who.person_id),
        role=authority.role,
        label=granted.label,
        revision=granted.revision,
        digest_signed=granted.digest_signed,
    )


def _is_enough_now(item: Item, who: Who, label: Label) -> bool:
    """Whether policy asks for less than it did, so that signing once more makes it enough."""
    return label not in item.quorums and suffices(who.policy, label, live(item, label).values())


def _live_of(item: Item, who: Who, label: Label) -> int:
    mine = [ordinal for ordinal, sign_off in live(item, label).items() if sign_off.signer_id == who.person_id]
    return mine[0] if mine else 0
