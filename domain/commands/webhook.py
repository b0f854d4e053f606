"""Webhooks: having another system told what happens, and no longer."""

import re
from typing import Final

from domain.authority import Who
from domain.commands.people.registry import may_administer
from domain.commands.people.roles import known
from domain.decision import Decided, decided
from domain.entry import EVENTS
from domain.events import WebhookRegistered, WebhookRevoked
from domain.refusals import TooManyWebhooks, UnknownEventKind, UnknownWebhook, WebhookAddressMalformed
from domain.state.person import Person
from domain.state.team import Workspace

WEBHOOKS_MAX: Final = 20
_CHARACTERS_MAX: Final = 2000
_PORT_MAX: Final = 65535
_URL: Final = re.compile(r"(https?://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::([0-9]{1,5}))?)(?:[/?][!-\"$-~]*)?")
"""Of printable ASCII; no name or password before the host, and nothing after '#', which is never sent."""


def register_webhook(
    workspace: Workspace,
    who: Who,
    *,
    url: str,
    kinds: tuple[str, ...] = (),
    person: Person | None = None,
    with_text: bool = False,
) -> Decided:
    """Have another system told what happens from now on, in order, in signed messages."""
    authority = may_administer(workspace, who)
    if len(workspace.webhooks) >= WEBHOOKS_MAX:
        raise TooManyWebhooks
    for kind in kinds:
        if kind not in EVENTS:
            raise UnknownEventKind(path="kinds", unmet=(kind[:100],))
    registered = WebhookRegistered(
        webhook=workspace.webhooks_registered + 1,
        address=_address(url),
        kinds=tuple(dict.fromkeys(kinds)),
        person_id=None if person is None else known(person),
        with_text=with_text,
    )
    return decided(authority, registered)


def revoke_webhook(workspace: Workspace, who: Who, webhook: int) -> Decided:
    """Have another system no longer told what happens."""
    if webhook not in workspace.webhooks:
        raise UnknownWebhook(path="webhook")
    return decided(may_administer(workspace, who), WebhookRevoked(webhook=webhook))


def _address(url: str) -> str:
    """Scheme, host and port, which everybody may know; the rest of a URL is often a secret."""
    found = _URL.fullmatch(url) if len(url) <= _CHARACTERS_MAX else None
    if found is None or not 0 < int(found[2] or 1) <= _PORT_MAX:
        raise WebhookAddressMalformed(path="url")
    return found[1].lower()
