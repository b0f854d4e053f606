"""Whose turn it is: for everything that is open it is somebody's, since when and by which rule, and nothing else's."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bench.history import Said
from domain import ids
from domain.entry import Entry, Event
from domain.events import (
    AbsenceBegan,
    AbsenceDeclared,
    OverrideProposed,
    PersonRegistered,
    PushbackOverridden,
    PushbackRaised,
    PushbackReassigned,
    PushbackResponded,
    PushbackVerificationRejected,
    QuestionAnswered,
    QuestionAsked,
    QuestionClosed,
    RoleAssigned,
    SignOffRequested,
)
from domain.events.item import Track
from domain.events.override import Understanding
from domain.events.people import Mode, PersonKind, Role
from domain.events.pushback import Reason, Stance
from domain.events.sign_off import Label
from domain.ids import PersonId, stream_key, thing_key, turn_key
from projections.rows.turns import Turn
from projections.turns import TurnRule
from tests.given import ITEM, ITEM_ID, TEAM_ID, drafted, entries, person_id
from tests.graphql_api.compiled.meanings import falls_to
from tests.graphql_api.compiled.oracle import State
from tests.histories import WORKSPACE, arbitrary_histories, numbered, valid_histories
from tests.infra.saying import ACT
from tests.read_tables import MemoryTables, folded

DRAFTED = ("paula", drafted())
RAISED = ("ada", PushbackRaised(pushback=1, revision=1, digest="d", stance=Stance.ADVISORY, reason=Reason.OTHER))
RESPONDED = ("paula", PushbackResponded(pushback=1))
ASKED = ("ada", QuestionAsked(question=1, revision=1, routed_to=person_id("dirk")))
PUSHBACK = thing_key("pbk", ITEM_ID, 1)
QUESTION = thing_key("qst", ITEM_ID, 1)
OPEN = {"OPEN", "RESPONDED", "AWAITING_VERIFICATION", "OVERRIDE_PENDING", "ESCALATED", "ASKED", "ANSWERED", "REVEALED"}
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
FAR_AWAY = datetime(2300, 1, 1, tzinfo=UTC)
MANDATES = st.fixed_dictionaries(
    {
        "track": st.sampled_from([None, *Track]),
        "items": st.sampled_from([(), (ITEM_ID,)]),
        "mode": st.sampled_from(Mode),
    }
)
LAST_ADMIN = PersonId(stream_key("psn", uuid5(NAMESPACE_DNS, "the last administrator")))


def turns(*said: tuple[str, Event]) -> dict[str, Turn]:
    """The turns after this was said on the item, by the id of the thing that waits."""
    rows: Any = folded(entries(ITEM, *said)).current["Turn"]
    return {key.removeprefix("trn_"): version.row for key, version in rows.items() if version}


def test_a_pushback_waits_for_the_item_s_author_or_else_for_an_owner_of_its_track_but_never_for_its_raiser() -> None:
    turn = turns(DRAFTED, RAISED)[PUSHBACK]
    assert (turn.rule, turn.person_id, turn.team_id) == (TurnRule.ANSWER_PUSHBACK, person_id("paula"), TEAM_ID)
    assert (turn.roles, turn.not_ids) == (("PRODUCT_OWNER",), (person_id("ada"), person_id("ada")))
    assert (turn.pushback_id, turn.question_id, turn.id) == (PUSHBACK, None, turn_key(PUSHBACK))
    technical = turns(("paula", drafted(track=Track.TECHNICAL)), RAISED)[PUSHBACK]
    assert technical.roles == ("TECHNICAL_PRODUCT_OWNER", "PRODUCT_OWNER")


def test_an_answered_pushback_waits_for_its_raiser_or_else_for_the_item_s_side_who_may_concede() -> None:
    turn = turns(DRAFTED, RAISED, RESPONDED)[PUSHBACK]
    assert (turn.rule, turn.person_id) == (TurnRule.SETTLE_PUSHBACK, person_id("ada"))
    assert (turn.person_ids, turn.roles) == ((person_id("paula"),), ("PRODUCT_OWNER",))
    assert (turn.powers, turn.needs) == (("OWN_FUNCTIONAL_ITEMS",), ())
    assert set(turn.not_ids) == {person_id("ada")}


def test_nobody_else_replies_to_an_override_so_that_falls_to_the_ladder() -> None:
    proposed = ("paula", OverrideProposed(pushback=1, due_at=LONG_AGO, is_emergency=False))
    turn = turns(DRAFTED, RAISED, proposed)[PUSHBACK]
    assert (turn.rule, turn.person_id, turn.roles) == (TurnRule.REPLY_TO_OVERRIDE, person_id("ada"), ())


def test_where_nobody_may_ratify_yet_the_turn_is_not_the_proposer_s() -> None:
    over = PushbackOverridden(
        pushback=1, understanding=Understanding.NO_REPLY, proposer_id=person_id("paula"), seconder_id=person_id("ada")
    )
    turn = turns(DRAFTED, RAISED, ("ada", over))[PUSHBACK]
    assert (turn.rule, turn.person_id) == (TurnRule.RATIFY_OVERRIDE, None)
    assert person_id("ada") in turn.not_ids


def test_a_turn_counts_from_the_event_that_gave_it_and_a_second_answer_gives_nothing() -> None:
    first = turns(DRAFTED, RAISED, RESPONDED)[PUSHBACK]
    assert (first.given, turns(DRAFTED, RAISED, RESPONDED, RESPONDED)[PUSHBACK]) == (3, first)
    again = turns(DRAFTED, RAISED, RESPONDED, ("ada", PushbackVerificationRejected(pushback=1)))[PUSHBACK]
    assert (again.given, again.rule) == (4, TurnRule.ANSWER_PUSHBACK)
    assert again.since > first.since
    handed = ("ada", PushbackReassigned(pushback=1, person_id=person_id("zoe")))
    assert turns(DRAFTED, RAISED, RESPONDED, handed)[PUSHBACK].given == 4
    assert turns(DRAFTED, RAISED, handed)[PUSHBACK].given == 2


def test_a_question_waits_for_who_was_asked_then_for_the_asker_then_for_nobody() -> None:
    asked = turns(DRAFTED, ASKED)[QUESTION]
    assert (asked.rule, asked.person_id) == (TurnRule.ANSWER_QUESTION, person_id("dirk"))
    assert asked.not_ids == (person_id("ada"),)
    answered = turns(DRAFTED, ASKED, ("dirk", QuestionAnswered(question=1)))[QUESTION]
    assert (answered.rule, answered.person_id) == (TurnRule.CLOSE_QUESTION, person_id("ada"))
    assert turns(DRAFTED, ASKED, ("ada", QuestionClosed(question=1))) == {}


def test_a_requested_sign_off_waits_for_who_was_asked_or_else_for_who_may_give_it() -> None:
    asked = SignOffRequested(sign_off_request=1, label=Label.READY, revision=1, digest="d", person_id=person_id("dirk"))
    turn = turns(DRAFTED, ("paula", asked))[thing_key("srq", ITEM_ID, 1)]
    assert (turn.rule, turn.person_id) == (TurnRule.SIGN_OFF, person_id("dirk"))
    assert turn.roles == ("DEVELOPER", "TECHNICAL_PRODUCT_OWNER", "PRODUCT_OWNER")


def open_things(tables: MemoryTables) -> set[str]:
    """What has not ended, or what something is still owed for."""
    rows = [
        version
        for name in ("EstimationRound", "Pushback", "Question", "SignOffRequest")
        for version in tables.current[name].values()
        if version
    ]
    return {row.id for row in (each.row for each in rows) if row.state in OPEN or getattr(row, "owed", None)}  # type: ignore[attr-defined]


@given(st.one_of(arbitrary_histories(), valid_histories()), st.lists(st.integers(1, 150)))
def test_there_is_a_turn_on_everything_that_is_open_and_on_nothing_else(
    history: list[Entry[Event]], cuts: list[int]
) -> None:
    tables = folded(history, cuts)
    found: set[Any] = {version.row.id for version in tables.current["Turn"].values() if version}  # type: ignore[attr-defined]
    assert found == {turn_key(key) for key in open_things(tables)}


def state_of(lines: list[Entry[Event]]) -> State:
    """The oracle's state after a history."""
    rows = {
        name: {key: version.row for key, version in found.items() if version}
        for name, found in folded(lines).current.items()
    }
    return State(SimpleNamespace(entries=lines), len(lines), rows, {})  # type: ignore[arg-type]


