"""Every state is reached, what has ended stays, what goes on can end, and the guides show it as it is."""

import pytest

from tests.domain.lives.machines import MACHINES, drawn, explored, in_guide


@pytest.mark.parametrize("name", MACHINES)
def test_every_state_is_reached_what_has_ended_stays_and_what_goes_on_can_end(name: str) -> None:
    machine, steps = MACHINES[name], explored(name)
    assert {state for step in steps for state in step} == set(machine.states)
    assert {before for before, after in steps if before is not after} == machine.open
    for state in machine.open:
        assert {after for before, after in steps if before is state} - machine.open


@pytest.mark.parametrize("name", MACHINES)
def test_the_guide_shows_the_states_as_they_are(name: str) -> None:
    assert in_guide(name).shown() == drawn(name), "run `python -m tests.domain.lives.machines`"
