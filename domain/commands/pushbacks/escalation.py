"""Escalating a pushback to people who are no party to it, and their ruling."""

from domain.authority import HOLDERS, About, Authority, Power, Who, ownership
from domain.commands.pushbacks.standing import not_before_arbiters, still_open
from domain.decision import Decided, decided
from domain.entry import Event
from domain.events import ArbiterRecused, PushbackEscalated, PushbackOverruled, PushbackUpheld
from domain.events.escalation import Ruling
from domain.ids import PersonId
from domain.refusals import AlreadyRecused, ArbiterIsParty, NobodyElseRules, NotEscalated, OnlyUpheldObliges
from domain.state.item import Item
from domain.state.pushback import Escalation, PushbackState
from domain.text import optional, prose


def may_escalate(item: Item, who: Who, pushback: int) -> Authority:
    """A party, whoever it is of the two sides, or a Scrum Master, who mediates; where somebody else could rule."""
    raised = still_open(item, pushback)
    not_before_arbiters(raised)
    authority = _escalating(item, who, raised)
    if not able(item, who, frozenset(_parties(item, who, authority, raised))):
        raise NobodyElseRules
    return authority


def _escalating(item: Item, who: Who, raised: PushbackState) -> Authority:
    if who.person_id in raised.raisers | {item.author_id}:
        return who.as_party()
    return who.by(ownership(item.track), Power.ESCALATE)


def escalate_pushback(item: Item, who: Who, pushback: int, *, why: str) -> Decided:
    """Put a pushback before people who are no party to it, saying why; an override that is pending ends.

    The chiefs rule. Where at most one of them is here and no party, a Product Owner, Technical Product Owner or
    architect who is no party may too. Until then it may still be withdrawn or conceded.
    """
    authority, because = may_escalate(item, who, pushback), prose("why", why)
    parties = _parties(item, who, authority, item.pushbacks[pushback])
    arbiters = able(item, who, frozenset(parties))
    return decided(authority, PushbackEscalated(pushback=pushback, parties=parties, arbiters=arbiters, why=because))


def may_rule(item: Item, who: Who, pushback: int) -> Authority:
    """A chief who is no party; who stands in for them where there is at most one."""
    return arbiter(item, who, escalated(still_open(item, pushback)))


def rule_on_escalation(
    item: Item, who: Who, pushback: int, *, ruling: Ruling, rationale: str, required_change: str | None = None
) -> Decided:
    """Rule on a pushback that was escalated, saying why. An upheld one blocks the item until a change is verified.

    What has to change may be said; otherwise it is what the pushback asks for.
    """
    authority, because = may_rule(item, who, pushback), prose("rationale", rationale)
    change = optional("requiredChange", required_change)
    recused = tuple(sorted(escalated(item.pushbacks[pushback]).recused))
    if ruling is Ruling.UPHELD:
        event: Event = PushbackUpheld(pushback=pushback, recused=recused, rationale=because, required_change=change)
        return decided(authority, event)
    if change is not None:
        raise OnlyUpheldObliges(path="requiredChange")
    return decided(authority, PushbackOverruled(pushback=pushback, recused=recused, rationale=because))


def recuse_from_escalation(item: Item, who: Who, pushback: int, *, why: str) -> Decided:
    """Say that you do not rule on a pushback, and why; the others who may still do."""
    authority, because = may_rule(item, who, pushback), prose("why", why)
    others = able(item, who, escalated(item.pushbacks[pushback]).barred | {who.person_id})
    if not others:
        raise NobodyElseRules
    return decided(authority, ArbiterRecused(pushback=pushback, arbiters=others, why=because))


def escalated(raised: PushbackState) -> Escalation:
    """The escalation of a pushback; refuses where there was none."""
    if raised.escalation is None:
        raise NotEscalated
    return raised.escalation


def arbiter(item: Item, who: Who, escalation: Escalation) -> Authority:
    """By what somebody rules; refuses a party, also through a delegate, and who recused themselves."""
    if who.person_id in escalation.parties:
        raise ArbiterIsParty
    if who.person_id in escalation.recused:
        raise AlreadyRecused
    authority = who.by(*_ladder(item, who, escalation.barred))
    if authority.on_behalf_of in escalation.barred:
        raise ArbiterIsParty
    return authority


def able(item: Item, who: Who, barred: frozenset[PersonId]) -> tuple[PersonId, ...]:
    """Who may rule as things are, without those who are barred."""
    powers = _ladder(item, who, barred)
    return tuple(dict.fromkeys(person_id for power in powers for person_id in _holding(item, who, power, barred)))


def _ladder(item: Item, who: Who, barred: frozenset[PersonId]) -> tuple[Power, ...]:
    """The powers to rule by: the absence of one person never keeps everybody waiting."""
    chiefs = set(_holding(item, who, Power.RULE_ON_ESCALATION, barred))
    return (Power.RULE_ON_ESCALATION,) if len(chiefs) > 1 else (Power.RULE_ON_ESCALATION, Power.STAND_IN_FOR_CHIEFS)


def _holding(item: Item, who: Who, power: Power, barred: frozenset[PersonId]) -> list[PersonId]:
    able = who.people_with(power, About(item.id, item.track))
    return [person_id for person_id in able if person_id not in barred]


def _parties(item: Item, who: Who, authority: Authority, raised: PushbackState) -> tuple[PersonId, ...]:
    """Both sides: whose it is and ever was, who ever joined, the author, who owns the item, who spoke for it.

    Who escalates is too, but not to mediate. A name that somebody acted in is a party as they are.
    """
    mediates = authority.role in HOLDERS[Power.ESCALATE]
    escalating = () if mediates else (who.person_id, authority.on_behalf_of)
    theirs = (raised.raiser_id, raised.holder_id, *sorted(raised.sided_ids))
    sides = (*theirs, item.author_id, *_owners(item, who), *sorted(raised.spoke_ids))
    return tuple(dict.fromkeys(person_id for person_id in (*sides, *escalating) if person_id))


def _owners(item: Item, who: Who) -> list[PersonId]:
    """Who holds the first role that owns items of the track: one who only stands in for it there is no party."""
    power, about = ownership(item.track), About(item.id, item.track)
    owning = [grant for grant in who.present if grant.gives(power) and grant.covers(about) and not grant.is_service]
    first = min((HOLDERS[power].index(grant.role) for grant in owning), default=0)
    return [grant.person_id for grant in owning if HOLDERS[power].index(grant.role) == first]
