"""What a pushback that was upheld obliges to: a revision, and somebody who sees that it makes the change."""

from collections.abc import Iterator

from domain.authority import Authority, Who
from domain.commands.pushbacks.escalation import arbiter, escalated
from domain.commands.pushbacks.standing import known
from domain.decision import Decided, decided
from domain.events import RequiredChangeMade, RequiredChangeRejected, RequiredChangeVerified, RequiredChangeWaived
from domain.events.endings import Debt
from domain.refusals import ChangeNotMade, NoChangeRequired, OwnChange
from domain.state.aftermath import Owing
from domain.state.item import Item
from domain.text import prose


def made(item: Item, revision: int) -> Iterator[RequiredChangeMade]:
    """What a revision does to each pushback that was upheld: somebody has to look at it."""
    for ordinal, owing in item.owing.items():
        if owing.debt is Debt.REQUIRED_CHANGE:
            yield RequiredChangeMade(pushback=ordinal, revision=revision)


def may_waive(item: Item, who: Who, pushback: int) -> Authority:
    """Whose pushback it was, a service too; or somebody who could have ruled on it."""
    raised = known(item, pushback)
    _owing(item, pushback)
    return who.as_holder() if raised.holder_id == who.person_id else arbiter(item, who, escalated(raised))


def waive_required_change(item: Item, who: Who, pushback: int, *, why: str) -> Decided:
    """Let go of the change that a ruling asked for, and say why: the pushback blocks no more. The ruling stays."""
    authority = may_waive(item, who, pushback)
    return decided(authority, RequiredChangeWaived(pushback=pushback, why=prose("why", why)))


def may_verify(item: Item, who: Who, pushback: int) -> Authority:
    """The same people, but no service, once the item was revised, and not by them."""
    authority = may_waive(item, who, pushback)
    if who.person_id == item.pushbacks[pushback].holder_id:
        authority = who.as_party()
    owing = _owing(item, pushback)
    if not owing.made_in:
        raise ChangeNotMade
    if not owing.barred.isdisjoint((who.person_id, authority.on_behalf_of)):
        raise OwnChange
    return authority


def verify_required_change(item: Item, who: Who, pushback: int) -> Decided:
    """Say that the item as revised makes the change that a ruling asked for: the pushback blocks it no more."""
    authority = may_verify(item, who, pushback)
    revision = _owing(item, pushback).made_in
    return decided(authority, RequiredChangeVerified(pushback=pushback, revision=revision))


def reject_required_change(item: Item, who: Who, pushback: int, *, why: str) -> Decided:
    """Say that the item as revised does not make the change that a ruling asked for yet, because."""
    authority = may_verify(item, who, pushback)
    revision = _owing(item, pushback).made_in
    return decided(authority, RequiredChangeRejected(pushback=pushback, revision=revision, why=prose("why", why)))


def _owing(item: Item, pushback: int) -> Owing:
    owing = item.owing.get(pushback)
    if owing is None or owing.debt is not Debt.REQUIRED_CHANGE:
        raise NoChangeRequired
    return owing
