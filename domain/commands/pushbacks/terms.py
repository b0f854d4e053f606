"""Changing what a pushback says, whether it blocks, and whose it is; what was before stays in its history."""

from datetime import datetime

from domain.authority import Authority, Who, blocking
from domain.commands.pushbacks.silence import begun_anew
from domain.commands.pushbacks.standing import could_be_party, held_by, not_before_arbiters
from domain.decision import Decided, decided
from domain.events import PushbackAmended, PushbackReassigned, PushbackStanceChanged
from domain.events.pushback import Stance
from domain.refusals import LiftsWhenRequired, NoRoleHere, NothingChanged, OwnItem, UnknownPerson
from domain.state.item import Item
from domain.state.person import Person
from domain.text import optional, prose


def may_amend(item: Item, who: Who, pushback: int) -> Authority:
    """Whose it is; a service too."""
    held_by(item, who, pushback)
    return who.as_holder()


def amend_pushback(
    item: Item, who: Who, pushback: int, *, why: str, statement: str | None = None, lifts_when: str | None = None
) -> Decided:
    """Say your pushback in other words, or what would lift it, and why. What you said before stays in its history.

    Whose turn it is does not change.
    """
    authority = may_amend(item, who, pushback)
    due_at = begun_anew(item, who, pushback)
    return decided(authority, _amended(pushback, why, statement, lifts_when, due_at))


def _amended(
    pushback: int, why: str, statement: str | None, lifts_when: str | None, due_at: datetime | None
) -> PushbackAmended:
    said = {"statement": optional("statement", statement), "lifts_when": optional("liftsWhen", lifts_when)}
    because = prose("why", why)
    amended = tuple(name for name, text in said.items() if text is not None)
    if not amended:
        raise NothingChanged(unmet=("a statement", "what would lift it"))
    return PushbackAmended(pushback=pushback, amended=amended, due_at=due_at, why=because, **said)


def may_change_stance(item: Item, who: Who, pushback: int) -> Authority:
    """Whose it is; to make a block of it they need the power to block."""
    raised = held_by(item, who, pushback)
    return (
        who.as_holder()
        if raised.stance is Stance.BLOCKING
        else who.by_apart(blocking(item.track), not_for=(item.author_id,))
    )


def change_stance(
    item: Item, who: Who, pushback: int, *, stance: Stance, why: str, lifts_when: str | None = None
) -> Decided:
    """Make your pushback a block, saying what would lift it, or take the block off and leave the concern."""
    raised, because = held_by(item, who, pushback), prose("why", why)
    if raised.stance is stance:
        raise NothingChanged(path="stance")
    authority = may_change_stance(item, who, pushback)
    if stance is Stance.BLOCKING and not (lifts_when or "").strip():
        raise LiftsWhenRequired(path="liftsWhen", unmet=("what would lift the block",))
    due_at = begun_anew(item, who, pushback)
    changed = PushbackStanceChanged(pushback=pushback, stance=stance, due_at=due_at, why=because)
    worded = (_amended(pushback, why, None, lifts_when, due_at),) if optional("liftsWhen", lifts_when) else ()
    return decided(authority, changed, *worded)


def may_reassign(item: Item, who: Who, pushback: int) -> Authority:
    """Whose it is; a service too. Once others have to rule the parties stay who they are."""
    not_before_arbiters(held_by(item, who, pushback))
    return who.as_holder()


def reassign_pushback(item: Item, who: Who, pushback: int, *, person: Person, why: str) -> Decided:
    """Hand your pushback to another person with a role here, no program, who settles or withdraws it from then on."""
    authority, because = may_reassign(item, who, pushback), prose("why", why)
    if not person.id:
        raise UnknownPerson(path="person")
    if person.id == item.pushbacks[pushback].holder_id:
        raise NothingChanged(path="person")
    if person.id == item.author_id:
        raise OwnItem(path="person")
    if not could_be_party(item, who, person.id):
        raise NoRoleHere(path="person")
    due_at = begun_anew(item, who, pushback)
    return decided(authority, PushbackReassigned(pushback=pushback, person_id=person.id, due_at=due_at, why=because))
