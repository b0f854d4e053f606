"""Refusals about webhooks."""

from domain.refusals.refused import Refused


class UnknownWebhook(Refused):
    """There is no such webhook that is still told anything; check the id."""


class WebhookAddressMalformed(Refused):
    """A webhook's address starts with https:// or http:// and a host, without a user name or a part after '#'."""


class UnknownEventKind(Refused):
    """There is no such kind of event; name kinds as the events are called, like PushbackRaised."""


class TooManyWebhooks(Refused):
    """A workspace has at most 20 webhooks at a time; revoke one that nobody needs."""

    suggested = ("revoke_webhook",)
