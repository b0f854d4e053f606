"""Confirming, criterion by criterion, that an item is ready; and everything that has to be true for that."""

from domain.authority import Authority, Power, Who
from domain.commands.sign_offs.checklist import definition_of
from domain.commands.sign_offs.quorum import live
from domain.decision import Decided, decided
from domain.events import ReadinessConfirmed, ReadinessRevoked
from domain.events.sign_off import Label
from domain.refusals import ChecklistIncomplete, NotConfirmed, UnknownCriterion
from domain.state.definition import Asked, Definition
from domain.state.item import Item, must_be_as_shown, must_stand
from domain.text import optional, prose


def may_confirm(item: Item, who: Who) -> Authority:
    """Whoever signs that an item is ready."""
    must_stand(item)
    return who.by(Power.SIGN_READY)


def confirm_readiness(
    item: Item, who: Who, *, criterion: str, evidence: str | None = None, expected_digest: str | None = None
) -> Decided:
    """Say that a criterion of the definition of ready is met by the item as it is now.

    It holds until a substantive revision changes the section it is about, or anything where it is about no section.
    """
    authority = may_confirm(item, who)
    must_be_as_shown(item, expected_digest)
    definition, asked = _asked(item, who, criterion)
    shown = optional("evidence", evidence)
    if asked.evidence_required and shown is None:
        raise ChecklistIncomplete(path="evidence", unmet=(criterion,))
    confirmed = ReadinessConfirmed(
        criterion=criterion,
        definition_id=definition.id,
        definition_version=definition.number,
        revision=item.revision,
        digest=item.digest,
        section=asked.section,
        evidence=shown,
    )
    return decided(authority, confirmed)


def revoke_readiness(item: Item, who: Who, *, criterion: str, why: str) -> Decided:
    """Say that a criterion of the definition of ready is not met or waived after all, and why; sign-offs stay."""
    authority = may_confirm(item, who)
    signed = [one.met | one.waived for one in live(item, Label.READY).values()]
    if criterion not in item.confirmations and not any(criterion in told for told in signed):
        raise NotConfirmed(path="criterion")
    return decided(authority, ReadinessRevoked(criterion=criterion, why=prose("why", why)))


def _asked(item: Item, who: Who, criterion: str) -> tuple[Definition, Asked]:
    definition = definition_of(item, who, Label.READY)
    for asked in definition.criteria if definition else ():
        if definition and asked.id == criterion:
            return definition, asked
    raise UnknownCriterion(path="criterion", unmet=(criterion[:40],))
