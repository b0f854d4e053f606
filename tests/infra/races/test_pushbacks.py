"""Two people act on one item at once, in two processes: whoever comes second decides on what the first one said."""

import asyncio
from typing import Any, Final

from domain.events.pushback import Stance
from domain.events.sign_off import Label
from domain.refusals import OpenBlockingPushback, StaleDigest
from infra.deciding import Done
from tests.cast import Cast, do
from tests.infra.test_deciding import Process, cast, digest_of, here, there  # noqa: F401 - fixtures

ROUNDS: Final = 8
BLOCK: Final[dict[str, Any]] = {"statement": "No", "stance": Stance.BLOCKING, "lifts_when": "A load test"}


async def kinds(cast: Cast, item: Done) -> list[str]:  # noqa: F811 - a fixture
    """What was said on an item, in its order."""
    entries = await cast.deciding._ledger.read_stream(cast.ada.workspace_id, item.entries[0].stream_id)
    return [type(entry.event).__name__ for entry in entries]


async def test_nothing_is_signed_over_a_block_that_was_raised_at_the_same_time(cast: Cast, there: Process) -> None:  # noqa: F811 - fixtures
    for _ in range(ROUNDS):
        item = await cast.item()
        signed: dict[str, Any] = {"label": Label.READY, "expected_digest": digest_of(item)}
        raised, granted = await asyncio.gather(
            cast.do(
                cast.arno, "raise_pushback", item.subject_id, statement="No", stance=Stance.BLOCKING, lifts_when="A"
            ),
            do(there.deciding, cast.dora, "grant_sign_off", item.subject_id, **signed),
            return_exceptions=True,
        )
        assert isinstance(raised, Done)
        said = await kinds(cast, item)
        if isinstance(granted, Done):
            assert said.index("SignOffGranted") < said.index("PushbackRaised")
        else:
            assert isinstance(granted, OpenBlockingPushback)
            assert "SignOffGranted" not in said


async def test_a_pushback_on_what_was_just_revised_is_stale_or_marked_outdated(cast: Cast, there: Process) -> None:  # noqa: F811 - fixtures
    for _ in range(ROUNDS):
        item = await cast.item()
        shown = digest_of(item)
        said: dict[str, Any] = {"statement": "No", "anchors": ("title",), "expected_digest": shown}
        raised, revised = await asyncio.gather(
            cast.do(cast.arno, "raise_pushback", item.subject_id, **said),
            do(there.deciding, cast.paula, "revise_item", item.subject_id, title="For a year", expected_digest=shown),
            return_exceptions=True,
        )
        assert isinstance(revised, Done)
        if isinstance(raised, Done):
            assert await kinds(cast, item) == ["ItemDrafted", "PushbackRaised", "ItemRevised", "PushbackAnchorOutdated"]
        else:
            assert isinstance(raised, StaleDigest)
            assert await kinds(cast, item) == ["ItemDrafted", "ItemRevised"]
