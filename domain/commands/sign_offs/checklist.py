"""What a signer ticks of the definition that holds: each criterion met, with evidence where asked for, or waived."""

from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from domain.authority import Who
from domain.events.definition import DefinitionUse
from domain.events.sign_off import Label
from domain.policy import AcceptanceMode, Rule
from domain.refusals import ChecklistIncomplete, CriterionRepeated, UnknownCriterion
from domain.state.definition import Asked, Definition
from domain.state.item import Item
from domain.text import optional


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """What the signer says of one criterion."""

    criterion: Annotated[str, Meta(description="The id of the criterion.")]
    met: Annotated[bool, Meta(description="Whether it is met.")] = True
    evidence: Annotated[str | None, Meta(description="What shows it.")] = None
    waived_why: Annotated[str | None, Meta(description="Why it need not be met here.")] = None


Checks = tuple[Check, ...]
_USES: Final = {Label.READY: DefinitionUse.READY, Label.ACCEPTANCE: DefinitionUse.DONE}


def definition_of(item: Item, who: Who, label: Label) -> Definition | None:
    """The definition that a label is given by; an architect's sign-off has none."""
    use = _USES.get(label)
    return who.definition(use, item.track, item.kind) if use else None


def ticked(item: Item, who: Who, label: Label, checklist: Checks | None) -> dict[str, Any]:
    """The fields of the sign-off that hold the checklist; refuses one that lacks something where it is formal."""
    definition, checks = definition_of(item, who, label), _named(checklist or ())
    asked = {criterion.id: criterion for criterion in definition.criteria} if definition else {}
    if strange := set(checks) - set(asked):
        raise UnknownCriterion(path="checklist", unmet=tuple(sorted(strange)))
    missing = tuple(key for key, criterion in asked.items() if not _is_told(criterion, checks.get(key)))
    if label is Label.ACCEPTANCE and missing and who.policy.acceptance_mode is AcceptanceMode.FORMAL:
        raise ChecklistIncomplete(path="checklist", unmet=missing)
    told = [checks[key] for key in asked if key in checks]
    return {
        "definition_id": definition.id if definition else None,
        "definition_version": definition.number if definition else None,
        "criteria": tuple(check.criterion for check in told),
        "met": tuple(check.met for check in told),
        "told": tuple(_is_told(asked[check.criterion], check) for check in told),
        "evidence": _said(optional("checklist", check.evidence) for check in told),
        "waived_why": _said(optional("checklist", check.waived_why) for check in told),
    }


def unconfirmed(item: Item, who: Who, checklist: Checks | None) -> tuple[Rule, ...]:
    """The rule that every criterion of the definition of ready is confirmed, where it is not met and only advises."""
    definition = definition_of(item, who, Label.READY)
    told = _named(checklist or ())
    asked = definition.criteria if definition else ()
    open_ones = [one for one in asked if one.id not in item.confirmations and not _is_told(one, told.get(one.id))]
    return who.policy.weigh(Rule.READY_IS_CONFIRMED, is_met=not open_ones)


def _named(checks: Checks) -> dict[str, Check]:
    named = {check.criterion: check for check in checks}
    if len(named) < len(checks):
        raise CriterionRepeated(path="checklist")
    return named


def _is_told(criterion: Asked, check: Check | None) -> bool:
    """Whether it is met, with evidence where that is asked for, or waived with a reason."""
    if check is None:
        return False
    if not check.met:
        return bool((check.waived_why or "").strip())
    return not criterion.evidence_required or bool((check.evidence or "").strip())


def _said(texts: Any) -> tuple[str, ...] | None:  # noqa: ANN401 - any texts
    said = tuple(text or "" for text in texts)
    return said if any(said) else None
