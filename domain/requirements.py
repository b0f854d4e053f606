"""What has to be true for an item to be ready, and whether it is."""

from collections.abc import Iterator

import msgspec

from domain.authority import Who
from domain.entry import Choice
from domain.events.definition import DefinitionUse
from domain.events.endings import Outcome
from domain.events.item import ItemKind
from domain.events.pushback import Stance
from domain.events.sign_off import Label
from domain.ids import thing_key
from domain.state.item import Item


class RequirementStatus(Choice):
    """Whether something that an item needs is met."""

    SATISFIED = "SATISFIED", "It is met."
    UNSATISFIED = "UNSATISFIED", "It is not met."
    OVERRIDDEN = "OVERRIDDEN", "It was not met, and somebody said why it need not be."
    NOT_APPLICABLE = "NOT_APPLICABLE", "It is not asked of such an item."


class Requirement(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that has to be true. `criterion` is the id of one of the definition of ready; `unmet` names what is."""

    name: str
    status: RequirementStatus
    criterion: str | None = None
    unmet: tuple[str, ...] = ()


def requirements(item: Item, who: Who) -> tuple[Requirement, ...]:
    """Each requirement of the item as it is; none of one that does not exist."""
    if not item.revision:
        return ()
    return (*_criteria(item, who), _estimate(item), _block(item), _quorum(item, who))


def _criteria(item: Item, who: Who) -> Iterator[Requirement]:
    definition = who.definition(DefinitionUse.READY, item.track, item.kind)
    if definition is None:
        yield Requirement(name="CRITERION", status=RequirementStatus.NOT_APPLICABLE)
        return
    signed = [one for one in item.sign_offs.values() if one.is_live and one.label is Label.READY]
    for asked in definition.criteria:
        is_met = asked.id in item.confirmations or any(asked.id in one.met for one in signed)
        is_waived = any(asked.id in one.waived for one in signed)
        status = _status(is_met=is_met, is_waived=is_waived)
        yield Requirement(name="CRITERION", status=status, criterion=asked.id)


def _estimate(item: Item) -> Requirement:
    if item.kind is ItemKind.SPIKE:
        return Requirement(name="ESTIMATE", status=RequirementStatus.NOT_APPLICABLE)
    return Requirement(name="ESTIMATE", status=_status(is_met=bool(item.live_estimate)))


def _block(item: Item) -> Requirement:
    overridden = [
        ordinal
        for ordinal, raised in item.pushbacks.items()
        if raised.stance is Stance.BLOCKING and raised.outcome is Outcome.OVERRIDDEN
    ]
    status = _status(is_met=not item.blocks and not overridden, is_waived=not item.blocks)
    unmet = tuple(thing_key("pbk", item.id, ordinal) for ordinal in item.blocks or overridden)
    return Requirement(name="NO_OPEN_BLOCK", status=status, unmet=unmet)


def _quorum(item: Item, who: Who) -> Requirement:
    status = _status(is_met=Label.READY in item.quorums)
    people = {one.signer_id for one in item.sign_offs.values() if one.is_live and one.label is Label.READY}
    unmet = () if status is RequirementStatus.SATISFIED else (f"{len(people)} of {who.policy.ready_quorum}",)
    return Requirement(name="READY_QUORUM", status=status, unmet=unmet)


def _status(*, is_met: bool, is_waived: bool = False) -> RequirementStatus:
    if is_met:
        return RequirementStatus.SATISFIED
    return RequirementStatus.OVERRIDDEN if is_waived else RequirementStatus.UNSATISFIED
