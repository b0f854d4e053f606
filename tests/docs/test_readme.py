"""What the README shows works as it says."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.graphql_api.client import Client, backend, cast, client  # noqa: F401 - fixtures

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
OPERATIONS = dict(zip(("raise", "accept", "then"), re.findall(r"```graphql\n(.*?)```", README, re.DOTALL), strict=True))


async def test_the_operations_do_what_the_text_around_them_says(client: Client) -> None:  # noqa: F811 - a fixture
    cast = client.cast  # noqa: F811 - its own name for it
    item = await cast.item("Export listening data")
    event: Any = item.entries[0].event
    raised = (await client.ask(cast.arno, OPERATIONS["raise"], item=item.subject_id))["raisePushback"]
    assert raised["subject"]["turn"] == {"name": "Paula"}
    assert raised["subject"]["item"] == {"title": "Export listening data", "isBlocked": True}
    said = {"item": item.subject_id, "digest": event.digest}
    refused = (await client.ask(cast.paula, OPERATIONS["accept"], **said))["grantSignOff"]
    assert refused["code"] == "OPEN_BLOCKING_PUSHBACK"
    assert refused["unmet"] == [raised["subject"]["id"]]
    day = item.entries[0].effective_at.isoformat()
    then = (await client.ask(cast.arno, OPERATIONS["then"], item=item.subject_id, day=day))["item"]
    assert [told["kind"] for told in then["history"]["nodes"]] == ["ItemDrafted"]
    assert then["pushbacks"] == {"nodes": []}


@pytest.mark.parametrize("link", re.findall(r"\]\((?!http)([^)#]+)\)", README))
def test_every_link_leads_somewhere(link: str) -> None:
    assert (ROOT / link).exists()


@pytest.mark.parametrize("guide", sorted(path.name for path in (ROOT / "docs").glob("*.md")))
def test_every_guide_is_found_from_here(guide: str) -> None:
    assert f"(docs/{guide})" in README


def test_both_commands_are_targets_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text()
    assert all(f"\n{target}: " in makefile for target in ("demo", "test"))
