"""Refusals about overriding a pushback."""

from domain.refusals.refused import Refused


class WhyRequired(Refused):
    """Who goes ahead over a concern says why; a few words are enough."""


class ConcernNotRestated(Refused):
    """Who goes ahead over a concern first says in their own words what it is; a few words are enough."""


class OverrideIsPending(Refused):
    """An override of this pushback is pending; have it rescinded, escalate it, or end the pushback."""

    suggested = ("rescind_override", "concede_pushback", "withdraw_pushback")


class NoOverridePending(Refused):
    """No override of this pushback is pending; propose one first."""

    suggested = ("propose_override",)


class GracePeriodRunning(Refused):
    """The raiser still has time to reply; the override takes effect by itself when that is over."""


class NotAnEmergency(Refused):
    """This override waits for the raiser's reply; only one proposed as an emergency is seconded."""

    suggested = ("rescind_override",)


class OwnOverride(Refused):
    """This takes somebody else: nobody seconds or ratifies an override they had a part in."""

    suggested = ("rescind_override",)


class NothingToRatify(Refused):
    """No emergency override of this pushback waits to be ratified."""
