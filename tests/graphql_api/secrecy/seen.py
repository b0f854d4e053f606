"""Everything that anybody is shown of a workspace, by every way there is, as bytes under a name."""

import asyncio
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from graphql import GraphQLSchema

from cli.events import line
from infra.backend import Backend
from infra.cluster import Cluster, Role
from infra.deciding import Asker
from infra.eventsourcing_module.records import Records
from infra.folding.schema import ensure_read_schema
from tests.graphql_api.client import Client, serving
from tests.graphql_api.secrecy.walk import Asked, Walk
from tests.graphql_api.socket import Socket

ENTRIES_MAX: Final = 1000
AT_ONCE: Final = 8
FOLLOWED: Final = """subscription { events(after: 0) { __typename position kind subjectId version commandId
  ... on VoteCast { round { id state votedIds missingIds points turn { id } votes { totalCount } } } } }"""
ACTIONS: Final = "query($on: ID!) { availableActions(on: $on) { __typename mutation } }"
ANSWER: Final = """{ __typename ... on Refusal { code message path unmet suggested current
  whoCould { roles people { id } } eventsSince { __typename position } } }"""
_TABLES: Final = """select table_name from information_schema.columns
  where table_schema = $1 and column_name = 'workspace_id' order by 1"""
Attempt = tuple[Asker, str, dict[str, Any]]


class Seeing:
    """A workspace as everybody may see it: what is asked, by whom, and what is tried that is refused."""

    def __init__(self, client: Client, schema: GraphQLSchema, walk: Walk, attempts: Sequence[Attempt]) -> None:
        self._client, self._walk, self._attempts = client, walk, attempts
        self._mutations: Any = schema.mutation_type
        self._cluster: Cluster = client.backend.cluster
        self._workspace_id = client.cast.ada.workspace_id

    async def everything(self, on: Sequence[str], as_of: Sequence[int]) -> dict[str, bytes]:
        """All of it, by services that have just started."""
        backend = Backend(self._cluster, await ensure_read_schema(self._cluster))
        await backend.start()
        cast = self._client.cast._replace(deciding=backend.deciding)
        async with serving(backend, cast) as client:
            client.tokens = self._client.tokens
            seen = await self._asked(client, [*self._walk.documents(), *self._walk.as_of(as_of)])
            seen |= await self._offered(client, on)
            seen |= await self._refused(client)
            seen |= await self._followed(client)
        seen |= await self._exported(backend)
        await backend.close()
        return seen | await self._tables()

    async def _asked(self, client: Client, documents: Sequence[Asked]) -> dict[str, bytes]:
        gate = asyncio.Semaphore(AT_ONCE)

        async def ask(asked: Asked) -> bytes:
            async with gate:
                return (await client.post(client.cast.paula, asked.text, **asked.variables)).content

        answers = await asyncio.gather(*map(ask, documents))
        return {f"{one.text} {one.variables}": said for one, said in zip(documents, answers, strict=True)}

    async def _offered(self, client: Client, on: Sequence[str]) -> dict[str, bytes]:
        cast = client.cast
        return {
            f"{who.person_id} {key} {query}": (await client.post(who, query, on=key)).content
            for who in (cast.ada, cast.paula, cast.tom, cast.arno, cast.dora)
            for key in on
            for query in (ACTIONS, "{ viewer { __typename person { id } } }")
        }

    async def _refused(self, client: Client) -> dict[str, bytes]:
        """What is answered where nothing may be done; nothing is recorded."""
        seen = {}
        for who, name, said in self._attempts:
            given = self._mutations.fields[name].args["input"].type
            text = f"mutation($input: {given}) {{ {name}(input: $input) {ANSWER} }}"
            content = (await client.post(who, text, input=said)).content
            assert b'"code"' in content, content
            seen[f"{who.person_id} {name} {said}"] = content
        return seen

    async def _followed(self, client: Client) -> dict[str, bytes]:
        head = await client.backend.ledger.head(self._workspace_id)
        async with Socket.open(client.port) as socket:
            await socket.enter(await client.token(client.cast.dora))
            await socket.ask("a", FOLLOWED)
            told = [await socket.next() for _ in range(head)]
        return {f"followed {n}": msgspec.json.encode(one) for n, one in enumerate(told)}

    async def _exported(self, backend: Backend) -> dict[str, bytes]:
        """The lines of `pushback events`, and what the eventsourcing library is told of entries and streams."""
        entries = await backend.ledger.read_after(self._workspace_id, 0, ENTRIES_MAX)
        records = Records(backend.pool, self._workspace_id)
        await records.open()
        told = await records.notifications(1, None, (), ENTRIES_MAX)
        streams = {entry.stream_id for entry in entries}
        stored = [await records.stream(one, None, None, ENTRIES_MAX, descending=False) for one in sorted(streams)]
        await records.close()
        return {
            **{f"line {entry.position}": msgspec.json.encode(line(entry)) for entry in entries},
            **{f"notification {one.id}": repr(one).encode() for one in told},
            **{f"stored {n}": repr(one).encode() for n, one in enumerate(stored)},
        }

    async def _tables(self) -> dict[str, bytes]:
        """Every row of every read table: what a query could ever be answered from."""
        name = await ensure_read_schema(self._cluster)
        connection = await self._cluster.connect(Role.FOLD, search_path=name)
        tables = await connection.fetch(_TABLES, name)
        seen = {}
        for (table,) in tables:
            sql = f'select t::text from "{table}" t where workspace_id = $1 order by 1'
            rows = await connection.fetch(sql, self._workspace_id)
            seen[f"table {table}"] = "\n".join(row[0] for row in rows).encode()
        await connection.close()
        return seen
