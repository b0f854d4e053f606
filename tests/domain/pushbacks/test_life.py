"""What enumerating a pushback's life shows: nobody gets stuck, no end is undone, and the guide's picture is true."""

from typing import Final

import pytest

from domain.authority import Who
from domain.events.endings import Debt, Outcome
from projections.rows.pushback_row import PushbackState
from tests.domain.pushbacks.casts import CASTS, PEOPLE, TOM
from tests.domain.pushbacks.life import IN_GUIDE, Situation, drawn, leading, life_of

NAMES: Final = tuple(CASTS)
LACKING: Final[dict[str, set[PushbackState | Outcome]]] = {
    "a service pushes back on a developer's item": {PushbackState.HELD, Outcome.ANSWERED, Outcome.REVISED},
    "the Product Owner pushes back on a developer's item": {
        PushbackState.HELD,
        PushbackState.OVERRIDE_PENDING,
        Outcome.OVERRIDDEN,
    },
    "the only architect pushes back, and nobody else may rule": {
        PushbackState.ESCALATED,
        Outcome.UPHELD,
        Outcome.OVERRULED,
    },
}
"""A service holds and settles nothing, an owner has no need to hold, nobody overrides their own, or rules alone."""


@pytest.mark.parametrize("name", NAMES)
def test_every_state_and_every_outcome_can_be_reached(name: str) -> None:
    states = set(life_of(name).states.values())
    assert LACKING.get(name, set()) | states == {*PushbackState, *Outcome} - {PushbackState.CLOSED}


@pytest.mark.parametrize("name", NAMES)
def test_an_outcome_never_changes(name: str) -> None:
    found = life_of(name)
    later = [move for move in found.moves if isinstance(found.states[move.before], Outcome)]
    assert later, "items are revised and withdrawn afterwards too"
    assert found.altered == set()


@pytest.mark.parametrize("absent", [*PEOPLE, TOM], ids=lambda person: person.person_id)
@pytest.mark.parametrize("name", NAMES)
def test_a_real_outcome_stays_in_reach_whoever_is_absent(name: str, absent: Who) -> None:
    found = life_of(name)
    ended = {situation for situation, state in found.states.items() if isinstance(state, Outcome)}
    real = {situation for situation in ended if found.states[situation] is not Outcome.MOOT}
    stuck = set(found.states) - ended - leading(found, real, absent)
    assert stuck == set()


@pytest.mark.parametrize("absent", [*PEOPLE, TOM], ids=lambda person: person.person_id)
@pytest.mark.parametrize("name", NAMES)
def test_what_is_owed_after_the_end_can_be_seen_to_whoever_is_absent(name: str, absent: Who) -> None:
    found = life_of(name)
    clear = {situation for situation in found.states if not situation[1] or _needs_a_third(name, situation)}
    assert len(clear) < len(found.states) or name in LACKING
    assert set(found.states) - leading(found, clear, absent) == set()


def _needs_a_third(name: str, situation: Situation) -> bool:
    """An emergency override takes three of the four people of that team; it blocks nothing."""
    owed = {debt for debt, _, _ in situation[1]}
    return name == "the only architect pushes back, and nobody else may rule" and owed == {Debt.RATIFICATION}


def test_the_guide_shows_the_states_and_moves_that_there_are() -> None:
    assert IN_GUIDE.shown() == drawn(), "run `python -m tests.domain.pushbacks.life`"
