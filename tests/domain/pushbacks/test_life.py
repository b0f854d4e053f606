"""What enumerating a pushback's life shows: nobody gets stuck, no end is undone, and the guide's picture is true."""

from functools import cache
from typing import Final

import pytest

from domain.authority import Who
from projections.rows.pushbacks import Outcome, PushbackState
from tests.domain.pushbacks.life import CASTS, GUIDE, PEOPLE, Life, drawn, explored, in_guide, reachable


@cache
def life(name: str) -> Life:
    return explored(*CASTS[name])


NAMES: Final = tuple(CASTS)


@pytest.mark.parametrize("name", NAMES)
def test_every_state_and_every_outcome_can_be_reached(name: str) -> None:
    states = set(life(name).states.values())
    settled = {Outcome.ANSWERED, Outcome.REVISED} if "service" in name else set()
    assert settled | states == {*PushbackState, *Outcome} - {PushbackState.CLOSED}


@pytest.mark.parametrize("name", NAMES)
def test_an_outcome_never_changes(name: str) -> None:
    found = life(name)
    later = [move for move in found.moves if isinstance(found.states[move.before], Outcome)]
    assert later, "items are revised and withdrawn afterwards too"
    assert [move for move in later if move.before[0] != move.after[0]] == []


@pytest.mark.parametrize("absent", PEOPLE, ids=lambda person: person.person_id)
@pytest.mark.parametrize("name", NAMES)
def test_a_real_outcome_stays_in_reach_whoever_is_absent(name: str, absent: Who) -> None:
    found = life(name)
    stuck = [
        situation
        for situation, state in found.states.items()
        if isinstance(state, PushbackState) and not reachable(found, situation, absent) - {Outcome.MOOT}
    ]
    assert stuck == []


def test_the_guide_shows_the_states_and_moves_that_there_are() -> None:
    assert in_guide(GUIDE.read_text(encoding="utf-8")) == drawn(), "run `python -m tests.domain.pushbacks.life`"
