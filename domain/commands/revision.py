"""A new revision of an item, and the one rule for what it does to everything that stands on the one before."""

from datetime import datetime

from domain.commands.estimation.rounds import superseded
from domain.commands.pushbacks.anchors import outdated
from domain.commands.pushbacks.required_change import made
from domain.commands.sign_offs.ending import decay
from domain.content import Content, revision_digest, section_digests, written
from domain.entry import Event
from domain.events import EstimateStaled, ItemRevised
from domain.events.item import ChangeKind
from domain.state.item import Item


def revision(
    item: Item,
    content: Content,
    changed: tuple[str, ...],
    *,
    salt: str,
    kind: ChangeKind,
    until: datetime | None = None,
) -> tuple[Event, ...]:
    """The revision and, in the same command, its consequences, each an event of its own.

    Sign-offs are carried or voided, pushbacks that point into a changed section are told so, those upheld wait for
    somebody to see whether it makes the change they ask for, and a substantive change makes the estimate stale and
    ends a round under way. Until `until` an editorial one may be challenged. Pushbacks stay open whatever the change.
    """
    digests = section_digests(salt, content)
    revised = ItemRevised(
        revision=item.revision + 1,
        change_kind=kind,
        changed_sections=changed,
        section_digests=digests,
        digest=revision_digest(digests),
        challengeable_until=until,
        salt=salt,
        **written(content),
    )
    ended = _ended(item, revised.revision) if kind is ChangeKind.SUBSTANTIVE else ()
    return (revised, *decay(item, revised), *outdated(item, revised), *made(item, revised.revision), *ended)


def _ended(item: Item, revision: int) -> tuple[Event, ...]:
    """What speaks of the item's size: the estimate, and a round under way."""
    staled = (EstimateStaled(estimate=item.live_estimate, by_revision=revision),) if item.live_estimate else ()
    return (*staled, *superseded(item, revision))
