"""Adding reasons for pushing back to the fixed categories, and retiring them."""

import re
from typing import Final

from domain.authority import Who
from domain.commands.policy import may_adopt_for_all
from domain.decision import Decided, decided
from domain.events import ReasonAdded, ReasonRetired
from domain.events.pushback import Reason, ReasonCategory
from domain.refusals import ReasonCodeMalformed, ReasonCodeTaken, UnknownReason
from domain.state.reason import AddedReason, Reasons
from domain.state.team import Workspace
from domain.text import line, prose

_CODE: Final = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")
_CODE_CHARACTERS_MAX: Final = 40


def add_reason(
    workspace: Workspace, who: Who, *, code: str, category: ReasonCategory, description: str, why: str
) -> Decided:
    """Add a reason for pushing back to those that everybody has, within one of the categories."""
    authority = may_adopt_for_all(workspace, who)
    if len(code) > _CODE_CHARACTERS_MAX or not _CODE.fullmatch(code) or category is ReasonCategory.UNSORTED:
        raise ReasonCodeMalformed(path="code")
    if code in workspace.reasons or code in list(Reason):
        raise ReasonCodeTaken(path="code")
    added = ReasonAdded(
        added_reason=len(workspace.reasons) + 1,
        code=code,
        category=category,
        description=line("description", description),
        why=prose("why", why),
    )
    return decided(authority, added)


def retire_reason(workspace: Workspace, who: Who, *, code: str, why: str) -> Decided:
    """Have nobody push back with an added reason any more. What was said with it stays."""
    authority = may_adopt_for_all(workspace, who)
    added = in_use(workspace.reasons, code, "code")
    return decided(authority, ReasonRetired(added_reason=added.number, why=prose("why", why)))


def in_use(reasons: Reasons, code: str, path: str = "reasonCode") -> AddedReason:
    """The added reason with this code; refuses one that was never added, or is retired."""
    added = reasons.get(code)
    if added is None or added.is_retired:
        raise UnknownReason(path=path, unmet=tuple(sorted(key for key, one in reasons.items() if not one.is_retired)))
    return added


def category_of(who: Who, code: str | None) -> ReasonCategory | None:
    """The category of an added reason that somebody names; None when they name none."""
    return None if code is None else in_use(who.reasons, code).category
