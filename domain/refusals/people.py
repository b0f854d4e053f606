"""Refusals about people, teams, their roles, and the workspace."""

from domain.refusals.refused import Refused


class UnknownTeam(Refused):
    """There is no such team in this workspace; check the id."""


class UnknownPerson(Refused):
    """There is no such person in this workspace; register them first."""

    suggested = ("register_person",)


class UnknownWorkspace(Refused):
    """There is no such workspace."""


class UnknownAssignment(Refused):
    """There is no such role assignment that still holds; check the id."""


class UnknownCredential(Refused):
    """There is no such token that is still valid; check the id."""


class InsufficientScope(Refused):
    """The token you use does not go so far; use one with the scope that is named."""

    suggested = ("issue_credential",)


class NoScopes(Refused):
    """A token that may do nothing is of no use; name at least READ."""


class InvitedHuman(Refused):
    """A program is not invited to a browser; issue a token for it instead."""

    suggested = ("issue_credential",)


class SecondProductOwner(Refused):
    """A team has exactly one Product Owner at a time; have the role handed over instead."""

    suggested = ("hand_over_product_owner",)


class OwnerOfBothKinds(Refused):
    """The Product Owner of a team cannot be its Technical Product Owner at the same time."""

    suggested = ("hand_over_product_owner",)


class RoleNotHere(Refused):
    """This role is not given in this place; team roles are given in a team, the others in the workspace."""

    suggested = ("assign_role", "assign_workspace_role")


class AlreadyAssigned(Refused):
    """This person already holds this role here for part of that time; end that assignment first."""

    suggested = ("end_role", "end_workspace_role")


class LastAdministrator(Refused):
    """Nobody else would administer the workspace for good; give another person the role first, without an end."""

    suggested = ("assign_workspace_role",)


class ItemsMissing(Refused):
    """An informal role holds for named items only; name them."""


class NotOfThisRole(Refused):
    """A mandate is a part of what the role may do; name powers that the role has."""


class OwnerIsWhole(Refused):
    """The Product Owner of a team holds the role formally, for all items and without an end."""

    suggested = ("hand_over_product_owner",)


class NobodyHandsOver(Refused):
    """The team has no Product Owner now; give somebody the role instead."""

    suggested = ("assign_role",)


class StartsInThePast(Refused):
    """Nobody held a role before it was given; leave the start out for now, or name a time to come."""


class AlreadyOpened(Refused):
    """This has already been opened."""


class NothingToErase(Refused):
    """Name the positions of the entries whose text is to be erased."""


class TooManyNamed(Refused):
    """A list names at most 50; leave some out, or say it in several commands."""
