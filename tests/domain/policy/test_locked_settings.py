"""A scope locks settings: what it locks is the same everywhere below it."""

from typing import Any

from hypothesis import given as for_all

from domain.events.item import Track
from domain.policy import SETTINGS, Setting, meaning
from domain.refusals import PolicyLocked
from domain.state.policy import policy, scopes
from tests.domain.policy.test_adoption import ADOPTIONS, Place, of, played
from tests.given import refused


def test_a_team_changes_a_setting_unless_the_workspace_locked_it() -> None:
    place = Place()
    place.in_workspace(settings=of(ready_quorum=2))
    place.in_team(settings=of(ready_quorum=1))
    assert place.policy().ready_quorum == 1
    place.in_workspace(lock_settings=(Setting("READY_QUORUM"), Setting("HOLD_DAYS")))
    assert (place.policy().ready_quorum, place.policy().hold_days) == (2, 2), "what was said before does not count now"
    for value in (1, 3):
        with refused(PolicyLocked) as told:
            place.in_team(settings=of(ready_quorum=value))
        assert told.value.unmet == ("READY_QUORUM is locked at 2",)
    with refused(PolicyLocked):
        place.in_team(track=Track.TECHNICAL, settings=of(hold_days=3, lapse_days=3))
    place.in_team(settings=of(hold_days=2, lapse_days=3))
    place.in_workspace(settings=of(ready_quorum=3))
    assert (place.policy().ready_quorum, place.policy().lapse_days) == (3, 3)
    place.in_workspace(lock_settings=())
    assert place.policy().ready_quorum == 1


def test_a_track_does_not_change_a_setting_that_its_team_locked() -> None:
    place = Place()
    event = place.in_team(settings=of(scale=(1.0, 2.0)), lock_settings=(Setting("SCALE"),))
    assert event.locked_settings == ("scale",)
    with refused(PolicyLocked):
        place.in_team(track=Track.TECHNICAL, settings=of(scale=(1.0, 3.0)))
    place.in_team(settings=of(scale=(1.0, 3.0)))
    assert place.policy(Track.TECHNICAL).scale == (1.0, 3.0)


def test_there_is_a_name_to_lock_each_setting_by() -> None:
    assert [name.lower() for name in Setting] == [*SETTINGS]
    assert all(name.words == meaning(name.lower()) for name in Setting)


@for_all(ADOPTIONS)
def test_what_a_wider_scope_locks_of_the_settings_is_the_same_in_all_below(
    adoptions: list[tuple[str, dict[str, Any]]],
) -> None:
    place = played(adoptions)
    for track in (None, *Track):
        chain = scopes(place.workspace.policies, place.team.policies, track)
        for depth, scope in enumerate(chain):
            for name in scope.locked_settings:
                assert getattr(place.policy(track), name) == getattr(policy(chain[: depth + 1]), name)
