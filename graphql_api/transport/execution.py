"""Carrying out an operation, however it came: one answer, or results one after another, always as JSON bytes."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from inspect import isawaitable
from typing import Any, Final, NamedTuple, cast

import msgspec
from graphql import ExecutionResult, FieldNode, OperationType, execute, subscribe
from graphql.execution.values import VariableValues

from graphql_api.compiler.parameters import Request
from graphql_api.compiler.plan import Reads
from graphql_api.context import Place, context_of
from graphql_api.documents import Document, Documents, Operation
from graphql_api.faults import told
from graphql_api.islands import Executor, Finished
from graphql_api.limits.cost import Budget
from graphql_api.limits.following import Following
from graphql_api.observing.watch import Watch
from graphql_api.transport.asked import Asked
from graphql_api.transport.wording import worded
from graphql_api.trusted.trusted import Trusted
from infra.backend import Backend
from infra.deciding import Asker
from infra.people.credentials import UnknownToken
from infra.postgres.spans import followed
from infra.postgres.together import SharedReads

QUERY_SECONDS_MAX: Final = 15.0
"""A query of several statements may take as long as one alone."""

Identify = Callable[[], Awaitable[Asker]]
"""Says who asks, each time anew: a token may end meanwhile. Raises UnknownToken."""

_encode: Final = msgspec.json.encode


class Result(NamedTuple):
    """A result of an operation; of a subscription, the position to resume after once one has it."""

    content: bytes
    position: int | None = None


class Prepared(NamedTuple):
    """An operation that may be carried out."""

    asked: Asked
    document: Document
    operation: Operation
    values: VariableValues

    @property
    def kind(self) -> OperationType:
        """Query, mutation or subscription."""
        return self.operation.kind


class _Told:
    """The execution of an event that SQL has finished."""

    def __init__(self, data: dict[str, Any]) -> None:
        self._data = data

    def execute_operation(self, *_how: bool) -> ExecutionResult:
        """What the event gives."""
        return ExecutionResult(self._data)


class _EventExecutor(Executor):
    """graphql-core's execution of a subscription, which has nothing to do for a plain field that SQL has finished."""

    def build_per_event_executor(self, payload: Any) -> Any:  # noqa: ANN401 - graphql-core's
        """What executes one event."""
        if type(payload) is Finished and payload.value is not None:
            match self.operation.selection_set.selections:
                case (FieldNode(directives=() | None) as asked,):
                    return _Told({(asked.alias or asked.name).value: payload.value})
        return super().build_per_event_executor(payload)


class Execution:
    """Carries out the operations of one process."""

    def __init__(
        self,
        documents: Documents,
        trusted: Trusted,
        backend: Backend,
        watch: Watch,
        *,
        budget: Budget,
        following: Following,
    ) -> None:
        self._documents = documents
        self.watch = watch
        self._trusted = trusted
        self._backend = backend
        self._budget = budget
        self._following = following
        self._shared_reads = SharedReads(watch.reads, backend.projector.folded)

    def prepared(self, asked: Asked) -> Prepared:
        """The operation, valid and with its variables; raises Invalid, GraphQLError."""
        document = self._documents.read(self._trusted.text(asked))
        operation = document.operation(asked.operation_name)
        return Prepared(asked, document, operation, operation.variables(asked.variables))

    async def answer(self, asker: Asker, prepared: Prepared, request_id: str) -> bytes:
        """What a query or a mutation gives and costs; raises GraphQLError, and what kept PostgreSQL from it."""
        with self.watch.operation(prepared.kind.value, prepared.operation.name):
            return await self._answer(asker, prepared, request_id)

    async def _answer(self, asker: Asker, prepared: Prepared, request_id: str) -> bytes:
        cost = self._paid(asker, prepared)
        plan = prepared.operation.plan(prepared.values)
        if plan is not None:
            content = await plan.run(self.watch.reads, Request(prepared.values, asker.workspace_id))
            return content[:-1] + cost
        is_query = prepared.kind is OperationType.QUERY
        async with asyncio.timeout(QUERY_SECONDS_MAX if is_query else None):
            result = self._run(execute, asker, prepared, self.watch.reads, Place())
            finished = await result if isawaitable(result) else result
        return _encoded(finished, request_id)[:-1] + cost

    def _paid(self, asker: Asker, prepared: Prepared) -> bytes:
        """The end of an answer, which says what it costs; raises GraphQLError when the token has not enough."""
        points = prepared.operation.cost(prepared.values)
        left = self._budget.spend(_purse(asker), points)
        if left is None:
            return b',"extensions":{"cost":%d}}' % points
        return b',"extensions":{"cost":%d,"costLeft":%d}}' % (points, left)

    async def results(
        self, asker: Asker, identify: Identify, prepared: Prepared, request_id: str, after: int | None = None
    ) -> AsyncGenerator[Result, None]:
        """Every result of any operation of an asker; a subscription ends with an error when its token does.

        One that is resumed after a position says so here, whatever its variables say.
        """
        if prepared.kind is not OperationType.SUBSCRIPTION:
            yield Result(await self.answer(asker, prepared, request_id))
            return
        name = prepared.operation.name
        called = name and self.watch.names.of(name)
        with self._following.one_more(_purse(asker)):
            self._paid(asker, prepared)
            told = self._told(asker, identify, prepared, Place(after), request_id)
            async with aclosing(followed(called, told)) as following:
                async for result in following:
                    yield result

    async def _told(
        self, asker: Asker, identify: Identify, prepared: Prepared, place: Place, request_id: str
    ) -> AsyncGenerator[Result, None]:
        """What a subscription tells."""
        source = self._run(subscribe, asker, prepared, self._shared_reads, place)
        begun = await source if isawaitable(source) else source
        if isinstance(begun, ExecutionResult):
            yield Result(_encoded(begun, request_id))
            return
        open_now = self.watch.subscription(prepared.operation.name)
        async with aclosing(cast("AsyncGenerator[ExecutionResult, None]", begun)) as following:
            with open_now:
                async for result in _while_known(identify, following, place, request_id):
                    yield result

    def _run(self, run: Callable[..., Any], asker: Asker, prepared: Prepared, reads: Reads, place: Place) -> Any:  # noqa: ANN401 - graphql-core's
        """What graphql-core makes of it."""
        return run(
            self._documents.schema,
            prepared.document.node,
            variable_values=prepared.asked.variables,
            operation_name=prepared.asked.operation_name,
            context_value=context_of(self._backend, reads, asker, place),
            executor_class=_EventExecutor if run is subscribe else Executor,
        )


def _purse(asker: Asker) -> str:
    """What points and subscriptions are counted by."""
    return asker.credential_id or asker.person_id


async def _while_known(
    identify: Identify, results: AsyncIterator[ExecutionResult], place: Place, request_id: str
) -> AsyncGenerator[Result, None]:
    async for result in results:
        try:
            await identify()
        except UnknownToken as unknown:
            yield Result(_encode({"data": None, "errors": worded(unknown, request_id)}))
            return
        yield Result(_encoded(result, request_id), place.position)


def _encoded(result: ExecutionResult, request_id: str) -> bytes:
    response: dict[str, Any] = {"data": result.data}
    if result.errors:
        response["errors"] = [error.formatted for error in told(result.errors, request_id)]
    return _encode(response)
