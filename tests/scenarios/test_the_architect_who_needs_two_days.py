"""An architect is not sure yet whether his concern is one: he holds the item, for two days and no longer."""

from domain.events.pushback import Stance
from domain.events.sign_off import Label
from tests.scenarios.telling import Story

LOOKS_INTO = "Does our licence allow us to play this abroad?"


async def holds(story: Story) -> tuple[str, str]:
    """On Thursday at ten Arno holds Paula's item: (item, hold)."""
    await story.it_becomes("2025-01-09 09:00")
    item = await story.drafts("Paula", "Listen from everywhere")
    await story.it_becomes("2025-01-09 10:00")
    return item, await story.does("Arno", "place hold", item, statement=LOOKS_INTO)


async def test_he_finds_out_in_time(story: Story) -> None:
    # He does not know yet, so he cannot say what would lift it. Until Monday at ten, two working days, nobody signs.
    item, hold = await holds(story)
    seen = await story.sees("Paula", hold, "state statement turn { name } due dueAt item { isBlocked }")
    assert seen == {
        "state": "HELD", "statement": LOOKS_INTO, "turn": {"name": "Arno"}, "due": "expire_hold",
        "dueAt": "2025-01-13T10:00:00+00:00", "item": {"isBlocked": True},
    }  # fmt: skip
    signing = {"label": Label.READY, "expected_digest": await story.digest(item)}
    early = await story.is_refused("Dora", "grant sign off", item, **signing)
    assert early.code == "OPEN_BLOCKING_PUSHBACK"

    # There is nothing to answer yet, and nothing to go over.
    over = {"concern_restated": "Something with licences", "rationale": "The launch"}
    assert (await story.is_refused("Paula", "propose override", hold, **over)).code == "IS_HELD"

    # On Friday he knows: it does not. Now it is a block like any other, and the turn is Paula's.
    await story.it_becomes("2025-01-10 15:00")
    said = {"stance": Stance.BLOCKING, "lifts_when": "The licence covers other countries"}
    await story.does("Arno", "substantiate hold", hold, statement="The licence ends at the border", **said)
    await story.it_becomes("2025-01-20 09:00")
    assert await story.sees("Dora", hold, "state statement turn { name } item { isBlocked }") == {
        "state": "OPEN", "statement": "The licence ends at the border", "turn": {"name": "Paula"},
        "item": {"isBlocked": True},
    }  # fmt: skip
    assert (await story.sees("Dora", hold, "statement", at="2025-01-09 12:00"))["statement"] == LOOKS_INTO


async def test_he_does_not_and_the_item_goes_on(story: Story) -> None:
    # He forgets it. On Monday at ten the hold is over by itself, whoever is there; it was not withdrawn, it lapsed.
    item, hold = await holds(story)
    await story.it_becomes("2025-01-13 09:59")
    assert (await story.sees("Dora", hold, "item { isBlocked }"))["item"]["isBlocked"]
    await story.it_becomes("2025-01-13 10:00")
    assert await story.sees("Dora", hold, "state outcome item { isBlocked } closed { actorKind }") == {
        "state": "CLOSED", "outcome": "LAPSED", "item": {"isBlocked": False}, "closed": {"actorKind": "SYSTEM"},
    }  # fmt: skip

    # He had his time: he may push back, but not hold what says the same again. Only another text is a new question.
    again = await story.is_refused("Arno", "place hold", item, statement="One more day")
    assert again.code == "HELD_BEFORE"
    await story.revises("Paula", item, value="Listeners who travel")
    await story.does("Arno", "place hold", item, statement="Are these really many?")
