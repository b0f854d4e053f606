"""A turn falls to people who could make the move, by the command's own word, as long as anybody is there who could."""

from functools import cache
from random import Random
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bench.history import Said
from domain import ids
from domain.authority import HOLDERS, About, Authority, Power, Who, live_grants
from domain.commands import COMMANDS
from domain.commands.people.roles import TEAM_ROLES
from domain.commands.sign_offs.powers import to_sign
from domain.entry import ActorKind, Event
from domain.events import AbsenceBegan, AbsenceDeclared, DelegationGranted, PersonRegistered, RoleAssigned
from domain.events.people import Mode, PersonKind, Role
from domain.ids import PersonId
from domain.policy import AcceptanceMode
from domain.refusals import Refused
from domain.state.team import Team, Workspace
from projections.turns import TurnRule
from tests.domain.test_item_at_random import AnItem
from tests.given import TEAM, given_team, given_workspace, person_id
from tests.graphql_api.compiled.meanings import falls_to
from tests.histories import WORKSPACE, numbered
from tests.infra.saying import ACT
from tests.projections.test_turns import FAR_AWAY, LONG_AGO, state_of

MOVES: Final[dict[TurnRule, tuple[str, ...]]] = {
    TurnRule.SUBSTANTIATE_HOLD: ("substantiate_hold",),
    TurnRule.ANSWER_PUSHBACK: ("answer_pushback",),
    TurnRule.SETTLE_PUSHBACK: ("settle_pushback", "concede_pushback"),
    TurnRule.REPLY_TO_OVERRIDE: ("confirm_understanding",),
    TurnRule.STAND_BY_OVERRIDE: ("rescind_override",),
    TurnRule.RATIFY_OVERRIDE: ("ratify_override",),
    TurnRule.RULE_ON_ESCALATION: ("rule_on_escalation",),
    TurnRule.MAKE_REQUIRED_CHANGE: ("revise_item",),
    TurnRule.VERIFY_REQUIRED_CHANGE: ("verify_required_change",),
    TurnRule.ANSWER_QUESTION: ("answer_question",),
    TurnRule.CLOSE_QUESTION: ("close_question",),
    TurnRule.SIGN_OFF: ("grant_sign_off",),
    TurnRule.VOTE: ("cast_vote", "reveal_votes"),
    TurnRule.REVEAL_VOTES: ("reveal_votes",),
    TurnRule.CONCLUDE_ROUND: ("conclude_round",),
}
NAMES: Final = ("paula", "petra", "ada", "dora", "sam", "cleo", "bot")
ADMINISTRATOR: Final = RoleAssigned(
    assignment=1, person_id=person_id("anna"), role=Role.ADMINISTRATOR, starts_at=LONG_AGO
)
ROLES: Final = (*sorted(TEAM_ROLES), *(Role.PRODUCT_OWNER, Role.DEVELOPER, Role.ARCHITECT) * 3)
HISTORIES: Final = 60


@cache
def an_item(seed: int) -> AnItem:
    """An item on which people did what they were offered."""
    told = AnItem()
    told.chance = Random(seed)
    for _ in range(told.chance.randint(5, 40)):
        told.somebody_does_what_they_are_offered()
    return told


def roles(chance: Random) -> list[Event]:
    """Who holds what in the team now, whoever held it when the item's history was made."""
    held = [(name, role) for name in NAMES for role in chance.sample(ROLES, chance.choice((0, 1, 1, 2)))]
    return [
        RoleAssigned(
            assignment=number,
            person_id=person_id(name),
            role=role,
            starts_at=LONG_AGO,
            mode=Mode.ADVISER if chance.random() < 0.1 else Mode.FORMAL,
            powers=kept(chance, role) if chance.random() < 0.3 else (),
            is_service=name == "bot",
        )
        for number, (name, role) in enumerate(held, 1)
    ]


def kept(chance: Random, role: Role) -> tuple[Power, ...]:
    """A part of a role's powers."""
    own = [power for power in Power if role in HOLDERS[power]]
    return tuple(chance.sample(own, chance.randint(1, len(own)))) if own else ()