def where_these_are_away(history: list[Entry[Event]], away: set[PersonId]) -> State:
    """The history of a workspace that always has an administrator, at whose end these people are away."""
    assigned = RoleAssigned(assignment=99, person_id=LAST_ADMIN, role=Role.ADMINISTRATOR, starts_at=LONG_AGO)
    said = [Said(each.stream_id, each.event, each.act) for each in history]
    gone = [
        Said(ids.stream_id(person_id), event, ACT)
        for person_id in sorted(away)
        for event in (
            PersonRegistered(commitment="", kind=PersonKind.HUMAN),
            AbsenceDeclared(absence=1, starts_at=LONG_AGO, ends_at=FAR_AWAY),
            AbsenceBegan(absence=1),
        )
    ]
    return state_of(numbered([Said(WORKSPACE, assigned, ACT), *said, *gone]))


def people_of(history: list[Entry[Event]]) -> list[PersonId]:
    """Everybody who holds or held a role."""
    return sorted({each.event.person_id for each in history if isinstance(each.event, RoleAssigned)} | {LAST_ADMIN})


@given(st.one_of(arbitrary_histories(), valid_histories()), st.data())
def test_a_turn_is_never_nobodys_whoever_is_away_while_the_workspace_has_an_administrator(
    history: list[Entry[Event]], data: st.DataObject
) -> None:
    people = people_of(history)
    away = data.draw(st.sets(st.sampled_from(people)))
    state = where_these_are_away(history, away)
    held = [row.row for row in state.all("RoleAssignment")]
    administrators = {row.person_id for row in held if row.role is Role.ADMINISTRATOR}
    for turn in state.all("Turn"):
        falls = falls_to(state, turn)
        assert falls
        assert not falls & away or falls <= administrators
        assert LAST_ADMIN in away or not falls & away


@given(valid_histories(), st.data())
def test_a_turn_is_nobodys_whose_mandate_does_not_cover_the_item(
    history: list[Entry[Event]], data: st.DataObject
) -> None:
    narrowed = [
        replace(each, event=replace(each.event, **data.draw(MANDATES)))
        if isinstance(each.event, RoleAssigned)
        else each
        for each in history
    ]
    state = where_these_are_away(narrowed, set())
    held = [row.row for row in state.all("RoleAssignment")]
    for turn in state.all("Turn"):
        track = state.one("Item", turn.row.item_id).row.track
        covering = {
            each.person_id
            for each in held
            if each.track in {None, track} and (not each.item_ids or turn.row.item_id in each.item_ids)
        }
        assert falls_to(state, turn) <= covering
