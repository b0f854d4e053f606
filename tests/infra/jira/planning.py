"""An import without a database: what would be told, and the state it comes to."""

import json
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from infra.append import NewEvent
from infra.importing.known import IssueState, Known, Names
from infra.importing.plan import Options, Plan
from infra.importing.reading import Reading
from infra.jira.check import read_files

NOW = datetime(2026, 1, 1, tzinfo=UTC)
NAMES = Names(UUID(int=1), "jira")


def reading_of(folder: Path, *issues: dict[str, Any], **page: Any) -> Reading:
    """The issues, read from a file."""
    path = folder / "export.json"
    path.write_text(json.dumps({"names": {"customfield_10023": "Story Points"}, "issues": issues} | page))
    return read_files([path], NOW)


def planned(reading: Reading) -> tuple[list[NewEvent], dict[str, IssueState]]:
    """What an empty ledger would be told, in order, and each issue by its key afterwards."""
    streams = {NAMES.issue(issue.source_id): issue.key for issue in reading.issues}
    known = Known(streams)
    plan = Plan(reading, known, NAMES, Options())
    plan.commitments = defaultdict(str)
    told = [new for moment in plan.moments for new in plan.events(moment)]
    return told, {key: known.issues[stream] for stream, key in streams.items()}