def delegations(chance: Random) -> list[Event]:
    """Who lends whom which powers; no program does."""
    return [
        DelegationGranted(
            delegation=number,
            from_id=person_id(lender),
            person_id=person_id(chance.choice([name for name in NAMES if name != lender])),
            powers=tuple(chance.sample([*Power], 9)),
            starts_at=LONG_AGO,
            ends_at=FAR_AWAY,
        )
        for number, lender in enumerate(chance.sample(NAMES[:-1], 5), 1)
    ]


def known(name: str, *, is_away: bool) -> list[Said]:
    """What is said of a person."""
    kind = PersonKind.SERVICE if name == "bot" else PersonKind.HUMAN
    away = (AbsenceDeclared(absence=1, starts_at=LONG_AGO, ends_at=FAR_AWAY), AbsenceBegan(absence=1))
    events: tuple[Event, ...] = (PersonRegistered(commitment="", kind=kind), *(away if is_away else ()))
    return [Said(ids.stream_id(person_id(name)), event, ACT) for event in events]


def here(name: str, told: AnItem, team: Team, workspace: Workspace) -> Who:
    """Somebody as the rules see them on the item."""
    place, about = (*team.grants.values(), *workspace.grants.values()), About(told.item.id, told.item.track)
    return Who(
        person_id=person_id(name),
        kind=ActorKind.SERVICE if name == "bot" else ActorKind.HUMAN,
        now=told.now,
        salt="",
        grants=live_grants(place, person_id(name), told.now, about),
        place=place,
        delegations=tuple(team.delegations.values()),
        about=about,
        policy=told.policy,
        definitions=(told.definitions,),
    )


def authorities(told: AnItem, who: Who, turn: Any) -> list[Authority]:
    """By what somebody could make one of the moves of a turn."""
    ordinal, found = ids.parse(turn.id.removeprefix("trn_")).ordinal, []
    for command in (COMMANDS[name] for name in MOVES[turn.rule]):
        try:
            found.append(_allowed(told, who, turn, command, ordinal))
        except Refused:
            continue
    return found


def _allowed(told: AnItem, who: Who, turn: Any, command: Any, ordinal: int) -> Any:
    if turn.rule is TurnRule.SIGN_OFF:  # a turn knows no policy: who is asked for an acceptance is taken to share in it
        shared = replace(who.policy, acceptance_mode=AcceptanceMode.SHARED)
        who = replace(who, policy=shared) if who.person_id == turn.person_id else who
        return to_sign(told.item, who, told.item.sign_off_requests[ordinal].label)
    return command.allowed(told.item, who, *((ordinal,) if command.thing else ()))


def able(told: AnItem, who: Who, turn: Any) -> bool:
    """Whether somebody could, and is not on the other side, nor acts for somebody who is."""
    is_theirs = who.person_id == turn.person_id or who.person_id not in turn.not_ids
    return is_theirs and any(each.on_behalf_of not in turn.not_ids for each in authorities(told, who, turn))


@settings(max_examples=300)
@given(st.integers(0, HISTORIES - 1), st.integers(0, 2**32), st.sets(st.sampled_from(NAMES)))
def test_a_turn_falls_to_people_who_can_make_the_move_as_long_as_anybody_can(
    history: int, seed: int, away: set[str]
) -> None:
    told, chance = an_item(history), Random(seed)
    events = [*roles(chance), *delegations(chance)]
    team, workspace = given_team(*(("anna", event) for event in events)), given_workspace(("anna", ADMINISTRATOR))
    people = [said for name in (*NAMES, "anna") for said in known(name, is_away=name in away)]
    lines = [Said(line.stream_id, line.event, line.act) for line in told.lines]
    state = state_of(
        numbered([Said(WORKSPACE, ADMINISTRATOR, ACT), *lines, *(Said(TEAM, event, ACT) for event in events), *people])
    )
    there: list[PersonId] = [person_id(name) for name in (*NAMES, "anna") if name not in away | {"bot"}]
    everybody = {who.person_id: who for who in (here(name, told, team, workspace) for name in (*NAMES, "anna"))}
    for turn in state.all("Turn"):
        could = {key for key in there if able(told, everybody[key], turn.row)}
        assert falls_to(state, turn) <= could or not could
