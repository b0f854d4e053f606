"""A block, gone over with the concern restated; the raiser says it was not understood, and their dissent is kept."""

from domain.events.pushback import Stance
from tests.scenarios.telling import Story

CONCERN = "Two million phones will ask at once: it will be slow for everybody"
RESTATED = "Arno thinks that our servers are too small"
WHY = "The championship begins on Saturday; a slow hour is better than none"
SHOWN = "isBlocked pushbacks(first: 1) { nodes { state outcome understanding concernRestated } }"


async def test_the_block_overridden_with_the_concern_restated(story: Story) -> None:
    # On Monday morning Paula writes an item; at ten Arno stops it, and says what would lift that.
    await story.it_becomes("2025-01-06 09:00")
    item = await story.drafts("Paula", "Tell listeners when a show begins")
    await story.it_becomes("2025-01-06 10:00")
    said = {"stance": Stance.BLOCKING, "lifts_when": "A load test with two million phones"}
    block = await story.does("Arno", "raise pushback", item, statement=CONCERN, **said)

    # At three Paula goes ahead all the same. She has to say what Arno fears, in her words, and why she does.
    await story.it_becomes("2025-01-06 15:00")
    silent = await story.is_refused("Paula", "propose override", block, concern_restated=" ", rationale=WHY)
    assert silent.code == "CONCERN_NOT_RESTATED"
    await story.does("Paula", "propose override", block, concern_restated=RESTATED, rationale=WHY)

    # It is not in force yet: Arno has a working day to reply, and until then the item stays blocked.
    pending = await story.sees("Arno", block, "state turn { name } due dueAt item { isBlocked }")
    assert pending == {
        "state": "OVERRIDE_PENDING", "turn": {"name": "Arno"}, "due": "take_override_effect",
        "dueAt": "2025-01-07T15:00:00+00:00", "item": {"isBlocked": True},
    }  # fmt: skip

    await he_says_that_this_is_not_it_and_it_takes_effect(story, block)
    await his_dissent_is_kept(story, block)
    await nobody_can_say_later_what_was_known_when(story, item)


async def he_says_that_this_is_not_it_and_it_takes_effect(story: Story, block: str) -> None:
    # On Tuesday at nine he says that this is not what he fears. At three in the afternoon the override takes effect
    # by itself: the item goes ahead, and it stays on record that he was not understood.
    await story.it_becomes("2025-01-07 09:00")
    await story.does("Arno", "dispute understanding", block, text="More servers do not help: they all ask at once")
    await story.it_becomes("2025-01-07 16:00")
    fields = "outcome understanding rationale concernRestated liftsWhen item { isBlocked } closed { actorKind }"
    assert await story.sees("Dora", block, fields) == {
        "outcome": "OVERRIDDEN", "understanding": "DISPUTED", "rationale": WHY, "concernRestated": RESTATED,
        "liftsWhen": "A load test with two million phones", "item": {"isBlocked": False},
        "closed": {"actorKind": "SYSTEM"},
    }  # fmt: skip


async def his_dissent_is_kept(story: Story, block: str) -> None:
    # Arno does not agree, and that is kept too. It changes nothing; it is there for whoever looks later.
    dissent = "I still expect that it fails on Saturday at eight"
    await story.does("Arno", "record dissent", block, text=dissent)
    kept = "dissent outcome item { isBlocked }"
    assert await story.sees("Paula", block, kept) == {
        "dissent": dissent, "outcome": "OVERRIDDEN", "item": {"isBlocked": False},
    }  # fmt: skip
    stranger = await story.is_refused("Dora", "record dissent", block, text="I saw it coming")
    assert stranger.code == "DISSENTERS_ONLY"


async def nobody_can_say_later_what_was_known_when(story: Story, item: str) -> None:
    # Who knew what when: nobody can say later that the concern was not known, or that it was known before it was.
    async def as_of(hour: str) -> tuple[bool, list[tuple[str | None, ...]]]:
        seen = await story.sees("Dora", item, SHOWN, at=hour)
        return seen["isBlocked"], [tuple(one.values()) for one in seen["pushbacks"]["nodes"]]

    assert await as_of("2025-01-06 09:30") == (False, [])
    assert await as_of("2025-01-06 12:00") == (True, [("OPEN", None, None, None)])
    assert await as_of("2025-01-06 18:00") == (True, [("OVERRIDE_PENDING", None, None, RESTATED)])
    assert await as_of("2025-01-07 12:00") == (True, [("OVERRIDE_PENDING", None, "DISPUTED", RESTATED)])
    assert await as_of("2025-01-07 16:00") == (False, [("CLOSED", "OVERRIDDEN", "DISPUTED", RESTATED)])
