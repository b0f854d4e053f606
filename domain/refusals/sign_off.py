"""Refusals about sign-offs."""

from domain.refusals.refused import Refused


class UnknownSignOff(Refused):
    """There is no such sign-off in this workspace; check the id."""


class OpenBlockingPushback(Refused):
    """A pushback blocks this item; settle it, or make and verify the change that a ruling asked for."""

    suggested = ("answer_pushback", "settle_pushback", "withdraw_pushback", "verify_required_change")


class AlreadySigned(Refused):
    """You have already signed exactly this under this label."""


class NotLive(Refused):
    """This sign-off has already ended."""


class SignerOnly(Refused):
    """Only the signer can take a sign-off back."""


class UnknownSignOffRequest(Refused):
    """There is no such request for a sign-off in this workspace; check the id."""


class RequestEnded(Refused):
    """This request for a sign-off has already ended."""


class RequesterOnly(Refused):
    """Only who asked for a sign-off can take the request back."""


class AlreadyRequested(Refused):
    """This person has already been asked to sign under this label; wait for their answer."""


class CannotSign(Refused):
    """This person could not sign under this label; ask somebody whose role allows it."""


class AlreadyImplementing(Refused):
    """This person is already named as one who implements the item."""


class NotImplementing(Refused):
    """This person is not named as one who implements the item."""
