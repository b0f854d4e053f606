"""Another workspace's ids are answered like unknown ones: by every query, every mutation and every filter there is."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, get_named_type, is_required_input_field
from msgspec.structs import replace

from domain import ids
from domain.commands.definition import Criterion
from domain.entry import Act, ActorKind
from domain.events.definition import DefinitionUse
from domain.events.item import Track
from domain.events.pushback import ReasonCategory
from domain.events.sign_off import Label
from domain.policy import Rule
from domain.refusals import NotAuthorised
from graphql_api.schema import make_schema
from infra.append import Append, NewEvent
from infra.backend import Backend
from infra.deciding import Request
from infra.uuid7 import uuid7
from tests.cast import Cast, assemble
from tests.domain.test_events_frozen import FOLDER, stored
from tests.graphql_api.client import Client

SCHEMA: Final = make_schema()._schema
assert SCHEMA.query_type is not None
assert SCHEMA.mutation_type is not None
ROOTS: Final = SCHEMA.query_type.fields
INPUTS: Final = {name: get_named_type(field.args["input"].type) for name, field in SCHEMA.mutation_type.fields.items()}
PREFIXES: Final = {
    "item": ("itm",),
    "items": ("itm",),
    "above": ("itm",),
    "below": ("itm",),
    "pushback": ("pbk",),
    "recurrenceOf": ("pbk",),
    "signOff": ("sof",),
    "signOffRequest": ("srq",),
    "asked": ("psn",),
    "requester": ("psn",),
    "question": ("qst",),
    "verdict": ("vrd",),
    "round": ("rnd",),
    "opener": ("psn",),
    "spike": ("itm",),
    "child": ("itm",),
    "participants": ("psn",),
    "business": ("psn",),
    "development": ("psn",),
    "test": ("psn",),
    "team": ("tem",),
    "person": ("psn",),
    "attention.person": ("author",),
    "turns.person": ("author",),
    "disagreements.person": ("author",),
    "other": ("psn",),
    "author": ("author",),
    "raiser": ("psn",),
    "holder": ("psn",),
    "turn": ("author",),
    "rounds.turn": ("psn",),
    "delegations.person": ("author",),
    "signer": ("psn",),
    "asker": ("psn",),
    "routedTo": ("author",),
    "actor": ("psn",),
    "assignment": ("asg",),
    "credential": ("crd",),
    "delegation": ("dlg",),
    "from": ("psn",),
    "fixedIn": ("rev",),
    "revision": ("rev",),
    "workspace": ("wsp",),
    "node": (*ids.STREAM_PREFIXES, *ids.THING_PREFIXES),
    "subject": ("itm", "tem", "psn", "wsp"),
    "policyVersion": ("pol",),
    "addedReason": ("rsn",),
    "webhook": ("whk",),
    "definition": ("dfn",),
    "refusal": ("rfs",),
    "on": ("itm", "pbk", "sof", "srq", "qst", "rnd", "tem", "psn", "asg", "wsp"),
}
"""What the id given as an argument of this name points at, `root.argument` there only; `id` is named after its root."""

WORDS: Final[dict[str, Any]] = {
    "endsAt": "2999-01-31T00:00:00Z",
    "until": "2999-01-31T00:00:00Z",
    "points": 3,
    "conversation": 1,
    "checks": [],
    "role": "ARCHITECT",
    "fixedIn": None,
    "revision": None,
    "recurrenceOf": None,
    "url": "https://hooks.example/in",
    "kinds": [],
    "above": None,
    "below": None,
}
ANSWER: Final = """... on Refusal { code message path unmet suggested current
  whoCould { roles people { name } } eventsSince { __typename } }"""


class Things(NamedTuple):
    """An id of each prefix, and the digest of the item."""

    ids: dict[str, str]
    digest: str


async def populate(cast: Cast) -> Things:
    """A workspace with one thing of every sort on an item of Arno's, all else Dora's."""
    drafted = await cast.do(cast.arno, "draft_item", team=cast.team, title="Volumes", track=Track.TECHNICAL)
    item, digest = drafted.subject_id, drafted.entries[0].event.digest  # type: ignore[attr-defined]
    pushback = (await cast.do(cast.dora, "raise_pushback", item, statement="No volumes")).subject_id
    await cast.do(cast.dora, "request_sign_off", item, label=Label.ARCHITECTURE, person=cast.arno.person_id)
    await cast.do(cast.arno, "request_sign_off", item, label=Label.READY, person=cast.dora.person_id)
    tests = Criterion(id="tests", text="Tests are green")
    await cast.do(cast.paula, "adopt_definition", cast.team, why="Agreed", use=DefinitionUse.READY, checks=(tests,))
    signed = await cast.do(cast.dora, "grant_sign_off", item, expected_digest=digest, label=Label.READY)
    await cast.do(cast.dora, "record_estimate", item, points=3, expected_digest=digest)
    await cast.do(cast.dora, "ask_question", item, text="How many?")
    await cast.do(cast.paula, "adopt_policy", cast.team, why="We are three", off=(Rule.IMPLEMENTER_DOES_NOT_SIGN,))
    await review_elsewhere(cast, item)
    await add_reason(cast)
    owned = {
        "rsn": cast.ada.workspace_key,
        "vrd": item,
        "dfn": cast.team,
        "srq": item,
        "rev": item,
        "est": item,
        "qst": item,
        "asg": cast.team,
        "pol": cast.team,
    }
    opened = (await cast.do(cast.dora, "open_round", item)).subject_id
    await cast.do(cast.dora, "cast_vote", opened, points=3.0)
    await cast.do(cast.paula, "reveal_votes", opened)
    until = datetime.now(UTC) + timedelta(days=9)
    await cast.do(cast.dora, "grant_delegation", cast.team, person=cast.arno.person_id, ends_at=until, why="Leave")
    await cast.do(cast.arno, "grant_delegation", cast.team, person=cast.dora.person_id, ends_at=until, why="Leave")
    owned |= {"whk": cast.ada.workspace_key, "rnd": item, "vot": item, "crd": cast.dora.person_id, "dlg": cast.team}
    with pytest.raises(NotAuthorised):
        await cast.do(cast.dora, "grant_sign_off", item, expected_digest=digest, label=Label.ACCEPTANCE)
    owned["rfs"] = item
    things = {prefix: ids.thing_key(prefix, owner, 1) for prefix, owner in owned.items()}
    things |= {"itm": item, "pbk": pushback, "sof": signed.subject_id, "tem": cast.team}
    things |= {"psn": cast.dora.person_id, "author": cast.arno.person_id, "wsp": cast.ada.workspace_key}
    return Things(things, digest)


async def add_reason(cast: Cast) -> None:
    """The workspace has a reason of its own, and a webhook."""
    await cast.do(cast.ada, "register_webhook", cast.ada.workspace_key, url="https://hooks.example/")
    said: dict[str, Any] = {"code": "LICENCE_UNCLEAR", "category": ReasonCategory.OTHER, "description": "May we?"}
    await cast.do(cast.ada, "add_reason", cast.ada.workspace_key, why="Legal asked", **said)


async def review_elsewhere(cast: Cast, item: str) -> None:
    """Another tool has a verdict on the item."""
    ledger, workspace_id, stream_id = cast.deciding._ledger, cast.ada.workspace_id, ids.stream_id(item)
    version = len(await ledger.read_stream(workspace_id, stream_id)) + 1
    event = replace(stored(FOLDER / "TrackerVerdictRecorded.v1.json").read(), verdict=1)
    act = Act(actor=cast.dora.person_id, actor_kind=ActorKind.IMPORT, acting_role="IMPORT", authorised_by="import")
    await ledger.append(Append(workspace_id, uuid7(), b"import", (NewEvent(stream_id, version, event, act),)))


async def populate_and_fold(backend: Backend, cast: Cast) -> Things:
    """The same with a webhook that is told, and queries see it."""
    things = await populate(cast)
    workspace_id = cast.ada.workspace_id
    await backend.webhooks.register(
        Request(
            asker=cast.ada,
            command="register_webhook",
            command_id=uuid7(),
            target=cast.ada.workspace_key,
            arguments={"url": "https://hooks.example/"},
        )
    )
    assert await backend.projector.reach(workspace_id, await backend.ledger.head(workspace_id), 30)
    return things


def unknown(key: str) -> str:
    """An id like this one that nobody ever gave out."""
    fresh, ordinal = ids.stream_key(key[:3], uuid7()), ids.parse(key).ordinal
    return ids.thing_key(key[:3], fresh, ordinal) if ordinal else fresh


@pytest.fixture
async def foreign(backend: Backend) -> Things:
    """What stands in a workspace next door, down to a token."""
    other = await assemble(backend.ledger, backend.deciding)
    await backend.credentials.issue(other.ada, uuid7(), other.dora.person_id, "laptop")
    return await populate_and_fold(backend, other)


@pytest.fixture
async def own(client: Client) -> Things:
    """What stands in the asker's workspace."""
    await client.token(client.cast.dora)
    return await populate_and_fold(client.backend, client.cast)


