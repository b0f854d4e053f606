"""Refusals about adopting policy."""

from domain.refusals.refused import Refused


class PolicyLocked(Refused):
    """A wider scope locked this: rules may be made stricter here, not looser; settings stay. Have it unlocked there."""

    suggested = ("adopt_policy", "adopt_workspace_policy")


class LevelsContradict(Refused):
    """A rule is kept at one level; name each in one list only."""


class SettingOutOfBounds(Refused):
    """This setting is out of its bounds; what is unmet says which they are."""


class ReasonCodeMalformed(Refused):
    """A code is words of capital letters and digits with _ between, up to 40, in a category other than UNSORTED."""


class ReasonCodeTaken(Refused):
    """There is a reason with this code already, maybe a retired one; codes are given once, choose another."""


class UnknownReason(Refused):
    """Nobody added this reason, or it is retired; name one of those that are unmet, or have it added."""

    suggested = ("add_reason",)
