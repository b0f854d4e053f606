"""A stranger's walk leaves out no root of the schema, goes over sockets as well, and follows what can be followed."""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from graphql import GraphQLInputObjectType, GraphQLObjectType, get_named_type

from infra.deciding import Asker
from tests.graphql_api.client import Client
from tests.graphql_api.hostile.test_foreign_ids import (
    INPUTS,
    PREFIXES,
    ROOTS,
    SCHEMA,
    Things,
    filled,
    foreign,
    own,
    queries,
    required,
    unknown,
)
from tests.graphql_api.socket import Socket

__all__ = ["foreign", "own"]

assert SCHEMA.subscription_type is not None
FOLLOWED: Final = SCHEMA.subscription_type.fields
OF_ONESELF: Final = {
    "viewer": "{ viewer { person { id } workspace { id } powers { power team { id } } } }",
    "deliveries": "{ deliveries { webhook { id } } }",
}
"""Queries that take no id and are no list, and all that they show."""

WITHOUT_IDS: Final = {
    "addReason", "adoptWorkspaceDefinition", "adoptWorkspacePolicy", "formTeam", "registerPerson", "retireReason",
}  # fmt: skip
"""Mutations that take no id: they are done to the workspace that the token opens."""

OWNED: Final = {"Item": "itm", "Person": "psn", "Team": "tem"}


def takes_ids(field: Any) -> list[str]:
    """The arguments of a field, or the fields of an input, that take an id."""
    given = field.fields if isinstance(field, GraphQLInputObjectType) else field.args
    return [name for name, definition in given.items() if get_named_type(definition.type).name == "ID"]


def test_every_root_is_walked() -> None:
    assert {name for name, root in ROOTS.items() if not takes_ids(root) and "first" not in root.args} == set(OF_ONESELF)
    assert {name for name, given in INPUTS.items() if not takes_ids(given)} == WITHOUT_IDS
    assert {name for name, root in FOLLOWED.items() if not takes_ids(root)} == {"events"}
    inside = {
        get_named_type(definition.type)
        for given in INPUTS.values()
        if isinstance(given, GraphQLInputObjectType)
        for definition in given.fields.values()
    }
    assert not [shown for shown in inside if isinstance(shown, GraphQLInputObjectType) and takes_ids(shown)]


async def test_what_takes_no_id_shows_nothing_of_another_workspace(
    client: Client, own: Things, foreign: Things
) -> None:
    for name, text in OF_ONESELF.items():
        seen = (await client.post(client.cast.ada, text)).text
        assert own.ids["wsp"][4:30] in seen, name
        assert not [key for key in foreign.ids.values() if key[4:30] in seen], name


async def test_lists_show_nothing_of_another_workspace(
    client: Client,
    own: Things,
    foreign: Things,
) -> None:
    seen = ""
    for name, root in ROOTS.items():
        if "first" in root.args:
            told = ", ".join(f"{key}: {value}" for key, value in {"first": 100, **required(name, own)}.items())
            shown = "subjectId" if name == "events" else "id"
            answer = await client.post(client.cast.ada, f"{{ {name}({told}) {{ nodes {{ {shown} }} }} }}")
            assert answer.json()["data"][name]["nodes"], name
            seen += answer.text
    assert own.ids["itm"] in seen
    assert not [key for key in foreign.ids.values() if key[4:30] in seen]


def nested() -> Iterator[tuple[str, str, str]]:
    """Each field below the roots that takes an id: a query of it through one's own thing, and the two prefixes."""
    for shown in SCHEMA.type_map.values():
        roots = (SCHEMA.query_type, SCHEMA.mutation_type, SCHEMA.subscription_type)
        if isinstance(shown, GraphQLObjectType) and shown not in roots:
            for name, field in shown.fields.items():
                for argument in takes_ids(field):
                    asked = f"{name}(first: 5, {argument}: $id) {{ totalCount nodes {{ __typename }} }}"
                    text = f"query($on: ID!, $id: ID!) {{ node(id: $on) {{ ... on {shown.name} {{ {asked} }} }} }}"
                    yield text, OWNED[shown.name], PREFIXES[argument][0]


