"""Webhooks through the API: registered, seen to fail and to be well, revoked."""

from typing import Any, Final
from uuid import uuid4

import pytest

from tests.graphql_api.client import Client
from tests.infra.webhooks.receiving import Receiver, receiving

REGISTER: Final = """mutation($input: RegisterWebhookInput!) { registerWebhook(input: $input) {
  ... on NewWebhookSuccess { secret position projected subject { id address kinds } events { __typename } }
  ... on Refusal { code path } } }"""
DELIVERIES: Final = """{ deliveries {
  position lastDeliveredAt failures failingSince lastError nextAttemptAt pausedSince webhook { id address } } }"""


async def registered(client: Client, receiver: Receiver, **said: Any) -> Any:
    """What the administrator is answered."""
    given = {"url": receiver.url, **said}
    return (await client.ask(client.cast.ada, REGISTER, input=given))["registerWebhook"]


async def only(client: Client) -> Any:
    """The one delivery there is."""
    (told,) = (await client.ask(client.cast.ada, DELIVERIES))["deliveries"]
    return told


async def test_a_webhook_is_registered_and_its_secret_shown_by_that_command_only(client: Client) -> None:
    async with receiving() as receiver:
        command_id = str(uuid4())
        answer = await registered(client, receiver, kinds=["ItemDrafted"], commandId=command_id)
        assert answer["secret"].startswith("whsec_")
        assert answer["projected"]
        assert answer["events"] == [{"__typename": "WebhookRegistered"}]
        assert answer["subject"]["kinds"] == ["ItemDrafted"]
        assert answer["subject"]["address"] == receiver.url.partition("/hook")[0]
        assert await registered(client, receiver, kinds=["ItemDrafted"], commandId=command_id) == answer
        other = await registered(client, receiver)
        assert other["secret"] != answer["secret"]
    everything = await client.post(client.cast.ada, "{ events(first: 100) { nodes { __typename ids: subjectId } } }")
    assert answer["secret"] not in everything.text


async def test_how_delivery_goes_is_seen(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client.backend.deliveries, "_may_be_private", True)
    async with receiving() as receiver:
        answer = await registered(client, receiver)
        fresh = await only(client)
        assert (fresh["position"], fresh["webhook"]["id"]) == (answer["position"], answer["subject"]["id"])
        receiver.statuses = iter((500,))
        position = (await client.cast.item()).position
        await receiver.has_heard(position)
        await client.backend.deliveries.look()
        failed = await only(client)
        assert (failed["position"], failed["failures"], failed["lastError"]) == (answer["position"], 1, "500")
        assert failed["failingSince"] < failed["nextAttemptAt"]
        assert failed["pausedSince"] is None
        assert failed["lastDeliveredAt"] is None


async def test_when_a_message_was_last_taken_is_seen_and_what_is_passed_over_is_none(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client.backend.deliveries, "_may_be_private", True)
    async with receiving() as receiver:
        await registered(client, receiver, kinds=["PushbackRaised"])
        item = await client.cast.item()
        await client.backend.deliveries.look()
        passed_over = await only(client)
        assert (passed_over["position"], passed_over["lastDeliveredAt"]) == (item.position, None)
        raised = await client.cast.do(client.cast.arno, "raise_pushback", item.subject_id, statement="No volumes")
        await client.backend.deliveries.look()
        taken = await only(client)
        (event,) = (await client.ask(client.cast.ada, "{ events(last: 1) { nodes { recordedAt } } }"))["events"][
            "nodes"
        ]
        assert taken["position"] == raised.position
        assert taken["lastDeliveredAt"] > event["recordedAt"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"url": "ftp://hooks.example"}, "WEBHOOK_ADDRESS_MALFORMED"),
        ({"kinds": ["PushbackIgnored"]}, "UNKNOWN_EVENT_KIND"),
        ({"person": "psn_nobody"}, "UNKNOWN_PERSON"),
    ],
)
async def test_what_cannot_be_told_is_refused(client: Client, said: dict[str, Any], code: str) -> None:
    given = {"url": "https://hooks.example/in", **said}
    assert (await client.ask(client.cast.ada, REGISTER, input=given))["registerWebhook"]["code"] == code
    assert (await client.ask(client.cast.ada, DELIVERIES))["deliveries"] == []


async def test_only_who_administers_registers_one(client: Client) -> None:
    given = {"url": "https://hooks.example/in"}
    assert (await client.ask(client.cast.paula, REGISTER, input=given))["registerWebhook"]["code"] == "NOT_AUTHORISED"
