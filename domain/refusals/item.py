"""Refusals about items: what they say, their order and their size."""

from domain.refusals.refused import Refused


class UnknownItem(Refused):
    """There is no such item in this workspace; check the id."""


class UnknownRevision(Refused):
    """The item has no such revision; give the id of one it has."""


class StaleDigest(Refused):
    """The item has changed since you read it; read what it says now, then decide again."""

    suggested = ("revise_item", "raise_pushback", "grant_sign_off")


class NothingChanged(Refused):
    """This says the same as before; change something or leave it."""


class NotEditorial(Refused):
    """Only the title and the narrative can change editorially; sign-offs of the rest are voided by any change."""

    suggested = ("revise_item",)


class ItemIsWithdrawn(Refused):
    """This item was withdrawn, and only its history is left; draft a new one if it is wanted again."""

    suggested = ("draft_item",)


class OffScale(Refused):
    """An estimate is a number of story points from 0 to 1000; in a round, one on its scale."""


class RankNeedsNeighbour(Refused):
    """Say which item it comes below, or above which it goes, or both."""


class RankOutOfOrder(Refused):
    """The two items are no longer in the order you saw, or not in this item's backlog; read the backlog again."""


class CriteriaKindsDiffer(Refused):
    """Give one kind for each criterion, in their order, or leave the kinds out."""


class NothingToChallenge(Refused):
    """No revision since the last substantive one says that it only changes the wording."""

    suggested = ("raise_pushback",)


class ConcernedOnly(Refused):
    """Only who signed off, holds an open pushback or estimated what such a claim kept may challenge it."""

    suggested = ("raise_pushback",)


class TooLateToChallenge(Refused):
    """The time to challenge this claim is over; push back on what it changed instead."""

    suggested = ("raise_pushback",)
