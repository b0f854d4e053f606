"""Forgetting what people typed, and their names, for a legal reason. What they decided stays provable."""

from typing import Final

from domain.authority import Power, Who
from domain.decision import Decided, decided
from domain.events import NameErased, ProseErased
from domain.refusals import NothingToErase, UnknownPerson, UnknownWorkspace
from domain.state.person import Person
from domain.state.team import Workspace
from domain.text import line

POSITIONS_MAX: Final = 10_000


def erase_prose(workspace: Workspace, who: Who, *, positions: tuple[int, ...], legal_basis: str) -> Decided:
    """Erase what was typed in the entries at these positions, for a legal reason. It cannot be undone."""
    authority = who.by_role(Power.ADMINISTER)
    if not workspace.id:
        raise UnknownWorkspace(path="workspace")
    if not positions or min(positions) < 1 or len(positions) > POSITIONS_MAX:
        raise NothingToErase(path="positions", unmet=(f"from 1 to {POSITIONS_MAX} positions of the ledger",))
    chosen = tuple(sorted(set(positions)))
    return decided(authority, ProseErased(positions=chosen, legal_basis=line("legalBasis", legal_basis)))


def erase_name(person: Person, who: Who, *, legal_basis: str) -> Decided:
    """Erase a person's name, e-mail address and account, for a legal reason. It cannot be undone."""
    authority = who.by_role(Power.ADMINISTER)
    if not person.id:
        raise UnknownPerson(path="person")
    return decided(authority, NameErased(positions=(person.registered,), legal_basis=line("legalBasis", legal_basis)))
