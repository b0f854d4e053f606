"""Refusals about adopting policy."""

from domain.refusals.refused import Refused


class PolicyLocked(Refused):
    """A wider scope locked these rules; they may be made stricter here, not looser. Have them unlocked there."""

    suggested = ("adopt_policy", "adopt_workspace_policy")


class LevelsContradict(Refused):
    """A rule is kept at one level; name each in one list only."""


class SettingOutOfBounds(Refused):
    """This setting is out of its bounds; what is unmet says which they are."""
