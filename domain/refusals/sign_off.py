"""Refusals about sign-offs."""

from domain.refusals.refused import Refused


class UnknownSignOff(Refused):
    """There is no such sign-off in this workspace; check the id."""


class OpenBlockingPushback(Refused):
    """A pushback blocks this item; settle it, or make and verify the change that a ruling asked for."""

    suggested = ("answer_pushback", "settle_pushback", "withdraw_pushback", "verify_required_change")


class AlreadySigned(Refused):
    """You have already signed exactly this under this label."""

    suggested = ("revoke_sign_off",)


class NotLive(Refused):
    """This sign-off has already ended."""

    suggested = ("grant_sign_off",)


class SignerOnly(Refused):
    """Only the signer can take a sign-off back."""

    suggested = ("raise_pushback",)


class UnknownSignOffRequest(Refused):
    """There is no such request for a sign-off in this workspace; check the id."""


class RequestEnded(Refused):
    """This request for a sign-off has already ended."""

    suggested = ("request_sign_off",)


class RequesterOnly(Refused):
    """Only who asked for a sign-off can take the request back."""

    suggested = ("decline_sign_off", "grant_sign_off")


class AlreadyRequested(Refused):
    """This person has already been asked to sign under this label; wait for their answer."""

    suggested = ("withdraw_sign_off_request",)


class CannotSign(Refused):
    """This person could not sign under this label; ask somebody whose role allows it."""

    suggested = ("assign_role",)


class AlreadyImplementing(Refused):
    """This person is already named as one who implements the item."""

    suggested = ("release_implementer",)


class NotImplementing(Refused):
    """This person is not named as one who implements the item."""

    suggested = ("name_implementer",)
