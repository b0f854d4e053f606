"""An entry as a row of the read table `entry`: in today's form, its prose apart."""

from collections.abc import Callable, Iterable
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec

from domain.entry import Entry, Event
from projections.entries import pushback_id, subject_id


class _Parts(NamedTuple):
    """How a kind of event is taken apart: what rules read, and what people typed; what it hides is in neither."""

    data: Callable[[Event], str]
    prose: Callable[[Event], str | None]


def entry_row(entry: Entry[Any]) -> tuple[Any, ...]:
    """The values of `ENTRY_COLUMNS`."""
    act, event = entry.act, entry.event
    kind: type[Event] = type(event)
    parts = _parts(kind)
    return (
        entry.workspace_id,
        entry.position,
        subject_id(entry),
        pushback_id(entry),
        entry.version,
        event.TOPIC,
        entry.recorded_at,
        act.occurred_at,
        entry.effective_at,
        act.actor,
        act.actor_kind,
        act.acting_role,
        act.authorised_by,
        act.on_behalf_of,
        act.credential,
        entry.command_id,
        parts.data(event),
        None if entry.is_erased else parts.prose(event),
    )


@cache
def _parts(kind: type[Event]) -> _Parts:
    names = [name for name in kind.__struct_fields__ if name not in kind.HIDDEN]
    return _Parts(
        _members([name for name in names if name not in kind.PROSE]),
        _said([name for name in names if name in kind.PROSE]),
    )


def _members(names: Iterable[str]) -> Callable[[Event], str]:
    values, encode = _getter(tuple(names)), msgspec.json.encode
    return lambda event: encode(values(event)).decode()


def _said(names: Iterable[str]) -> Callable[[Event], str | None]:
    values, encode = _getter(tuple(names)), msgspec.json.encode

    def say(event: Event) -> str | None:
        said = {name: value for name, value in values(event).items() if value is not None}
        return encode(said).decode() if said else None

    return say


def _getter(names: tuple[str, ...]) -> Callable[[Event], dict[str, Any]]:
    if len(names) < 2:  # noqa: PLR2004 - attrgetter gives a tuple from two on
        return lambda event: {name: getattr(event, name) for name in names}
    values = attrgetter(*names)
    return lambda event: dict(zip(names, values(event), strict=True))
