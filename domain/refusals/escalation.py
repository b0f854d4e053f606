"""Refusals about escalating a pushback and ruling on it."""

from domain.refusals.refused import Refused


class IsEscalated(Refused):
    """This pushback was escalated: it waits for a ruling, unless it is withdrawn or conceded."""

    suggested = ("rule_on_escalation", "withdraw_pushback", "concede_pushback")


class NotEscalated(Refused):
    """This pushback was not escalated; escalate it first."""

    suggested = ("escalate_pushback",)


class ArbiterIsParty(Refused):
    """Nobody rules on a pushback they are a party to; somebody who is not has to."""


class AlreadyRecused(Refused):
    """You said that you do not rule on this pushback; somebody else has to."""


class NobodyElseRules(Refused):
    """Nobody else here could rule on this pushback; settle it without, or have somebody appointed who is no party."""

    suggested = ("assign_workspace_role", "assign_role")


class OnlyUpheldObliges(Refused):
    """Only a pushback that is upheld asks for a change; leave the change out, or uphold it."""


class NoChangeRequired(Refused):
    """No change that a ruling asked for is waited for on this pushback."""


class ChangeNotMade(Refused):
    """Nothing was revised since this was upheld or last looked at; revise the item first."""

    suggested = ("revise_item",)


class OwnChange(Refused):
    """Nobody verifies a change made by them or for them; somebody else who could have ruled does, or waive it."""

    suggested = ("waive_required_change",)


class NothingToDissentFrom(Refused):
    """Dissent is from an override or a ruling, and this pushback did not end by one."""

    suggested = ("raise_pushback",)


class DissentersOnly(Refused):
    """Only whose view did not prevail, or who recused themselves, puts a dissent on record."""
