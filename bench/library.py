"""The same work done with the library `eventsourcing`: its application, its subscription, its projection runner."""

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresDatastore, PostgresTrackingRecorder
from eventsourcing.projection import ApplicationSubscription, Projection, ProjectionRunner
from psycopg import Cursor
from psycopg.rows import DictRow
from psycopg.sql import SQL, Composed, Identifier, Placeholder

from bench.history import Said
from domain.entry import EVENTS, Act, ActorKind, Entry, Event
from infra.folding.advance import copies
from infra.folding.fold import Version, fold, touches
from infra.folding.store import current_columns, current_values, past_columns, past_values
from infra.folding.tables import ENTRY_COLUMNS, Column, create_indexes, create_tables, past_of, table_of
from infra.postgres.embedded import PORT, SUPERUSER
from projections import PROJECTIONS
from projections.declare import ROWS

_INSERTED_AT_ONCE: Final = 500


class Noted(Aggregate.Event):
    """What one of our events says, with who said it, in a form that the library's transcoder takes."""

    kind: str
    said: dict[str, Any]
    actor: str
    acting_role: str
    authorised_by: str
    credential: str | None


class Backlog(Application[UUID]):
    """The library's application, over its PostgreSQL recorder."""


class OneRow(PostgresTrackingRecorder):
    """The least that can be projected: the last version of each stream."""

    def __init__(self, datastore: PostgresDatastore, **arguments: Any) -> None:
        super().__init__(datastore, **arguments)
        table = SQL("CREATE TABLE IF NOT EXISTS {} (id uuid PRIMARY KEY, version int, kind text)")
        self.sql_create_statements.append(table.format(Identifier("one_row")))

    def write(self, event: Noted, tracking: Tracking) -> None:
        """The row and the position, in one transaction."""
        with self.datastore.transaction(commit=True) as cursor:
            cursor.execute(
                "INSERT INTO one_row VALUES (%s, %s, %s) "
                "ON CONFLICT (id) DO UPDATE SET version = excluded.version, kind = excluded.kind",
                (event.originator_id, event.originator_version, event.kind),
                prepare=True,
            )
            self._insert_tracking(cursor, tracking)


class OurTables(PostgresTrackingRecorder):
    """Our read tables, our folds: the entry, the rows it touches and their past, as the library would write them."""

    def create_table(self) -> None:
        """Its own table, and ours beside it."""
        super().create_table()
        with self.datastore.transaction(commit=True) as cursor:
            cursor.execute("SELECT to_regclass('entry') AS found")
            found = cursor.fetchone()
            if found and found["found"] is None:
                for statement in (*create_tables(), *create_indexes()):
                    cursor.execute(statement.encode())

    def write(self, event: Noted, tracking: Tracking) -> None:
        """Everything that the event changes and the position, in one transaction."""
        entry = _entry(event, tracking.notification_id)
        page = touches(PROJECTIONS, [entry])
        with self.datastore.transaction(commit=True) as cursor:
            known = {name: _load(cursor, entry.workspace_id, name, ids) for name, ids in page.wanted.items() if ids}
            folded = fold(page, known)
            _insert(cursor, "entry", ENTRY_COLUMNS, copies([entry]))
            for name, keys in folded.changed.items():
                rows = current_values(entry.workspace_id, [row for key in keys if (row := known[name][key])])
                _insert(cursor, table_of(name), current_columns(name), rows, "workspace_id, id")
            for name, past in folded.past.items():
                values = past_values(entry.workspace_id, past)
                _insert(cursor, past_of(table_of(name)), past_columns(name), values)
            self._insert_tracking(cursor, tracking)


class OneRowProjection(Projection[OneRow]):
    """Projects the least."""

    name = "one"

    def process_event(self, domain_event: Noted, tracking: Tracking) -> None:
        """Called for each event."""
        self.view.write(domain_event, tracking)


class OurTablesProjection(Projection[OurTables]):
    """Projects what ours does."""

    name = "ours"

    def process_event(self, domain_event: Noted, tracking: Tracking) -> None:
        """Called for each event."""
        self.view.write(domain_event, tracking)


