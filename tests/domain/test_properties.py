"""What holds for all histories and for everything that anybody could try."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from functools import reduce
from types import UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import domain.events  # noqa: F401 - registers every event
from domain.commands import COMMANDS
from domain.entry import EVENTS, Entry, Event
from domain.events.people import Role
from domain.refusals import Refused
from domain.state import item, person, team
from domain.state.item import Item
from domain.state.person import Person
from domain.state.team import Team, Workspace
from domain.wire import decode, encode
from tests.given import ITEM, NEW_ITEM, NOW, TEAM, entry, erased, given_team, person_id, who

TEXTS: Final = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
ORDINALS: Final = st.integers(1, 4)
BASE64URL: Final = st.text("ABCxyz019-_", min_size=22, max_size=22)
TIMES: Final = st.datetimes(datetime(1970, 1, 1), datetime(2390, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - timezones gives it
PLAIN: Final[dict[Any, st.SearchStrategy[Any]]] = {
    str: TEXTS,
    int: ORDINALS,
    float: st.floats(allow_nan=False, allow_infinity=False),
    bool: st.booleans(),
    date: TIMES.map(datetime.date),
    datetime: TIMES,
    type(None): st.none(),
}


def a_value(hint: Any) -> st.SearchStrategy[Any]:
    """Any value of a field's annotation."""
    parts = get_args(hint)
    match get_origin(hint):
        case origin if origin is Annotated:
            return a_value(parts[0])
        case origin if origin in (Union, UnionType):
            return st.one_of(*map(a_value, parts))
        case origin if origin is tuple:
            return st.lists(a_value(parts[0]), max_size=3).map(tuple)
        case origin if origin is dict:
            return st.dictionaries(a_value(parts[0]), a_value(parts[1]), max_size=3)
    plain = getattr(hint, "__supertype__", hint)
    return PLAIN[plain] if plain in PLAIN else st.sampled_from(plain)


def an_event(kind: type[Event]) -> st.SearchStrategy[Event]:
    """Any event of a kind, meaningful or not."""
    fields = {field.name: a_value(field.type) for field in msgspec.structs.fields(kind)}
    return st.builds(kind, **fields)


EVENT: Final = st.one_of(*map(an_event, EVENTS.values()))
HISTORY: Final = st.lists(st.tuples(st.sampled_from(("ada", "paula", "dana")), EVENT), max_size=30)
FOLDS: Final[dict[type, Any]] = {
    Item: item.evolve,
    Team: team.evolve_team,
    Workspace: team.evolve_workspace,
    Person: person.evolve,
}


def entries(history: list[tuple[str, Event]]) -> list[Entry[Event]]:
    return [entry(ITEM, version, person_id(name), event) for version, (name, event) in enumerate(history, 1)]


def structure(state: Any) -> Any:
    """A state without its text."""
    return msgspec.structs.replace(state, content=NEW_ITEM.content) if isinstance(state, Item) else state


@pytest.mark.parametrize("kind", EVENTS.values(), ids=EVENTS)
def test_any_event_comes_back_from_its_bytes(kind: type[Event]) -> None:
    @given(an_event(kind), BASE64URL, BASE64URL)
    @settings(max_examples=25)
    def comes_back(event: Event, nonce: str, salt: str) -> None:
        data, prose = encode(event, nonce, salt)
        assert decode(kind.TOPIC, kind.class_version, data, prose) == event
        assert nonce.encode() in data
        assert prose is None or salt.encode() in prose
        assert decode(kind.TOPIC, kind.class_version, data, None).PROSE == kind.PROSE

    comes_back()


@given(HISTORY)
def test_history_is_never_refused_whatever_it_holds(history: list[tuple[str, Event]]) -> None:
    for aggregate, evolve in FOLDS.items():
        assert type(reduce(evolve, entries(history), aggregate())) is aggregate


@given(HISTORY)
def test_rules_read_nothing_that_can_be_erased_but_the_text_itself(history: list[tuple[str, Event]]) -> None:
    lines = entries(history)
    for aggregate, evolve in FOLDS.items():
        whole, without = (reduce(evolve, read, aggregate()) for read in (lines, map(erased, lines)))
        assert structure(whole) == structure(without)


TERMS: Final = st.tuples(st.integers(0, 6), st.none() | st.integers(1, 6))


@given(st.lists(st.tuples(st.sampled_from(("paula", "petra", "tom")), st.sampled_from(Role), TERMS), max_size=12))
def test_a_team_never_has_two_product_owners_and_nobody_owns_both_kinds(tries: list[Any]) -> None:
    place = given_team()
    administrator = who("anna", Role.ADMINISTRATOR)
    for name, role, (starts, lasts) in tries:
        starts_at = NOW + timedelta(days=starts)
        ends_at = None if lasts is None else starts_at + timedelta(days=lasts)
        asked = {"person": Person(id=person_id(name)), "role": role, "starts_at": starts_at, "ends_at": ends_at}
        try:
            outcome = COMMANDS["assign_role"].decide(place, administrator, **asked)
        except Refused:
            continue
        (event,) = outcome.events
        place = team.evolve_team(place, entry(TEAM, 1, administrator.person_id, event))
    for day in range(14):
        now = NOW + timedelta(days=day)
        held = Counter((grant.person_id, grant.role) for grant in place.grants.values() if grant.holds(now))
        owners = {owner for owner, role in held if role is Role.PRODUCT_OWNER}
        assert len(owners) <= 1
        assert not owners & {owner for owner, role in held if role is Role.TECHNICAL_PRODUCT_OWNER}
        assert not held or max(held.values()) == 1
