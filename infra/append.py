"""What is handed to the ledger, and how several appends become the arrays of one call of `ledger.append`."""

import os
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple, TypeAlias
from uuid import UUID

import msgspec

from domain.entry import Act, Entry, Event
from domain.wire import encode
from infra.postgres.spans import here

BYTES_MAX: Final = 1 << 20
"""Of an event's data, and of its prose."""

_ESCAPED_NUL: Final = b"\\u0000"

_OCCURRED: Final = 4
_DATA: Final = 15
_PROSE: Final = 16

Row: TypeAlias = tuple[Any, ...]
"""An event's columns in the order of the type `ledger.new_event`."""


class NewEvent(msgspec.Struct, frozen=True):
    """An event to be appended as the given version of its stream."""

    stream_id: UUID
    version: int
    event: Event
    act: Act


class Append(msgspec.Struct, frozen=True):
    """A command's events, appended together or not at all. `reads` are streams that must still have these versions.

    `teams`, where given, are the streams of all teams: no other may have been formed.
    """

    workspace_id: UUID
    command_id: UUID
    fingerprint: bytes
    events: tuple[NewEvent, ...]
    reads: tuple[tuple[UUID, int], ...] = ()
    teams: frozenset[UUID] | None = None


class Unstorable(ValueError):
    """What was handed over cannot stand in the ledger; the message says what is wrong with it."""


class Prepared:
    """An append, encoded. `claims` are the versions at which the streams it writes must end.

    `writes` and `reads` are the streams it touches, as numbers, which are quicker to compare; its command counts as
    written, so that no batch has it twice. `span` is where it was asked for.
    """

    __slots__ = ("append", "claims", "is_timed", "reads", "rows", "size", "span", "writes")

    def __init__(self, append: Append) -> None:
        if not append.events:
            raise Unstorable("a command appends at least one event")
        self.append = append
        self.claims = _expected(append.events)
        self.reads = {stream_id.int for stream_id, _ in append.reads}
        self.writes = {append.command_id.int}
        self.rows: list[Row] = []
        self.is_timed, self.size = False, 0
        self.span = here()
        for index, new in enumerate(append.events):
            row = _row(append, index, new)
            self.rows.append(row)
            self.writes.add(new.stream_id.int)
            self.is_timed = self.is_timed or row[_OCCURRED] is not None
            self.size += len(row[_DATA]) + len(row[_PROSE] or b"")


class Batch(NamedTuple):
    """Appends in the order of their workspaces, and the arguments of the call that makes them.

    A claim is the number of a workspace (from 1), a stream in it, and the version at which it must end.
    """

    appends: Sequence[Prepared]
    workspaces: list[UUID]
    claims: list[tuple[int, UUID, int]]
    arguments: list[Any]


class Appended(NamedTuple):
    """What `ledger.append` answers, for each workspace of the batch."""

    positions: list[int]
    clocks: list[datetime]
    effectives: list[datetime]


def batch_of(appends: Sequence[Prepared]) -> Batch:
    """The call for these appends, which stand in the order of their workspaces and whose streams do not touch."""
    workspaces: list[UUID] = []
    starts: list[int] = []
    places: list[int] = []
    claims: list[tuple[int, UUID, int]] = []
    reads: dict[tuple[int, int, int], tuple[int, UUID, int]] = {}
    for prepared in appends:
        workspace_id = prepared.append.workspace_id
        if not workspaces or (workspaces[-1] is not workspace_id and workspaces[-1] != workspace_id):
            workspaces.append(workspace_id)
            starts.append(len(places))
        place = len(workspaces)
        claims += [(place, stream_id, version) for stream_id, version in prepared.claims]
        for stream_id, version in prepared.append.reads:  # the same few are read by many
            reads[place, stream_id.int, version] = (place, stream_id, version)
        places += [place] * len(prepared.rows)
    counts = [after - start for start, after in zip(starts, [*starts[1:], len(places)], strict=True)]
    rows = [row for prepared in appends for row in prepared.rows]
    is_timed = any(prepared.is_timed for prepared in appends)
    claims += reads.values()
    return Batch(appends, workspaces, claims, [workspaces, starts, counts, places, is_timed, claims, rows])


def entries_of(batch: Batch, appended: Appended) -> list[tuple[Entry[Event], ...]]:
    """The entries that came of a batch, for each of its appends: computed as the function does, not read."""
    lasts = {workspace_id.int: last for workspace_id, *last in zip(batch.workspaces, *appended, strict=True)}
    return [_entries(prepared.append, lasts[prepared.append.workspace_id.int]) for prepared in batch.appends]


def _entries(append: Append, last: list[Any]) -> tuple[Entry[Event], ...]:
    """`last` is the workspace's position, clock and effective time before the append, and is moved on."""
    position, recorded_at, effective_at = last
    entries = []
    for index, new in enumerate(append.events, 1):
        effective_at = max(effective_at, new.act.occurred_at or recorded_at)
        entries.append(
            Entry(
                workspace_id=append.workspace_id,
                position=position + index,
                stream_id=new.stream_id,
                version=new.version,
                schema_version=type(new.event).class_version,
                recorded_at=recorded_at,
                effective_at=effective_at,
                act=new.act,
                event=new.event,
                command_id=append.command_id if index == 1 else None,
            )
        )
    last[:] = position + len(entries), recorded_at, effective_at
    return tuple(entries)


def _expected(events: Sequence[NewEvent]) -> list[tuple[UUID, int]]:
    """The version at which each written stream must end; raises Unstorable when versions have a gap."""
    claims = []
    last: dict[int, int] = {}
    for new in events:
        stream = new.stream_id.int
        if stream not in last:
            claims.append((new.stream_id, new.version - 1))
        if new.version < 1 or new.version != last.get(stream, new.version - 1) + 1:
            raise Unstorable(f"version {new.version} does not follow in its stream")
        last[stream] = new.version
    return claims


def _row(append: Append, index: int, new: NewEvent) -> Row:
    act = new.act
    data, prose = _encode(new.event)
    if act.occurred_at is not None and act.occurred_at.tzinfo is None:
        raise Unstorable("occurred_at has no time zone")
    return (
        new.stream_id,
        new.version,
        type(new.event).TOPIC,
        type(new.event).class_version,
        act.occurred_at,
        act.actor,
        act.actor_kind,
        act.acting_role,
        act.authorised_by,
        act.on_behalf_of,
        act.credential,
        None if index else append.command_id,
        None if index else append.fingerprint,
        act.correlation_id,
        act.causation_id,
        data,
        prose,
    )


def _encode(event: Event) -> tuple[bytes, bytes | None]:
    noise = urlsafe_b64encode(os.urandom(33)).decode()
    try:
        data, prose = encode(event, noise[:22], noise[22:])
    except UnicodeEncodeError as error:
        raise Unstorable(f"{type(event).TOPIC} has a text that is not Unicode") from error
    for encoded in (data, prose or b""):
        if len(encoded) > BYTES_MAX:
            raise Unstorable(f"{type(event).TOPIC} has {len(encoded)} bytes, more than {BYTES_MAX}")
        if _ESCAPED_NUL in encoded and _ESCAPED_NUL in encoded.replace(b"\\\\", b""):
            raise Unstorable(f"{type(event).TOPIC} has a NUL character in a text")
    return data, prose
