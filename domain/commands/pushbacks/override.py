"""Going ahead over a pushback: the concern restated, why anyway, time for the raiser to reply, and who stands by it."""

from typing import Final

from domain.authority import HOLDERS, Authority, Power, Who
from domain.commands.deadlines import deadline
from domain.commands.pushbacks.standing import (
    between_the_two,
    held_by,
    known,
    not_its_raiser,
    still_open,
)
from domain.decision import Decided, decided
from domain.events import (
    OverrideProposed,
    OverrideRatified,
    OverrideRescinded,
    PushbackOverridden,
    UnderstandingConfirmed,
    UnderstandingDisputed,
)
from domain.events.endings import Debt
from domain.events.override import Understanding
from domain.ids import PersonId
from domain.policy import Rule
from domain.refusals import (
    ConcernNotRestated,
    GracePeriodRunning,
    NoOverridePending,
    NotAnEmergency,
    NothingChanged,
    NothingToRatify,
    OwnOverride,
    WhyRequired,
)
from domain.state.item import Item
from domain.state.pushback import Override, PushbackState
from domain.text import optional, prose

TAKES_EFFECT_BY: Final = "override-takes-effect/1"


def may_override(item: Item, who: Who, pushback: int) -> Authority:
    """The team's Product Owner, or who stands above, but not on a pushback of their own."""
    raised = still_open(item, pushback)
    not_its_raiser(raised, who)
    between_the_two(raised)
    return who.by_apart(Power.OVERRIDE, not_for=raised.raisers)


def propose_override(
    item: Item,
    who: Who,
    pushback: int,
    *,
    concern_restated: str,
    rationale: str,
    not_addressed: str | None = None,
    emergency: bool = False,
) -> Decided:
    """Go ahead over a pushback: restate the concern in your words, and say why you go ahead all the same.

    It takes effect when the raiser's time to reply is over; an emergency at once, when a second person seconds it.
    """
    authority = may_override(item, who, pushback)
    _must_be_explained(concern_restated, rationale)
    is_another = authority.is_apart(who.person_id, (item.author_id,))
    proposed = OverrideProposed(
        pushback=pushback,
        due_at=deadline(who, who.policy.override_grace_days),
        is_emergency=emergency,
        unmet=who.policy.weigh(Rule.SECOND_PERSON_OVERRIDES, is_met=is_another),
        rationale=prose("rationale", rationale),
        concern_restated=prose("concernRestated", concern_restated),
        not_addressed=optional("notAddressed", not_addressed),
    )
    return decided(authority, proposed)


def _must_be_explained(concern_restated: str, rationale: str) -> None:
    if not concern_restated.strip():
        raise ConcernNotRestated(path="concernRestated")
    if not rationale.strip():
        raise WhyRequired(path="rationale")


def may_reply(item: Item, who: Who, pushback: int) -> Authority:
    """Whose pushback it is, while an override is pending."""
    _pending(held_by(item, who, pushback))
    return who.as_party()


def confirm_understanding(item: Item, who: Who, pushback: int) -> Decided:
    """Say that a pending override restates your concern rightly. That is not to agree with it."""
    authority = may_reply(item, who, pushback)
    if _pending(item.pushbacks[pushback]).understanding is Understanding.CONFIRMED:
        raise NothingChanged
    return decided(authority, UnderstandingConfirmed(pushback=pushback))


def dispute_understanding(item: Item, who: Who, pushback: int, *, text: str) -> Decided:
    """Say what a pending override gets wrong about your concern."""
    authority = may_reply(item, who, pushback)
    return decided(authority, UnderstandingDisputed(pushback=pushback, text=prose("text", text)))


def may_rescind(item: Item, who: Who, pushback: int) -> Authority:
    """Whoever could have proposed it: who did may have left."""
    raised = still_open(item, pushback)
    _pending(raised)
    not_its_raiser(raised, who)
    return who.by_apart(Power.OVERRIDE, not_for=raised.raisers)


def rescind_override(item: Item, who: Who, pushback: int, *, why: str) -> Decided:
    """Take a pending override back, saying why; the pushback is open again, and the turn the item's side's."""
    authority = may_rescind(item, who, pushback)
    return decided(authority, OverrideRescinded(pushback=pushback, why=prose("why", why)))


def may_take_effect(item: Item, who: Who, pushback: int) -> Authority:
    """Time alone."""
    _pending(still_open(item, pushback))
    return who.as_system(TAKES_EFFECT_BY)


def take_override_effect(item: Item, who: Who, pushback: int) -> Decided:
    """The raiser's time to reply is over, and the override was neither rescinded nor escalated."""
    authority = may_take_effect(item, who, pushback)
    override = _pending(item.pushbacks[pushback])
    if who.now < override.due_at:
        raise GracePeriodRunning
    return decided(authority, _overridden(pushback, override))


def may_second(item: Item, who: Who, pushback: int) -> Authority:
    """A person other than the proposer and not of the raiser's side, whose role answers for the item or the team."""
    raised = still_open(item, pushback)
    override = _pending(raised)
    if not override.is_emergency:
        raise NotAnEmergency
    if who.person_id in override.proposers:
        raise OwnOverride
    not_its_raiser(raised, who)
    return who.by_apart(Power.SECOND_OVERRIDE, not_for=override.proposers | raised.raisers)


def second_emergency_override(item: Item, who: Who, pushback: int) -> Decided:
    """Stand by an emergency override as the second person: it takes effect at once, and a third ratifies it later."""
    authority = may_second(item, who, pushback)
    raised = item.pushbacks[pushback]
    part = _pending(raised).proposers | {who.person_id, authority.on_behalf_of or who.person_id}
    return decided(authority, _overridden(pushback, _pending(raised), who.person_id, _ratifier(raised, who, part)))


def may_ratify(item: Item, who: Who, pushback: int) -> Authority:
    """A third person, in a role that answers for the item or the team; or whose pushback it was."""
    raised = known(item, pushback)
    owing = item.owing.get(pushback)
    if owing is None or owing.debt is not Debt.RATIFICATION:
        raise NothingToRatify
    if who.person_id in owing.barred:
        raise OwnOverride
    return (
        who.as_party()
        if raised.holder_id == who.person_id
        else who.by_apart(Power.SECOND_OVERRIDE, not_for=owing.barred)
    )


def ratify_override(item: Item, who: Who, pushback: int, *, text: str | None = None) -> Decided:
    """Stand by an emergency override after the fact, as somebody who had no part in it."""
    authority = may_ratify(item, who, pushback)
    return decided(authority, OverrideRatified(pushback=pushback, text=optional("text", text)))


def _pending(raised: PushbackState) -> Override:
    if raised.override is None:
        raise NoOverridePending
    return raised.override


def _overridden(
    pushback: int, override: Override, seconder_id: PersonId | None = None, ratifier_id: PersonId | None = None
) -> PushbackOverridden:
    return PushbackOverridden(
        pushback=pushback,
        understanding=override.understanding,
        proposer_id=override.proposer_id,
        seconder_id=seconder_id,
        ratifier_id=ratifier_id,
    )


def _ratifier(raised: PushbackState, who: Who, part: frozenset[PersonId]) -> PersonId | None:
    """Who should ratify it: the first who may; None where nobody else is here."""
    able = [
        grant.person_id
        for role in HOLDERS[Power.SECOND_OVERRIDE]
        for grant in who.present
        if grant.role is role and grant.person_id not in part
    ]
    return next(iter(able), None if raised.holder_id in part else raised.holder_id)
