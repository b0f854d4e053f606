"""Estimate, fail, reword, estimate, fail: after the second time a team that wants so is told to do something else."""

from typing import Any

import pytest

from domain.events.estimation import VoteKind
from domain.events.item import ItemKind
from domain.policy import Rule
from tests.scenarios.telling import Story


async def nobody_can_estimate(story: Story, item: str) -> None:
    """A round in which Dora lacks something, as ever."""
    asked = await story.does("Sam", "open round", item)
    await story.does("Dora", "cast vote", asked, kind=VoteKind.CANNOT_ESTIMATE, missing="What the law says")
    await story.does("Arno", "cast vote", asked, points=13.0)
    await story.does("Sam", "reveal votes", asked)
    await story.does("Sam", "conclude round", asked)


async def by_a_spike(story: Story, item: str) -> None:
    """Somebody finds out first."""
    spike = await story.drafts("Dora", "Ask the lawyers what has to be kept", kind=ItemKind.SPIKE)
    await story.does("Dora", "link spike", item, spike=spike)


async def by_three_amigos(story: Story, item: str) -> None:
    """Three people sit down: one for the business, one who builds, one who tests."""
    views = {"business": "Paula", "development": "Arno", "test": "Dora"}
    said: dict[str, Any] = {view: story.id(name) for view, name in views.items()}
    await story.does("Sam", "note three amigos", item, expected_digest=await story.digest(item), **said)


async def by_a_split(story: Story, item: str) -> None:
    """What is understood becomes an item of its own."""
    part = await story.drafts("Paula", "Keep what a subscriber listened to for 90 days")
    await story.does("Paula", "split item", item, child=part, why="Only the law for guests is unclear")


@pytest.mark.parametrize("leave", [by_a_spike, by_three_amigos, by_a_split])
async def test_rinse_and_repeat_is_stopped(story: Story, leave: Any) -> None:
    # The team decided, with a reason, that repeated failure is to be left by something else than another round.
    await story.it_becomes("2025-01-06 09:00")
    why = "We estimated one item five times"
    await story.does("Paula", "adopt policy", story.team, require=(Rule.LOOP_IS_LEFT_FIRST,), why=why)
    item = await story.drafts("Paula", "Keep listening data")

    # Twice nobody can estimate it, and twice Paula changes some words.
    await nobody_can_estimate(story, item)
    await story.revises("Paula", item, why="The law asks for it")
    await nobody_can_estimate(story, item)
    await story.revises("Paula", item, why="A new law asks for it")

    # The third round is refused. Everybody sees that this goes round in circles, why, and the three ways out.
    await story.it_becomes("2025-01-07 09:00")
    refused = await story.is_refused("Sam", "open round", item)
    assert (refused.code, refused.suggested) == ("REFINEMENT_LOOP", ("link_spike", "note_three_amigos", "split_item"))
    loop = (await story.sees("Dora", item, "loop { reasons counts waysOut }"))["loop"]
    assert loop == {
        "reasons": ["MISSING_INFORMATION"], "counts": [2], "waysOut": ["SPIKE", "THREE_AMIGOS", "SPLIT"],
    }  # fmt: skip

    # Whichever of the three they take, the way is open again.
    await leave(story, item)
    assert (await story.sees("Dora", item, "loop { reasons }"))["loop"] is None
    opened = await story.does("Sam", "open round", item)
    assert (await story.sees("Dora", opened, "state number")) == {"state": "OPEN", "number": 3}
