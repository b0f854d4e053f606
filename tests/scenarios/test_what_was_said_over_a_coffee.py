"""They agree over a coffee. It is written down, both stand by it, and it still has to be done."""

from domain.events.pushback import Stance
from tests.scenarios.telling import Story, moment


async def test_what_was_said_over_a_coffee(story: Story) -> None:
    # On Monday Arno stops Paula's item. On Tuesday they meet at the coffee machine, and Dora is there too.
    await story.it_becomes("2025-01-06 09:00")
    item = await story.drafts("Paula", "Offer every show as a file")
    said = {"stance": Stance.BLOCKING, "lifts_when": "Only what we own"}
    block = await story.does("Arno", "raise pushback", item, statement="Music cannot be given away", **said)

    # Paula writes down what they agreed on, and who was there.
    await story.it_becomes("2025-01-07 11:00")
    there = (story.id("Arno"), story.id("Dora"))
    agreed = "Shows without music from January, the rest when the lawyers agree"
    await story.does(
        "Paula", "note conversation", block, participants=there, summary=agreed, held_at=moment("2025-01-07 10:15")
    )
    await story.does("Arno", "confirm conversation", block, conversation=1)
    await story.does("Dora", "dispute conversation", block, conversation=1, text="From February, we said")

    # Nothing is settled by that: the item is still blocked, and it is Paula's turn to do what they agreed on.
    seen = await story.sees("Sam", block, "state outcome turn { name } conversation item { isBlocked }")
    assert seen == {
        "state": "OPEN", "outcome": None, "turn": {"name": "Paula"}, "conversation": agreed,
        "item": {"isBlocked": True},
    }  # fmt: skip
    revision = await story.revises("Paula", item, constraints="Only shows without music")
    await story.does("Paula", "answer pushback", block, text="As we said at the coffee machine", fixed_in=revision)
    await story.does("Arno", "settle pushback", block)

    # Who reads it in a year sees what was decided, and what was only said, by whom, and who remembers it otherwise.
    told = "outcome events(first: 20) { nodes { kind actor { name } } }"
    story_of_it = await story.sees("Sam", block, told)
    assert story_of_it["outcome"] == "REVISED"
    assert [(one["kind"], one["actor"]["name"]) for one in story_of_it["events"]["nodes"]][1:4] == [
        ("ConversationNoted", "Paula"), ("ConversationConfirmed", "Arno"), ("ConversationDisputed", "Dora"),
    ]  # fmt: skip