async def test_every_list_of_a_thing_answers_a_foreign_id_like_an_unknown_one(
    client: Client,
    own: Things,
    foreign: Things,
) -> None:
    assert [*nested()]
    for text, thing, prefix in nested():
        keys = (foreign.ids[prefix], unknown(own.ids[prefix]))
        answers = [await client.ask(client.cast.ada, text, on=own.ids[thing], id=key) for key in keys]
        assert answers[0] == answers[1], text
        assert '"totalCount": 0' in str(answers[0]).replace("'", '"'), text


async def test_every_query_answers_over_a_socket_like_one_of_an_unknown_id(
    client: Client,
    own: Things,
    foreign: Things,
) -> None:
    async with Socket.open(client.port) as socket:
        await socket.enter(await client.token(client.cast.ada))
        for prefix, text in queries(own):
            keys = (foreign.ids[prefix], unknown(own.ids[prefix]))
            theirs, nobodys = [await answered(socket, text, id=key) for key in keys]
            assert theirs == nobodys, text
            assert "errors" not in theirs, text


@pytest.mark.parametrize("name", ["ada", "arno"])
async def test_every_mutation_answers_over_a_socket_like_one_of_an_unknown_id(
    client: Client,
    own: Things,
    foreign: Things,
    name: str,
) -> None:
    who: Asker = getattr(client.cast, name)
    token = await client.token(who)
    head = await client.backend.ledger.head(who.workspace_id)
    async with Socket.open(client.port) as socket:
        await socket.enter(token)
        for root, given in INPUTS.items():
            shown = "__typename ... on Refusal { code message unmet current }"
            text = f"mutation($input: {given.name}!) {{ {root}(input: $input) {{ {shown} }} }}"
            for field in takes_ids(given):
                (prefix,) = PREFIXES[field]
                keys = (foreign.ids[prefix], unknown(own.ids[prefix]))
                said = [{**filled(root, own), field: key} for key in keys]
                theirs, nobodys = [await answered(socket, text, input=each) for each in said]
                assert theirs == nobodys, (root, field)
                assert theirs["data"][root]["__typename"] == "Refusal", (root, field)
    assert await client.backend.ledger.head(who.workspace_id) == head


async def answered(socket: Socket, text: str, **variables: Any) -> Any:
    """What one operation is answered."""
    await socket.ask("one", text, **variables)
    (payload,) = [message["payload"] for message in await until_complete(socket, "one")]
    return payload


async def until_complete(socket: Socket, key: str) -> list[dict[str, Any]]:
    """Every result that comes before this operation is over."""
    heard: list[dict[str, Any]] = []
    while (message := await socket.hear())["type"] != "complete" or message["id"] != key:
        heard += [message] if message["type"] in {"next", "error"} else []
    return heard


@pytest.mark.parametrize(
    ("root", "argument"), [(name, argument) for name, root in FOLLOWED.items() for argument in takes_ids(root)]
)
async def test_nobody_follows_what_is_of_another_workspace(
    client: Client,
    own: Things,
    foreign: Things,
    root: str,
    argument: str,
) -> None:
    text = f"subscription($id: ID!) {{ {root}({argument}: $id, after: 0) {{ position event {{ subjectId }} }} }}"
    (prefix,) = PREFIXES[argument]
    async with Socket.open(client.port) as socket:
        await socket.enter(await client.token(client.cast.ada))
        for key, id_ in (("theirs", foreign.ids[prefix]), ("nobodys", unknown(own.ids[prefix]))):
            await socket.ask(key, text, id=id_)
        await socket.ask("mine", text, id=own.ids[prefix])
        first = await socket.hear()
        await socket.ask("last", OF_ONESELF["viewer"])
        heard = [first, *await until_complete(socket, "last")]
    assert {(message["type"], message["id"]) for message in heard} == {("next", "mine"), ("next", "last")}


async def test_following_everything_shows_nothing_of_another_workspace(
    client: Client,
    own: Things,
    foreign: Things,
) -> None:
    head, seen = await client.backend.ledger.head(client.cast.ada.workspace_id), ""
    async with Socket.open(client.port) as socket:
        await socket.enter(await client.token(client.cast.ada))
        await socket.ask("all", "subscription { events(after: 0) { position subjectId actor { id } subject { id } } }")
        for position in range(1, head + 1):
            told = await socket.next()
            assert told["events"]["position"] == position
            seen += str(told)
    assert own.ids["itm"] in seen
    assert not [key for key in foreign.ids.values() if key[4:30] in seen]
