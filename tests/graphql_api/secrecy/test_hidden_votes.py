"""A vote that is not revealed is seen nowhere: rewrite it in the ledger, and not a byte of any answer changes."""

from typing import Any, Final

import msgspec
from msgspec.structs import replace

from domain import ids
from domain.entry import Entry, Event
from domain.events import VoteCast, VoteRevealed
from domain.events.estimation import VoteKind
from domain.events.pushback import Reason
from domain.wire import encode
from graphql_api.schema import make_schema
from infra.cluster import Cluster
from infra.deciding import Asker
from infra.folding.rebuild import rebuild_workspace
from tests.cast import Cast
from tests.graphql_api.client import Client
from tests.graphql_api.hostile.test_foreign_ids import PREFIXES, populate
from tests.graphql_api.secrecy.seen import Attempt, Seeing
from tests.graphql_api.secrecy.walk import Walk
from tests.infra.saying import as_superuser

SAID: Final[tuple[dict[str, Any], ...]] = (
    {"kind": VoteKind.VALUE, "points": 5.0, "reason": None, "missing": None, "why": "As large as the last"},
    {"kind": VoteKind.VALUE, "points": 13.0, "reason": None, "missing": None, "why": None},
    {
        "kind": VoteKind.CANNOT_ESTIMATE,
        "points": None,
        "reason": list(Reason)[-1],
        "missing": "How many",
        "why": "Far too large, as I told you in May",
    },
    {"kind": VoteKind.ABSTAIN, "points": None, "reason": None, "missing": None, "why": None},
)
"""What votes are rewritten to: each to the next."""


async def an_open_round(cast: Cast) -> str:
    """Three may vote; one has not, one voted twice, one cannot estimate."""
    await cast.do(cast.ada, "assign_role", cast.team, person=cast.arno.person_id, role="DEVELOPER")
    await cast.do(cast.ada, "assign_role", cast.team, person=cast.tom.person_id, role="DEVELOPER")
    item = (await cast.item("Count them")).subject_id
    opened = (await cast.do(cast.paula, "open_round", item)).subject_id
    await cast.do(cast.dora, "cast_vote", opened, points=3.0, why="Like the last one")
    await cast.do(cast.dora, "cast_vote", opened, points=8.0)
    missing = {"missing": "The volumes", "why": "Nobody counted"}
    await cast.do(cast.arno, "cast_vote", opened, kind=VoteKind.CANNOT_ESTIMATE, **missing)
    return opened


async def a_called_off_round(cast: Cast) -> str:
    """Its votes stay hidden for ever."""
    item = (await cast.item("Called off")).subject_id
    opened = (await cast.do(cast.paula, "open_round", item)).subject_id
    await cast.do(cast.dora, "cast_vote", opened, points=2.0)
    await cast.do(cast.paula, "cancel_round", opened, why="Nobody is there")
    return opened


def refused(cast: Cast, opened: str, over: str) -> list[Attempt]:
    """What may not be done with a round that is open, or called off."""
    item = ids.stream_key("itm", ids.stream_id(opened))
    return [
        (cast.paula, "revealVotes", {"round": opened}),
        (cast.paula, "concludeRound", {"round": opened}),
        (cast.paula, "openRound", {"item": item}),
        (cast.dora, "giveRationale", {"round": opened, "text": "Because"}),
        (cast.dora, "castVote", {"round": opened, "points": 4.5}),
        (cast.dora, "castVote", {"round": opened, "points": 3, "missing": "All"}),
        (cast.paula, "castVote", {"round": opened, "points": 3}),
        (cast.dora, "castVote", {"round": over, "points": 3}),
        (cast.paula, "revealVotes", {"round": over, "withoutMissing": True}),
    ]


async def rewritten(cluster: Cluster, entries: list[Entry[Event]]) -> None:
    """Each of these votes says something else in the ledger, as only a superuser can do it, and the tables follow."""
    await as_superuser(cluster, "alter table ledger.event disable trigger refuse_change")
    for number, entry in enumerate(entries):
        (row,) = await as_superuser(cluster, STORED, entry.workspace_id, entry.position)
        said = SAID[number % len(SAID)]
        assert isinstance(entry.event, VoteCast | VoteRevealed)
        assert entry.event.points != said["points"] or entry.event.kind is not said["kind"]
        event: Any = replace(entry.event, **said)
        salt = msgspec.json.decode(row["prose"])["_salt"] if row["prose"] else "s" * 22
        data, prose = encode(event, msgspec.json.decode(row["data"])["nonce"], salt)
        await as_superuser(cluster, REWRITE, entry.workspace_id, entry.position, data, prose)
    await as_superuser(cluster, "alter table ledger.event enable always trigger refuse_change")
    await rebuild_workspace(cluster, entries[0].workspace_id)


STORED: Final = "select data, prose from ledger.event where workspace_id = $1 and position = $2"
REWRITE: Final = "update ledger.event set data = $3, prose = $4 where workspace_id = $1 and position = $2"


async def votes(client: Client, kind: type[Event]) -> list[Entry[Event]]:
    """The entries of this kind, in order."""
    entries = await client.backend.ledger.read_after(client.cast.ada.workspace_id, 0, 1000)
    return [entry for entry in entries if type(entry.event) is kind]


async def seeing(client: Client) -> tuple[Seeing, tuple[str, ...], list[int]]:
    """Who looks, at what in particular, and when."""
    cast, backend = client.cast, client.backend
    everybody: tuple[Asker, ...] = (cast.ada, cast.paula, cast.tom, cast.arno, cast.dora)
    for who in everybody:
        await client.token(who)
    things = await populate(cast)
    opened, over = await an_open_round(cast), await a_called_off_round(cast)
    item = ids.stream_key("itm", ids.stream_id(opened))
    head = await backend.ledger.head(cast.ada.workspace_id)
    await backend.projector.reach(cast.ada.workspace_id, head, 30)
    known = {name: [things.ids[prefix] for prefix in prefixes] for name, prefixes in PREFIXES.items()}
    for name in ("round", "on", "node"):
        known[name] += [opened, over]
    for name in ("item", "on", "node", "subject"):
        known[name].append(item)
    schema: Any = make_schema()
    look = Seeing(client, schema._schema, Walk(schema._schema, known), refused(cast, opened, over))
    return look, (opened, over, item), [head - 6, head - 2, head]


async def test_not_a_byte_of_any_answer_depends_on_a_hidden_vote(client: Client) -> None:
    look, on, positions = await seeing(client)
    before = await look.everything(on, positions)
    assert not [name for name, said in before.items() if b'"errors"' in said]
    await rewritten(client.backend.cluster, await votes(client, VoteCast))
    after = await look.everything(on, positions)
    assert [name for name in before if before[name] != after[name]] == []
    assert before.keys() == after.keys()
    await rewritten(client.backend.cluster, await votes(client, VoteRevealed))
    told = await look.everything(on, positions)
    differ = [name for name in before if before[name] != told[name]]
    ways = (
        "query round(",
        "query rounds ",
        "query events ",
        "query node(",
        "table vote",
        "table entry",
        "line",
        "notification",
    )
    assert [way for way in ways if not any(name.startswith(way) for name in differ)] == []
