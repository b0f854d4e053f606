"""Each way in which the merge of policies could be wrong is noticed by a test of adoption."""

from collections.abc import Callable
from typing import Any, Final

import pytest

from domain.refusals import Refused
from domain.state import policy as merging
from domain.state.policy import Adopted, Told
from tests.domain.policy import test_adoption, test_locked_settings

Patch = pytest.MonkeyPatch
_SCOPES: Final = merging.scopes
_RULES: Final = merging.rules


def in_another_order(*asked: Any) -> tuple[Adopted, ...]:
    """The narrowest first."""
    return _SCOPES(*asked)[::-1]


def of_both_tracks_alike(workspace: Any, team: Any, _track: Any) -> tuple[Adopted, ...]:
    """Without what one track adopted."""
    return _SCOPES(workspace, team, None)


def unlocked(adopted: Any) -> Any:
    """As if nobody had locked anything."""
    return {rule: told._replace(is_locked=False) for rule, told in _RULES(adopted).items()}


def merging_so(name: str, wrong: Any) -> Callable[[Patch], None]:
    def apply(patch: Patch) -> None:
        patch.setattr(merging, name, wrong)
        for tests in (test_adoption, test_locked_settings):
            if hasattr(tests, name):
                patch.setattr(tests, name, wrong)

    return apply


MUTANTS: Final[dict[str, Callable[[Patch], None]]] = {
    "a lock binds nobody": lambda patch: patch.setattr(Told, "allows", lambda *_: True),
    "a lock binds stricter levels too": lambda patch: patch.setattr(
        Told, "allows", lambda told, level: not told.is_locked or level is told.level
    ),
    "the widest scope decides": merging_so("scopes", in_another_order),
    "what a track adopts is lost": merging_so("scopes", of_both_tracks_alike),
    "nothing stands above a team": lambda patch: patch.setattr(merging, "above", lambda *_: ()),
    "adopting looks at no lock": lambda patch: patch.setattr(merging, "rules", unlocked),
    "a lock binds no setting": merging_so("set_by", lambda told: {name: one for one in told for name in one.settings}),
    "adopting looks at no locked setting": lambda patch: patch.setattr(merging, "fixed", lambda _: {}),
    "settings are lost": merging_so("set_by", lambda _: {}),
}
TESTS: Final = [
    told
    for tests in (test_adoption, test_locked_settings)
    for name, told in vars(tests).items()
    if name.startswith("test_") and not getattr(told, "pytestmark", None) and not hasattr(told, "hypothesis")
]


def notices() -> bool:
    """Whether a test of adoption fails."""
    for told in TESTS:
        try:
            told()
        except (AssertionError, Refused, pytest.fail.Exception):
            return True
    return False


def test_without_a_mutant_nothing_fails() -> None:
    assert len(TESTS) > 8
    assert not notices()


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_mutant_is_noticed(mutant: str, monkeypatch: Patch) -> None:
    MUTANTS[mutant](monkeypatch)
    assert notices()