def required(name: str, own: Things) -> dict[str, str]:
    """The arguments that a query root must be given."""
    needed = {
        "backlog": {"team": "tem"},
        "attention": {"person": "author"},
        "disagreements": {"person": "author", "other": "psn"},
    }
    return {argument: f'"{own.ids[prefix]}"' for argument, prefix in needed.get(name, {}).items()}


def queries(own: Things) -> Iterator[tuple[str, str]]:
    """Each query root by each of its arguments that takes an id, and the prefixes it may have."""
    for name, root in ROOTS.items():
        shown = get_named_type(root.type).name
        body = "totalCount nodes { __typename }" if shown.endswith("Connection") else "__typename"
        for argument, definition in root.args.items():
            if get_named_type(definition.type).name != "ID":
                continue
            told = {"first": "5"} if "first" in root.args else {}
            told |= required(name, own)
            said = ", ".join(f"{key}: {value}" for key, value in {**told, argument: "$id"}.items())
            for prefix in PREFIXES.get(f"{name}.{argument}") or PREFIXES[name if argument == "id" else argument]:
                yield prefix, f"query($id: ID!) {{ {name}({said}) {{ {body} }} }}"


async def test_every_query_answers_a_foreign_id_like_an_unknown_one(
    client: Client, own: Things, foreign: Things
) -> None:
    asked = [*queries(own)]
    assert len(asked) > 2 * len(ROOTS)
    for prefix, text in asked:
        theirs, mine = foreign.ids[prefix], own.ids[prefix]
        answers = []
        for who in (client.cast.ada, client.cast.dora):
            keys = (theirs, unknown(mine), f"{mine[:4]}nonsense", mine)
            answers.append([(await client.post(who, text, id=key)).content for key in keys])
        for foreigners, nobodys, nonsense, _ in answers:
            assert foreigners == nobodys == nonsense, text
            assert b'"errors"' not in foreigners, text
        assert any(told[0] != told[-1] for told in answers), f"the own one is not told from an unknown one: {text}"


