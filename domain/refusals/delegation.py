"""Refusals about letting somebody else use one's powers."""

from domain.refusals.refused import Refused


class UnknownDelegation(Refused):
    """There is no such delegation that still stands; check the id."""


class DelegatedToOneself(Refused):
    """A delegation is to somebody else; what you hold yourself you may do anyway."""


class PowerNotHeld(Refused):
    """Only powers that you hold here by a role of your own can be delegated, and never that of giving roles."""

    suggested = ("assign_role",)


class ActsForParty(Refused):
    """You would do this in the name of who is on the other side of it; leave it to somebody who stands for neither."""


class DelegationTooLong(Refused):
    """A delegation ends within the time that the policy here allows; name an earlier end."""
