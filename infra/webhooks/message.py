"""What a webhook's receiver is told of an entry: its envelope and ids, and what people typed where that was chosen."""

from typing import Any

import msgspec

from domain.entry import Entry
from domain.ids import stream_key, thing_key
from infra.deciding import SUBJECTS
from projections.entries import envelope, subject_id


def message_id(webhook_id: str, position: int) -> str:
    """The same however often it is sent, so that a receiver sees a double."""
    return f"{webhook_id}_{position}"


def message(entry: Entry[Any], *, with_text: bool) -> bytes:
    """The body. The entry is one as everybody may read it; of an event that hides something no text is told at all."""
    kind = type(entry.event)
    data: dict[str, Any] = {
        "workspace_id": stream_key("wsp", entry.workspace_id),
        "position": entry.position,
        **envelope(entry),
        "ids": _things(entry),
    }
    if with_text and not kind.HIDDEN:
        data["text"] = {name: getattr(entry.event, name) for name in sorted(kind.PROSE)}
    return msgspec.json.encode({"type": kind.TOPIC, "timestamp": entry.recorded_at, "data": data})


def _things(entry: Entry[Any]) -> dict[str, str]:
    """The things inside the subject that the event speaks of, by what it calls them."""
    subject = subject_id(entry)
    told = {name: prefix for prefix, name in SUBJECTS.values() if name}
    ordinals = {name: getattr(entry.event, name, None) for name in told}
    return {name: thing_key(told[name], subject, at) for name, at in ordinals.items() if isinstance(at, int)}
