"""Each rule about signing is one that the random people of test_item_at_random.py would break if it were not kept."""

from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from domain.commands import COMMANDS, revision
from domain.commands import item as items_commands
from domain.commands.sign_offs import granting, quorum
from domain.events.sign_off import Label
from projections.rows import items
from projections.rows.items import ItemStatus
from tests.domain.test_item_at_random import PEOPLE, Act, AnItem

ABOUT_SIGNING: Final = frozenset(
    {
        "grant_sign_off",
        "revoke_sign_off",
        "revise_item",
        "challenge_editorial_claim",
        "confirm_readiness",
        "raise_pushback",
        "withdraw_pushback",
    }
)
BRIEFLY: Final = settings(
    max_examples=400,
    stateful_step_count=60,
    derandomize=True,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)

UNTIL_IT_BREAKS: Final = settings(BRIEFLY, max_examples=800)


class AnItemAsShown(AnItem):
    """The same, with the row that clients see."""

    def __init__(self) -> None:
        self.shown: Any = None
        super().__init__()

    def append(self, by: Any, events: Any) -> None:
        first = len(self.lines)
        super().append(by, events)
        for line in self.lines[first:]:
            if type(line.event) in items.PROJECTION.events:
                self.shown = items.PROJECTION.evolve(self.shown, line, None)

    def acts(self) -> list[Act]:
        return [act for act in super().acts() if act[0].name in ABOUT_SIGNING]

    @precondition(lambda self: self.item.blocks)
    @rule()
    def somebody_wants_to_sign_all_the_same(self) -> None:
        self.attempt(COMMANDS["grant_sign_off"], self.chance.choice(PEOPLE), ())

    @invariant()
    def it_is_accepted_with_a_quorum_of_live_acceptances_and_no_open_block_and_only_then(self) -> None:
        live = {s.signer_id for s in self.item.sign_offs.values() if s.is_live and s.label is Label.ACCEPTANCE}
        is_accepted = len(live) >= self.policy.acceptance_quorum and not self.item.blocks
        assert self.item.is_withdrawn or (self.shown.status is ItemStatus.ACCEPTED) == is_accepted


def nothing(*_: Any, **__: Any) -> None:
    """A check that checks nothing."""


def no_events(*_: Any) -> Iterator[Any]:
    """A rule that does nothing."""
    return iter(())


RULES: Final[dict[str, tuple[Any, str, Callable[..., Any]]]] = {
    "I4: only the current digest is signed": (granting, "must_be_as_shown", nothing),
    "I5: one live sign-off for a label and person": (granting, "_live_of", lambda *_: 0),
    "I6: a substantive revision voids": (revision, "decay", no_events),
    "I7: nothing is signed over an open block": (granting, "must_be_unblocked", nothing),
    "I7: enough people have signed": (quorum, "suffices", lambda *_: True),
    "I9: substance is not called editorial": (items_commands, "_check_change", nothing),
}


def run(machine: type[RuleBasedStateMachine], how_long: settings = BRIEFLY) -> None:
    run_state_machine_as_test(machine, settings=how_long)


def test_with_all_rules_in_place_nothing_breaks() -> None:
    run(AnItemAsShown)


@pytest.mark.parametrize("rule", RULES)
def test_without_a_rule_something_breaks(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, name, mutant = RULES[rule]
    monkeypatch.setattr(module, name, mutant)
    with pytest.raises((AssertionError, BaseExceptionGroup)):  # several examples that break are a group
        run(AnItemAsShown, UNTIL_IT_BREAKS)
