"""Erasing what people typed: prose to NULL with everything else as it was, and the event that says so, at once.

Done as the privacy role, which alone may; every proof over the ledger still verifies.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import asyncpg

from domain.entry import Entry, Event
from domain.events.people import erased_by
from domain.refusals import NothingToErase
from infra.append import Append, Prepared
from infra.cluster import Cluster, Role
from infra.deciding import Asker, Deciding, Done, Request
from infra.folding.schema import forget
from infra.group_commit import refusal_of
from infra.ledger import Ledger

_NO_ENTRY: Final = "PB004"
_ERASE: Final = "select ledger.erase_prose($1, $2, $3)"
_FORGET: Final = """
    update ledger.person set name = null, email = null, salt = null where workspace_id = $1 and person_id = $2
"""


class Erasure:
    """Erasing in one workspace's ledger, decided like every other command."""

    def __init__(self, cluster: Cluster, ledger: Ledger, deciding: Deciding) -> None:
        self._cluster = cluster
        self._ledger = ledger
        self._deciding = deciding

    async def erase_prose(self, asker: Asker, command_id: UUID, positions: Sequence[int], legal_basis: str) -> Done:
        """Erase what was typed in the entries at these positions; raises Refused."""
        request = Request(
            asker=asker,
            command="erase_prose",
            command_id=command_id,
            target=asker.workspace_key,
            arguments={"positions": tuple(positions), "legal_basis": legal_basis},
        )
        return await self._forgotten(await self._deciding.execute(request, self._append))

    async def erase_name(self, asker: Asker, command_id: UUID, person_id: str, legal_basis: str) -> Done:
        """Erase a person's name, e-mail address and account; raises Refused."""
        request = Request(
            asker=asker,
            command="erase_name",
            command_id=command_id,
            target=person_id,
            arguments={"legal_basis": legal_basis},
        )
        done = await self._deciding.execute(request, lambda append: self._append(append, person_id))
        return await self._forgotten(done)

    async def _forgotten(self, done: Done) -> Done:
        """Also by read tables of other versions, which no fold may ever tell. Sent again, it is done again."""
        for entry in done.entries:
            await forget(self._cluster, entry.workspace_id, erased_by(entry.event))
        return done

    async def _append(self, append: Append, person_id: str | None = None) -> tuple[Entry[Event], ...]:
        """Both in one transaction; raises Conflict and DuplicateCommand like the ledger's own append."""
        positions = [position for new in append.events for position in erased_by(new.event)]
        connection = await self._cluster.connect(Role.PRIVACY)
        try:
            async with connection.transaction():
                await connection.execute("select set_config('pushback.workspace', $1, true)", str(append.workspace_id))
                row = Prepared(append).rows[0]
                position = await connection.fetchval(_ERASE, append.workspace_id, positions, row)
                if person_id is not None:
                    await connection.execute(_FORGET, append.workspace_id, person_id)
        except asyncpg.PostgresError as error:
            if error.sqlstate == _NO_ENTRY:
                raise NothingToErase(path="positions", unmet=("positions that hold an entry",)) from error
            raise refusal_of(error) from error
        finally:
            await connection.close()
        return tuple(await self._ledger.read_after(append.workspace_id, position - 1, 1))
