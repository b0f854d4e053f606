"""Enhancement proposals of Kubernetes, replayed: each change of a proposal's file is a revision of an item.

A revision's narrative holds the file's fields line by line, its constraints the sign-off checklist. Whoever sets the
status to implementable signs the item ready. The counts are made from the texts that the ledger holds.
"""

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any, Final

from domain.entry import Entry
from domain.events import ItemDrafted, ItemRevised, SignOffGranted, SignOffVoided
from domain.events.item import Track
from domain.events.sign_off import Label
from domain.refusals import NotAuthorised
from infra.deciding import Deciding
from infra.ledger import Ledger
from tests.infra.replays.stage import OWNER, Stage

Row = dict[str, str]
Boxes = list[tuple[str, bool]]
NAMING: Final = ("reviewers", "approvers", "prr-approvers", "prr.alpha", "prr.beta", "prr.stable")


class Commit:
    """What one commit did to one proposal, by the record."""

    def __init__(self, item: str, at: str) -> None:
        self.item = item
        self.at = datetime.fromisoformat(at)
        self.fields: list[Row] = []
        self.boxes: list[Row] = []

    @property
    def by(self) -> str:
        return (self.fields + self.boxes)[0]["changed_by"]

    @property
    def makes_implementable(self) -> bool:
        return any((row["field"], row["to_value"]) == ("status", "implementable") for row in self.fields)


class Proposal:
    """A proposal's file as the commits leave it, and the item it became."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.item = ""
        self.fields: dict[tuple[str, str], str] = {}
        self.boxes: Boxes = []

    async def take(self, stage: Stage, commit: Commit) -> None:
        """A draft or a revision by who changed it; by the team's owner where our rules want that."""
        self._apply(commit)
        fields = "\n".join(f"{sig} {field}: {value}" for (sig, field), value in self.fields.items())
        boxes = "\n".join(f"[{'x' if is_ticked else ' '}] {text}" for text, is_ticked in self.boxes)
        content = {"title": self.title, "narrative": fields, "constraints": boxes or None}
        if not self.item:
            self.item = await stage.draft(commit.at, commit.by, track=Track.TECHNICAL, **content)
        else:
            content["expected_digest"] = (await stage.item(self.item)).digest
            if not await stage.tries(commit.at, commit.by, "revise_item", self.item, **content):
                await stage.do(commit.at, OWNER, "revise_item", self.item, **content)
        if commit.makes_implementable:
            digest = (await stage.item(self.item)).digest
            await stage.do(commit.at, commit.by, "grant_sign_off", self.item, label=Label.READY, expected_digest=digest)

    def _apply(self, commit: Commit) -> None:
        for row in commit.fields:
            if row["field"] == "file":
                self.fields = {key: value for key, value in self.fields.items() if key[0] != row["sig"]}
            self.fields[row["sig"], row["field"]] = row["to_value"]
            self.title = row["to_value"] if row["field"] == "title" and row["to_value"] else self.title
        for row in commit.boxes:
            self._tick(row["checklist_item"], row["action"])

    def _tick(self, text: str, action: str) -> None:
        """A box that is new again had gone in between, which the record does not tell: it is one more line."""
        places = [place for place, (known, _) in enumerate(self.boxes) if known == text]
        if action.startswith("new") or not places:
            self.boxes.append((text, action in {"new-ticked", "tick"}))
        else:
            self.boxes[places[-1]] = (text, action == "tick")


class Told:
    """What the texts of an item's revisions say that changed from one to the next."""

    def __init__(self) -> None:
        self.fields: Counter[str] = Counter()
        self.statuses: Counter[str] = Counter()
        self.final: Counter[str] = Counter()
        self.boxes: Counter[str] = Counter()

    def read(self, told: list[Entry[Any]]) -> None:
        fields: dict[str, str] = {}
        boxes: list[str] = []
        status = ""
        for event in (entry.event for entry in told if isinstance(entry.event, ItemDrafted | ItemRevised)):
            after = dict(line.split(": ", 1) for line in event.narrative.split("\n")) if event.narrative else {}
            for name, value in after.items():
                if fields.get(name) != value:
                    field = name.partition(" ")[2]
                    self.fields[field] += 1
                    if field == "status":
                        self.statuses[f"{fields.get(name) or None} -> {value}"] += 1
                        status = value
            lines = event.constraints.split("\n") if event.constraints else []
            self.boxes.update(_box_changes(boxes, lines))
            fields, boxes = after, lines
        self.final[status] += 1


