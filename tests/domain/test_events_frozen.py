"""What was written must load for ever: one stored fixture of each form of each event, with what it meant.

A fixture is made once, by `python -m tests.domain.test_events_frozen`, which writes those that are missing, and is
never changed afterwards. The words of enums are kept likewise.
"""

import json
from datetime import UTC, date, datetime
from enum import EnumType, StrEnum
from pathlib import Path
from types import NoneType
from typing import Any, Final, NamedTuple, TypeGuard, get_args, get_origin

import msgspec
import pytest

import domain.events  # noqa: F401 - registers every event
from domain.entry import EVENTS, Event
from domain.wire import decode, encode

FOLDER: Final = Path(__file__).parents[1] / "vectors" / "events"
NONCE: Final = "AAECAwQFBgcICQoLDA0ODw"
SALT: Final = "EBESExQVFhcYGRobHB0eHw"
REMEDY: Final = (
    "the ledger holds this form for ever. Give the new form the next class_version and an upcast_vN_vM "
    "(domain/entry.py), or keep the old name as TOPIC when only the class is renamed; never change the fixture"
)


WORDS_PATH: Final = FOLDER.with_name("event_words.json")
WORDS: Final[dict[str, list[str]]] = json.loads(WORDS_PATH.read_text(encoding="utf-8"))


class Fixture(NamedTuple):
    """One form of an event as it stands in a ledger, and what it means in that form's own words."""

    kind: str
    version: int
    data: str
    prose: str | None
    meaning: dict[str, Any]

    def read(self) -> Event:
        """The event in today's form."""
        return decode(self.kind, self.version, self.data.encode(), self.prose.encode() if self.prose else None)


def spoken(event: Event) -> Any:
    """Its fields in plain JSON."""
    return json.loads(msgspec.json.encode(event))


def stored(path: Path) -> Fixture:
    return Fixture(**json.loads(path.read_text(encoding="utf-8")))


FIXTURES: Final = [pytest.param(stored(path), id=path.stem) for path in sorted(FOLDER.glob("*.json"))]


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_every_form_of_every_event_has_a_fixture(event: type[Event]) -> None:
    forms = [FOLDER / f"{event.TOPIC}.v{version}.json" for version in range(1, event.class_version + 1)]
    missing = [path.name for path in forms if not path.exists()]
    assert missing == [], "run `python -m tests.domain.test_events_frozen` and commit what it writes"


@pytest.mark.parametrize("fixture", FIXTURES)
def test_what_was_stored_still_loads(fixture: Fixture) -> None:
    assert fixture.kind in EVENTS, f"no event is called {fixture.kind} any more: {REMEDY}"
    try:
        fixture.read()
    except msgspec.ValidationError as error:
        pytest.fail(f"{fixture.kind} in form {fixture.version} does not load: {error}; {REMEDY}")


@pytest.mark.parametrize("fixture", FIXTURES)
def test_what_was_stored_still_means_the_same(fixture: Fixture) -> None:
    event = fixture.read()
    if fixture.version == event.class_version:
        assert spoken(event) == fixture.meaning, REMEDY
        data, prose = encode(event, NONCE, SALT)
        assert (data.decode(), prose and prose.decode()) == (fixture.data, fixture.prose), REMEDY


@pytest.mark.parametrize("fixture", FIXTURES)
def test_what_was_erased_still_loads(fixture: Fixture) -> None:
    whole, erased = fixture.read(), fixture._replace(prose=None).read()
    assert erased == msgspec.structs.replace(whole, **dict.fromkeys(whole.PROSE)), REMEDY


def test_a_fixture_holds_every_field_so_that_renaming_any_is_noticed() -> None:
    for parameters in FIXTURES:
        fixture = parameters.values[0]
        assert isinstance(fixture, Fixture)
        written = {**json.loads(fixture.data), **json.loads(fixture.prose or "{}")}
        assert set(written) - {"nonce", "_salt"} == set(fixture.meaning)
        assert None not in fixture.meaning.values()


@pytest.mark.parametrize("name", WORDS)
def test_a_word_that_events_were_written_with_is_still_understood(name: str) -> None:
    gone = set(WORDS[name]) - set(enums().get(name, ()))
    assert gone == set(), f"the ledger says {sorted(gone)} for ever: keep the values of {name}, or upcast the events"


def test_every_word_is_written_down() -> None:
    new = {name: sorted(set(words) - set(WORDS.get(name, ()))) for name, words in enums().items()}
    assert not any(new.values()), "run `python -m tests.domain.test_events_frozen` and commit what it writes"


def enums() -> dict[str, list[str]]:
    """The values of each enum that a field of an event has, by the enum's name."""
    hints = {field.type for kind in EVENTS.values() for field in msgspec.structs.fields(kind)}
    return {hint.__name__: [str(word) for word in list(hint)] for hint in hints if _is_words(hint)}


def _is_words(hint: Any) -> TypeGuard[type[StrEnum]]:
    return isinstance(hint, EnumType) and issubclass(hint, StrEnum)


def example(hint: Any, name: str) -> Any:
    """A value for a field, which says the field's name where it can."""
    options = [option for option in get_args(hint) if option is not NoneType]
    if get_origin(hint) is tuple:
        return (example(options[0], name),)
    if get_origin(hint) is dict:
        return {name: "5a" * 32}
    if options:
        return example(options[0], name)
    plain = getattr(hint, "__supertype__", hint)
    if isinstance(plain, EnumType):
        return list(plain)[-1]
    return {
        str: name,
        int: 7,
        float: 0.5,
        bool: True,
        date: date(2026, 5, 1),
        datetime: datetime(2026, 3, 2, 9, tzinfo=UTC),
    }[plain]


def fixture_of(kind: type[Event]) -> Fixture:
    """The fixture of an event's present form."""
    fields = {field.name: example(field.type, field.name) for field in msgspec.structs.fields(kind)}
    event = kind(**fields)
    data, prose = encode(event, NONCE, SALT)
    return Fixture(kind.TOPIC, kind.class_version, data.decode(), prose.decode() if prose else None, spoken(event))


def write_missing() -> None:
    """Write a fixture for each present form that has none, and words not seen yet; what exists stays as it is."""
    for kind in EVENTS.values():
        path = FOLDER / f"{kind.TOPIC}.v{kind.class_version}.json"
        if not path.exists():
            path.write_text(written(fixture_of(kind)._asdict()), "utf-8")
    words = {name: list(dict.fromkeys((*WORDS.get(name, ()), *enums().get(name, ())))) for name in {*WORDS, *enums()}}
    WORDS_PATH.write_text(written(dict(sorted(words.items()))), "utf-8")


def written(said: dict[str, Any]) -> str:
    """As a file that people can compare."""
    return json.dumps(said, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    write_missing()
