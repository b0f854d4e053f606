"""Exports made by hand: issues as Jira's REST API would answer them."""

from typing import Any

Json = dict[str, Any]

ANN: Json = {"key": "ann", "displayName": "Ann Example"}
BOB: Json = {"key": "bob", "displayName": "Bob Example"}

CUSTOM = {"Story Points"}


def moment(day: int, hour: int = 12) -> str:
    """A time in May 2020."""
    return f"2020-05-{day:02d}T{hour:02d}:00:00.000+0000"


def issue(number: int, *histories: Json, **fields: Any) -> Json:
    """An issue of the project SHOP, created by Ann on the first of the month, with its current values."""
    shown = {
        "summary": f"Issue {number}",
        "issuetype": {"name": "Story"},
        "project": {"key": "SHOP", "name": "The shop"},
        "status": {"name": "Open"},
        "priority": {"name": "Major"},
        "created": moment(1),
        "updated": max([moment(1), *(entry["created"] for entry in histories)]),
        "creator": ANN,
        "reporter": ANN,
        "assignee": None,
        "description": None,
        "customfield_10023": None,
    }
    changelog = {"total": len(histories), "histories": list(histories)}
    return {"id": str(1000 + number), "key": f"SHOP-{number}", "fields": shown | fields, "changelog": changelog}


def history(number: int, at: str, by: Json | None, **changes: tuple[str | None, str | None]) -> Json:
    """An entry of a changelog; `Story_Points` stands for the field of two words."""
    items = [
        {
            "field": field.replace("_", " "),
            "fieldtype": "custom" if field.replace("_", " ") in CUSTOM else "jira",
            "fromString": before,
            "toString": after,
        }
        for field, (before, after) in changes.items()
    ]
    return {"id": str(number), "author": by, "created": at, "items": items}


def reopened(number: int = 1, first: int = 1) -> Json:
    """Bob closes with the size in the closing edit, Ann reopens and puts the priority back."""
    return issue(
        number,
        history(first, moment(2), BOB, priority=("Major", "Minor")),
        history(
            first + 1, moment(3), BOB, status=("Open", "Closed"), resolution=(None, "Fixed"), Story_Points=("2", "3")
        ),
        history(first + 2, moment(4), ANN, status=("Closed", "Reopened"), priority=("Minor", "Major")),
        status={"name": "Reopened"},
        customfield_10023=3.0,
    )
