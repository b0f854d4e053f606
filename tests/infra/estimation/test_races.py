"""Two processes at once: whoever comes first, the round says one thing."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final

from domain.events import RoundConcluded, RoundSuperseded, VoteCast, VoteRevealed, VotesRevealed
from domain.refusals import RoundEnded, VoteAfterReveal
from infra.deciding import Done
from tests.cast import do
from tests.infra.estimation.conftest import Table

TRIES: Final = 8


async def after(milliseconds: int, doing: Coroutine[Any, Any, Done]) -> Done:
    """It begins so much later."""
    await asyncio.sleep(milliseconds / 1000)
    return await doing


async def test_a_vote_is_in_the_reveal_or_refused(table: Table) -> None:
    cast = table.cast
    for number in range(TRIES):
        item, opened = await table.opened()
        await cast.do(cast.dora, "cast_vote", opened, points=3.0)
        voted, revealed = await asyncio.gather(
            after(number, cast.do(cast.arno, "cast_vote", opened, points=8.0)),
            after(TRIES - number, do(table.elsewhere, cast.paula, "reveal_votes", opened, without_missing=True)),
            return_exceptions=True,
        )
        assert not isinstance(revealed, BaseException)
        events = await table.history(item)
        at = [type(event) for event in events].index(VotesRevealed)
        assert not [event for event in events[at:] if isinstance(event, VoteCast)]
        shown = {event.points for event in events if isinstance(event, VoteRevealed)}
        assert shown == ({3.0} if isinstance(voted, VoteAfterReveal) else {3.0, 8.0})


async def test_a_revision_supersedes_a_round_or_comes_after_its_end(table: Table) -> None:
    cast = table.cast
    for _ in range(TRIES):
        item, opened = await table.opened()
        drafted = (await table.history(item))[0]
        for voter in (cast.arno, cast.dora):
            await cast.do(voter, "cast_vote", opened, points=3.0)
        await cast.do(cast.paula, "reveal_votes", opened)
        digest = getattr(drafted, "digest", "")
        revised, concluded = await asyncio.gather(
            cast.do(cast.paula, "revise_item", item, expected_digest=digest, why="Otherwise"),
            do(table.elsewhere, cast.dora, "conclude_round", opened),
            return_exceptions=True,
        )
        assert not isinstance(revised, BaseException)
        ends = [type(event) for event in await table.history(item) if type(event) in (RoundConcluded, RoundSuperseded)]
        assert ends == [RoundSuperseded if isinstance(concluded, RoundEnded) else RoundConcluded]


async def test_of_two_who_reveal_one_is_refused(table: Table) -> None:
    cast = table.cast
    for _ in range(TRIES):
        item, opened = await table.opened()
        for voter in (cast.arno, cast.dora):
            await cast.do(voter, "cast_vote", opened, points=3.0)
        answers = await asyncio.gather(
            cast.do(cast.paula, "reveal_votes", opened),
            do(table.elsewhere, cast.dora, "reveal_votes", opened),
            return_exceptions=True,
        )
        assert sum(isinstance(answer, VoteAfterReveal) for answer in answers) == 1
        kinds = [type(event) for event in await table.history(item)]
        assert (kinds.count(VotesRevealed), kinds.count(VoteRevealed)) == (1, 2)
