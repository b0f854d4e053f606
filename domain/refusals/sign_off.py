"""Refusals about sign-offs."""

from domain.refusals.refused import Refused


class UnknownSignOff(Refused):
    """There is no such sign-off in this workspace; check the id."""


class OpenBlockingPushback(Refused):
    """An open pushback blocks this item; settle it first."""

    suggested = ("answer_pushback", "settle_pushback", "withdraw_pushback")


class AlreadySigned(Refused):
    """You have already signed exactly this under this label."""


class NotLive(Refused):
    """This sign-off has already ended."""


class SignerOnly(Refused):
    """Only the signer can take a sign-off back."""
