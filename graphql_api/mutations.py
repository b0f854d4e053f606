"""Every command as a mutation: arguments from its signature, description from its docstring, a union as the answer."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import MISSING, fields
from datetime import datetime
from functools import cache
from types import new_class
from typing import Annotated, Any, Final, TypeVar, Union, get_args, get_origin
from uuid import UUID

import strawberry
from strawberry.types import Info
from strawberry.types.field import StrawberryField

from domain.commands import COMMANDS
from domain.commands.words import ARGUMENTS
from domain.decision import Command
from domain.events.people import PersonKind
from domain.refusals import Refused
from graphql_api.compiler.refusals import BAD_TIME
from graphql_api.compiler.refusals import refusal as problem
from graphql_api.islands import EXAMPLES, Events, Payload, Row, tell
from graphql_api.observing.metrics import COMMANDS as COMMANDS_TOLD
from graphql_api.refusal import Refusal, refusal
from graphql_api.types.fields import camel
from graphql_api.types.inputs import annotation, taken
from graphql_api.types.issued import SHOWN_BEFORE, IssuedSuccess, issued_success
from graphql_api.types.names import NAMES, list_of
from graphql_api.types.refusals import ANY, description
from graphql_api.types.scalars import Position
from graphql_api.types.webhooks import NewWebhookSuccess, registered_success
from infra.deciding import Asker, Done, Request
from infra.people.credentials import TokenShownBefore
from infra.people.registration import register_person
from infra.uuid7 import uuid7

T = TypeVar("T")

REACH_SECONDS: Final = 2.0
"""How long a mutation waits for its rows before it answers without them."""

COMMAND_SECONDS_MAX: Final = 60.0
"""After so long a mutation answers UNAVAILABLE: what became of the command, a retry with its id tells."""

_COMMAND_ID: Final = "Send the same id again after a lost answer: the command acts once, however often it is sent."
_INPUT: Final = "What to do."
_TARGETS: Final = {"itm": "item", "tem": "team", "psn": "person"}
_OTHER_DOORS: Final = frozenset({
    "register_person", "open_session", "bind_identity", "accept_with_identity", "erase_prose", "erase_name",
})  # fmt: skip
"""Commands that touch more than the ledger (names, cookies): they are reached by code of their own."""

_ISSUING: Final = frozenset({"issue_credential", "invite_person"})
_ENDING: Final = frozenset({"revoke_credential"})
_REGISTERING: Final = frozenset({"register_webhook"})
_REVOKING: Final = frozenset({"revoke_webhook"})


@strawberry.input(description="Make a person known.")
class RegisterPersonInput:
    """What is known of a person."""

    name: str = strawberry.field(description="Their name. It is kept outside the ledger and can be erased.")
    email: str | None = strawberry.field(default=None, description="Their e-mail address, kept like the name.")
    account: str | None = strawberry.field(default=None, description="Their account in another tool.")
    kind: PersonKind = strawberry.field(default=PersonKind.HUMAN, description=ARGUMENTS["kind"])
    command_id: UUID | None = strawberry.field(default=None, description=_COMMAND_ID)


def make_mutation_type() -> type:
    """The mutation type: a field for each command."""
    given = [command for command in COMMANDS.values() if not command.by_system]
    commands = [command for command in given if command.name not in _OTHER_DOORS]
    members: dict[str, StrawberryField] = {command.name: _mutation(command) for command in commands}
    members["register_person"] = _register_person()
    made = new_class("Mutation", (), {}, lambda body: body.update(members))
    anyway = " or ".join(refusal.code for refusal in ANY)
    told = f"Everything that can be done. Nothing is ever updated or deleted. Any may be refused with {anyway}."
    return strawberry.type(made, description=told)


def _mutation(command: Command) -> StrawberryField:
    given = _input(command)

    async def resolve(info: Info, input: Any) -> Any:  # noqa: A002, ANN401 - the name clients know; any input
        said = _said(input)
        request = Request(
            asker=info.context["asker"],
            command=command.name,
            command_id=said.pop("command_id", None) or uuid7(),
            target=_target(command, info.context["asker"], said),
            arguments=said,
        )
        if command.name in _ISSUING:
            return await _issue(info, request)
        if command.name in _REGISTERING:
            return await _register(info, request)
        if command.name in _ENDING:
            return await _answer(info, command, lambda backend: backend.credentials.end(request))
        if command.name in _REVOKING:
            return await _answer(info, command, lambda backend: backend.webhooks.revoke(request))
        return await _answer(info, command, lambda backend: backend.deciding.execute(request))

    return _field(command, resolve, given)


async def _issue(info: Info, request: Request) -> IssuedSuccess | Refusal:
    """The secret, this once."""
    try:
        issued = await _secret(request, info.context["backend"].credentials.carry_out)
    except TokenShownBefore as shown:
        raise problem(SHOWN_BEFORE, str(shown)) from shown
    if isinstance(issued, Refusal):
        return issued
    return issued_success(issued, is_projected=await _is_projected(info, issued.done))


async def _register(info: Info, request: Request) -> NewWebhookSuccess | Refusal:
    """The secret that signs, now and when this is tried again."""
    registered = await _secret(request, info.context["backend"].webhooks.register)
    if isinstance(registered, Refusal):
        return registered
    return registered_success(registered, is_projected=await _is_projected(info, registered.done))


async def _secret(request: Request, act: Callable[[Request], Awaitable[T]]) -> T | Refusal:
    try:
        async with asyncio.timeout(COMMAND_SECONDS_MAX):
            made = await act(request)
    except Refused as refused:
        COMMANDS_TOLD.labels(request.command, refused.code).inc()
        return refusal(refused)
    COMMANDS_TOLD.labels(request.command, "DONE").inc()
    return made


async def _is_projected(info: Info, done: Done) -> bool:
    backend, asker = info.context["backend"], info.context["asker"]
    return bool(await backend.projector.reach(asker.workspace_id, done.position, REACH_SECONDS))


def _register_person() -> StrawberryField:
    command = COMMANDS["register_person"]

    async def resolve(info: Info, input: Any) -> Any:  # noqa: A002, ANN401 - the name clients know; any input
        said = _said(input)
        command_id = said.pop("command_id", None) or uuid7()
        asker = info.context["asker"]

        async def act(backend: Any) -> Done:  # noqa: ANN401 - the process's backend
            return await register_person(backend.deciding, backend.ledger, asker, command_id, said)

        return await _answer(info, command, act)

    return _field(command, resolve, RegisterPersonInput)


def _field(command: Command, resolve: Callable[..., Any], given: type) -> StrawberryField:
    name = camel(command.name)
    union = Annotated[Union[_success(command), Refusal], strawberry.union(f"{name[0].upper()}{name[1:]}Result")]  # type: ignore[valid-type]  # noqa: UP007 - made at run time
    resolve.__name__ = command.name
    resolve.__annotations__ = {
        "info": Info,
        "input": Annotated[given, strawberry.argument(description=_INPUT)],
        "return": union,
    }
    examples = () if command.name in _ISSUING | _REGISTERING else (_told(command.subject),)
    field: StrawberryField = strawberry.mutation(
        resolve, description=description(command), metadata={EXAMPLES: examples}
    )
    return field


async def _answer(info: Info, command: Command, act: Callable[..., Any]) -> Any:  # noqa: ANN401 - success or refusal
    backend, asker = info.context["backend"], info.context["asker"]
    try:
        async with asyncio.timeout(COMMAND_SECONDS_MAX):
            done: Done = await act(backend)
    except Refused as refused:
        COMMANDS_TOLD.labels(command.name, refused.code).inc()
        if refused.position is not None:
            await backend.projector.reach(asker.workspace_id, refused.position, REACH_SECONDS)
        return refusal(refused)
    COMMANDS_TOLD.labels(command.name, "DONE").inc()
    is_there = await _is_projected(info, done)
    positions = [entry.position for entry in done.entries]
    return await tell(info, _told(command.subject, done.subject_id, positions, done.position, is_projected=is_there))


def _told(
    subject: str, subject_id: str = "", positions: Sequence[int] = (), position: int = 0, *, is_projected: bool = False
) -> Payload:
    """What a success tells; of nothing, an example."""
    row, events = Row(subject, subject_id), Events(positions)
    members = {"subject": row, "events": events, "position": position, "projected": is_projected}
    return Payload(f"{subject}Success", members)


def _success(command: Command) -> type:
    if command.name in _REGISTERING:
        return NewWebhookSuccess
    return IssuedSuccess if command.name in _ISSUING else _success_about(command.subject)


@cache
def _success_about(subject: str) -> type:
    """The type of a success about this read model; SQL fills all of it in one statement."""
    annotations = {
        "subject": NAMES[subject] | None,
        "events": list_of("Event"),
        "position": Position,
        "projected": bool,
    }
    docs = {
        "subject": "As it is now; null while it is not projected.",
        "events": "What was recorded, in order; empty while it is not projected.",
        "position": "The position of the last event: other queries show it once they are as of this.",
        "projected": "Whether queries show it already. False after two seconds: it is recorded, and will be shown.",
    }
    members = {name: strawberry.field(description=doc) for name, doc in docs.items()}
    body = {**members, "__annotations__": annotations}
    made = new_class(f"{subject}Success", (), {}, lambda namespace: namespace.update(body))
    return strawberry.type(made, description=f"It was done; `subject` is the {subject} it was done to.")


def _input(command: Command) -> type:
    """The input of a command: what it acts on, its arguments, and the command id."""
    annotations: dict[str, Any] = {}
    members: dict[str, Any] = {}
    target = command.thing or _TARGETS.get(command.target_prefix)
    if target and not command.opens:
        annotations[target] = strawberry.ID
        members[target] = strawberry.field(description="The id of what it is done to.")
    for name, parameter in command.arguments.items():
        annotations[name], default = _annotation(command, name, parameter)
        members[name] = strawberry.field(default=default, description=ARGUMENTS[name])
    annotations["command_id"] = UUID | None
    members["command_id"] = strawberry.field(default=None, description=_COMMAND_ID)
    name = camel(command.name)
    body = {**members, "__annotations__": annotations}
    made = new_class(f"{name[0].upper()}{name[1:]}Input", (), {}, lambda namespace: namespace.update(body))
    return strawberry.input(made, description=command.doc.partition("\n")[0])


def _annotation(command: Command, name: str, parameter: inspect.Parameter) -> tuple[Any, Any]:
    default = MISSING if parameter.default is parameter.empty else parameter.default
    if name in command.references:
        one = list[strawberry.ID] if _takes_several(parameter.annotation) else strawberry.ID
        return (one, MISSING) if default is MISSING else (one | None, None)
    return annotation(parameter.annotation), default


def _takes_several(annotation: Any) -> bool:  # noqa: ANN401 - any annotation
    return any(get_origin(option) is tuple for option in (annotation, *get_args(annotation)))


def _said(given: Any) -> dict[str, Any]:  # noqa: ANN401 - any input
    """The arguments that were given, as the command's function takes them."""
    return {field.name: _taken(field.name, getattr(given, field.name)) for field in fields(given)}


def _taken(name: str, value: Any) -> Any:  # noqa: ANN401 - any argument
    if isinstance(value, datetime) and value.tzinfo is None:
        raise problem(BAD_TIME, f"Say the time zone of {camel(name)}: a time ends with Z or an offset like +02:00.")
    return taken(value)


def _target(command: Command, asker: Asker, said: dict[str, Any]) -> str | None:
    if command.opens:
        return None
    if command.target_prefix == "wsp":
        return asker.workspace_key
    return str(said.pop(command.thing or _TARGETS[command.target_prefix]))
