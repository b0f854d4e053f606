"""What a question's row says: whose turn it is, and how it ended; and what the item and the pushback say of it."""

import pytest

from domain.entry import Event
from domain.events import PushbackRaised, QuestionAnswered, QuestionAsked, QuestionClosed, QuestionPromoted
from domain.events.pushback import Reason, Stance
from domain.ids import thing_key
from projections.rows.questions import QuestionState
from tests.given import ITEM_ID, TEAM_ID, drafted, person_id
from tests.projections.rows import item, thing

DRAFTED = ("paula", drafted())
ASKED = ("ada", QuestionAsked(question=1, revision=1, routed_to=person_id("dirk")))
ANSWERED = ("dirk", QuestionAnswered(question=1))
RAISED = ("ada", PushbackRaised(pushback=1, revision=1, digest="d", stance=Stance.ADVISORY, reason=Reason.OTHER))
PROMOTED = ("ada", QuestionPromoted(question=1, pushback=1))


def test_a_question_begins_with_the_turn_of_who_should_answer() -> None:
    row = thing("Question", "qst", DRAFTED, ASKED)
    assert (row.item_id, row.team_id, row.number, row.asked) == (ITEM_ID, TEAM_ID, 1, 2)
    assert (row.asker_id, row.routed_to_id, row.turn_id) == (person_id("ada"), person_id("dirk"), person_id("dirk"))
    assert (row.state, row.revision_id, row.answered_at) == (QuestionState.ASKED, thing_key("rev", ITEM_ID, 1), None)


def test_an_answer_gives_the_turn_to_the_asker_and_the_first_one_says_how_long_it_took() -> None:
    first = thing("Question", "qst", DRAFTED, ASKED, ANSWERED)
    second = thing("Question", "qst", DRAFTED, ASKED, ANSWERED, ("paula", QuestionAnswered(question=1)))
    assert (first.state, first.turn_id, first.answer) == (QuestionState.ANSWERED, person_id("ada"), 3)
    assert (second.answer, second.answered_at) == (4, first.answered_at)
    assert first.answered_at > first.asked_at


@pytest.mark.parametrize(
    ("ending", "state", "pushback_id"),
    [
        (QuestionClosed(question=1), QuestionState.CLOSED, None),
        (QuestionPromoted(question=1, pushback=1), QuestionState.PROMOTED, thing_key("pbk", ITEM_ID, 1)),
    ],
)
def test_what_has_ended_is_nobodys_turn(ending: Event, state: QuestionState, pushback_id: str | None) -> None:
    row = thing("Question", "qst", DRAFTED, ASKED, ANSWERED, RAISED, ("ada", ending))
    assert (row.state, row.turn_id, row.ended, row.pushback_id) == (state, None, 5, pushback_id)
    assert row.ended_at > row.answered_at


def test_a_pushback_knows_the_question_it_was_made_of() -> None:
    assert thing("Pushback", "pbk", DRAFTED, RAISED).question_id is None
    row = thing("Pushback", "pbk", DRAFTED, ASKED, RAISED, PROMOTED)
    assert row.question_id == thing_key("qst", ITEM_ID, 1)


def test_the_item_counts_the_questions_that_have_not_ended_and_is_never_stopped_by_one() -> None:
    another = ("ada", QuestionAsked(question=2, revision=1, routed_to=person_id("paula")))
    row = item(DRAFTED, ASKED, another, ANSWERED)
    assert (row.open_question_count, row.blocking) == (2, ())
    assert item(DRAFTED, ASKED, another, ("ada", QuestionClosed(question=2))).open_question_count == 1
    assert item(DRAFTED, ASKED, RAISED, PROMOTED).open_question_count == 0
