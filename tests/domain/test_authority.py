"""Who may do what: a matrix of roles and commands, each cell by giving the command."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

import pytest
from msgspec.structs import replace

from domain.authority import DECISIONS, HOLDERS, READERS, Authority, Power, Who, live_grants
from domain.commands.item import draft_item, rank_item, record_estimate, revise_item
from domain.commands.people.registry import form_team
from domain.commands.people.roles import assign_role
from domain.commands.policy import adopt_policy
from domain.commands.pushbacks.pushback import answer_pushback, raise_pushback
from domain.commands.question import ask_question
from domain.commands.sign_offs.granting import grant_sign_off
from domain.decision import Decided
from domain.entry import ActorKind
from domain.events import PersonRegistered, PushbackRaised
from domain.events.item import Track
from domain.events.people import Role
from domain.events.pushback import Reason, Stance
from domain.events.sign_off import Label
from domain.policy import Rule
from domain.refusals import ItemSideOnly, NotAuthorised, Refused
from domain.state.item import Item
from domain.state.team import Team
from tests.given import NEW_ITEM, NOW, drafted, given, given_person, given_team, person_id, refused, together, who

ROLES: Final = (
    Role.PRODUCT_OWNER,
    Role.TECHNICAL_PRODUCT_OWNER,
    Role.ARCHITECT,
    Role.DEVELOPER,
    Role.SCRUM_MASTER,
    Role.CHIEF_PRODUCT_OWNER,
    Role.CHIEF_TECHNICAL_PRODUCT_OWNER,
    Role.STAKEHOLDER,
    Role.OBSERVER,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
)
FUNCTIONAL, TECHNICAL = Track.FUNCTIONAL, Track.TECHNICAL


def the_item(track: Track) -> Item:
    """What somebody else drafted and somebody else pushes back on."""
    raised = PushbackRaised(pushback=1, revision=1, digest="d", stance=Stance.ADVISORY, reason=Reason.OTHER)
    return given(("zoe", drafted(track=track)), ("zach", raised))


def draft(person: Who) -> Decided:
    return draft_item(NEW_ITEM, person, team=given_team(), title="Pay by card")


def revise(track: Track) -> Callable[[Who], Decided]:
    item = the_item(track)
    return lambda person: revise_item(item, person, expected_digest=item.digest, title="Pay")


def rank(track: Track) -> Callable[[Who], Decided]:
    return lambda person: rank_item(the_item(track), person, above=replace(the_item(track), id="itm_" + "7" * 26))


def push_back(person: Who) -> Decided:
    return raise_pushback(the_item(FUNCTIONAL), person, statement="Too large")


def ask(person: Who) -> Decided:
    """A question to Zoe, who drafted the item."""
    asker, _ = together(person, who("zoe", Role.DEVELOPER))
    return ask_question(the_item(FUNCTIONAL), asker, text="Why?")


def block(track: Track) -> Callable[[Who], Decided]:
    item = the_item(track)
    return lambda person: raise_pushback(item, person, statement="No", stance=Stance.BLOCKING, lifts_when="a queue")


def answer(track: Track) -> Callable[[Who], Decided]:
    return lambda person: answer_pushback(the_item(track), person, 1, text="It is not")


def estimate(person: Who) -> Decided:
    item = the_item(FUNCTIONAL)
    return record_estimate(item, person, points=3, expected_digest=item.digest)


def sign(label: Label, track: Track) -> Callable[[Who], Decided]:
    item = the_item(track)
    return lambda person: grant_sign_off(item, person, label=label, expected_digest=item.digest)


def by(power: Power) -> Callable[[Who], Decided]:
    """Where the commands are several."""
    return lambda person: Decided(person.by(power), ())


def assign(person: Who) -> Decided:
    ben = given_person("ben", ("anna", PersonRegistered(commitment="c")))
    return assign_role(given_team(), person, person=ben, role=Role.DEVELOPER)


def adopt(person: Who) -> Decided:
    return adopt_policy(given_team(), person, why="We are three", off=(Rule.IMPLEMENTER_DOES_NOT_SIGN,))


def administer(person: Who) -> Decided:
    return form_team(Team(), person, name="Checkout")


MATRIX: Final[dict[str, tuple[str, Callable[[Who], Decided]]]] = {
    # in the order of ROLES             PO TPO A D SM CPO CTPO S O Aud Adm
    "draft an item":                    ("Y Y Y Y Y Y Y - - - -", draft),
    "revise another's functional item": ("Y - - - - - - - - - -", revise(FUNCTIONAL)),
    "revise another's technical item":  ("Y Y - - - - - - - - -", revise(TECHNICAL)),
    "rank a functional item":           ("Y - - - - - - - - - -", rank(FUNCTIONAL)),
    "rank a technical item":            ("Y Y - - - - - - - - -", rank(TECHNICAL)),
    "push back":                        ("Y Y Y Y Y Y Y Y - - -", push_back),
    "ask a question":                   ("Y Y Y Y Y Y Y Y - - -", ask),
    "block a functional item":          ("- Y Y Y - Y Y - - - -", block(FUNCTIONAL)),
    "block a technical item":           ("Y Y Y Y - Y Y - - - -", block(TECHNICAL)),
    "answer on a functional item":      ("Y - - - - - - - - - -", answer(FUNCTIONAL)),
    "answer on a technical item":       ("Y Y - - - - - - - - -", answer(TECHNICAL)),
    "estimate":                         ("- - - Y - - - - - - -", estimate),
    "sign READY":                       ("Y Y - Y - - - - - - -", sign(Label.READY, FUNCTIONAL)),
    "sign ARCHITECTURE":                ("- - Y - - - - - - - -", sign(Label.ARCHITECTURE, FUNCTIONAL)),
    "accept a functional item":         ("Y - - - - - - - - - -", sign(Label.ACCEPTANCE, FUNCTIONAL)),
    "accept a technical item":          ("Y Y - - - - - - - - -", sign(Label.ACCEPTANCE, TECHNICAL)),
    "override a block":                 ("Y - - - - Y Y - - - -", by(Power.OVERRIDE)),
    "rule on an escalation":            ("- - - - - Y Y - - - -", by(Power.RULE_ON_ESCALATION)),
    "give a role in a team":            ("- - - - - Y Y - - - Y", assign),
    "adopt policy":                     ("Y - - - Y Y Y - - - Y", adopt),
    "administer":                       ("- - - - - - - - - - Y", administer),
}  # fmt: skip

CELLS: Final = [
    pytest.param(act, role, cell == "Y", id=f"{name}-{role}")
    for name, (row, act) in MATRIX.items()
    for role, cell in zip(ROLES, row.split(), strict=True)
]


@pytest.mark.parametrize(("act", "role", "is_allowed"), CELLS)
def test_a_role_may_do_what_the_matrix_says_and_nothing_else(
    act: Callable[[Who], Decided], role: Role, *, is_allowed: bool
) -> None:
    person = who("mia", role)
    if is_allowed:
        assert act(person).authority == Authority(role, person.grants[0].assignment_id)
        return
    with pytest.raises((NotAuthorised, ItemSideOnly)) as raised:
        act(person)
    assert role not in raised.value.who_could
    assert raised.value.who_could


def test_the_matrix_speaks_of_every_role() -> None:
    assert set(ROLES) == set(Role)
    assert set(HOLDERS) == set(Power)


def test_who_has_several_roles_acts_in_the_one_named_first_for_the_power() -> None:
    both = who("mia", Role.DEVELOPER, Role.PRODUCT_OWNER)
    assert sign(Label.ACCEPTANCE, FUNCTIONAL)(both).authority.role == Role.PRODUCT_OWNER
    assert sign(Label.READY, FUNCTIONAL)(both).authority.role == Role.DEVELOPER


@pytest.mark.parametrize("power", Power)
@pytest.mark.parametrize("kind", [ActorKind.HUMAN, ActorKind.SERVICE])
def test_holding_a_power_is_being_able_to_use_it(power: Power, kind: ActorKind) -> None:
    for role in Role:
        person = who("mia", role, kind=kind)
        try:
            person.by(power)
        except Refused:
            assert not person.holds(power)
        else:
            assert person.holds(power)


def test_a_service_exercises_no_deciding_power() -> None:
    decides_nothing = {Power.ASK, Power.DRAFT_ITEM, Power.RAISE_PUSHBACK}
    decides_nothing |= {Power.ASSIGN_ROLES, Power.SET_CALENDAR, Power.ADMINISTER}
    assert set(Power) - decides_nothing == DECISIONS


def test_only_one_s_own_grants_count_and_only_while_they_hold() -> None:
    mia, max_ = who("mia", Role.ARCHITECT).grants[0], who("max", Role.ARCHITECT).grants[0]
    ended = replace(mia, ends_at=NOW)
    later = replace(mia, starts_at=NOW + timedelta(seconds=1))
    assert live_grants((max_, ended, later, mia), person_id("mia"), NOW) == (mia,)


@pytest.mark.parametrize("role", sorted(READERS))
def test_who_only_reads_decides_nothing_and_is_asked_nothing(role: Role) -> None:
    reader, somebody = together(who("olga", role), who("dora", Role.DEVELOPER))
    with refused(NotAuthorised):
        reader.as_party()
    assert not somebody.meets(reader.person_id)
    assert not any(role in holders for holders in HOLDERS.values())
    both = who("olga", role, Role.DEVELOPER)
    assert both.as_party() == Authority(Role.DEVELOPER, both.grants[1].assignment_id)


def test_who_holds_nothing_is_refused_everything() -> None:
    for _, act in MATRIX.values():
        with pytest.raises((NotAuthorised, ItemSideOnly)):
            act(who("mia"))
    with refused(NotAuthorised):
        who("mia").as_party()
