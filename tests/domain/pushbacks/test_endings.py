"""A pushback that has ended stays as it ended; what was never raised is unknown."""

from collections.abc import Callable
from typing import Final

import pytest

from domain.commands.pushbacks.pushback import (
    answer_pushback,
    concede_pushback,
    raise_pushback,
    reject_answer,
    settle_pushback,
    sort_pushback,
    withdraw_pushback,
)
from domain.decision import Decided
from domain.events import (
    ItemRevised,
    PushbackAnswered,
    PushbackClaimedAddressed,
    PushbackConceded,
    PushbackRaised,
    PushbackResponded,
    PushbackSettledByRevision,
    PushbackVerificationRejected,
    PushbackWithdrawn,
)
from domain.events.item import ChangeKind
from domain.events.people import Role
from domain.events.pushback import Reason, Stance
from domain.refusals import AlreadyTerminal, UnknownPushback
from domain.state.item import Item
from tests.given import Said, drafted, given, refused, who

ADA: Final = who("ada", Role.ARCHITECT)
DANA: Final = who("dana", Role.DEVELOPER)
BY_ADA: Final = (
    "ada",
    PushbackRaised(pushback=1, revision=1, digest="d", stance=Stance.ADVISORY, reason=Reason.UNSORTED),
)
REVISED: Final = (
    "dana",
    ItemRevised(
        revision=2, change_kind=ChangeKind.SUBSTANTIVE, changed_sections=("why",), section_digests={}, digest="d2"
    ),
)
CLAIMED: Final = ("paula", PushbackClaimedAddressed(pushback=1, revision=2))


def the_item(*said: Said) -> Item:
    """What Dana drafted, and what was said about it."""
    return given(("dana", drafted()), *said)


ENDINGS: Final = (
    ("ada", PushbackAnswered(pushback=1)),
    ("ada", PushbackSettledByRevision(pushback=1, revision=2)),
    ("paula", PushbackConceded(pushback=1)),
    ("ada", PushbackWithdrawn(pushback=1)),
)
COMMANDS_ON_IT: Final[dict[str, Callable[[Item], Decided]]] = {
    "sort": lambda item: sort_pushback(item, ADA, 1, reason=Reason.OTHER),
    "answer": lambda item: answer_pushback(item, DANA, 1, text="No"),
    "settle": lambda item: settle_pushback(item, ADA, 1),
    "reject": lambda item: reject_answer(item, ADA, 1, why="No"),
    "concede": lambda item: concede_pushback(item, DANA, 1, consequence="Yes"),
    "withdraw": lambda item: withdraw_pushback(item, ADA, 1),
}


@pytest.mark.parametrize("command", COMMANDS_ON_IT.values(), ids=COMMANDS_ON_IT)
@pytest.mark.parametrize("ending", ENDINGS, ids=lambda ending: ending[1].TOPIC)
def test_a_pushback_that_has_ended_never_changes(ending: Said, command: Callable[[Item], Decided]) -> None:
    with refused(AlreadyTerminal):
        command(the_item(BY_ADA, REVISED, CLAIMED, ending))


@pytest.mark.parametrize("command", COMMANDS_ON_IT.values(), ids=COMMANDS_ON_IT)
def test_a_pushback_that_was_never_raised_is_unknown(command: Callable[[Item], Decided]) -> None:
    with refused(UnknownPushback):
        command(the_item())


def test_a_concern_that_is_back_is_a_new_pushback() -> None:
    item = the_item(BY_ADA, ("ada", PushbackWithdrawn(pushback=1)))
    (event,) = raise_pushback(item, ADA, statement="It is back").events
    assert isinstance(event, PushbackRaised)
    assert event.pushback == 2


def test_a_rejected_answer_leaves_the_claim_behind() -> None:
    rejected = ("ada", PushbackVerificationRejected(pushback=1))
    item = the_item(BY_ADA, REVISED, CLAIMED, rejected, ("paula", PushbackResponded(pushback=1)))
    assert settle_pushback(item, ADA, 1).events == (PushbackAnswered(pushback=1),)
