"""The ways out when round after round finds an item not estimable: a spike, three amigos, a split."""

from domain.authority import Authority, Power, Who
from domain.decision import Decided, decided
from domain.events import ItemSplit, SpikeLinked, ThreeAmigosNoted
from domain.events.item import ItemKind
from domain.ids import ItemId, PersonId
from domain.refusals import (
    AlreadyLinked,
    NoRoleHere,
    NotThreePeople,
    PartExpected,
    SpikeExpected,
    UnknownItem,
    UnknownPerson,
)
from domain.state.item import Item, must_be_as_shown, must_stand
from domain.state.person import Person
from domain.text import optional, prose


def may_draw_on(item: Item, who: Who) -> Authority:
    """Who may draft items."""
    must_stand(item)
    return who.by(Power.DRAFT_ITEM)


def link_spike(item: Item, who: Who, *, spike: Item, why: str | None = None) -> Decided:
    """Name the spike that is to find out what keeps an item from being estimated; it is another item, of kind SPIKE."""
    authority = may_draw_on(item, who)
    found = _other(item, spike, "spike")
    if found is None or spike.kind is not ItemKind.SPIKE:
        raise SpikeExpected(path="spike")
    _must_be_new(item, found, "spike")
    return decided(authority, SpikeLinked(spike_id=found, why=optional("why", why)))


def note_three_amigos(
    item: Item,
    who: Who,
    *,
    business: Person,
    development: Person,
    test: Person,
    expected_digest: str,
    summary: str | None = None,
) -> Decided:
    """Note that three people talked an item through as it is now: for the business, the development and the test."""
    authority = may_draw_on(item, who)
    must_be_as_shown(item, expected_digest)
    views = {"business": business, "development": development, "test": test}
    people = {path: _present(who, path, person) for path, person in views.items()}
    if len(set(people.values())) < len(people):
        raise NotThreePeople
    noted = ThreeAmigosNoted(
        revision=item.revision,
        digest=item.digest,
        business_id=people["business"],
        development_id=people["development"],
        test_id=people["test"],
        summary=optional("summary", summary),
    )
    return decided(authority, noted)


def _present(who: Who, path: str, person: Person) -> PersonId:
    if not person.id:
        raise UnknownPerson(path=path)
    if not who.meets(person.id):
        raise NoRoleHere(path=path)
    return person.id


def split_item(item: Item, who: Who, *, child: Item, why: str) -> Decided:
    """Say that part of an item is an item of its own now, drafted before; once for each part."""
    authority = may_draw_on(item, who)
    found = _other(item, child, "child")
    if found is None:
        raise PartExpected(path="child")
    _must_be_new(item, found, "child")
    return decided(authority, ItemSplit(child_id=found, why=prose("why", why)))


def _must_be_new(item: Item, found: ItemId, path: str) -> None:
    """Refuses a spike or part that was named before: naming it again says nothing new."""
    if found in item.loop.linked:
        raise AlreadyLinked(path=path)


def _other(item: Item, named: Item, path: str) -> ItemId | None:
    """The id of another item that stands; None for this one and for one that was withdrawn."""
    if not named.revision:
        raise UnknownItem(path=path)
    return None if named.id == item.id or named.is_withdrawn else named.id
