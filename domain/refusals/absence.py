"""Refusals about being away."""

from domain.refusals.refused import Refused


class AbsenceStands(Refused):
    """An absence is declared already; end it before you declare another."""

    suggested = ("end_absence",)


class NoAbsence(Refused):
    """No absence is declared that could begin or end."""

    suggested = ("declare_absence",)
