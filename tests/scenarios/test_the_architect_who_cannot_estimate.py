"""One sentence on a card, and an architect who cannot say what it costs: what is missing becomes part of the item."""

from domain.events.estimation import VoteKind
from tests.scenarios.telling import Story

TITLE = "Take programmes offline on the day their licence ends"
MISSING = "How many programmes a day, and which copies of them"


async def test_the_architect_who_cannot_estimate(story: Story) -> None:
    # On Monday Paula writes an item, and Dora asks the team how large it is.
    await story.it_becomes("2025-01-06 09:00")
    item = await story.drafts("Paula", TITLE, criteria=("It is offline everywhere",))
    first = await story.does("Dora", "open round", item)

    # Dora says 5. Arno cannot say, and says what is missing. Nobody sees either before all votes are laid open.
    await story.does("Dora", "cast vote", first, points=5.0)
    await story.does("Arno", "cast vote", first, kind=VoteKind.CANNOT_ESTIMATE, missing=MISSING)
    assert await story.sees("Paula", first, "votes { nodes { points } }") == {"votes": {"nodes": []}}
    await story.it_becomes("2025-01-06 09:30")
    await story.does("Dora", "reveal votes", first)
    shown = await story.sees("Paula", first, "votes { nodes { voter { name } kind points missing } }")
    assert shown["votes"]["nodes"] == [
        {"voter": {"name": "Arno"}, "kind": "CANNOT_ESTIMATE", "points": None, "missing": MISSING},
        {"voter": {"name": "Dora"}, "kind": "VALUE", "points": 5, "missing": None},
    ]

    # The round ends without a number. What Arno lacks blocks the item, in his words; it is Paula's turn.
    await story.does("Dora", "conclude round", first)
    fields = "state points pushback { id stance raiser { name } liftsWhen turn { name } }"
    concern = await story.sees("Paula", first, fields)
    pushback = concern["pushback"].pop("id")
    assert concern == {
        "state": "NOT_ESTIMABLE",
        "points": None,
        "pushback": {"stance": "BLOCKING", "raiser": {"name": "Arno"}, "liftsWhen": MISSING, "turn": {"name": "Paula"}},
    }

    # To ask again about the same words is refused: first the item has to change.
    again = await story.is_refused("Paula", "open round", item)
    assert (again.code, again.suggested) == ("ROUND_ON_UNCHANGED_REVISION", ("revise_item",))

    await what_is_missing_is_written_down(story, item, pushback)
    await the_next_round_agrees(story, item)

    # Whoever asks what was known on Monday evening sees an item that nobody could estimate.
    monday = await story.sees("Paula", item, "points isBlocked rounds { totalCount }", at="2025-01-06 18:00")
    assert monday == {"points": None, "isBlocked": True, "rounds": {"totalCount": 1}}


async def what_is_missing_is_written_down(story: Story, item: str, pushback: str) -> None:
    # On Tuesday Paula writes down the volumes and the copies, and says that this addresses the concern. Arno agrees.
    await story.it_becomes("2025-01-07 10:00")
    answered = await story.revises(
        "Paula", item, criteria=("300 programmes a day", "Gone from web, app and TV; the archive keeps its previews")
    )
    await story.does("Paula", "answer pushback", pushback, text="Both are in the criteria now.", fixed_in=answered)
    await story.it_becomes("2025-01-07 11:00")
    await story.does("Arno", "settle pushback", pushback)


async def the_next_round_agrees(story: Story, item: str) -> None:
    # The next round agrees, and the item has an estimate. Both rounds are kept, and so is what they said.
    second = await story.does("Dora", "open round", item)
    for developer in ("Dora", "Arno"):
        await story.does(developer, "cast vote", second, points=8.0)
    await story.does("Dora", "reveal votes", second)
    await story.does("Dora", "conclude round", second)
    fields = "points isBlocked rounds(first: 9) { nodes { state points } } pushbacks(first: 9) { nodes { outcome } }"
    seen = await story.sees("Paula", item, fields)
    rounds = sorted((one["state"], one["points"]) for one in seen["rounds"]["nodes"])
    assert (seen["points"], seen["isBlocked"]) == (8, False)
    assert rounds == [("AGREED", 8), ("NOT_ESTIMABLE", None)]
    assert seen["pushbacks"]["nodes"] == [{"outcome": "REVISED"}]
