"""The figures of an import from GitHub, counted from what the ledger holds of it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple
from uuid import UUID

from domain.entry import Entry
from domain.events import IssueImported, PersonRegistered, TrackerMergeRecorded, TrackerVerdictOverruled
from domain.events.tracker import MergeKind, VerdictKind
from domain.ids import SYSTEM, stream_key
from domain.tracker import Verdict
from infra.github.file import ISSUE, PULL
from infra.importing.known import IssueState

OBJECTORS_MAX: Final = 8


class Pull(NamedTuple):
    """A pull request as the ledger has it; `merge` recorded its merge, `overruled` are those it went over."""

    stream_id: UUID
    imported: IssueImported
    author: str
    state: IssueState
    merge: Entry[TrackerMergeRecorded] | None
    overruled: tuple[str, ...]

    @property
    def number(self) -> int:
        """Its number in its repository."""
        return int(self.imported.key.rpartition("#")[2])

    @property
    def verdicts(self) -> list[Verdict]:
        """What its reviewers said that was more than a comment, in order."""
        told = (verdict for verdict in self.state.tracked.verdicts if verdict.kind is not VerdictKind.COMMENTED)
        return sorted(told, key=lambda verdict: (verdict.at, verdict.number))

    def turned(self) -> Iterator[tuple[Verdict, Verdict]]:
        """Each objector's first objection that they approved after, with the approval."""
        objections: dict[str, Verdict] = {}
        for verdict in self.verdicts:
            if verdict.kind is VerdictKind.CHANGES_REQUESTED:
                objections.setdefault(verdict.by, verdict)
            elif verdict.kind is VerdictKind.APPROVED and verdict.by in objections and verdict.by != SYSTEM:
                yield objections.pop(verdict.by), verdict


class Figures:
    """Counts over the pull requests and issues of an import, folded entry by entry."""

    def __init__(self, issues: Mapping[UUID, IssueState]) -> None:
        self._issues = issues
        self._imported: dict[UUID, Entry[IssueImported]] = {}
        self._merges: dict[UUID, Entry[TrackerMergeRecorded]] = {}
        self._overruled: dict[UUID, list[int]] = defaultdict(list)
        self._accounts: dict[str, str] = {}

    def evolve(self, entry: Entry[Any]) -> None:
        """Takes in the next entry of the workspace."""
        match entry.event:
            case PersonRegistered(account=account) if account:
                self._accounts[stream_key("psn", entry.stream_id)] = account.partition(":")[2]
            case IssueImported() if entry.stream_id in self._issues:
                self._imported[entry.stream_id] = entry
            case TrackerMergeRecorded() if entry.stream_id in self._issues:
                self._merges[entry.stream_id] = entry
            case TrackerVerdictOverruled(verdict=number) if entry.stream_id in self._issues:
                self._overruled[entry.stream_id].append(number)
            case _:
                pass

    def pulls(self) -> list[Pull]:
        """The pull requests by repository and number."""
        pulls = [
            self._pull(stream_id, entry)
            for stream_id, entry in self._imported.items()
            if entry.event.source_kind == PULL.name
        ]
        return sorted(pulls, key=lambda pull: (pull.imported.key.rpartition("#")[0], pull.number))

    def _pull(self, stream_id: UUID, entry: Entry[IssueImported]) -> Pull:
        state = self._issues[stream_id]
        people = {verdict.number: verdict.by for verdict in state.tracked.verdicts}
        over = tuple(people[number] for number in self._overruled[stream_id])
        return Pull(stream_id, entry.event, entry.act.actor, state, self._merges.get(stream_id), over)

    def counts(self) -> dict[str, Any]:
        """The figures by their names, as `pushback import github --json` prints them."""
        pulls = self.pulls()
        told = [verdict for pull in pulls for verdict in pull.state.tracked.verdicts]
        return {
            "pulls": len(pulls),
            "issues": sum(entry.event.source_kind == ISSUE.name for entry in self._imported.values()),
            "pull_states": dict(Counter(pull.state.tracked.status for pull in pulls).most_common()),
            "review_states": dict(Counter(verdict.kind for verdict in told).most_common()),
            "reviewers": len({verdict.by for verdict in told} - {SYSTEM}),
            "merged_with_no_verdict_at_all": sum(bool(pull.merge) and not pull.verdicts for pull in pulls),
            "pulls_where_an_objector_later_approved": _named(pulls, lambda pull: any(pull.turned())),
            "pulls_merged_while_a_latest_verdict_was_CHANGES_REQUESTED": _named(pulls, is_merged_over_objection),
            "self_approved": _named(pulls, _is_self_approved),
            "top_objectors": self._objectors(told),
        }

    def _objectors(self, told: list[Verdict]) -> list[tuple[str, int]]:
        """Who asked for changes most often, and how often."""
        counts = Counter(verdict.by for verdict in told if verdict.kind is VerdictKind.CHANGES_REQUESTED)
        named = [(self._accounts.get(by, by), count) for by, count in counts.items() if by != SYSTEM]
        return sorted(named, key=lambda objector: (-objector[1], objector[0]))[:OBJECTORS_MAX]


def is_merged_over_objection(pull: Pull) -> bool:
    """Whether somebody's last verdict asked for changes when it was merged."""
    return pull.merge is not None and pull.merge.event.merge is MergeKind.OVER_OBJECTION


def _is_self_approved(pull: Pull) -> bool:
    return any(
        verdict.kind is VerdictKind.APPROVED and verdict.by == pull.author != SYSTEM for verdict in pull.verdicts
    )


def _named(pulls: list[Pull], fits: Callable[[Pull], bool]) -> list[int | str]:
    """Their numbers, or their keys when they come from several repositories."""
    is_one = len({pull.imported.key.rpartition("#")[0] for pull in pulls}) == 1
    return [pull.number if is_one else pull.imported.key for pull in pulls if fits(pull)]
