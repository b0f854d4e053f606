"""An event written in an older form is read like one of today's: queried, followed, decided on, and rebuilt."""

from collections.abc import Iterator
from typing import Any, Final

import msgspec
import pytest

from domain.entry import Entry
from domain.events import PushbackRaised
from infra.cluster import Role
from infra.ledger import Append, NewEvent
from infra.uuid7 import uuid7
from tests.cast import Cast
from tests.graphql_api.socket import Socket
from tests.processes.fresh_fold import assert_read_tables_are_a_fresh_fold
from tests.processes.plants import OLD_VERSION, newer_form, no_newer_form, older_event
from tests.processes.site import Caller, Site

SHOWN: Final = "subject { __typename } reason stance statement liftsWhen digest"
PUSHBACKS: Final = f"""query($item: ID!, $asOf: AsOf) {{ item(id: $item, asOf: $asOf) {{ pushbacks {{ nodes {{
  reason stance statement liftsWhen state item {{ id }} turn {{ name }} raised {{ {SHOWN} }} }} }} }} }}"""
EVENTS: Final = f"""subscription($after: Position) {{ events(after: $after) {{
  position kind actor {{ name }} ... on PushbackRaised {{ {SHOWN} }} }} }}"""
ANSWER: Final = """mutation($pushback: ID!) { answerPushback(input: {pushback: $pushback, text: "Ten million"}) {
  __typename ... on PushbackSuccess { subject { state statement } } } }"""
RAISE: Final = """mutation($item: ID!) {
  raisePushback(input: {item: $item, statement: "No volumes", stance: BLOCKING, liftsWhen: "Volumes"}) {
    ... on PushbackSuccess { position subject { id } } } }"""
STORED: Final = "SELECT schema_version, data, prose FROM ledger.event WHERE workspace_id = $1 AND position = $2"


@pytest.fixture
def form() -> Iterator[None]:
    """This process knows the newer form too, for the rebuild."""
    newer_form()
    yield
    no_newer_form()


@pytest.mark.usefixtures("form")
async def test_an_older_form_is_read_like_todays(site: Site) -> None:
    cast = await site.assemble()
    item = (await cast.item()).subject_id
    server = await site.start("newer form")
    token, owner = await site.token(cast, cast.arno), await site.token(cast, cast.paula)
    async with Caller(server) as caller, Socket.open(server.port) as socket:
        new = (await caller.ask(token, RAISE, item=item))["raisePushback"]
        old = await append_again_in_the_older_form(site, cast, new["position"])
        nodes = (await caller.ask(token, PUSHBACKS, item=item, asOf={"position": old}))["item"]["pushbacks"]["nodes"]
        assert len(nodes) == 2
        assert nodes[0] == nodes[1]
        assert nodes[0]["raised"]["statement"] == "No volumes"
        await socket.enter(token)
        await socket.ask("a", EVENTS, after=new["position"] - 1)
        told = [(await socket.next())["events"] for _ in range(old - new["position"] + 1)]
        assert {**told[0], "position": old} == told[-1]
        second = new["subject"]["id"].rpartition("_")[0] + "_2"
        for key in (new["subject"]["id"], second):
            answered = (await caller.ask(owner, ANSWER, pushback=key))["answerPushback"]
            assert answered["subject"] == {"state": "RESPONDED", "statement": "No volumes"}
    await server.stop()
    await assert_read_tables_are_a_fresh_fold(site.backend.cluster, cast.ada.workspace_id)


async def append_again_in_the_older_form(site: Site, cast: Cast, position: int) -> int:
    """The pushback at this position once more, as an earlier version of the software would have written it."""
    workspace_id, ledger = cast.ada.workspace_id, site.backend.ledger
    (entry,) = await ledger.read_after(workspace_id, position - 1, 1)
    written = older_event(msgspec.structs.replace(raised(entry), pushback=2))
    new = NewEvent(entry.stream_id, entry.version + 1, written, entry.act)
    (appended,) = await ledger.append(Append(workspace_id, uuid7(), b"an earlier version", (new,)))
    connection = await site.backend.cluster.connect(Role.FOLD)
    stored = await connection.fetchrow(STORED, workspace_id, appended.position)
    await connection.close()
    assert stored is not None
    assert stored["schema_version"] == OLD_VERSION
    assert b'"concern":"No volumes"' in stored["prose"]
    assert b'"reason"' not in stored["data"]
    return appended.position


def raised(entry: Entry[Any]) -> PushbackRaised:
    """The event, which is a pushback's."""
    assert isinstance(entry.event, PushbackRaised)
    return entry.event
