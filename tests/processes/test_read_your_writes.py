"""What one process has answered, every other process knows at once: with its position, and without."""

import asyncio
from collections.abc import Iterator
from typing import Final

import pytest

from tests.processes.site import Caller, Server, Site

MUTATIONS: Final = 5000
CALLERS: Final = 16
DRAFT: Final = """mutation($team: ID!, $title: String!) { draftItem(input: {team: $team, title: $title}) {
  ... on ItemSuccess { position projected subject { id digest } } } }"""
REVISE: Final = """mutation($item: ID!, $digest: String!, $title: String!) {
  reviseItem(input: {item: $item, expectedDigest: $digest, title: $title}) {
    ... on ItemSuccess { position projected subject { id digest } } } }"""
QUERY: Final = "query($item: ID!, $asOf: AsOf) { item(id: $item, asOf: $asOf) { title changed { position } } }"
REVISIONS: Final = 9
"""Of each item that a caller drafts."""


@pytest.mark.slow
async def test_what_one_process_answered_another_one_knows_at_once(site: Site) -> None:
    cast = await site.assemble()
    token = await site.token(cast, cast.paula)
    one, other = await site.start(), await site.start()
    numbers = iter(range(MUTATIONS))
    await asyncio.gather(*(_write_and_read(numbers, one, other, token, cast.team) for _ in range(CALLERS)))
    assert await site.backend.ledger.head(cast.ada.workspace_id) >= MUTATIONS


async def _write_and_read(numbers: Iterator[int], one: Server, other: Server, token: str, team: str) -> None:
    """Draft and revise at the one; ask the other after each."""
    async with Caller(one) as writer, Caller(other) as reader:
        for turn, number in enumerate(numbers):
            title = f"Title {number}"
            if turn % (REVISIONS + 1) == 0:
                done = (await writer.ask(token, DRAFT, team=team, title=title))["draftItem"]
            else:
                said = {"item": done["subject"]["id"], "digest": done["subject"]["digest"], "title": title}
                done = (await writer.ask(token, REVISE, **said))["reviseItem"]
            assert done["projected"] is True
            there = {"item": {"title": title, "changed": {"position": done["position"]}}}
            assert await reader.ask(token, QUERY, item=done["subject"]["id"]) == there
            as_of = {"position": done["position"]}
            assert await reader.ask(token, QUERY, item=done["subject"]["id"], asOf=as_of) == there
