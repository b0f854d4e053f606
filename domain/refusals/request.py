"""Refusals about what any command may meet: authority, policy, text, times and the request itself."""

from domain.refusals.refused import Refused


class NotAuthorised(Refused):
    """Your roles here do not give the power to do this; somebody in one of the roles named can."""


class MandateExceeded(NotAuthorised):
    """Your role has this power, but your assignment does not reach here; somebody whose does can."""


class DelegationEnded(NotAuthorised):
    """The delegation by which you could do this is over; ask for a new one, or let who holds the power do it."""

    code = "DELEGATION_EXPIRED"


class ServiceCannotDecide(Refused):
    """A service account records; it cannot sign, estimate, block or settle. A person has to do this."""


class PolicyForbids(Refused):
    """The policy here requires what is named as unmet; see to that first, or have the policy changed, with a why."""

    suggested = ("adopt_policy", "adopt_workspace_policy")


class TextMissing(Refused):
    """This must say something; a few words are enough."""


class TextTooLong(Refused):
    """This text is longer than the ledger keeps for ever; shorten it, and link to the rest."""


class TextNotStorable(Refused):
    """This text holds a character that cannot be stored (NUL or half of a surrogate pair); remove it."""


class EndsBeforeItStarts(Refused):
    """The end lies before the start."""


class CommandIdReused(Refused):
    """This command id was already used for another request; give each request an id of its own."""


class TooBusy(Refused):
    """Others keep changing the same thing; nothing was recorded, try again."""


class NotYetDue(Refused):
    """Its time has not come yet; wait until it has."""


class DaysOffScale(Refused):
    """That is not a number of days to wait; give one from 0 to 1000."""
