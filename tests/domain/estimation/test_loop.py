"""When round after round finds an item not estimable: what is said, and what comes before another round."""

from typing import Any, Final

import pytest
from msgspec.structs import replace

from domain.authority import Who
from domain.events import EstimationRoundOpened, RefinementLoopDetected, ThreeAmigosNoted
from domain.events.estimation import WayOut
from domain.events.item import ItemKind
from domain.events.people import Role
from domain.events.pushback import Reason
from domain.policy import Level, Policy, Rule
from domain.refusals import (
    AlreadyLinked,
    NoRoleHere,
    NotAuthorised,
    NotThreePeople,
    PartExpected,
    RefinementLoop,
    SpikeExpected,
    UnknownItem,
    UnknownPerson,
)
from domain.state.item import Item
from domain.state.person import Person
from tests.domain.estimation.telling import CANNOT, afterwards, do, opened
from tests.given import ITEM_ID, NEW_ITEM, drafted, given, refused, together, who

PAULA, DORA, TESS, SAM, OLGA = together(
    who("paula", Role.PRODUCT_OWNER),
    who("dora", Role.DEVELOPER),
    who("tess", Role.DEVELOPER),
    who("sam", Role.SCRUM_MASTER),
    who("olga", Role.AUDITOR),
)
STRICT: Final = replace(SAM, policy=Policy(levels={Rule.LOOP_IS_LEFT_FIRST: Level.REQUIRE}))
SPIKE: Final = replace(NEW_ITEM, id="itm_" + "7" * 26, revision=1, kind=ItemKind.SPIKE)
STORY: Final = replace(SPIKE, kind=ItemKind.STORY)


def refuse(held: Item, round: int, by: Who = SAM) -> Item:
    """A round in which the developers cannot estimate, and the item revised after it."""
    held = opened(held, by)
    held = afterwards(held, DORA, "cast_vote", round, **CANNOT)
    held = afterwards(held, TESS, "cast_vote", round, **CANNOT, reason=Reason.TOO_LARGE)
    held = afterwards(held, SAM, "reveal_votes", round)
    held = afterwards(held, SAM, "conclude_round", round)
    return afterwards(held, PAULA, "revise_item", expected_digest=held.digest, why=f"Clearer {round}")


def looping() -> Item:
    """An item that two rounds found not estimable."""
    return refuse(refuse(given(("paula", drafted())), 1), 2)


def person(who: Who) -> Person:
    return Person(id=who.person_id)


def session(held: Item, **said: Person) -> Item:
    views = {"business": person(PAULA), "development": person(DORA), "test": person(TESS), **said}
    return afterwards(held, SAM, "note_three_amigos", expected_digest=held.digest, **views)


def test_two_such_rounds_are_a_loop_and_the_reasons_are_counted() -> None:
    held = opened(refuse(given(("paula", drafted())), 1), SAM)
    told = afterwards(afterwards(held, DORA, "cast_vote", 2, **CANNOT), TESS, "cast_vote", 2, points=3.0)
    *_, detected = do(afterwards(told, SAM, "reveal_votes", 2), SAM, "conclude_round", 2).events
    assert detected == RefinementLoopDetected(
        round=2,
        not_estimable_rounds=2,
        reasons=(Reason.MISSING_INFORMATION, Reason.TOO_LARGE),
        counts=(2, 1),
        ways_out=(WayOut.SPIKE, WayOut.THREE_AMIGOS, WayOut.SPLIT),
    )


def test_another_round_notes_that_no_way_out_was_taken() -> None:
    (event,) = do(looping(), SAM, "open_round").events
    assert isinstance(event, EstimationRoundOpened)
    assert event.unmet == (Rule.LOOP_IS_LEFT_FIRST,)


def test_where_policy_requires_it_another_round_waits_for_a_way_out() -> None:
    with refused(RefinementLoop) as refusal:
        do(looping(), STRICT, "open_round")
    assert refusal.value.suggested == ("link_spike", "note_three_amigos", "split_item")
    assert refusal.value.unmet


def test_each_way_out_leads_to_another_round_and_one_that_fails_again_needs_another() -> None:
    left = (
        afterwards(looping(), SAM, "link_spike", spike=SPIKE),
        session(looping()),
        afterwards(looping(), SAM, "split_item", child=STORY, why="The export is a story of its own"),
    )
    for held in left:
        (event,) = do(held, STRICT, "open_round").events
        assert event.unmet == ()  # type: ignore[attr-defined]
        with refused(RefinementLoop):
            do(refuse(held, 3, STRICT), STRICT, "open_round")


@pytest.mark.parametrize(
    ("first", "again"), [("link_spike", "link_spike"), ("split_item", "split_item"), ("link_spike", "split_item")]
)
def test_the_same_item_leads_out_of_one_loop_only(first: str, again: str) -> None:
    said: dict[str, dict[str, Any]] = {"link_spike": {"spike": SPIKE}, "split_item": {"child": SPIKE, "why": "A part"}}
    early = afterwards(given(("paula", drafted())), SAM, first, **said[first])
    held = refuse(refuse(early, 1), 2)
    with refused(AlreadyLinked):
        do(held, SAM, again, **said[again])
    with refused(RefinementLoop):
        do(held, STRICT, "open_round")
    another = replace(SPIKE, id="itm_" + "6" * 26)
    assert do(afterwards(held, SAM, "link_spike", spike=another), STRICT, "open_round").events


def test_a_session_counts_for_the_revision_it_was_about() -> None:
    held = session(looping())
    later = afterwards(held, PAULA, "revise_item", expected_digest=held.digest, why="Otherwise")
    with refused(RefinementLoop):
        do(later, STRICT, "open_round")


@pytest.mark.parametrize("spike", [STORY, replace(SPIKE, id=ITEM_ID), replace(SPIKE, is_withdrawn=True)])
def test_a_spike_is_another_item_of_that_kind_that_stands(spike: Item) -> None:
    with refused(SpikeExpected):
        do(looping(), SAM, "link_spike", spike=spike)


@pytest.mark.parametrize("child", [replace(STORY, id=ITEM_ID), replace(STORY, is_withdrawn=True)])
def test_a_part_is_another_item_that_stands(child: Item) -> None:
    with refused(PartExpected):
        do(looping(), SAM, "split_item", child=child, why="Too large")
    with refused(UnknownItem):
        do(looping(), SAM, "split_item", child=Item(), why="Too large")


def test_three_amigos_are_three_people_who_are_here() -> None:
    with refused(NotThreePeople):
        session(looping(), test=person(DORA))
    with refused(UnknownPerson):
        session(looping(), test=Person())
    with refused(NoRoleHere):
        session(looping(), test=person(who("stranger")))
    noted = do(
        looping(),
        SAM,
        "note_three_amigos",
        business=person(PAULA),
        development=person(DORA),
        test=person(TESS),
        expected_digest=looping().digest,
    ).events[0]
    assert isinstance(noted, ThreeAmigosNoted)
    assert (noted.business_id, noted.digest) == (PAULA.person_id, looping().digest)


def test_who_only_reads_takes_no_way_out() -> None:
    with refused(NotAuthorised):
        do(looping(), OLGA, "link_spike", spike=SPIKE)
