"""What is refused at a gate is a fact: recorded for those with a role there, within limits, unless policy says no."""

from typing import Final

import pytest
from msgspec.structs import replace

from domain.authority import Who
from domain.commands import COMMANDS
from domain.commands.refusal import SLIPS, Attempt, recorded
from domain.commands.sign_offs.granting import grant_sign_off
from domain.decision import Decided
from domain.events import CommandRefused
from domain.events.people import Role
from domain.events.sign_off import Label
from domain.policy import Level, Policy, Rule
from domain.refusals import REFUSALS, NotAuthorised, OpenBlockingPushback, Refused, UnknownSignOff
from domain.state.item import Item
from tests.given import after, drafted, given, refused, who

ITEM: Final = given(("paula", drafted()))
DORA: Final = who("dora", Role.DEVELOPER)
SIGNING: Final = Attempt("grant_sign_off", label="READY")


def told(refusal: Refused, item: Item = ITEM, person: Who = DORA) -> Decided | None:
    return recorded(item, person, SIGNING, refusal)


def keeping(maximum: int = 20, level: Level = Level.ADVISE) -> Who:
    policy = Policy(levels={Rule.RECORD_REFUSALS: level}, recorded_refusals_max=maximum)
    return replace(DORA, policy=policy)


def test_a_refusal_at_a_gate_is_recorded_with_what_was_unmet() -> None:
    outcome = told(OpenBlockingPushback(unmet=("pbk_1",)))
    assert outcome
    fact = CommandRefused(
        refusal=1, command="grant_sign_off", code="OPEN_BLOCKING_PUSHBACK", label="READY", unmet=("pbk_1",)
    )
    assert outcome.events == (fact,)
    assert outcome.authority.role == Role.DEVELOPER


def test_signing_what_is_not_ones_to_sign_is_such_a_refusal() -> None:
    with refused(NotAuthorised) as raised:
        grant_sign_off(ITEM, DORA, label=Label.ACCEPTANCE, expected_digest=ITEM.digest)
    assert told(raised.value)


def test_who_has_no_role_here_leaves_no_trace() -> None:
    assert told(NotAuthorised(), person=who("stranger")) is None


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.AUDITOR])
def test_who_only_reads_here_leaves_no_trace_and_hears_the_refusal_itself(role: Role) -> None:
    assert told(OpenBlockingPushback(unmet=("pbk_1",)), person=who("otto", role)) is None
    assert told(NotAuthorised(), person=who("otto", role, Role.DEVELOPER))


def test_what_is_not_there_leaves_no_trace() -> None:
    assert told(UnknownSignOff()) is None
    assert told(NotAuthorised(), item=Item()) is None


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_no_fact(slip: type[Refused]) -> None:
    assert told(slip()) is None


@pytest.mark.parametrize("code", [code for code in REFUSALS if code.startswith("UNKNOWN_")])
def test_an_id_that_leads_nowhere_is_no_fact(code: str) -> None:
    assert told(REFUSALS[code]()) is None


@pytest.mark.parametrize(("level", "is_kept"), [(Level.OFF, False), (Level.ADVISE, True), (Level.REQUIRE, True)])
def test_policy_decides_whether_they_are_kept(level: Level, *, is_kept: bool) -> None:
    assert (told(NotAuthorised(), person=keeping(level=level)) is not None) is is_kept


def test_one_person_does_not_fill_an_item_and_others_still_count() -> None:
    item, person = ITEM, keeping(2)
    for _ in range(2):
        outcome = told(NotAuthorised(), item, person)
        assert outcome
        item = after(item, person, outcome)
    assert told(NotAuthorised(), item, person) is None
    other = told(NotAuthorised(), item, who("arno", Role.ARCHITECT))
    assert other
    assert isinstance(other.events[0], CommandRefused)
    assert other.events[0].refusal == 3


def test_a_recorded_refusal_changes_nothing_that_rules_read_of_the_item() -> None:
    outcome = told(NotAuthorised())
    assert outcome
    assert replace(after(ITEM, DORA, outcome), refusals={}) == ITEM


def test_signing_off_is_a_gate() -> None:
    assert COMMANDS["grant_sign_off"].gate
