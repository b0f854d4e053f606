"""Events to bytes and back: the form is frozen, an old one is lifted, a newer one is not guessed at."""

import json
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any, ClassVar, Final

import msgspec
import pytest

import domain.events  # noqa: F401 - registers every event
from domain.entry import EVENTS, Event, Prose, ProseLines
from domain.wire import UnknownKind, decode, encode

NONCE: Final = urlsafe_b64encode(bytes(range(16))).decode().rstrip("=")
SALT: Final = urlsafe_b64encode(bytes(range(16, 32))).decode().rstrip("=")
VECTORS: Final[list[dict[str, Any]]] = json.loads(
    (Path(__file__).parents[1] / "vectors" / "wire.json").read_text(encoding="utf-8")
)


class NothingSaid(Event, frozen=True, kw_only=True):
    """Has neither data nor prose."""


class OnlyProse(Event, frozen=True, kw_only=True):
    """Has prose only."""

    text: Prose = None
    lines: ProseLines = None


class OnlyData(Event, frozen=True, kw_only=True):
    """Has data only."""

    number: int
    size: float | None = None


class Renewed(Event, frozen=True, kw_only=True):
    """Was `Aged` once, with `remark` for text and no unit; then the unit was spelled out in lower case."""

    class_version: ClassVar[int] = 3

    size: float
    unit: str
    text: Prose = None

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        """The first form had points only, and called its text a remark."""
        state["unit"] = "points"
        if "remark" in state:
            state["text"] = state.pop("remark")

    @staticmethod
    def upcast_v2_v3(state: dict[str, Any]) -> None:
        """The second form spelled units in lower case."""
        state["unit"] = state["unit"].upper()


OWN: Final = {kind.TOPIC: EVENTS.pop(kind.TOPIC) for kind in (NothingSaid, OnlyProse, OnlyData, Renewed)}
"""Events that only these tests know: nobody else must meet them."""


@pytest.fixture(autouse=True)
def own_events(monkeypatch: pytest.MonkeyPatch) -> None:
    """The ledger's readers know this file's events for the length of a test."""
    for topic, kind in OWN.items():
        monkeypatch.setitem(EVENTS, topic, kind)


EXAMPLES: Final = {
    "nothing": NothingSaid(),
    "prose only": OnlyProse(text='Grüße, "quoted"\n\\ 💳', lines=("a", "b")),
    "prose left out": OnlyProse(lines=()),
    "no prose": OnlyProse(),
    "data only": OnlyData(number=7, size=0.5),
    "empty data": OnlyData(number=-1),
    "both": Renewed(size=3.0, unit="POINTS", text="large"),
}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_the_bytes_are_what_they_always_were(vector: dict[str, Any]) -> None:
    event = EXAMPLES[vector["name"]]
    data, prose = encode(event, NONCE, SALT)
    assert data.decode() == vector["data"]
    assert (prose and prose.decode()) == vector["prose"]
    assert decode(event.TOPIC, event.class_version, data, prose) == event


def test_every_example_has_a_vector() -> None:
    assert [vector["name"] for vector in VECTORS] == [*EXAMPLES]


@pytest.mark.parametrize("event", EXAMPLES.values(), ids=EXAMPLES)
def test_an_event_can_be_read_without_its_prose(event: Event) -> None:
    data, _ = encode(event, NONCE, SALT)
    read = decode(event.TOPIC, event.class_version, data, None)
    assert read == msgspec.structs.replace(event, **dict.fromkeys(event.PROSE))


@pytest.mark.parametrize("prose", [b'{"_salt":"%s","remark":"large"}' % SALT.encode(), None])
def test_an_old_form_is_lifted_to_the_present_one_with_and_without_its_prose(prose: bytes | None) -> None:
    data = b'{"nonce":"%s","size":3}' % NONCE.encode()
    assert decode("Renewed", 1, data, prose) == Renewed(size=3, unit="POINTS", text="large" if prose else None)


def test_a_form_in_between_is_lifted_from_where_it_stands() -> None:
    data = b'{"nonce":"%s","size":3.0,"unit":"days"}' % NONCE.encode()
    assert decode("Renewed", 2, data, None) == Renewed(size=3, unit="DAYS")


def test_a_form_newer_than_this_software_is_unknown() -> None:
    data, prose = encode(Renewed(size=3, unit="POINTS"), NONCE, SALT)
    with pytest.raises(UnknownKind):
        decode("Renewed", 4, data, prose)


def test_a_kind_newer_than_this_software_is_unknown() -> None:
    with pytest.raises(UnknownKind):
        decode("NeverHeardOf", 1, b"{}", None)


@pytest.mark.parametrize(
    ("version", "members"),
    [
        (3, '"size":3,"unit":"DAYS","surprise":1'),
        (1, '"size":3,"surprise":1'),
        (3, '"size":"3","unit":"DAYS"'),
        (3, '"size":3'),
    ],
    ids=["unknown field", "unknown field of an old form", "wrong type", "missing field"],
)
def test_what_does_not_fit_the_event_is_an_error_and_never_ignored(version: int, members: str) -> None:
    data = f'{{"nonce":"{NONCE}",{members}}}'.encode()
    with pytest.raises(msgspec.ValidationError):
        decode("Renewed", version, data, None)


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_no_event_has_a_field_called_like_the_nonce_or_the_salt_of_the_envelope(event: type[Event]) -> None:
    assert not {"nonce", "_salt"} & set(event.__struct_fields__)


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_everything_people_type_can_be_missing(event: type[Event]) -> None:
    fields = {field.name: field for field in msgspec.structs.fields(event)}
    assert all(fields[name].default is None for name in event.PROSE)


def test_two_events_cannot_be_stored_under_one_name() -> None:
    with pytest.raises(TypeError, match="OnlyData"):
        type("OnlyData", (Event,), {"__doc__": "Another."})
