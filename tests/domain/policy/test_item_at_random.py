"""The random people of tests/domain/test_item_at_random.py, in a team that changes its policy and keeps refusals."""

from typing import Any, Final

import pytest
from hypothesis import settings
from hypothesis.stateful import rule
from msgspec.structs import replace

from domain.authority import Who
from domain.commands import COMMANDS
from domain.commands.refusal import Attempt, recorded
from domain.decision import Command
from domain.entry import Event
from domain.events import OverrideProposed, PolicyAdopted, SignOffGranted
from domain.events.item import Track
from domain.policy import Level, Policy, Rule
from domain.refusals import NothingChanged, Refused
from domain.state import policy, team
from domain.state.team import Team
from tests.domain.sign_offs.test_invariants import BRIEFLY, run
from tests.domain.test_item_at_random import PEOPLE, Act, AnItem
from tests.given import TEAM, entry, given_team

KEPT_MAX: Final = 3
BEFORE_A_GATE: Final = frozenset({"raise_pushback", "withdraw_pushback", "escalate_pushback", "revise_item"})
LEVELS: Final = ("off", "advise", "require")
NOT_BY_THE_AUTHOR: Final[dict[type[Event], Rule]] = {
    OverrideProposed: Rule.SECOND_PERSON_OVERRIDES,
    SignOffGranted: Rule.AUTHOR_DOES_NOT_SIGN,
}
"""What an author does not do where policy requires that somebody else does."""


class AnItemUnderPolicies(AnItem):
    """The same, where the Product Owner adopts a policy now and then; quorums stay as they were at the start."""

    def __init__(self) -> None:
        self.place: Team = given_team()
        super().__init__()

    def acts(self) -> list[Act]:
        return [act for act in super().acts() if act[0].gate or act[0].name in BEFORE_A_GATE]

    @rule()
    def the_team_adopts_another_policy(self) -> None:
        said: dict[str, Any] = {self.chance.choice(LEVELS): (self.chance.choice([*Rule]),)}
        owner = replace(PEOPLE[0], policy=self.policy)
        try:
            (event,) = COMMANDS["adopt_policy"].decide(self.place, owner, why="We try it", **said).events
        except NothingChanged:
            return
        assert isinstance(event, PolicyAdopted)
        assert event.number == event.policy == self.place.adoptions + 1
        self.place = team.evolve_team(self.place, entry(TEAM, event.policy + 1, owner.person_id, event))
        adopted = policy.policy(policy.scopes({}, self.place.policies, Track.FUNCTIONAL))
        self.policy = replace(self.policy, levels=adopted.levels, recorded_refusals_max=KEPT_MAX)

    def append(self, by: Who, events: tuple[Event, ...]) -> None:
        for event in events:
            rule = NOT_BY_THE_AUTHOR.get(type(event))
            assert rule is None or by.policy.level(rule) is not Level.REQUIRE or by.person_id != self.item.author_id
        super().append(by, events)

    def was_refused(self, command: Command, by: Who, refused: Refused) -> None:
        """What is refused at a gate is a fact that changes nothing else, and no more are kept than policy says."""
        fact = recorded(self.item, by, Attempt(command.name), refused) if command.gate else None
        if fact is None:
            return
        before, kept = self.item, by.policy.recorded_refusals_max
        self.append(by, fact.events)
        assert by.policy.level(Rule.RECORD_REFUSALS) is not Level.OFF
        assert replace(self.item, refusals={}) == replace(before, refusals={})
        assert self.item.refusals[by.person_id] == before.refusals.get(by.person_id, 0) + 1 <= kept


def test_without_what_policy_requires_something_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Policy, "weigh", lambda *_, **__: ())
    with pytest.raises((AssertionError, BaseExceptionGroup)):
        run(AnItemUnderPolicies, BRIEFLY)


def test_whatever_the_policy_nothing_breaks() -> None:
    run(AnItemUnderPolicies, settings(BRIEFLY, max_examples=50, stateful_step_count=80))
