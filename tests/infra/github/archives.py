"""Archives made by hand: pull requests and issues as an archive of a repository holds them."""

from typing import Any

Json = dict[str, Any]


def moment(day: int, hour: int = 12) -> str:
    """A time in May 2020."""
    return f"2020-05-{day:02d}T{hour:02d}:00:00Z"


def issue(number: int, **fields: Any) -> Json:
    """An open issue by Ann, of the first of the month."""
    shown = {"number": number, "id": f"I_{number}", "title": f"Issue {number}", "state": "OPEN", "author": "ann"}
    times = {"createdAt": moment(1), "updatedAt": moment(1), "closedAt": None}
    return {**shown, **times, "body": "", "labels": [], "comments": [], **fields}


def pull(number: int, *reviews: Json, **fields: Any) -> Json:
    """An open pull request by Ann, of the first of the month."""
    named = {"id": f"PR_{number}", "title": f"Pull {number}", "reviews": list(reviews)}
    return issue(number, **{**named, "mergedAt": None, "mergedBy": None, **fields})


def review(number: int, day: int, by: str | None, state: str, **fields: Any) -> Json:
    """What somebody said of a pull request."""
    return {"id": f"PRR_{number}", "author": by, "state": state, "createdAt": moment(day), "body": "", **fields}


def merged(day: int, by: str | None = "mia") -> Json:
    """The fields of a merge."""
    at = moment(day)
    return {"state": "MERGED", "mergedAt": at, "closedAt": at, "mergedBy": by, "updatedAt": at}


def closed(day: int) -> Json:
    """The fields of a closing without a merge."""
    return {"state": "CLOSED", "closedAt": moment(day), "updatedAt": moment(day)}


def overruled(number: int = 1) -> Json:
    """Bob objects, Cleo approves, Mia merges."""
    said = (review(10 * number, 2, "bob", "CHANGES_REQUESTED"), review(10 * number + 1, 3, "cleo", "APPROVED"))
    return pull(number, *said, **merged(4))
