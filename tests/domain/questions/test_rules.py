"""Asking: who is asked, who may answer, how a question ends, and that it never stops anything."""

from typing import Final

import pytest

from domain.authority import Who
from domain.commands.item import withdraw_item
from domain.commands.question import answer_question, ask_question, close_question, promote_question
from domain.entry import ActorKind
from domain.events import (
    PushbackRaised,
    QuestionAnswered,
    QuestionAsked,
    QuestionClosed,
    QuestionPromoted,
)
from domain.events.item import Track
from domain.events.people import Role
from domain.events.pushback import Stance
from domain.refusals import (
    AskedOneself,
    AskerOnly,
    LiftsWhenRequired,
    NobodyToAsk,
    NoRoleHere,
    NotAsked,
    NotAuthorised,
    OwnItem,
    OwnQuestion,
    QuestionEnded,
    ServiceCannotDecide,
    TextMissing,
    UnknownItem,
    UnknownPerson,
    UnknownQuestion,
)
from domain.state.item import Item
from domain.state.person import Person
from tests.given import Said, after, drafted, given, person_id, refused, together, who

ADA, PAULA, TOM, DANA, DIRK, OLGA, BOT = together(
    who("ada", Role.ARCHITECT),
    who("paula", Role.PRODUCT_OWNER),
    who("tom", Role.TECHNICAL_PRODUCT_OWNER),
    who("dana", Role.DEVELOPER),
    who("dirk", Role.DEVELOPER),
    who("olga", Role.AUDITOR),
    who("bot", Role.DEVELOPER, kind=ActorKind.SERVICE),
)
STRANGER: Final = who("stranger")
BY_ADA: Final = ("ada", QuestionAsked(question=1, revision=1, routed_to=DIRK.person_id))
ANSWERED: Final = ("dirk", QuestionAnswered(question=1))


def the_item(*said: Said, author: str = "dana", track: Track = Track.FUNCTIONAL) -> Item:
    """What Dana drafted, and what was asked about it."""
    return given((author, drafted(track=track)), *said)


def test_an_item_and_one_sentence_are_enough_to_ask_its_author() -> None:
    (event,) = ask_question(the_item(), ADA, text="How many orders a day?").events
    asked = QuestionAsked(question=1, revision=1, routed_to=DANA.person_id, text="How many orders a day?")
    assert event == asked


def test_a_question_goes_to_the_person_who_is_named() -> None:
    (event,) = ask_question(the_item(), ADA, text="Who owns it?", routed_to=Person(id=DIRK.person_id)).events
    assert isinstance(event, QuestionAsked)
    assert event.routed_to == DIRK.person_id


@pytest.mark.parametrize(("track", "owner"), [(Track.FUNCTIONAL, PAULA), (Track.TECHNICAL, TOM)])
@pytest.mark.parametrize("author", ["ada", "somebody who left"])
def test_an_author_who_asks_or_has_left_is_not_asked_but_who_owns_the_track(
    author: str, track: Track, owner: Who
) -> None:
    (event,) = ask_question(the_item(author=author, track=track), ADA, text="When?").events
    assert isinstance(event, QuestionAsked)
    assert event.routed_to == owner.person_id


def test_who_owns_the_track_and_drafted_the_item_says_whom_they_ask() -> None:
    item = the_item(author="paula")
    with refused(NobodyToAsk) as raised:
        ask_question(item, PAULA, text="Is it feasible?")
    assert raised.value.path == "routedTo"
    assert ask_question(item, PAULA, text="Is it feasible?", routed_to=Person(id=ADA.person_id)).events


def test_nobody_asks_themselves_a_stranger_or_somebody_without_a_role_here() -> None:
    with refused(AskedOneself):
        ask_question(the_item(), ADA, text="Why?", routed_to=Person(id=ADA.person_id))
    with refused(NoRoleHere):
        ask_question(the_item(), ADA, text="Why?", routed_to=Person(id=STRANGER.person_id))
    with refused(UnknownPerson):
        ask_question(the_item(), ADA, text="Why?", routed_to=Person())


def test_a_role_that_has_ended_is_no_role() -> None:
    ended = tuple(grant for grant in ADA.place if grant.person_id != DIRK.person_id)
    (asker,) = together(ADA, place=ended)
    with refused(NoRoleHere):
        ask_question(the_item(), asker, text="Why?", routed_to=Person(id=DIRK.person_id))


@pytest.mark.parametrize("asker", [ADA, PAULA, TOM, DIRK, BOT])
def test_anybody_who_does_more_than_read_may_ask(asker: Who) -> None:
    assert ask_question(the_item(), asker, text="Why?").events


def test_who_has_no_role_here_does_not_ask_and_a_question_says_something_about_an_item() -> None:
    with refused(NotAuthorised):
        ask_question(the_item(), STRANGER, text="Why?")
    with refused(UnknownItem):
        ask_question(Item(), ADA, text="Why?")
    with refused(TextMissing):
        ask_question(the_item(), ADA, text=" ")


def test_a_question_never_stops_the_item() -> None:
    assert the_item(BY_ADA).blocks == ()
    assert the_item(BY_ADA).pushbacks == {}


