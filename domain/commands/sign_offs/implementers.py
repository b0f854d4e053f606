"""Who implements an item: policy may say that they do not accept it."""

from domain.authority import Authority, Power, Who
from domain.commands.sign_offs.ending import named_after_signing
from domain.decision import Decided, decided
from domain.events import ImplementerNamed, ImplementerReleased
from domain.ids import PersonId
from domain.refusals import AlreadyImplementing, NoRoleHere, NotImplementing, UnknownPerson
from domain.state.item import Item, must_stand
from domain.state.person import Person
from domain.text import prose


def may_name(item: Item, who: Who) -> Authority:
    """Whoever may draft an item."""
    must_stand(item)
    return who.by(Power.DRAFT_ITEM)


def name_implementer(item: Item, who: Who, *, person: Person | None = None) -> Decided:
    """Say who implements an item; leave the person out to take it yourself.

    Where policy requires that somebody else accepts it, their own acceptance of it ends.
    """
    authority = may_name(item, who)
    named = _named(who, person)
    if not who.meets(named):
        raise NoRoleHere(path="person")
    if named in item.implementers:
        raise AlreadyImplementing(path="person")
    return decided(authority, ImplementerNamed(person_id=named), *named_after_signing(item, who, named))


def release_implementer(item: Item, who: Who, *, why: str, person: Person | None = None) -> Decided:
    """Say that somebody does not implement an item after all, and why; leave the person out for yourself.

    Whom another person releases may accept it again. Who releases themselves may not, nor who is
    released in their own name: they did implement it.
    """
    authority = may_name(item, who)
    named, said = _named(who, person), prose("why", why)
    if named not in item.implementers:
        raise NotImplementing(path="person")
    return decided(authority, ImplementerReleased(person_id=named, why=said))


def _named(who: Who, person: Person | None) -> PersonId:
    if person is None:
        return who.person_id
    if not person.id:
        raise UnknownPerson(path="person")
    return person.id
