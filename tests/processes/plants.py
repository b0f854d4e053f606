"""What a test plants in a server process: faults that the proofs must notice, and an event that got a newer form."""

import types
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import msgspec

from domain import wire
from domain.entry import EVENTS, Entry, Event
from domain.events import PushbackRaised
from infra.backend import Backend
from infra.ledger import Settled
from infra.webhooks.stand import Lease, Wants
from projections import PROJECTIONS
from projections.declare import Projection
from projections.rows.pushback_row import Pushback

PLANTED: Final = "This one cannot be folded"


class PlantedFault(Exception):
    """What the planted fold raises."""


def _refuse_to_fold(projection: Projection) -> Projection:
    def evolve(row: Any, entry: Entry[Any], item: Any) -> Any:
        if isinstance(entry.event, PushbackRaised) and entry.event.statement == PLANTED:
            raise PlantedFault
        return projection.evolve(row, entry, item)

    return replace(projection, evolve=evolve)


def faulty_fold(backend: Backend) -> None:
    """The read model of pushbacks cannot fold one that says PLANTED."""
    backend.projector._projections = [_refuse_to_fold(each) if each.row is Pushback else each for each in PROJECTIONS]


def hasty_refusals(backend: Backend) -> None:
    """Refusals are given on whatever the process remembers."""
    settle = backend.ledger.settle

    async def hasty(*arguments: Any) -> Settled:
        return msgspec.structs.replace(await settle(*arguments), stale=frozenset())

    backend.ledger.settle = hasty  # type: ignore[method-assign, assignment]


def short_lease(backend: Backend) -> None:
    """What a killed process was delivering is soon taken over."""
    backend.deliveries._stand.lease = timedelta(seconds=2)


def hasty_delivery(backend: Backend) -> None:
    """A webhook counts as told before it is."""
    send, stand = backend.deliveries._send, backend.deliveries._stand

    async def hasty(lease: Lease, wants: Wants, entry: Entry[Any]) -> str:
        await stand.move(lease, entry.position)
        return await send(lease, wants, entry)

    backend.deliveries._send = hasty  # type: ignore[method-assign]


OLD_VERSION: Final = PushbackRaised.class_version


def newer_form(_backend: Backend | None = None) -> None:
    """A pushback gets a newer form: the one before called its statement `concern`, and had no reason."""

    def upcast(state: dict[str, Any]) -> None:
        state["statement"] = state.pop("concern", None)
        state["reason"] = "UNSORTED"

    setattr(PushbackRaised, _UPCAST, staticmethod(upcast))
    PushbackRaised.class_version = OLD_VERSION + 1
    wire._reading.cache_clear()


def no_newer_form() -> None:
    """As it was."""
    delattr(PushbackRaised, _UPCAST)
    PushbackRaised.class_version = OLD_VERSION
    wire._reading.cache_clear()


def older_event(event: PushbackRaised) -> Event:
    """The same pushback as it was written in the form before."""
    fields = msgspec.structs.asdict(event)
    fields["concern"] = fields.pop("statement")
    del fields["reason"]
    return _older_form()(**fields)


def _older_form() -> type[Event]:
    """The class of the form before, made as it once was; today's stays the one that is read."""
    annotations = {name: hint for name, hint in PushbackRaised.__annotations__.items() if name != "reason"}
    annotations["concern"] = annotations.pop("statement")
    today = EVENTS.pop("PushbackRaised")
    try:
        body = {"__annotations__": annotations, "class_version": OLD_VERSION, "__module__": __name__}
        return types.new_class(
            "PushbackRaised", (Event,), {"frozen": True, "kw_only": True}, lambda space: space.update(body)
        )
    finally:
        EVENTS["PushbackRaised"] = today


_UPCAST: Final = f"upcast_v{OLD_VERSION}_v{OLD_VERSION + 1}"

PLANTS: Final[dict[str, Callable[[Backend], None]]] = {
    "faulty fold": faulty_fold,
    "hasty delivery": hasty_delivery,
    "hasty refusals": hasty_refusals,
    "newer form": newer_form,
    "short lease": short_lease,
}
"""Each by the name it has on the command line."""
