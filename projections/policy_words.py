"""What the columns and event fields of added reasons mean, for people; see projections/words.py."""

from typing import Final

OF_REASONS: Final[dict[str, str]] = {
    "reason_code": "The code of a reason that the workspace added, where one was named; null otherwise.",
    "code": "A stable word for it, in capital letters.",
    "ReasonCode.number": "Counted from 1 in the workspace.",
    "ReasonCode.category": "Which of the fixed categories it belongs to.",
    "ReasonCode.is_retired": "Whether nobody may push back with it any more.",
    "ReasonCode.added": "The event with which it was added.",
    "ReasonCode.retired": "The event with which it was retired; null while it is in use.",
    "added_reason": "The reason that was added or retired.",
    "ReasonAdded.code": "Its code.",
    "ReasonAdded.category": "Which of the fixed categories it belongs to.",
    "ReasonAdded.description": "What it means.",
    "PushbackRaised.reason_category": "The category of the added reason that was named; null without one.",
    "PushbackReasonSorted.reason_category": "The category of the added reason that was named; null without one.",
}
