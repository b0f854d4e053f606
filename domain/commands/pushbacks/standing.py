"""Where a pushback stands, and where the asker stands to it: what all its commands ask first."""

from domain import ids
from domain.authority import READERS, About, Authority, Who, ownership
from domain.ids import PersonId
from domain.refusals import (
    AlreadyTerminal,
    IsEscalated,
    IsHeld,
    ItemSideOnly,
    NotAuthorised,
    OverrideIsPending,
    OwnPushback,
    RaiserOnly,
    UnknownPushback,
)
from domain.state.item import Item, must_stand
from domain.state.pushback import Phase, PushbackState


def known(item: Item, pushback: int) -> PushbackState:
    """A pushback, ended or not, on an item that stands."""
    if pushback not in item.pushbacks:
        raise UnknownPushback(path="pushback")
    must_stand(item)
    return item.pushbacks[pushback]


def unended(item: Item, pushback: int) -> PushbackState:
    """A pushback that has not ended."""
    raised = known(item, pushback)
    if not raised.is_open:
        raise AlreadyTerminal
    return raised


def still_open(item: Item, pushback: int) -> PushbackState:
    """The same, which also says what the concern is: before that nobody can say anything to it."""
    raised = unended(item, pushback)
    if raised.phase is Phase.HELD:
        raise IsHeld
    return raised


def held_by(item: Item, who: Who, pushback: int) -> PushbackState:
    """An open pushback; refuses everybody but whose it is: who raised it, or took it over."""
    return its_holders(still_open(item, pushback), who)


def its_holders(raised: PushbackState, who: Who) -> PushbackState:
    """The same pushback; refuses everybody but whose it is."""
    if raised.holder_id != who.person_id:
        raise RaiserOnly
    return raised


def between_the_two(raised: PushbackState) -> None:
    """Refuses where it is not for raiser and item's side alone to say what is next."""
    not_before_arbiters(raised)
    if raised.phase is Phase.OVERRIDE_PENDING:
        raise OverrideIsPending


def not_before_arbiters(raised: PushbackState) -> None:
    """Refuses where others have to rule."""
    if raised.phase is Phase.ESCALATED:
        raise IsEscalated


def on_the_item_s_side(item: Item, who: Who, pushback: int) -> Authority:
    """The item's author, or an owner of its track, but never who raised it or took it over."""
    raised = still_open(item, pushback)
    not_its_raiser(raised, who)
    if item.author_id == who.person_id:
        return who.as_party()
    try:
        return who.by_apart(ownership(item.track), not_for=raised.raisers)
    except NotAuthorised as refusal:
        raise ItemSideOnly(who_could=refusal.who_could) from None


def not_its_raiser(raised: PushbackState, who: Who) -> None:
    """Refuses whose pushback it is or was."""
    if who.person_id in raised.raisers:
        raise OwnPushback


def could_be_party(item: Item, who: Who, person_id: PersonId) -> bool:
    """Whether that person is here to speak for one side: by a role that acts and holds for this item; no program."""
    about = About(item.id, item.track)
    theirs = [grant for grant in who.present if grant.person_id == person_id and grant.covers(about)]
    return any(grant.role not in READERS and not grant.is_service for grant in theirs)


def heir(item: Item, who: Who, pushback: int) -> PersonId | None:
    """Whose it becomes when whose it is lets go of it: the first who joined and is here; None where nobody is."""
    joined_ids = item.pushbacks[pushback].joined_ids
    return next((each for each in joined_ids if could_be_party(item, who, each)), None)


def inside(item: Item, prefix: str, key: str) -> int:
    """The ordinal of a thing of this item; 0 for any other id."""
    try:
        found = ids.parse(key)
    except ids.MalformedId:
        return 0
    is_its_own = found.prefix == prefix and found.stream_id == ids.stream_id(item.id)
    return found.ordinal if is_its_own else 0
