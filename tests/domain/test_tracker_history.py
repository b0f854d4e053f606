"""The rules that read a tracker's history."""

from functools import reduce
from uuid import UUID

import pytest
from msgspec.structs import replace

from domain.content import Content, revision_digest, section_digests
from domain.entry import Act, ActorKind, Event
from domain.events import (
    IssueImported,
    ItemRevised,
    TrackerChangeRecorded,
    TrackerClosureRecorded,
    TrackerPriorityChanged,
    TrackerReopeningRecorded,
    TrackerSizeChanged,
    TrackerSnapshotRecorded,
    TrackerStatusChanged,
)
from domain.events.item import ChangeKind, ItemKind, Track
from domain.ids import SYSTEM, PersonId, TeamId, stream_key
from domain.state import item as items
from domain.state.item import Item
from domain.tracker import Aspect, Change, Tracked, evolve, kind_of, size_of, track_of
from domain.tracker_history import Snapshot, Step, follow, reconcile
from tests.given import TEAM_ID, entry

ANN, BOB = (PersonId(stream_key("psn", UUID(int=number))) for number in (1, 2))
STREAM = UUID(int=9)
TEXTS = Content(title="Title", narrative="Words")
DIGESTS = section_digests("salt", TEXTS)
IMPORTED = IssueImported(
    source="jira",
    source_id="1000",
    key="SHOP-1",
    team_id=TeamId(TEAM_ID),
    track=Track.FUNCTIONAL,
    kind=ItemKind.STORY,
    source_kind="Story",
    rank="V1",
    status="Open",
    is_closed=False,
    priority="Major",
    size=2.0,
    size_field="customfield_1",
    section_digests=DIGESTS,
    digest=revision_digest(DIGESTS),
    salt="salt",
    title="Title",
    narrative="Words",
)
ITEM = items.evolve(Item(), entry(STREAM, 1, ANN, IMPORTED))


def by(actor: str, kind: ActorKind = ActorKind.IMPORT) -> Act:
    return Act(actor=actor, actor_kind=kind, acting_role="IMPORT", authorised_by="import:jira")


START = evolve(Tracked(), IMPORTED, by(ANN))


class History:
    """Entries of a history, told one after the other."""

    def __init__(self, start: Tracked = START) -> None:
        self.tracked = start
        self.number = 0

    def tell(self, actor: str, *changes: Change, resolution: str | None = None) -> tuple[Event, ...]:
        self.number += 1
        step, act = Step(str(self.number), changes, resolution), by(actor)
        events = follow(self.tracked, ITEM, step, act, salt="s")
        self.tracked = reduce(lambda tracked, event: evolve(tracked, event, act), events, self.tracked)
        return events

    def move(self, actor: str, before: str, after: str) -> tuple[Event, ...]:
        return self.tell(actor, Change(Aspect.STATUS, "status", before, after))


def put_backs(*changes: tuple[str, Aspect, str | None, str | None]) -> list[bool]:
    history, events = History(), list[Event]()
    for actor, aspect, before, after in changes:
        events += history.tell(actor, Change(aspect, aspect.lower(), before, after))
    return [event.put_back for event in events if isinstance(event, TrackerSizeChanged | TrackerPriorityChanged)]


def test_a_move_into_a_closed_status_is_a_closure_with_its_resolution() -> None:
    resolved = Change(Aspect.OTHER, "resolution", None, "Fixed")
    moved = Change(Aspect.STATUS, "status", "Open", "Closed")
    assert History().tell(BOB, resolved, moved, resolution="Fixed") == (
        TrackerStatusChanged(source_id="1", before="Open", after="Closed"),
        TrackerClosureRecorded(source_id="1", resolution="Fixed"),
        TrackerChangeRecorded(source_id="1", fields=("resolution",), texts_before=("",), texts_after=("Fixed",)),
    )


def test_a_move_between_closed_statuses_closes_nothing_again() -> None:
    history = History()
    history.move(BOB, "Open", "Resolved")
    assert history.move(ANN, "Resolved", "Closed") == (
        TrackerStatusChanged(source_id="2", before="Resolved", after="Closed"),
    )
    (_, reopening) = history.move(ANN, "Closed", "Open")
    assert isinstance(reopening, TrackerReopeningRecorded)
    assert (reopening.closed_by, reopening.by_another) == (BOB, True)


@pytest.mark.parametrize(("opener", "by_another"), [(ANN, True), (BOB, False), (SYSTEM, False)])
def test_a_reopening_names_the_closer_and_whether_it_was_another(opener: str, by_another: bool) -> None:  # noqa: FBT001
    history = History()
    history.move(BOB, "Open", "Closed")
    assert history.move(opener, "Closed", "Reopened")[1] == TrackerReopeningRecorded(
        source_id="2", closing_source_id="1", closed_by=BOB, by_another=by_another
    )


