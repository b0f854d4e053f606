"""A workspace adds reasons for pushing back to the fixed categories; they retire, and never disappear."""

from functools import reduce
from typing import Any, Final

import pytest
from msgspec.structs import replace

from domain.authority import Who
from domain.commands.pushbacks.pushback import raise_pushback, sort_pushback
from domain.commands.question import promote_question
from domain.commands.reason import add_reason, retire_reason
from domain.decision import Decided
from domain.entry import ActorKind
from domain.events import PushbackRaised, PushbackReasonSorted, QuestionAsked, ReasonAdded, ReasonRetired
from domain.events.people import Role
from domain.events.pushback import Reason, ReasonCategory, Stance
from domain.refusals import (
    NotAuthorised,
    NothingChanged,
    ReasonCodeMalformed,
    ReasonCodeTaken,
    ServiceCannotDecide,
    TextMissing,
    UnknownReason,
)
from domain.state.item import Item
from domain.state.team import Workspace, evolve_workspace
from tests.given import WORKSPACE, after, drafted, entry, given, given_workspace, person_id, refused, who

ADA: Final = who("ada", Role.ADMINISTRATOR)
ARNO: Final = who("arno", Role.ARCHITECT)
LEGAL: Final = ReasonAdded(
    added_reason=1,
    code="LICENCE_UNCLEAR",
    category=ReasonCategory.ARCHITECTURE,
    description="Nobody knows whether we may use it.",
    why="It happened twice",
)
ITEM: Final = given(("paula", drafted()))


def added(workspace: Workspace, by: Who = ADA, **said: Any) -> Decided:
    told: dict[str, Any] = {"code": LEGAL.code, "category": LEGAL.category, "description": LEGAL.description}
    return add_reason(workspace, by, **{**told, "why": LEGAL.why, **said})


def then(workspace: Workspace, outcome: Decided) -> Workspace:
    lines = (entry(WORKSPACE, 1, ADA.person_id, event) for event in outcome.events)
    return reduce(evolve_workspace, lines, workspace)


ONE: Final = then(given_workspace(), added(given_workspace()))
RETIRED: Final = then(ONE, retire_reason(ONE, ADA, code=LEGAL.code, why="Legal decides now"))


def knowing(workspace: Workspace) -> Who:
    return replace(ARNO, reasons=workspace.reasons)


def test_a_chief_or_an_administrator_adds_a_reason_and_says_why() -> None:
    assert added(given_workspace()).events == (LEGAL,)
    assert added(given_workspace(), who("cleo", Role.CHIEF_PRODUCT_OWNER)).events == (LEGAL,)
    with refused(TextMissing):
        added(given_workspace(), why=" ")
    with refused(NotAuthorised):
        added(given_workspace(), ARNO)
    with refused(ServiceCannotDecide):
        added(given_workspace(), who("bot", Role.CHIEF_PRODUCT_OWNER, kind=ActorKind.SERVICE))


@pytest.mark.parametrize("code", ["", "licence", "A B", "_A", "A__B", "1A", "A" * 41, "É"])
def test_a_code_is_words_of_capital_letters(code: str) -> None:
    with refused(ReasonCodeMalformed):
        added(given_workspace(), code=code)


def test_nothing_is_added_to_what_is_not_sorted_yet() -> None:
    with refused(ReasonCodeMalformed):
        added(given_workspace(), category=ReasonCategory.UNSORTED)


@pytest.mark.parametrize(
    ("workspace", "code"), [(given_workspace(), "TOO_LARGE"), (ONE, LEGAL.code), (RETIRED, LEGAL.code)]
)
def test_a_code_is_given_once_for_ever(workspace: Workspace, code: str) -> None:
    with refused(ReasonCodeTaken):
        added(workspace, code=code)


def test_an_added_reason_says_more_exactly_why_somebody_pushes_back() -> None:
    outcome = raise_pushback(ITEM, knowing(ONE), statement="May we?", reason_code=LEGAL.code)
    (event,) = outcome.events
    assert isinstance(event, PushbackRaised)
    assert (event.reason, event.reason_code, event.reason_category) == (Reason.OTHER, LEGAL.code, LEGAL.category)
    narrower = raise_pushback(ITEM, knowing(ONE), statement="May we?", reason=Reason.COMPLIANCE, reason_code=LEGAL.code)
    assert narrower.events[0].reason is Reason.COMPLIANCE  # type: ignore[attr-defined]


def test_a_question_becomes_a_pushback_with_an_added_reason_too() -> None:
    asked = ("arno", QuestionAsked(question=1, revision=1, routed_to=person_id("paula")))
    item = given(("paula", drafted()), asked)
    said: dict[str, Any] = {"statement": "May we?", "reason_code": LEGAL.code}
    raised, _ = promote_question(item, knowing(ONE), 1, **said).events
    assert isinstance(raised, PushbackRaised)
    assert (raised.reason_code, raised.reason_category) == (LEGAL.code, LEGAL.category)
    with refused(UnknownReason):
        promote_question(item, knowing(RETIRED), 1, **said)


def test_what_nobody_added_or_what_is_retired_is_no_reason() -> None:
    for workspace in (given_workspace(), RETIRED):
        with refused(UnknownReason) as raised:
            raise_pushback(ITEM, knowing(workspace), statement="May we?", reason_code=LEGAL.code)
        assert raised.value.unmet == ()
    with refused(UnknownReason) as raised:
        raise_pushback(ITEM, knowing(ONE), statement="May we?", reason_code="LICENSE")
    assert raised.value.unmet == (LEGAL.code,)
    with refused(UnknownReason):
        retire_reason(RETIRED, ADA, code=LEGAL.code, why="Again")


def pushed(workspace: Workspace) -> Item:
    arno = knowing(workspace)
    return after(ITEM, arno, raise_pushback(ITEM, arno, statement="May we?", stance=Stance.ADVISORY))


def test_a_pushback_is_sorted_by_an_added_reason_too() -> None:
    item, arno = pushed(ONE), knowing(ONE)
    sorted_so = sort_pushback(item, arno, 1, reason=Reason.OTHER, reason_code=LEGAL.code)
    expected = PushbackReasonSorted(
        pushback=1, reason=Reason.OTHER, reason_code=LEGAL.code, reason_category=LEGAL.category
    )
    assert sorted_so.events == (expected,)
    item = after(item, arno, sorted_so)
    with refused(NothingChanged):
        sort_pushback(item, arno, 1, reason=Reason.OTHER, reason_code=LEGAL.code)
    with refused(UnknownReason):
        sort_pushback(item, arno, 1, reason=Reason.OTHER, reason_code="GONE")
    assert sort_pushback(item, arno, 1, reason=Reason.OTHER).events == (
        PushbackReasonSorted(pushback=1, reason=Reason.OTHER),
    )


def test_a_reason_that_retires_is_still_there() -> None:
    assert RETIRED.reasons[LEGAL.code].is_retired
    assert RETIRED.reasons[LEGAL.code].category is LEGAL.category
    retired = retire_reason(ONE, ADA, code=LEGAL.code, why="Legal decides now")
    assert retired.events == (ReasonRetired(added_reason=1, why="Legal decides now"),)
