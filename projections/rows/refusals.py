"""What the rules refused at a gate, and to whom."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

from domain.entry import Entry
from domain.events import CommandRefused
from domain.ids import ItemId, PersonId, RefusalId, TeamId, stream_key, thing_key
from projections.declare import Points, Projection, Row, many, one, said
from projections.rows.items import Item


class RecordedRefusal(Row, frozen=True, kw_only=True):
    """A command at a gate, such as a sign-off, that the rules refused to somebody with a role there."""

    id: RefusalId
    item_id: ItemId
    team_id: TeamId
    number: int
    person_id: PersonId
    command: str
    code: str
    thing: str | None
    label: str | None
    refused_at: datetime
    recorded: Annotated[int, Points(CommandRefused)]

    item = one("Item", "item_id", doc="What was to pass the gate.")
    team = one("Team", "team_id", doc="Whose item it is.")
    person = one("Person", "person_id", doc="Who tried.")
    overridden_since = many(
        "Pushback",
        "",
        where="{row}.item_id = {owner}.item_id AND {row}.outcome = 'OVERRIDDEN' AND {row}.closed > {owner}.recorded",
        order="number",
        doc="The pushbacks on the item that were overridden after it, oldest first: how the gate was passed.",
    )
    unmet = said("recorded", "unmet", doc="What was missing, in words.")


def _keys(entry: Entry[CommandRefused]) -> Iterable[str]:
    return (thing_key("rfs", stream_key("itm", entry.stream_id), entry.event.refusal),)


def _evolve(_row: RecordedRefusal | None, entry: Entry[Any], item: Item | None) -> RecordedRefusal | None:
    if item is None:
        return None
    event: CommandRefused = entry.event
    return RecordedRefusal(
        id=RefusalId(thing_key("rfs", item.id, event.refusal)),
        item_id=item.id,
        team_id=item.team_id,
        number=event.refusal,
        person_id=PersonId(entry.act.actor),
        command=event.command,
        code=event.code,
        thing=event.thing,
        label=event.label,
        refused_at=entry.effective_at,
        recorded=entry.position,
    )


PROJECTION = Projection(RecordedRefusal, frozenset({CommandRefused}), _keys, _evolve, reads_item=True)