def _box_changes(before: list[str], after: list[str]) -> Iterator[str]:
    for old, new in zip(before, after, strict=False):
        if old != new:
            yield "tick" if new.startswith("[x]") else "untick"
    for new in after[len(before) :]:
        yield "new-ticked" if new.startswith("[x]") else "new-open"


def commits(folder: Path) -> list[Commit]:
    """The commits in the order of their times."""
    found: dict[tuple[str, str, str], Commit] = {}
    for name in ("kep_events.csv", "kep_checklist_events.csv"):
        for row in csv.DictReader((folder / name).read_text(encoding="utf-8").splitlines()):
            key = (row["date"], row["item"], row["commit"])
            commit = found.setdefault(key, Commit(row["item"], row["date"]))
            (commit.fields if "field" in row else commit.boxes).append(row)
    return sorted(found.values(), key=lambda commit: commit.at)


def named(commit: Commit) -> Iterator[str]:
    """Everybody whom it names."""
    yield commit.by
    for row in commit.fields:
        if row["field"] in NAMING:
            yield from filter(None, (*row["from_value"].split(";"), *row["to_value"].split(";")))


async def test_enhancement_proposals_under_our_rules(deciding: tuple[Deciding, Ledger], samples: Path) -> None:
    folder = samples / "kep-signoff"
    expected = json.loads((folder / "expected.json").read_text())
    record = commits(folder)
    titles = {row["item"]: row["title"] for row in csv.DictReader((folder / "kep_items.csv").read_text().splitlines())}
    proposals = {item: Proposal(title) for item, title in titles.items()}
    stage = await Stage.opened(*deciding, "Enhancements", record[0].at)
    people = set(chain.from_iterable(map(named, record)))
    for who in sorted(people):
        await stage.join(who)
    for commit in record:
        await proposals[commit.item].take(stage, commit)

    told, streams = Told(), await stage.everything([proposal.item for proposal in proposals.values()])
    for stream in streams:
        told.read(stream)
    assert (len(streams), len(people)) == (expected["items"], expected["people"])
    assert told.fields == expected["rows_by_field"]
    assert told.fields.total() == expected["rows"]
    assert told.statuses == expected["status_transitions"]
    assert told.final == expected["final_status"]

    compare_boxes(told, record, expected)
    compare_sign_offs(Counter(type(entry.event) for stream in streams for entry in stream), record)

    # There anybody may change any proposal and an approver merges it; here that is the author's, or the owner's.
    author = {commit.item: commit.by for commit in reversed(record)}
    by_others = sum(commit.by != author[commit.item] for commit in record)
    assert stage.refused == {NotAuthorised.code: by_others}


def compare_boxes(told: Told, record: list[Commit], expected: dict[str, Any]) -> None:
    # Boxes that the record ticks or unticks without ever having shown them are new here.
    unseen = unseen_boxes(record)
    assert unseen.total() == 5
    new = Counter({"new-ticked" if action == "tick" else "new-open": count for action, count in unseen.items()})
    assert told.boxes + unseen == Counter(expected["checklist_actions"]) + new
    assert told.boxes.total() == expected["checklist_rows"]


def compare_sign_offs(events: Counter[type], record: list[Commit]) -> None:
    # What was signed ready was changed afterwards almost every time; the file there says implementable all the same.
    signed = [commit for commit in record if commit.makes_implementable]
    last = {commit.item: commit for commit in record}
    standing = [commit for commit in signed if last[commit.item] is commit]
    assert events[SignOffGranted] == len(signed)
    assert events[SignOffVoided] == len(signed) - len(standing)
    assert (len(signed), len(standing)) == (93, 4)


def unseen_boxes(record: list[Commit]) -> Counter[str]:
    """What is ticked or unticked in the record before it was ever shown, by action."""
    seen: dict[str, set[str]] = defaultdict(set)
    unseen: Counter[str] = Counter()
    for commit in record:
        for row in commit.boxes:
            if not row["action"].startswith("new") and row["checklist_item"] not in seen[commit.item]:
                unseen[row["action"]] += 1
            seen[commit.item].add(row["checklist_item"])
    return unseen
