"""A block whose raiser has left for weeks: it stays his, nobody speaks for him, and it still reaches an outcome."""

from typing import Any

import pytest

from domain.authority import Power
from domain.events.escalation import Ruling
from domain.events.people import Role
from domain.events.pushback import Stance
from tests.scenarios.telling import Story, moment


@pytest.fixture
async def block(story: Story) -> str:
    """On Monday Arno stops an item. On Tuesday he is away until February."""
    await story.it_becomes("2025-01-06 09:00")
    item = await story.drafts("Paula", "Delete what nobody has listened to for a year", criteria=("It is gone",))
    said: dict[str, Any] = {"stance": Stance.BLOCKING, "lifts_when": "The archive's lawyers have agreed"}
    return await story.does("Arno", "raise pushback", item, statement="Some of it must be kept by law", **said)


async def stands(story: Story, block: str) -> tuple[str, str | None, bool]:
    """(state, outcome, whether the item is blocked), for everybody to see."""
    seen = await story.sees("Dora", block, "state outcome item { isBlocked }")
    return seen["state"], seen["outcome"], seen["item"]["isBlocked"]


async def test_nobody_speaks_for_him(story: Story, block: str) -> None:
    await story.it_becomes("2025-01-07 09:00")
    await story.does("Paula", "answer pushback", block, text="They have agreed, see their letter")
    for name in ("Paula", "Tom", "Dora", "Sam"):
        for what in ("settle pushback", "withdraw pushback"):
            assert (await story.is_refused(name, what, block)).code == "RAISER_ONLY"
    assert await stands(story, block) == ("RESPONDED", None, True)


async def test_he_hands_it_over_before_he_goes(story: Story, block: str) -> None:
    # Dora takes it over. It was Arno's, and that stays on record; it is hers to settle now.
    await story.does("Arno", "reassign pushback", block, person=story.id("Dora"), why="Away until February")
    await story.it_becomes("2025-01-07 09:00")
    await story.does("Paula", "answer pushback", block, text="They have agreed, see their letter")
    await story.does("Dora", "settle pushback", block)
    assert await stands(story, block) == ("CLOSED", "ANSWERED", False)
    both = await story.sees("Paula", block, "raiser { name } holder { name }")
    assert both == {"raiser": {"name": "Arno"}, "holder": {"name": "Dora"}}


async def test_he_says_nothing_is_reminded_and_it_lapses(story: Story, block: str) -> None:
    # Paula answers on Tuesday. Five working days later he is reminded, and five more later it lapses, by itself.
    await story.it_becomes("2025-01-07 09:00")
    await story.does("Paula", "answer pushback", block, text="They have agreed, see their letter")
    await story.it_becomes("2025-01-15 09:00")
    assert await stands(story, block) == ("RESPONDED", None, True)
    assert (await story.sees("Dora", block, "reminded { actorKind } due"))["due"] == "lapse_pushback"
    await story.it_becomes("2025-01-22 09:00")
    assert await stands(story, block) == ("CLOSED", "LAPSED", False)

    # He is back in February. What lapsed stays lapsed; if the concern stands, it is raised anew and names the old one.
    await story.it_becomes("2025-02-03 09:00")
    late = await story.is_refused("Arno", "reject answer", block, why="That letter is about something else")
    assert late.code == "ALREADY_TERMINAL"
    item = (await story.sees("Arno", block, "item { id }"))["item"]["id"]
    again = await story.does(
        "Arno", "raise pushback", item, statement="That letter is about something else", recurrence_of=block
    )
    assert (await story.sees("Paula", again, "recurrenceOf { id outcome }"))["recurrenceOf"] == {
        "id": block, "outcome": "LAPSED",
    }  # fmt: skip


async def test_others_rule_on_it(story: Story, block: str) -> None:
    # Sam puts it before those who are no party. Tom upholds it: the lawyers have to be asked in the item itself.
    await story.it_becomes("2025-01-07 09:00")
    await story.does("Sam", "escalate pushback", block, why="Arno is away, and the law does not wait")
    partial = await story.is_refused("Paula", "rule on escalation", block, ruling=Ruling.OVERRULED, rationale="Mine")
    assert partial.code == "ARBITER_IS_PARTY"
    said = {"rationale": "He is right about the law", "required_change": "What has to be kept is named"}
    await story.does("Tom", "rule on escalation", block, ruling=Ruling.UPHELD, **said)
    assert await stands(story, block) == ("CLOSED", "UPHELD", True)

    # Paula changes the item. Arno would look whether that is enough; as he is away, Tom does.
    item = (await story.sees("Paula", block, "item { id }"))["item"]["id"]
    await story.revises("Paula", item, constraints="Court reports and elections are kept")
    await story.does("Tom", "verify required change", block)
    assert await stands(story, block) == ("CLOSED", "UPHELD", False)


async def test_who_rules_is_away_too_and_has_let_somebody_stand_in(story: Story, block: str) -> None:
    # Two chiefs would rule. Cleo is away, and for January Rita rules in her place.
    for name, role in (("Cleo", Role.CHIEF_PRODUCT_OWNER), ("Carl", Role.CHIEF_TECHNICAL_PRODUCT_OWNER)):
        await story.joins(name)
        workspace = story.people["Ada"].workspace_key
        await story.does("Ada", "assign workspace role", workspace, person=story.id(name), role=role)
    await story.joins("Rita")
    await story.does(
        "Cleo", "grant delegation", story.team, person=story.id("Rita"), powers=(Power.RULE_ON_ESCALATION,),
        ends_at=moment("2025-02-01 00:00"), why="Skiing",
    )  # fmt: skip
    await story.it_becomes("2025-01-07 09:00")
    await story.does("Paula", "escalate pushback", block, why="Nobody else can say it is settled")
    await story.does("Rita", "rule on escalation", block, ruling=Ruling.OVERRULED, rationale="The letter is clear")
    assert await stands(story, block) == ("CLOSED", "OVERRULED", False)
    ruled = (await story.sees("Dora", block, "ruled { actor { name } onBehalfOf { name } actingRole }"))["ruled"]
    assert ruled == {
        "actor": {"name": "Rita"}, "onBehalfOf": {"name": "Cleo"}, "actingRole": "CHIEF_PRODUCT_OWNER",
    }  # fmt: skip


async def test_the_owner_goes_ahead_without_a_reply(story: Story, block: str) -> None:
    # Paula restates the concern and says why she goes ahead; his working day passes without a word.
    await story.it_becomes("2025-01-07 09:00")
    said = {"concern_restated": "Some recordings are kept by law", "rationale": "The disks are full on Friday"}
    await story.does("Paula", "propose override", block, **said)
    await story.it_becomes("2025-01-08 10:00")
    assert await stands(story, block) == ("CLOSED", "OVERRIDDEN", False)
    assert (await story.sees("Dora", block, "understanding"))["understanding"] == "NO_REPLY"

    # Back in February he puts on record that he would not have agreed.
    await story.it_becomes("2025-02-03 09:00")
    await story.does("Arno", "record dissent", block, text="The disks could have been bought")
    assert (await story.sees("Dora", block, "dissent"))["dissent"] == "The disks could have been bought"
