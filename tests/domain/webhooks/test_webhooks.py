"""An administrator has other systems told what happens; a URL is no more than a place to send to."""

from functools import reduce
from typing import Any, Final

import pytest

from domain.authority import Who
from domain.commands.webhook import WEBHOOKS_MAX, register_webhook, revoke_webhook
from domain.decision import Decided
from domain.events import PersonRegistered, WebhookRegistered, WebhookRevoked
from domain.events.people import Role
from domain.refusals import (
    NotAuthorised,
    TooManyWebhooks,
    UnknownEventKind,
    UnknownPerson,
    UnknownWebhook,
    WebhookAddressMalformed,
)
from domain.state.person import Person
from domain.state.team import Workspace, evolve_workspace
from tests.given import WORKSPACE, entry, given_person, given_workspace, person_id, refused, who

ADA: Final = who("ada", Role.ADMINISTRATOR)
URL: Final = "https://Hooks.example:8443/in?key=secret"


def registered(workspace: Workspace, by: Who = ADA, url: str = URL, **said: Any) -> Decided:
    return register_webhook(workspace, by, url=url, **said)


def then(workspace: Workspace, outcome: Decided) -> Workspace:
    lines = (entry(WORKSPACE, 1, ADA.person_id, event) for event in outcome.events)
    return reduce(evolve_workspace, lines, workspace)


ONE: Final = then(given_workspace(), registered(given_workspace()))


def test_an_administrator_registers_it_and_its_path_is_not_recorded() -> None:
    dora = given_person("dora", ("ada", PersonRegistered(commitment="c")))
    outcome = registered(given_workspace(), kinds=("ItemDrafted", "ItemDrafted"), person=dora, with_text=True)
    expected = WebhookRegistered(
        webhook=1,
        address="https://hooks.example:8443",
        kinds=("ItemDrafted",),
        person_id=person_id("dora"),
        with_text=True,
    )
    assert outcome.events == (expected,)
    with refused(NotAuthorised):
        registered(given_workspace(), who("paula", Role.PRODUCT_OWNER))
    with refused(UnknownPerson):
        registered(given_workspace(), person=Person())
    with refused(UnknownEventKind):
        registered(given_workspace(), kinds=("SomethingElse",))


@pytest.mark.parametrize(
    "url",
    [
        "", "ftp://host/", "https://", "https:///path", "https://user:word@host/", "https://host/#part", "https://h t/",
        "https://host:0/", "https://host:99999/", "https://host/\r\nX: y", "https://host/ü", "//host", "https://h\0/",
        "https://host/" + "x" * 2000,
    ],
)  # fmt: skip
def test_an_address_is_one_that_messages_can_go_to(url: str) -> None:
    with refused(WebhookAddressMalformed):
        registered(given_workspace(), url=url)


@pytest.mark.parametrize("url", ["http://host", "https://host?a=b", "https://[::1]:8080/x", "https://1.2.3.4/a%20b"])
def test_plain_addresses_are_taken(url: str) -> None:
    assert registered(given_workspace(), url=url).events


def test_one_that_is_revoked_is_gone_and_its_number_is_not_given_again() -> None:
    outcome = revoke_webhook(ONE, ADA, 1)
    assert outcome.events == (WebhookRevoked(webhook=1),)
    revoked = then(ONE, outcome)
    with refused(UnknownWebhook):
        revoke_webhook(revoked, ADA, 1)
    with refused(NotAuthorised):
        revoke_webhook(ONE, who("paula", Role.PRODUCT_OWNER), 1)
    assert registered(revoked).events[0].webhook == 2  # type: ignore[attr-defined]


def test_there_are_not_too_many() -> None:
    full = reduce(lambda workspace, _: then(workspace, registered(workspace)), range(WEBHOOKS_MAX), given_workspace())
    with refused(TooManyWebhooks):
        registered(full)
    assert registered(then(full, revoke_webhook(full, ADA, 7))).events
