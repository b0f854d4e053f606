"""Webhooks at the terminal: the secret and the whole address are shown once, and never again."""

from tests.cli.conftest import Acme


def test_a_webhook_is_added_listed_and_removed(acme: Acme) -> None:
    url = "https://hooks.example:8443/in?key=word"
    added = acme.json("webhook", "add", url, "--kind", "PushbackRaised", "--person", "Ada")
    assert added["secret"].startswith("whsec_")
    (row,) = acme.json("webhook", "list")
    assert (row["id"], row["url"], row["failures"]) == (added["id"], "https://hooks.example:8443", 0)
    everything = acme("webhook", "list").stdout + acme("events").stdout
    assert "key=word" not in everything
    assert added["secret"] not in everything
    acme("webhook", "remove", added["id"])
    assert acme.json("webhook", "list") == []
    assert [event["kind"] for event in acme.events()][-2:] == ["WebhookRegistered", "WebhookRevoked"]


def test_an_address_that_is_none_is_refused(acme: Acme) -> None:
    refused = acme.pushback("webhook", "add", "nowhere", PUSHBACK_WORKSPACE=acme.name)
    assert refused.exit_code == 4
    assert "WEBHOOK_ADDRESS_MALFORMED" in refused.stderr
