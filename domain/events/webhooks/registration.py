"""Webhooks: which other systems are told what happens."""

from domain.entry import Event
from domain.ids import PersonId


class WebhookRegistered(Event, frozen=True, kw_only=True):
    """Another system is told what happens from now on. Its whole address and the signing secret are kept elsewhere.

    `address` is scheme, host and port; without `kinds` all kinds are told, with `person_id` only what makes or leaves
    it this person's turn.
    """

    webhook: int
    address: str
    kinds: tuple[str, ...] = ()
    person_id: PersonId | None = None
    with_text: bool = False


class WebhookRevoked(Event, frozen=True, kw_only=True):
    """Another system is no longer told what happens."""

    webhook: int
