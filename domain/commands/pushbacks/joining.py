"""Joining a pushback that somebody else raised: it is one's concern too, and nobody takes it back for one."""

from domain.authority import Authority, Power, Who
from domain.commands.pushbacks.standing import not_before_arbiters, still_open, unended
from domain.decision import Decided, decided
from domain.events import PushbackJoined, PushbackLeft
from domain.refusals import AlreadyJoined, NotJoined, OwnItem, SpokeForItem
from domain.state.item import Item
from domain.text import optional


def may_join(item: Item, who: Who, pushback: int) -> Authority:
    """A person who could have raised it and has not spoken for the item's side; not once others have to rule."""
    raised = still_open(item, pushback)
    not_before_arbiters(raised)
    if item.author_id == who.person_id:
        raise OwnItem
    if who.person_id in raised.raisers:
        raise AlreadyJoined
    if who.person_id in raised.spoke_ids:
        raise SpokeForItem
    who.as_party()
    return who.by_apart(Power.RAISE_PUSHBACK, not_for=(item.author_id,))


def join_pushback(item: Item, who: Who, pushback: int, *, why: str | None = None) -> Decided:
    """Say that somebody's pushback is your concern too, and why if you like.

    They go on to speak for it; when they withdraw it, it becomes that of who joined first. You are on its side from
    now on: you neither answer nor override nor rule on it.
    """
    authority = may_join(item, who, pushback)
    return decided(authority, PushbackJoined(pushback=pushback, why=optional("why", why)))


def may_leave(item: Item, who: Who, pushback: int) -> Authority:
    """Who joined it, until it ends."""
    if who.person_id not in unended(item, pushback).joined_ids:
        raise NotJoined
    return who.as_holder()


def leave_pushback(item: Item, who: Who, pushback: int) -> Decided:
    """Say that a pushback you joined is your concern no more."""
    return decided(may_leave(item, who, pushback), PushbackLeft(pushback=pushback))
