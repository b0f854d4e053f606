"""Asking about an item, answering, and ending a question: by closing it, or by making a pushback of it."""

from domain.authority import HOLDERS, Authority, Power, Who, ownership
from domain.commands.pushbacks.pushback import may_raise, raise_pushback
from domain.decision import Decided, decided
from domain.events import QuestionAnswered, QuestionAsked, QuestionClosed, QuestionPromoted
from domain.events.pushback import Reason, Stance
from domain.ids import PersonId
from domain.refusals import (
    AskedOneself,
    AskerOnly,
    NobodyToAsk,
    NoRoleHere,
    NotAsked,
    NotAuthorised,
    OwnQuestion,
    QuestionEnded,
    UnknownPerson,
    UnknownQuestion,
)
from domain.state.item import Item, must_stand
from domain.state.person import Person
from domain.state.question import QuestionPhase, QuestionState
from domain.text import prose


def may_ask(item: Item, who: Who) -> Authority:
    """Anybody with a role here but those who only read."""
    must_stand(item)
    return who.by(Power.ASK)


def ask_question(item: Item, who: Who, *, text: str, routed_to: Person | None = None) -> Decided:
    """Ask something about an item; one sentence is enough. A question never stops anything.

    It goes to the item's author, or to who owns its track where the author asks or has left, unless you name somebody.
    """
    authority = may_ask(item, who)
    asked = QuestionAsked(
        question=len(item.questions) + 1,
        revision=item.revision,
        routed_to=_usual(item, who) if routed_to is None else _named(who, routed_to),
        text=prose("text", text),
    )
    return decided(authority, asked)


def may_answer(item: Item, who: Who, question: int) -> Authority:
    """The person it was put to, or an owner of the item's track, but never who asked."""
    asked = _open(item, question)
    if asked.asker_id == who.person_id:
        raise OwnQuestion
    if asked.routed_to == who.person_id:
        return who.as_holder()
    try:
        return who.by_apart(ownership(item.track), not_for=(asked.asker_id,))
    except NotAuthorised as refusal:
        raise NotAsked(who_could=refusal.who_could) from None


def answer_question(item: Item, who: Who, question: int, *, text: str) -> Decided:
    """Answer a question. It stays open until it is closed."""
    authority = may_answer(item, who, question)
    return decided(authority, QuestionAnswered(question=question, text=prose("text", text)))


def may_close(item: Item, who: Who, question: int) -> Authority:
    """The asker at any time; once it is answered, also whoever may answer: an asker may have left."""
    asked = _open(item, question)
    if asked.asker_id == who.person_id:
        return who.as_holder()
    if asked.phase is QuestionPhase.ASKED:
        raise AskerOnly
    return may_answer(item, who, question)


def close_question(item: Item, who: Who, question: int) -> Decided:
    """End a question that needs no more words."""
    return decided(may_close(item, who, question), QuestionClosed(question=question))


def may_promote(item: Item, who: Who, question: int) -> Authority:
    """The asker, where they may push back."""
    if _open(item, question).asker_id != who.person_id:
        raise AskerOnly
    return may_raise(item, who)


def promote_question(
    item: Item,
    who: Who,
    question: int,
    *,
    statement: str,
    stance: Stance = Stance.ADVISORY,
    lifts_when: str | None = None,
    reason: Reason = Reason.UNSORTED,
    reason_code: str | None = None,
) -> Decided:
    """Make a pushback of your question, which ends it. Say the concern in one sentence, as in any pushback."""
    may_promote(item, who, question)
    raised = raise_pushback(
        item,
        who,
        statement=statement,
        stance=stance,
        lifts_when=lifts_when,
        reason=reason,
        reason_code=reason_code,
    )
    promoted = QuestionPromoted(question=question, pushback=len(item.pushbacks) + 1)
    return decided(raised.authority, *raised.events, promoted)


def _usual(item: Item, who: Who) -> PersonId:
    """Who should answer when nobody is named; the question says it, so that what changes later does not."""
    owners = [grant.person_id for role in HOLDERS[ownership(item.track)] for grant in who.present if grant.role is role]
    for candidate in (item.author_id, *owners):
        if candidate != who.person_id and who.meets(candidate):
            return candidate
    raise NobodyToAsk(path="routedTo")


def _named(who: Who, person: Person) -> PersonId:
    if not person.id:
        raise UnknownPerson(path="routedTo")
    if person.id == who.person_id:
        raise AskedOneself(path="routedTo")
    if not who.meets(person.id):
        raise NoRoleHere(path="routedTo")
    return person.id


def _open(item: Item, question: int) -> QuestionState:
    if question not in item.questions:
        raise UnknownQuestion(path="question")
    must_stand(item)
    if not item.questions[question].is_open:
        raise QuestionEnded
    return item.questions[question]
