"""What schemathesis makes of the schema, good and bad, from everybody: no answer is our fault."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from random import Random
from typing import Any, Final, TypeAlias

import httpx
import pytest
import schemathesis
from graphql import (
    REMOVE,
    ArgumentNode,
    GraphQLSyntaxError,
    IntValueNode,
    ObjectFieldNode,
    StringValueNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_introspection_query,
    get_named_type,
    parse,
    print_ast,
    visit,
)
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.graphql import nodes

from graphql_api.faults import INTERNAL_SERVER_ERROR
from graphql_api.types.scalars import POSITION_MAX
from tests.graphql_api.client import Client
from tests.graphql_api.hostile.test_foreign_ids import PREFIXES, SCHEMA, Things, own  # noqa: F401 - a fixture

Operation: TypeAlias = APIOperation[Any, Any, Any, Any]

QUICK: Final = ("Query.turns", "Mutation.raisePushback")
MADE_UP_SHARE: Final = 0.2
"""Of the ids, digests, pages and times that are made up, how many are sent as they are."""

schemathesis.graphql.scalar("Position", st.integers(0, POSITION_MAX).map(nodes.Int))


class Known(Visitor):
    """Most made-up ids and digests give way to those that there are, most pages and times to some that can be had."""

    def __init__(self, types: TypeInfo, things: Things, chance: Random) -> None:
        super().__init__()
        self.types, self.things, self.chance = types, things, chance

    def enter_argument(self, node: ArgumentNode, *_: Any) -> Any:
        """The same, none, or another in its place."""
        if self.chance.random() < MADE_UP_SHARE:
            return None
        if node.name.value in {"last", "after", "before", "asOf"}:
            return REMOVE
        if node.name.value == "first":
            return ArgumentNode(name=node.name, value=IntValueNode(value=str(self.chance.randint(1, 5))))
        return None

    def enter_string_value(self, _node: StringValueNode, _key: Any, parent: Any, *_: Any) -> StringValueNode | None:
        """The same, or another in its place."""
        if self.chance.random() < MADE_UP_SHARE:
            return None
        name = parent.name.value if isinstance(parent, ArgumentNode | ObjectFieldNode) else ""
        if name == "expectedDigest":
            return StringValueNode(value=self.things.digest)
        shown = get_named_type(self.types.get_input_type())
        prefix, *_rest = PREFIXES.get(name, ("itm",))
        return StringValueNode(value=self.things.ids[prefix]) if shown is not None and shown.name == "ID" else None


def with_known(text: str, things: Things) -> str:
    """This request about things that there are."""
    try:
        document = parse(text)
    except GraphQLSyntaxError:
        return text
    types = TypeInfo(SCHEMA)
    return print_ast(visit(document, TypeInfoVisitor(types, Known(types, things, Random(text)))))


class Asking:
    """Sends what is generated, and keeps what came of it."""

    def __init__(self, http: httpx.Client, things: Things, tokens: list[str]) -> None:
        self.http, self.things, self.tokens = http, things, tokens
        self.codes: Counter[str] = Counter()
        self.faults: list[tuple[str, int, str]] = []

    def ask(self, operation: Operation, examples: int, mode: GenerationMode) -> None:
        """So many requests for one root."""

        @hypothesis_settings(
            max_examples=examples,
            phases=[Phase.generate],  # what was done cannot be done again: nothing is shrunk
            suppress_health_check=list(HealthCheck),
            database=None,
        )
        @given(operation.as_strategy(generation_mode=mode))
        def send(case: Case[Any]) -> None:
            assert isinstance(case.body, str)
            self.send(with_known(case.body, self.things))

        send()

    def send(self, text: str) -> None:
        """One request of the next of those who ask."""
        token = self.tokens[self.codes.total() % len(self.tokens)]
        answer = self.http.post("/graphql", json={"query": text}, headers={"authorization": f"Bearer {token}"})
        found = [error["extensions"]["code"] for error in answer.json().get("errors", ())]
        self.codes.update(found or ["ANSWERED"])
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR or INTERNAL_SERVER_ERROR in found:
            self.faults.append((text, answer.status_code, answer.text[:500]))


@pytest.fixture
async def asking(client: Client, own: Things) -> AsyncIterator[Asking]:  # noqa: F811 - the fixture above
    cast = client.cast
    tokens = [await client.token(who) for who in (cast.ada, cast.paula, cast.tom, cast.arno, cast.dora)]
    with httpx.Client(base_url=str(client.http.base_url), timeout=60) as http:
        yield Asking(http, own, tokens)


@pytest.fixture
async def operations(client: Client) -> dict[str, Operation]:
    """Each root of the schema, as the server tells it."""
    told = await client.ask(client.cast.ada, get_introspection_query())
    found = schemathesis.graphql.from_dict(told)
    return {f"{kind}.{name}": found[kind][name] for kind in found for name in found[kind]}


async def test_no_generated_request_is_our_fault(asking: Asking, operations: dict[str, Operation]) -> None:
    for root in QUICK:
        await asyncio.to_thread(asking.ask, operations[root], 6, GenerationMode.POSITIVE)
        await asyncio.to_thread(asking.ask, operations[root], 3, GenerationMode.NEGATIVE)
    assert not asking.faults
    assert asking.codes["ANSWERED"] > len(QUICK), asking.codes
    assert asking.codes["GRAPHQL_VALIDATION_FAILED"] > len(QUICK), asking.codes


@pytest.mark.slow
async def test_no_generated_request_to_any_root_is_our_fault(
    client: Client, asking: Asking, operations: dict[str, Operation]
) -> None:
    workspace_id = client.cast.ada.workspace_id
    head = await client.backend.ledger.head(workspace_id)
    assert SCHEMA.query_type is not None
    assert SCHEMA.mutation_type is not None
    assert len(operations) == len(SCHEMA.query_type.fields) + len(SCHEMA.mutation_type.fields)
    for operation in operations.values():
        await asyncio.to_thread(asking.ask, operation, 12, GenerationMode.POSITIVE)
        await asyncio.to_thread(asking.ask, operation, 4, GenerationMode.NEGATIVE)
    assert not asking.faults
    assert asking.codes["ANSWERED"] > 4 * len(operations), asking.codes
    assert await client.backend.ledger.head(workspace_id) > head, "none of the commands was carried out"


async def fail(*_: object) -> None:
    """What a fault of ours does."""
    await asyncio.sleep(0)
    raise ValueError("planted")


async def test_a_fault_of_ours_in_a_command_is_noticed(
    client: Client, asking: Asking, operations: dict[str, Operation], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client.backend.deciding, "execute", fail)
    await asyncio.to_thread(asking.ask, operations["Mutation.raisePushback"], 4, GenerationMode.POSITIVE)
    assert asking.faults


async def test_a_fault_of_ours_in_a_query_is_noticed(
    client: Client, asking: Asking, operations: dict[str, Operation], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client.backend.reads, "fetchval", fail)
    await asyncio.to_thread(asking.ask, operations["Query.turns"], 6, GenerationMode.POSITIVE)
    assert asking.faults, asking.codes