class Library:
    """The library on a database of its own."""

    def __init__(self, database: str, host: Path) -> None:
        self._environment = {
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": database,
            "POSTGRES_HOST": str(host),
            "POSTGRES_PORT": str(PORT),
            "POSTGRES_USER": SUPERUSER,
            "POSTGRES_PASSWORD": "",
        }
        self._backlog = Backlog(self._environment)
        self._events = 0

    def fill(self, history: Iterable[Sequence[Said]], count: int) -> None:
        """Record at least so many events."""
        versions: dict[UUID, int] = {}
        batch = []
        for said in (said for command in history for said in command):
            versions[said.stream_id] = version = versions.get(said.stream_id, 0) + 1
            batch.append(self._backlog.mapper.to_stored_event(_noted(said, version)))
            if len(batch) == _INSERTED_AT_ONCE:
                self._backlog.recorder.insert_events(batch)
                self._events += len(batch)
                batch = []
                if self._events >= count:
                    return

    def read_typed(self) -> float:
        """Events per second to one who catches up by a new subscription and then holds typed events, as ours gives."""
        return self._read(_entry)

    def read_plain(self) -> float:
        """The same to one whom plain dictionaries of names and numbers are enough."""
        return self._read(lambda *_: None)

    def _read(self, use: Callable[[Any, int], object]) -> float:
        start = time.perf_counter()
        with ApplicationSubscription(self._backlog, gt=0) as subscription:
            for event, tracking in subscription:
                use(event, tracking.notification_id)
                if tracking.notification_id >= self._events:
                    break
        return self._events / (time.perf_counter() - start)

    def project_one_row(self, seconds: float) -> float:
        """Events per second that the runner projects into one row each, going on where it stopped before."""
        return self._project(OneRowProjection, OneRow, seconds)

    def project_our_tables(self, seconds: float) -> float:
        """Events per second that the runner projects into our read tables."""
        return self._project(OurTablesProjection, OurTables, seconds)

    def _project(self, projection: type[Projection[Any]], view: type[Any], seconds: float) -> float:
        with ProjectionRunner(
            application_class=Backlog, projection_class=projection, view_class=view, env=self._environment
        ) as runner:
            before, start = self._projected(runner), time.perf_counter()
            time.sleep(seconds)
            after, end = self._projected(runner), time.perf_counter()
        assert after < self._events, "the runner has had too few events"
        return (after - before) / (end - start)

    def _projected(self, runner: ProjectionRunner[Backlog, Any]) -> int:
        return runner.view.max_tracking_id(Backlog.name) or 0

    def close(self) -> None:
        """Close its connections."""
        self._backlog.close()


def _noted(said: Said, version: int) -> Noted:
    make: Callable[..., Noted] = Noted
    return make(
        originator_id=said.stream_id,
        originator_version=version,
        timestamp=datetime.now(UTC),
        kind=said.event.TOPIC,
        said=msgspec.to_builtins(said.event),
        actor=said.act.actor,
        acting_role=said.act.acting_role,
        authorised_by=said.act.authorised_by,
        credential=said.act.credential,
    )


def _entry(noted: Noted, position: int) -> Entry[Event]:
    return Entry(
        workspace_id=UUID(int=0),
        position=position,
        stream_id=noted.originator_id,
        version=noted.originator_version,
        schema_version=1,
        recorded_at=noted.timestamp,
        effective_at=noted.timestamp,
        act=Act(
            actor=noted.actor,
            actor_kind=ActorKind.HUMAN,
            acting_role=noted.acting_role,
            authorised_by=noted.authorised_by,
            credential=noted.credential,
        ),
        event=msgspec.convert(noted.said, EVENTS[noted.kind]),
    )


def _load(cursor: Cursor[DictRow], workspace_id: UUID, name: str, ids: Iterable[str]) -> dict[str, Version | None]:
    wanted = list(ids)
    statement = SQL("SELECT * FROM {} WHERE workspace_id = %s AND id = ANY(%s)").format(Identifier(table_of(name)))
    cursor.execute(statement, (workspace_id, wanted), prepare=True)
    found = {row["id"]: Version(msgspec.convert(row, ROWS[name]), row["from_position"]) for row in cursor.fetchall()}
    return {key: found.get(key) for key in wanted}


def _insert(
    cursor: Cursor[DictRow], table: str, columns: Sequence[Column], rows: Iterable[tuple[Any, ...]], key: str = ""
) -> None:
    statement = _insert_statement(table, columns, key)
    for row in rows:
        values = [list(value) if isinstance(value, tuple) else value for value in row]
        cursor.execute(statement, values, prepare=True)


def _insert_statement(table: str, columns: Sequence[Column], key: str) -> Composed:
    names = [Identifier(column.name) for column in columns]
    conflict = SQL("")
    statement = SQL("INSERT INTO {} ({}) VALUES ({})").format(
        Identifier(table), SQL(", ").join(names), SQL(", ").join(Placeholder() * len(names))
    )
    if not key:
        return statement + conflict
    updated = SQL(", ").join(SQL("{} = excluded.{}").format(name, name) for name in names[2:])
    return statement + SQL(" ON CONFLICT (workspace_id, id) DO UPDATE SET ") + updated
