"""Conversations that were held elsewhere: one of those who were there notes them, the others say whether it was so."""

from datetime import datetime

from domain.authority import Authority, Who
from domain.commands.pushbacks.silence import begun_anew
from domain.commands.pushbacks.standing import could_be_party, known, unended
from domain.decision import NAMED_MAX, Decided, decided
from domain.events import ConversationConfirmed, ConversationDisputed, ConversationNoted
from domain.ids import PersonId
from domain.refusals import (
    NoRoleHere,
    NotHeldYet,
    NothingToConfirm,
    TalkedAlone,
    TooManyNamed,
    UnknownConversation,
    UnknownPerson,
)
from domain.state.item import Item
from domain.state.person import Person
from domain.text import prose


def may_note(item: Item, who: Who, pushback: int) -> Authority:
    """Anybody who was there and has a role here, until it ends."""
    unended(item, pushback)
    return who.as_party()


def note_conversation(
    item: Item,
    who: Who,
    pushback: int,
    *,
    participants: tuple[Person, ...],
    summary: str,
    held_at: datetime | None = None,
) -> Decided:
    """Note what you talked about elsewhere, and with whom. The others say whether it was so.

    It answers and ends nothing: whose turn it is stays, and what you agreed on still has to be done.
    """
    authority = may_note(item, who, pushback)
    if held_at is not None and held_at > who.now:
        raise NotHeldYet(path="heldAt")
    noted = ConversationNoted(
        pushback=pushback,
        conversation=len(item.pushbacks[pushback].conversations) + 1,
        participants=(who.person_id, *_others(item, who, participants)),
        held_at=held_at,
        due_at=begun_anew(item, who, pushback),
        summary=prose("summary", summary),
    )
    return decided(authority, noted)


def may_confirm(item: Item, who: Who, pushback: int) -> Authority:
    """Who is named in a noted conversation and has said nothing to it; also after the end, which it does not touch."""
    if not any(who.person_id in unheard for unheard in known(item, pushback).conversations):
        raise NothingToConfirm
    return who.as_party()


def confirm_conversation(item: Item, who: Who, pushback: int, *, conversation: int) -> Decided:
    """Say that a conversation you took part in was as noted. That settles nothing by itself."""
    authority = _confirming(item, who, pushback, conversation)
    due_at = begun_anew(item, who, pushback)
    return decided(authority, ConversationConfirmed(pushback=pushback, conversation=conversation, due_at=due_at))


def dispute_conversation(item: Item, who: Who, pushback: int, *, conversation: int, text: str) -> Decided:
    """Say what the note of a conversation gets wrong, or that you were not there. The note stays as it is."""
    authority, said = _confirming(item, who, pushback, conversation), prose("text", text)
    due_at = begun_anew(item, who, pushback)
    disputed = ConversationDisputed(pushback=pushback, conversation=conversation, due_at=due_at, text=said)
    return decided(authority, disputed)


def _confirming(item: Item, who: Who, pushback: int, conversation: int) -> Authority:
    authority = may_confirm(item, who, pushback)
    noted = item.pushbacks[pushback].conversations
    if not 1 <= conversation <= len(noted):
        raise UnknownConversation(path="conversation")
    if who.person_id not in noted[conversation - 1]:
        raise NothingToConfirm(path="conversation")
    return authority


def _others(item: Item, who: Who, participants: tuple[Person, ...]) -> tuple[PersonId, ...]:
    """Who was there besides who notes it, each once."""
    if len(participants) > NAMED_MAX:
        raise TooManyNamed(path="participants")
    if not all(person.id for person in participants):
        raise UnknownPerson(path="participants")
    others = tuple(dict.fromkeys(person.id for person in participants if person.id != who.person_id))
    if not others:
        raise TalkedAlone(path="participants")
    if not all(could_be_party(item, who, other) for other in others):
        raise NoRoleHere(path="participants")
    return others