def filled(name: str, things: Things) -> dict[str, Any]:
    """An input with everything that is required, of these things."""
    given = INPUTS[name]
    assert isinstance(given, GraphQLInputObjectType)
    said: dict[str, Any] = {}
    for field, definition in given.fields.items():
        shown = get_named_type(definition.type)
        if field in WORDS:
            said[field] = WORDS[field]
        elif shown.name == "ID":
            said[field] = things.ids[PREFIXES[field][0]]
        elif is_required_input_field(definition):
            words = next(iter(shown.values)) if isinstance(shown, GraphQLEnumType) else "Some words"
            said[field] = things.digest if field == "expectedDigest" else words
    return {name: value for name, value in said.items() if value is not None}


async def test_every_mutation_answers_a_foreign_id_like_an_unknown_one(
    client: Client, own: Things, foreign: Things
) -> None:
    cast = client.cast
    everybody = (cast.ada, cast.paula, cast.tom, cast.arno, cast.dora)
    for who in everybody:
        await client.token(who)
    head = await client.backend.ledger.head(cast.ada.workspace_id)
    for name, given in INPUTS.items():
        text = f"mutation($input: {given.name}!) {{ {name}(input: $input) {{ __typename {ANSWER} }} }}"
        for field in [f for f, d in given.fields.items() if get_named_type(d.type).name == "ID"]:
            codes = set()
            (prefix,) = PREFIXES[field]
            for who in everybody:
                said = [{**filled(name, own), field: key} for key in (foreign.ids[prefix], unknown(own.ids[prefix]))]
                theirs, nobodys = [(await client.ask(who, text, input=input_))[name] for input_ in said]
                assert theirs == nobodys, (name, field)
                codes.add(theirs.get("code"))
            assert {code for code in codes if code and code.startswith("UNKNOWN_")}, (name, field, codes)
    assert await client.backend.ledger.head(cast.ada.workspace_id) == head
