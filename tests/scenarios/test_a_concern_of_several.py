"""Three people share a concern. One speaks for it; when she lets go of it, it is still the others'."""

from domain.events.pushback import Stance
from tests.scenarios.telling import Story


async def test_a_concern_of_several(story: Story) -> None:
    # On Monday Dora stops Paula's item. On Tuesday Arno and Sam say that this is their concern too: one pushback, not
    # three, and one person for Paula to talk to.
    await story.it_becomes("2025-01-06 09:00")
    item = await story.drafts("Paula", "Show who listens to what")
    said = {"stance": Stance.BLOCKING, "lifts_when": "Listeners can say no"}
    block = await story.does("Dora", "raise pushback", item, statement="Nobody asked the listeners", **said)
    await story.it_becomes("2025-01-07 09:00")
    await story.does("Arno", "join pushback", block, why="We would have to store it first")
    await story.does("Sam", "join pushback", block)
    seen = "holder { name } turn { name } joiners(first: 9) { totalCount } item { isBlocked }"
    assert await story.sees("Paula", block, seen) == {
        "holder": {"name": "Dora"}, "turn": {"name": "Paula"}, "joiners": {"totalCount": 2},
        "item": {"isBlocked": True},
    }  # fmt: skip

    # Whoever is on that side does not rule on it, and does not speak for it either.
    await story.does("Paula", "answer pushback", block, text="They can, in the settings")
    assert (await story.is_refused("Arno", "settle pushback", block)).code == "RAISER_ONLY"

    # On Wednesday Dora is content and takes hers back. It was Arno's too, so it stays, and is his to settle now.
    await story.it_becomes("2025-01-08 09:00")
    await story.does("Dora", "withdraw pushback", block, why="I did not know that")
    assert await story.sees("Paula", block, f"state outcome raiser {{ name }} {seen}") == {
        "state": "RESPONDED", "outcome": None, "raiser": {"name": "Dora"}, "holder": {"name": "Arno"},
        "turn": {"name": "Arno"}, "joiners": {"totalCount": 1}, "item": {"isBlocked": True},
    }  # fmt: skip

    # Sam was only carried along and leaves. Arno settles it, for all who are left.
    await story.does("Sam", "leave pushback", block)
    await story.does("Arno", "settle pushback", block)
    assert await story.sees("Dora", block, "outcome item { isBlocked }") == {
        "outcome": "ANSWERED", "item": {"isBlocked": False},
    }  # fmt: skip
    assert (await story.sees("Dora", block, "holder { name }", at="2025-01-07 12:00"))["holder"] == {"name": "Dora"}