@pytest.mark.parametrize("answerer", [DIRK, PAULA], ids=["the one asked", "the owner of the track"])
def test_who_was_asked_answers_or_who_owns_the_track(answerer: Who) -> None:
    outcome = answer_question(the_item(BY_ADA), answerer, 1, text="Ten million")
    assert outcome.events == (QuestionAnswered(question=1, text="Ten million"),)


def test_others_do_not_answer_not_even_the_author_when_somebody_else_was_asked() -> None:
    for other in (DANA, TOM):
        with refused(NotAsked) as raised:
            answer_question(the_item(BY_ADA), other, 1, text="Ten million")
        assert raised.value.who_could == (Role.PRODUCT_OWNER,)


def test_a_service_answers_only_what_was_put_to_it() -> None:
    with refused(ServiceCannotDecide):
        answer_question(the_item(BY_ADA), BOT, 1, text="Ten million")
    asked = ("ada", QuestionAsked(question=1, revision=1, routed_to=BOT.person_id))
    assert answer_question(the_item(asked), BOT, 1, text="Ten million").events


def test_nobody_answers_what_they_asked() -> None:
    asked = ("paula", QuestionAsked(question=1, revision=1, routed_to=DIRK.person_id))
    with refused(OwnQuestion):
        answer_question(the_item(asked), PAULA, 1, text="I know")


def test_an_answer_says_something_and_may_be_added_to() -> None:
    with refused(TextMissing):
        answer_question(the_item(BY_ADA), DIRK, 1, text="")
    assert answer_question(the_item(BY_ADA, ANSWERED), PAULA, 1, text="And growing").events


def test_the_asker_closes_it_at_any_time() -> None:
    for said in ((BY_ADA,), (BY_ADA, ANSWERED)):
        assert close_question(the_item(*said), ADA, 1).events == (QuestionClosed(question=1),)


def test_others_close_it_once_it_is_answered_so_that_it_ends_when_the_asker_has_left() -> None:
    for answerer in (DIRK, PAULA):
        with refused(AskerOnly):
            close_question(the_item(BY_ADA), answerer, 1)
        assert close_question(the_item(BY_ADA, ANSWERED), answerer, 1).events
    with refused(NotAsked):
        close_question(the_item(BY_ADA, ANSWERED), DANA, 1)


def test_the_asker_makes_a_pushback_of_it_in_the_same_step() -> None:
    item = the_item(BY_ADA, ANSWERED)
    raised, promoted = promote_question(item, ADA, 1, statement="Then a nightly export will not do").events
    assert isinstance(raised, PushbackRaised)
    assert (raised.pushback, raised.stance) == (1, Stance.ADVISORY)
    assert raised.statement == "Then a nightly export will not do"
    assert promoted == QuestionPromoted(question=1, pushback=1)


def test_a_promoted_question_keeps_to_the_rules_of_pushbacks() -> None:
    item = the_item(BY_ADA)
    with refused(LiftsWhenRequired):
        promote_question(item, ADA, 1, statement="No", stance=Stance.BLOCKING)
    outcome = promote_question(item, ADA, 1, statement="No", stance=Stance.BLOCKING, lifts_when="Volumes")
    assert after(item, ADA, outcome).blocks == (1,)
    own = ("dana", QuestionAsked(question=1, revision=1, routed_to=ADA.person_id))
    with refused(OwnItem):
        promote_question(the_item(own), DANA, 1, statement="No")
    asked = ("olga", QuestionAsked(question=1, revision=1, routed_to=ADA.person_id))
    with refused(NotAuthorised):
        promote_question(the_item(asked), OLGA, 1, statement="No")
    with refused(NotAuthorised):
        ask_question(the_item(), OLGA, text="Why?")


def test_nobody_else_makes_a_pushback_of_it() -> None:
    with refused(AskerOnly):
        promote_question(the_item(BY_ADA), DIRK, 1, statement="No")


@pytest.mark.parametrize("ending", [QuestionClosed(question=1), QuestionPromoted(question=1, pushback=1)])
def test_what_has_ended_stays_ended(ending: QuestionClosed | QuestionPromoted) -> None:
    item = the_item(BY_ADA, ("ada", ending))
    with refused(QuestionEnded):
        answer_question(item, DIRK, 1, text="Ten million")
    with refused(QuestionEnded):
        close_question(item, ADA, 1)
    with refused(QuestionEnded):
        promote_question(item, ADA, 1, statement="No")


def test_a_withdrawn_item_leaves_no_question_open() -> None:
    another = ("tom", QuestionAsked(question=2, revision=1, routed_to=DIRK.person_id))
    item = the_item(BY_ADA, ANSWERED, another, ("tom", QuestionClosed(question=2)))
    assert QuestionClosed(question=1) in withdraw_item(item, PAULA, why="Bought instead").events
    assert QuestionClosed(question=2) not in withdraw_item(item, PAULA, why="Bought instead").events


def test_a_question_that_was_never_asked_is_unknown() -> None:
    with refused(UnknownQuestion):
        answer_question(the_item(BY_ADA), DIRK, 2, text="Ten million")


def test_questions_are_numbered_and_speak_of_the_revision_there_is() -> None:
    item = after(the_item(BY_ADA), DIRK, ask_question(the_item(BY_ADA), DIRK, text="Why?"))
    assert {ordinal: question.asker_id for ordinal, question in item.questions.items()} == {
        1: person_id("ada"),
        2: person_id("dirk"),
    }
