"""Who may sign what."""

from domain.authority import About, Authority, Power, Who, ownership
from domain.events.people import Role
from domain.events.sign_off import Label
from domain.ids import PersonId, thing_key
from domain.policy import AcceptanceMode
from domain.refusals import NotAuthorised, OpenBlockingPushback
from domain.state.item import Item, must_stand


def powers(item: Item, who: Who, label: Label) -> tuple[Power, ...]:
    """The powers of which each lets sign under a label, the first one first."""
    if label is Label.READY:
        return (Power.SIGN_READY,)
    if label is Label.ARCHITECTURE:
        return (Power.SIGN_ARCHITECTURE,)
    shared = (Power.SIGN_ARCHITECTURE,) if who.policy.acceptance_mode is AcceptanceMode.SHARED else ()
    return (ownership(item.track), *shared)


def to_sign(item: Item, who: Who, label: Label) -> Authority:
    """The authority to sign under a label; refuses who has none."""
    return who.by(*powers(item, who, label))


def could_sign(item: Item, who: Who, person_id: PersonId, label: Label) -> bool:
    """Whether somebody else holds a role here that may sign under a label."""
    on, needed = About(item.id, item.track), powers(item, who, label)
    theirs = [grant for grant in who.present if grant.person_id == person_id and grant.covers(on)]
    return any(grant.gives(power) for grant in theirs for power in needed)


def may_sign(item: Item, who: Who) -> Authority:
    """Whoever could sign under some label, unless something blocks the item."""
    authority = may_answer_for(item, who)
    must_be_unblocked(item)
    return authority


def may_answer_for(item: Item, who: Who) -> Authority:
    """Whoever could sign under some label, if nothing were in the way."""
    must_stand(item)
    roles: dict[Role, None] = {}
    for label in Label:
        try:
            return to_sign(item, who, label)
        except NotAuthorised as refusal:
            roles |= dict.fromkeys(Role(role) for role in refusal.who_could)
    raise NotAuthorised(who_could=tuple(roles))


def must_be_unblocked(item: Item) -> None:
    """Refuses while an open pushback blocks the item."""
    if item.blocks:
        raise OpenBlockingPushback(unmet=tuple(thing_key("pbk", item.id, ordinal) for ordinal in item.blocks))
