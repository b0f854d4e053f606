"""Refusals about definitions of ready and of done."""

from domain.refusals.refused import Refused


class CriterionIdMalformed(Refused):
    """A criterion's id is lower-case letters and digits with hyphens between, up to 40; change it."""


class CriterionRepeated(Refused):
    """The same criterion stands there twice; name each once."""


class UnknownSection(Refused):
    """An item has no such section; name one like criteria or why."""


class UnknownCriterion(Refused):
    """The definition that holds for this item has no such criterion; read it again."""

    suggested = ("adopt_definition",)


class ChecklistIncomplete(Refused):
    """Tick each criterion, say what shows it where that is asked for, or say why it is waived."""


class NotConfirmed(Refused):
    """Nobody has confirmed this criterion of the item as it is now."""

    suggested = ("confirm_readiness",)
