"""A fold that raises: what was said is kept, all else goes on, operators are told where, and mending resumes."""

import asyncio
import time
from typing import Any, Final

from tests.cast import Cast
from tests.processes.fresh_fold import assert_read_tables_are_a_fresh_fold
from tests.processes.plants import PLANTED
from tests.processes.site import Caller, Site

ANSWER_SECONDS_MAX: Final = 3
MEND_SECONDS_MAX: Final = 30
RAISE: Final = """mutation($item: ID!, $statement: String!) {
  raisePushback(input: {item: $item, statement: $statement}) {
  ... on PushbackSuccess { position projected subject { id } events { position } } } }"""
REVISE: Final = """mutation($item: ID!, $digest: String!) {
  reviseItem(input: {item: $item, expectedDigest: $digest, title: "Another title"}) {
    ... on ItemSuccess { position projected } } }"""
ITEM: Final = "query($item: ID!) { item(id: $item) { title pushbacks { nodes { statement } } } }"


async def test_a_fold_that_raises_stops_alone_and_goes_on_when_it_is_mended(site: Site) -> None:
    cast, other = await site.assemble(), await site.assemble()
    drafted = await cast.item()
    item, digest = drafted.subject_id, drafted.entries[0].event.digest  # type: ignore[attr-defined]
    server = await site.start("faulty fold")
    async with Caller(server) as caller:
        before = (await raise_pushback(site, caller, cast, item, "A concern"))["position"]
        started = time.monotonic()
        stopped = await raise_pushback(site, caller, cast, item, PLANTED)
        assert time.monotonic() - started < ANSWER_SECONDS_MAX
        assert stopped["projected"] is False
        assert stopped["position"] == before + 1
        assert await site.backend.ledger.head(cast.ada.workspace_id) == before + 1
        await others_go_on(site, caller, cast, other, (item, digest))
        status, ready = await caller.exchange("GET", "/readyz")
        stop = {"workspace": str(cast.ada.workspace_id), "position": before + 1}
        stopped = [{**stop, "projection": name} for name in ("Pushback", "Turn")]  # turns are made of pushbacks
        assert (status, ready["status"], ready["stopped"]) == (503, "degraded", stopped)
    await server.stop()
    await mended(site, cast, item)


async def raise_pushback(site: Site, caller: Caller, cast: Cast, item: str, statement: str) -> Any:
    token = await site.token(cast, cast.arno)
    return (await caller.ask(token, RAISE, item=item, statement=statement))["raisePushback"]


async def others_go_on(site: Site, caller: Caller, cast: Cast, other: Cast, shown: tuple[str, str]) -> None:
    """Other projections of the workspace, and all of another one."""
    item, digest = shown
    token = await site.token(cast, cast.paula)
    assert (await caller.ask(token, REVISE, item=item, digest=digest))["reviseItem"]["projected"] is False
    seen = {"title": "Another title", "pushbacks": {"nodes": [{"statement": "A concern"}]}}
    assert await caller.ask(token, ITEM, item=item) == {"item": seen}
    elsewhere = (await other.item()).subject_id
    raised = await raise_pushback(site, caller, other, elsewhere, "A concern")
    assert raised["projected"] is True
    assert raised["events"] == [{"position": raised["position"]}]


async def mended(site: Site, cast: Cast, item: str) -> None:
    """A process without the fault picks up where the other one stopped."""
    server = await site.start()
    async with Caller(server) as caller, asyncio.timeout(MEND_SECONDS_MAX):
        while (await caller.exchange("GET", "/readyz")).status != 200:  # noqa: ASYNC110 - another process's readiness
            await asyncio.sleep(0.1)
        ready = await caller.exchange("GET", "/readyz")
        assert (ready.told["status"], ready.told["lag"], ready.told["stopped"]) == ("ready", 0, [])
        seen = (await caller.ask(await site.token(cast, cast.arno), ITEM, item=item))["item"]
        assert [node["statement"] for node in seen["pushbacks"]["nodes"]] == [PLANTED, "A concern"]
    await assert_read_tables_are_a_fresh_fold(site.backend.cluster, cast.ada.workspace_id)
