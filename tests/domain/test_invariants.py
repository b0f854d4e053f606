"""Each rule about revisions, pushbacks and reasons is one that the random people would break if it were not kept.

Those about signing are in tests/domain/sign_offs/test_invariants.py.
"""

from collections.abc import Callable
from typing import Any, Final

import pytest
from hypothesis import settings

from domain import ids
from domain.authority import Authority, Who, blocking
from domain.commands import challenge, revision
from domain.commands import item as items
from domain.commands.pushbacks import hold, override, pushback, standing
from domain.events import (
    EditorialClaimChallenged,
    HoldSubstantiated,
    ItemDrafted,
    ItemRevised,
    ItemWithdrawn,
    OverrideProposed,
    OverrideRescinded,
    PushbackAmended,
    PushbackRaised,
    PushbackStanceChanged,
    PushbackVerificationRejected,
)
from domain.events.pushback import Stance
from domain.state.item import Item
from tests.domain.sign_offs.test_invariants import BRIEFLY, UNTIL_IT_BREAKS, nothing, run
from tests.domain.test_item_at_random import Act, AnItem

ABOUT_REASONS: Final = frozenset(
    {
        "raise_pushback",
        "place_hold",
        "substantiate_hold",
        "expire_hold",
        "sort_pushback",
        "change_stance",
        "reassign_pushback",
        "answer_pushback",
        "settle_pushback",
        "reject_answer",
        "withdraw_pushback",
        "propose_override",
        "rescind_override",
        "revise_item",
        "challenge_editorial_claim",
        "withdraw_item",
    }
)

EXPLAINED: Final[dict[type, tuple[str, ...]]] = {
    ItemWithdrawn: ("why",),
    EditorialClaimChallenged: ("why",),
    OverrideProposed: ("concern_restated", "rationale"),
    OverrideRescinded: ("why",),
    PushbackVerificationRejected: ("why",),
    PushbackStanceChanged: ("why",),
    PushbackRaised: ("statement",),
    HoldSubstantiated: ("statement",),
}
"""What is never done without saying why, and where that is said."""

SAYING_WHEN: Final = (PushbackRaised, HoldSubstantiated, PushbackAmended)
STANDING: Final = (PushbackRaised, HoldSubstantiated, PushbackStanceChanged)
"""Where it is said what would lift a block, and that it is one."""


class AnItemAsWritten(AnItem):
    """The same, with a look at each event as it is written: later its text may be erased."""

    def __init__(self) -> None:
        self.digests: list[str] = []
        self.lifting: set[int] = set()
        super().__init__()

    def acts(self) -> list[Act]:
        return [act for act in super().acts() if act[0].name in ABOUT_REASONS]

    def append(self, by: Any, events: Any) -> None:
        first = len(self.lines)
        super().append(by, events)
        written = [line.event for line in self.lines[first:]]
        self.lifting |= {
            event.pushback for event in written if isinstance(event, SAYING_WHEN) and (event.lifts_when or "").strip()
        }
        for event in written:
            self.is_explained(event)
            self.is_about_what_is_there(event)

    def is_explained(self, event: Any) -> None:
        """What was done says why, and what blocks says what would lift it."""
        for field in EXPLAINED.get(type(event), ()):
            assert getattr(event, field).strip()
        is_hold = isinstance(event, PushbackRaised) and event.due_at is not None
        if isinstance(event, STANDING) and event.stance is Stance.BLOCKING and not is_hold:
            assert event.pushback in self.lifting

    def is_about_what_is_there(self, event: Any) -> None:
        """Revisions are numbered without a gap, and a pushback names one of them by its number and digest."""
        if isinstance(event, ItemDrafted | ItemRevised):
            self.digests.append(event.digest)
            assert getattr(event, "revision", 1) == len(self.digests)
        if isinstance(event, PushbackRaised | HoldSubstantiated):
            assert self.digests[event.revision - 1 :][:1] == [event.digest]


def unchecked(_path: str, text: str | None) -> str | None:
    """Any text will do."""
    return text


def whoever_may(item: Item, who: Who, _lifts_when: str | None) -> Authority:
    """Who may block does, whatever they say."""
    return who.by(blocking(item.track))


def one_further(event: type[Any]) -> Callable[..., Any]:
    """The event with the number of a revision that is not there yet."""
    return lambda **said: event(**{**said, "revision": said["revision"] + 1})


RULES: Final[dict[str, tuple[tuple[Any, str, Any], ...]]] = {
    "I1: revisions have no gaps": ((revision, "ItemRevised", one_further(ItemRevised)),),
    "I1: a revision has the digest of its content": ((revision, "revision_digest", lambda _: "0" * 64),),
    "I2: a pushback names a revision": ((pushback, "PushbackRaised", one_further(PushbackRaised)),),
    "I2: a pushback says what it is about": ((pushback, "prose", unchecked),),
    "I2: a block says what would lift it": ((pushback, "may_block", whoever_may), (hold, "may_block", whoever_may)),
    "I3: what has ended does not change": ((standing, "unended", standing.known),),
    "I3: what comes back had ended": ((pushback, "_ended", lambda _, key: ids.parse(key).ordinal),),
    "I10: who withdraws an item says why": ((items, "prose", unchecked),),
    "I10: who rejects an answer says why": ((pushback, "prose", unchecked),),
    "I10: who goes over a concern restates it and says why": (
        (override, "_must_be_explained", nothing),
        (override, "prose", unchecked),
    ),
    "I10: who reclassifies a change says why": ((challenge, "prose", unchecked),),
}


def test_with_all_rules_in_place_nothing_breaks() -> None:
    run(AnItemAsWritten, settings(BRIEFLY, max_examples=100))


@pytest.mark.parametrize("rule", RULES)
def test_without_a_rule_something_breaks(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name, mutant in RULES[rule]:
        monkeypatch.setattr(module, name, mutant)
    with pytest.raises((AssertionError, BaseExceptionGroup)):
        run(AnItemAsWritten, UNTIL_IT_BREAKS)
