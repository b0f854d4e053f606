"""Random people give each other roles, powers, policies and holidays: what a team is never led into."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from functools import reduce
from random import Random
from typing import Any, Final
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from domain import ids
from domain.authority import HOLDERS, Who, live_grants
from domain.commands import COMMANDS
from domain.decision import Command, Decided
from domain.entry import ActorKind, Entry, Event
from domain.events import (
    AbsenceBegan,
    AbsenceDeclared,
    AbsenceEnded,
    DelegationGranted,
    PolicyAdopted,
    ProductOwnerHandedOver,
    RoleAssigned,
)
from domain.events.item import Track
from domain.events.people import Mode, PersonKind, Power, Role
from domain.ids import PersonId
from domain.policy import DEFAULT_LEVELS, Level, Policy, Rule, Setting, Settings
from domain.reasons import reasons
from domain.refusals import Refused
from domain.state import person, policy, team
from domain.state.person import Person
from domain.state.team import Team, Workspace
from tests.domain.people.as_told import ReadsHistory, lasts
from tests.given import NOW, TEAM, WORKSPACE, entry, given_team, given_workspace, person_id

OFTEN: Final = {"assign_role": 5, "grant_delegation": 3, "adopt_policy": 3, "assign_workspace_role": 2}
SELDOM: Final = (
    "end_role", "end_role_on_time", "end_workspace_role", "end_workspace_role_on_time", "hand_over_product_owner",
    "revoke_delegation", "expire_delegation", "declare_absence", "end_absence", "begin_absence", "end_absence_on_time",
    "adopt_workspace_policy",
)  # fmt: skip
ON_PEOPLE: Final = [
    COMMANDS[name] for name, often in {**dict.fromkeys(SELDOM, 1), **OFTEN}.items() for _ in range(often)
]
NAMES: Final = ("anna", "cleo", "paula", "petra", "tom", "dora", "sam", "olga", "bot")
AUDITS: Final = Rule.AUDITOR_DOES_NOT_DECIDE
TRIES: Final = 6
OBEDIENT: Final = 0.8
"""How often people keep to what they are offered."""
_DAY: Final = timedelta(days=1)
_LEVELS: Final = (None, None, (AUDITS,), (Rule.RECORD_REFUSALS, AUDITS))
CHOICES: Final[dict[str, Sequence[Any]]] = {
    "role": (*Role, *(Role.PRODUCT_OWNER,) * 3, *(Role.TECHNICAL_PRODUCT_OWNER,) * 3, *(Role.AUDITOR,) * 2),
    "mode": (*(Mode.FORMAL,) * 9, Mode.PARTNER, Mode.ADVISER),
    "track": (*(None,) * 9, Track.TECHNICAL),
    "items": (None,),
    "title": (None,),
    "note": (None,),
    "settings": (None, None, Settings(delegation_days_max=30), Settings(delegation_days_max=60)),
    "lock_settings": (None, None, (), (Setting("DELEGATION_DAYS_MAX"),)),
    "powers": (*(None,) * 3, (Power.ADOPT_POLICY,), (Power.OVERRIDE, Power.ADOPT_POLICY)),
    **dict.fromkeys(("off", "advise", "require", "lock"), _LEVELS),
    "why": ("Because", "Because", "Because", "", None),
}
"""What is given for an argument that is neither a person, a team nor a time."""
DAYS: Final[dict[str, Sequence[int | None]]] = {
    "starts_at": (None, None, None, None, 0, 1, 3, -1),
    **dict.fromkeys(("ends_at", "until"), (None, None, 1, 2, 4, 20, 100, 0)),
}
"""In how many days what is given for a time is; None for no time."""


class ATeam(ReadsHistory, RuleBasedStateMachine):
    """A team, its workspace and its people, in which everybody tries everything."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.persons: dict[str, Person] = {name: self.known(name) for name in NAMES}
        self.team, self.workspace = given_team(), given_workspace()
        for place, stream_id, name, role in (
            (self.workspace, WORKSPACE, "anna", Role.ADMINISTRATOR),
            (self.workspace, WORKSPACE, "cleo", Role.CHIEF_PRODUCT_OWNER),
            (self.workspace, WORKSPACE, "olga", Role.AUDITOR),
            (self.team, TEAM, "sam", Role.SCRUM_MASTER),
        ):
            ordinal = len(self.lines) + 1 - (3 if place is self.team else 0)
            given = RoleAssigned(assignment=ordinal, person_id=person_id(name), role=role, starts_at=NOW)
            self.append(stream_id, person_id("anna"), (given,))

    @staticmethod
    def known(name: str) -> Person:
        """Somebody who is registered."""
        kind = PersonKind.SERVICE if name == "bot" else PersonKind.HUMAN
        return Person(id=person_id(name), registered=1, kind=kind)

    def append(self, stream_id: UUID, by: PersonId, events: tuple[Event, ...]) -> None:
        """What was decided becomes history."""
        for event in events:
            line = entry(stream_id, len(self.lines) + 1, by, event)
            self.lines.append(line)
            self.times[line.position] = self.now
            self.fold(line)

    def fold(self, line: Entry[Event]) -> None:
        """The state of the stream after a line."""
        if line.stream_id == TEAM:
            self.team = team.evolve_team(self.team, line)
        elif line.stream_id == WORKSPACE:
            self.workspace = team.evolve_workspace(self.workspace, line)
        else:
            name = next(name for name in NAMES if ids.stream_id(person_id(name)) == line.stream_id)
            self.persons[name] = person.evolve(self.persons[name], line)

    @initialize(seed=st.integers(0, 2**32))
    def chance_is_set(self, seed: int) -> None:
        self.chance = Random(seed)

    @rule(seconds=st.sampled_from([1, 60, 86_400, 5 * 86_400]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule()
    def some_try_something(self) -> None:
        for _ in range(TRIES):
            self.somebody_tries_something()

    def somebody_tries_something(self) -> None:
        """A command by somebody, mostly one whom it is offered to; refused or not."""
        command = self.chance.choice(ON_PEOPLE)
        states: dict[Any, Any] = {Team: self.team, Workspace: self.workspace}
        state = states.get(command.state) or self.persons[self.chance.choice(NAMES)]
        arguments = {name: self.chosen(name, needed=p.default is p.empty) for name, p in command.arguments.items()}
        ordinal = (self.chance.choice(self.ordinals(command)),) if command.thing else ()
        people = [self.who(name, command, arguments) for name in (("clock",) if command.by_system else NAMES)]
        offered = [who for who in people if is_offered(command, state, who, ordinal)]
        who = self.chance.choice(offered if offered and self.chance.random() < OBEDIENT else people)
        try:
            outcome = command.decide(state, who, *ordinal, **arguments)
        except Refused as refused:
            self.was_to_be_expected(command, refused)
            return
        self.was_entitled(who, outcome)
        for event in outcome.events:
            self.was_in_order(who, event)
        self.append(ids.stream_id(state.id), who.person_id, outcome.events)

    def was_to_be_expected(self, command: Command, refused: Refused) -> None:
        """What a command may be refused with is known."""
        assert type(refused) in reasons(command)

    def ordinals(self, command: Command) -> list[int]:
        """The things of this kind that are there, and one that is not."""
        there = self.team.delegations if command.thing == "delegation" else self.team.grants
        return [*(self.workspace.grants if command.state is Workspace else there), 99]

    def chosen(self, name: str, *, needed: bool) -> Any:
        """A value for an argument."""
        if name == "person":
            return self.persons[self.chance.choice(NAMES)]
        if name == "team":
            return self.chance.choice((None, self.team))
        if name in DAYS:
            days = self.chance.choice([day for day in DAYS[name] if day is not None or not needed])
            return None if days is None else self.now + days * _DAY
        return self.chance.choice([value for value in CHOICES[name] if value is not None or not needed])

    def who(self, name: str, command: Command, arguments: dict[str, Any]) -> Who:
        """Somebody as the rules see them where they act."""
        kind = {"clock": ActorKind.SYSTEM, "bot": ActorKind.SERVICE}.get(name, ActorKind.HUMAN)
        in_team = command.state is Team or arguments.get("team") is not None
        places = (self.team, self.workspace) if in_team else (self.workspace,)
        place = tuple(grant for each in places for grant in each.grants.values())
        adopted = policy.scopes(self.workspace.policies, self.team.policies if in_team else {}, arguments.get("track"))
        return Who(
            person_id=person_id(name),
            kind=kind,
            now=self.now,
            salt="",
            grants=live_grants(place, person_id(name), self.now),
            place=place,
            delegations=tuple(self.team.delegations.values()) if in_team else (),
            elsewhere=tuple(self.team.grants.values()) if command.everywhere else (),
            policy=policy.policy(adopted),
            workspace_policies=self.workspace.policies,
        )

    def was_entitled(self, who: Who, outcome: Decided) -> None:
        """What is relied on held when it was relied on: an assignment of theirs, or what somebody let them use."""
        key, behind = outcome.authority.authorised_by, outcome.authority.on_behalf_of
        if key.startswith("dlg_"):
            lent = self.lent()[key]
            assert (lent.person_id, lent.from_id) == (who.person_id, behind)
            assert lasts(lent, who.now)
            assert outcome.authority.role in self.roles_of(lent.from_id, who.now), "no chain: the lender holds it now"
        elif key.startswith("asg_"):
            assert self.held()[key].person_id == who.person_id
            assert lasts(self.held()[key], who.now)
            assert behind is None
        else:
            assert key.endswith("/1"), "otherwise it is a rule"

    def was_in_order(self, who: Who, event: Event) -> None:
        """What holds of what is said at the moment when it is."""
        match event:
            case RoleAssigned() | ProductOwnerHandedOver() if who.policy.level(AUDITS) is Level.REQUIRE:
                roles = {getattr(event, "role", Role.PRODUCT_OWNER)} | self.roles_of(event.person_id, event.starts_at)
                assert not {Role.AUDITOR, Role.PRODUCT_OWNER} <= roles
            case DelegationGranted():
                assert who.kind is ActorKind.HUMAN
                assert event.from_id == who.person_id != event.person_id
                assert self.now <= event.starts_at < event.ends_at
                assert event.ends_at <= self.now + timedelta(days=Policy().delegation_days_max)
                roles = self.roles_of(event.from_id, self.now)
                assert all(roles & {*HOLDERS[power]} for power in event.powers), "no chain: powers of a role"
            case PolicyAdopted():
                assert (event.why or "").strip()

    @invariant()
    def there_is_one_product_owner_who_is_no_technical_one_and_nobody_has_a_role_twice(self) -> None:
        grants = [*self.team.grants.values()]
        owned = [line.event.starts_at for line, _ in self.said(RoleAssigned) if line.event.role is Role.PRODUCT_OWNER]
        edges = {grant.starts_at for grant in grants} | {grant.ends_at for grant in grants if grant.ends_at}
        for moment in (self.now, *(edge for edge in edges if edge > self.now)):
            held = Counter((grant.person_id, grant.role) for grant in grants if lasts(grant, moment))
            owners = [key for key, role in held if role is Role.PRODUCT_OWNER]
            assert len(owners) == (1 if owned and moment >= min(owned) else 0)
            assert not {(key, Role.TECHNICAL_PRODUCT_OWNER) for key in owners} & {*held}
            assert not held or max(held.values()) == 1

    @invariant()
    def who_is_away_said_so_once_and_is_away_in_the_time_they_said(self) -> None:
        away: dict[UUID, AbsenceDeclared] = {}
        for line, at in self.said(AbsenceDeclared, AbsenceBegan, AbsenceEnded):
            match line.event:
                case AbsenceDeclared():
                    assert line.stream_id not in away
                    away[line.stream_id] = line.event
                case AbsenceBegan():
                    assert at >= away[line.stream_id].starts_at
                case _:
                    absence = away.pop(line.stream_id)
                    assert line.act.actor != person_id("clock") or at >= absence.ends_at

    @invariant()
    def versions_of_policy_follow_each_other_and_a_lock_binds_the_team(self) -> None:
        numbers: Counter[tuple[UUID, Track | None]] = Counter()
        for line, _ in self.said(PolicyAdopted):
            numbers[line.stream_id, line.event.track] += 1
            assert line.event.number == numbers[line.stream_id, line.event.track]
        wide = self.workspace.policies.get(None)
        holding = policy.policy(policy.scopes(self.workspace.policies, self.team.policies, None))
        for locked in wide.locked if wide else ():
            least = wide.levels.get(locked, DEFAULT_LEVELS.get(locked, Level.ADVISE)) if wide else Level.OFF
            assert holding.level(locked).strictness >= least.strictness
        for name in wide.locked_settings if wide else ():
            assert getattr(holding, name) == getattr(policy.policy((wide,) if wide else ()), name)

    @invariant()
    def a_fresh_fold_is_the_same(self) -> None:
        lines = [line for line in self.lines if line.stream_id == TEAM]
        assert reduce(team.evolve_team, lines, given_team()) == self.team


def is_offered(command: Command, state: Any, who: Who, ordinal: tuple[int, ...]) -> bool:
    """Whether a client would show it to them."""
    if command.allowed is None:
        return True
    try:
        command.allowed(state, who, *ordinal)
    except Refused:
        return False
    return True