def test_whoever_reopens_what_was_closed_from_the_start_reopens_nobodys_closure() -> None:
    history = History(evolve(Tracked(), replace(IMPORTED, status="Closed", is_closed=True), by(ANN)))
    assert history.move(BOB, "Closed", "Open")[1] == TrackerReopeningRecorded(
        source_id="1", closing_source_id=None, closed_by=None, by_another=False
    )


def test_a_size_in_the_closing_edit_or_later_is_marked_even_after_a_reopening() -> None:
    history = History()
    size = Change(Aspect.SIZE, "Story Points", "2", "3")
    told = [
        *history.tell(ANN, size),
        *history.tell(BOB, size, Change(Aspect.STATUS, "status", "Open", "Closed")),
        *history.move(ANN, "Closed", "Open"),
        *history.tell(ANN, size),
    ]
    marks = [event.at_or_after_closing for event in told if isinstance(event, TrackerSizeChanged)]
    assert marks == [False, True, True]


@pytest.mark.parametrize("aspect", [Aspect.SIZE, Aspect.PRIORITY])
def test_a_value_is_put_back_when_another_person_undoes_its_last_change(aspect: Aspect) -> None:
    assert put_backs((ANN, aspect, "2", "3"), (BOB, aspect, "3", "2")) == [False, True]
    assert put_backs((ANN, aspect, "2", "3"), (ANN, aspect, "3", "2")) == [False, False]
    assert put_backs((ANN, aspect, "2", "3"), (BOB, aspect, "3", "4"), (ANN, aspect, "4", "2")) == [False, False, False]
    assert put_backs((ANN, aspect, "2", "3"), (SYSTEM, aspect, "3", "2")) == [False, False]
    assert put_backs((SYSTEM, aspect, "2", "3"), (BOB, aspect, "3", "2")) == [False, False]
    assert put_backs((ANN, aspect, None, "3"), (BOB, aspect, "3", None)) == [False, False]
    assert put_backs((ANN, aspect, "2", "2"), (BOB, aspect, "2", "2")) == [False, False]


def test_a_text_that_does_not_change_makes_no_revision() -> None:
    (named,) = History().tell(BOB, Change(Aspect.TITLE, "summary", "Old", "Title"))
    assert named == TrackerChangeRecorded(source_id="1", fields=("summary",), texts_before=("",), texts_after=("",))


def test_an_empty_title_leaves_the_one_there_is() -> None:
    events = History().tell(BOB, Change(Aspect.TITLE, "summary", "Title", None))
    assert not [event for event in events if isinstance(event, ItemRevised)]


def test_an_issue_as_shown_needs_nothing_more() -> None:
    shown = Snapshot(source_id="s", status="Open", title="Title", source_kind="Story", priority="Major", size=2.0)
    assert reconcile(START, ITEM, shown, salt="s") == ()


def test_what_a_source_does_not_show_stays() -> None:
    shown = Snapshot(source_id="s", status="Closed", title="Title", source_kind="Bug")
    assert reconcile(START, ITEM, shown, salt="s") == (
        TrackerSnapshotRecorded(
            source_id="s",
            status="Closed",
            is_closed=True,
            priority="Major",
            size=2.0,
            source_kind="Bug",
            kind=ItemKind.BUG,
        ),
    )


def test_a_text_erased_here_does_not_come_back_with_the_next_export() -> None:
    erased = replace(IMPORTED, salt=None, title=None, narrative=None)
    tracked = evolve(Tracked(), erased, by(ANN))
    item = items.evolve(Item(), entry(STREAM, 1, ANN, erased))
    shown = Snapshot(
        source_id="s", status="Open", title="Title", source_kind="Story", priority="Major", size=2.0, narrative="Words"
    )
    assert reconcile(tracked, item, shown, salt="s") == ()


def test_a_revision_made_here_is_not_what_the_source_says() -> None:
    ours = ItemRevised(
        revision=2,
        change_kind=ChangeKind.SUBSTANTIVE,
        changed_sections=("title",),
        section_digests={},
        digest="d",
        title="Ours",
    )
    assert evolve(START, ours, by(ANN, ActorKind.HUMAN)).title == "Title"
    assert evolve(START, ours, by(ANN)).title == "Ours"


@pytest.mark.parametrize(("text", "size"), [(None, None), ("", None), ("0", 0.0), ("2.5", 2.5), ("13.0", 13.0)])
def test_sizes_are_numbers(text: str | None, size: float | None) -> None:
    assert size_of(text) == size


@pytest.mark.parametrize("text", ["XL", "-1", "nan", "inf", "1,5"])
def test_what_is_no_size_is_said_to_be_none(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        size_of(text)


def test_the_sources_sorts_of_issues_are_stories_unless_they_say_otherwise() -> None:
    kinds = [kind_of(name) for name in ("Story", "Bug", "Technical Task", "Spike", "Improvement", "")]
    assert kinds == [ItemKind.STORY, ItemKind.BUG, ItemKind.ENABLER, ItemKind.SPIKE, ItemKind.STORY, ItemKind.STORY]
    assert [track_of(kind) for kind in (ItemKind.ENABLER, ItemKind.BUG)] == [Track.TECHNICAL, Track.FUNCTIONAL]
