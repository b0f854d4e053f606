"""Every revision of every item; a revision never changes."""

from collections.abc import Iterable
from typing import Annotated, Any

from msgspec.structs import replace

from domain.entry import Entry, Event
from domain.events import EditorialClaimChallenged, IssueImported, ItemChangeReclassified, ItemDrafted, ItemRevised
from domain.events.item import ChangeKind
from domain.ids import ItemId, PersonId, RevisionId, stream_key, thing_key
from projections.declare import Points, Projection, Row, one, said
from projections.entries import person_acting


class Revision(Row, frozen=True, kw_only=True):
    """What an item said from one revision to the next."""

    id: RevisionId
    item_id: ItemId
    number: int
    digest: str
    change_kind: ChangeKind | None
    changed_sections: tuple[str, ...]
    author_id: PersonId | None
    content: Annotated[int, Points(ItemDrafted, ItemRevised, IssueImported)]
    challenged: Annotated[int, Points(EditorialClaimChallenged)] | None = None

    item = one("Item", "item_id", doc="Whose revision it is.")
    author = one("Person", "author_id", doc="Who wrote it; null when nobody knows.")
    title = said("content", "title", doc="What the item was called.")
    narrative = said("content", "narrative", doc="The story in its author's words.")
    why = said("content", "why", doc="Why it was wanted.")
    value = said("content", "value", doc="What it was worth, and to whom.")
    criteria = said("content", "criteria", doc="The acceptance criteria.")
    criteria_kinds = said("content", "criteria_kinds", doc="What each criterion was about; empty where nobody said.")
    challengeable_until = said(
        "content", "challengeable_until", doc="Until when its claim to change only the wording may be challenged."
    )
    constraints = said("content", "constraints", doc="What a solution had to respect.")
    deployment = said("content", "deployment", doc="What bringing it to users took.")
    salt = said("content", "salt", doc="The salt of the section digests, as hex; erased with the content.")
    section_digests = said("content", "section_digests", doc="The salted digest of each section that says something.")


def _keys(entry: Entry[Any]) -> Iterable[str]:
    number = getattr(entry.event, "revision", 1)
    return (thing_key("rev", stream_key("itm", entry.stream_id), number),)


def _evolve(row: Revision | None, entry: Entry[Any], _item: object) -> Revision | None:
    match entry.event:
        case ItemDrafted() | IssueImported() as event:
            return _revision(entry, 1, event.digest, None, ())
        case ItemRevised() as event:
            return _revision(entry, event.revision, event.digest, event.change_kind, event.changed_sections)
        case EditorialClaimChallenged() if row:
            return replace(row, challenged=entry.position)
        case ItemChangeReclassified(after=kind) if row:
            return replace(row, change_kind=kind)
        case _:
            return row


def _revision(
    entry: Entry[Any], number: int, digest: str, change_kind: ChangeKind | None, changed: tuple[str, ...]
) -> Revision:
    item = ItemId(stream_key("itm", entry.stream_id))
    return Revision(
        id=RevisionId(thing_key("rev", item, number)),
        item_id=item,
        number=number,
        digest=digest,
        change_kind=change_kind,
        changed_sections=changed,
        author_id=person_acting(entry),
        content=entry.position,
    )


_EVENTS: frozenset[type[Event]] = frozenset(
    {ItemDrafted, ItemRevised, IssueImported, EditorialClaimChallenged, ItemChangeReclassified}
)

PROJECTION = Projection(Revision, _EVENTS, _keys, _evolve)
