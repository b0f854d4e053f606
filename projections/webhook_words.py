"""What the columns and event fields of webhooks mean, for people; see projections/words.py."""

from typing import Final

OF_WEBHOOKS: Final[dict[str, str]] = {
    "webhook": "The webhook that was registered or revoked.",
    "address": "Scheme, host and port of where messages go; the rest may be a secret and is not shown.",
    "kinds": "The kinds of events that are told; empty for all.",
    "with_text": "Whether what people typed is told too.",
    "Webhook.registered": "The event with which it was registered.",
    "Webhook.revoked": "The event with which it was revoked; null while it is told what happens.",
    "WebhookRegistered.person_id": "Whose turn it must be; null when it does not matter.",
}
