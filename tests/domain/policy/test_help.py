"""What would help whoever is refused: a command, somebody who could, or a short reason why neither."""

from typing import Final

import pytest

from domain.refusals import REFUSALS, Refused

WHO_COULD: Final = {"DELEGATION_EXPIRED", "ITEM_SIDE_ONLY", "MANDATE_EXCEEDED", "NOT_ASKED", "NOT_AUTHORISED"}
"""Refusals that name the roles and people who could."""

ASK_FOR_SOMETHING_ELSE: Final = {
    "ANCHOR_NOT_FOUND", "ASKED_ONESELF", "CHECKLIST_INCOMPLETE", "CONCERN_NOT_RESTATED",
    "CRITERIA_KINDS_DIFFER", "CRITERION_ID_MALFORMED", "CRITERION_REPEATED", "DAYS_OFF_SCALE",
    "DELEGATED_TO_ONESELF", "DELEGATION_TOO_LONG", "ENDS_BEFORE_IT_STARTS", "ITEMS_MISSING",
    "LEVELS_CONTRADICT", "LIFTS_WHEN_REQUIRED", "NOTHING_CHANGED", "NOTHING_TO_ERASE", "NOT_OF_THIS_ROLE",
    "NOT_THREE_PEOPLE", "NO_SCOPES", "NO_WORKING_DAY", "OFF_SCALE", "ONLY_AN_ANSWER_FIXES",
    "ONLY_THE_VOTES_DECIDE", "ONLY_UPHELD_OBLIGES", "RANK_NEEDS_NEIGHBOUR", "RANK_OUT_OF_ORDER",
    "REASON_CODE_MALFORMED", "REASON_CODE_TAKEN", "SETTING_OUT_OF_BOUNDS", "STARTS_IN_THE_PAST", "TEXT_MISSING",
    "NOT_HELD_YET", "TALKED_ALONE", "TEXT_NOT_STORABLE", "TEXT_TOO_LONG", "TOO_MANY_HOLIDAYS", "TOO_MANY_NAMED",
    "UNKNOWN_SECTION", "UNKNOWN_TIME_ZONE",
    "VOTE_UNCLEAR", "WEBHOOK_ADDRESS_MALFORMED", "WHY_REQUIRED",
}  # fmt: skip
"""The same command with other words would be carried out, and the message says which."""

LEADS_NOWHERE: Final = {code for code in REFUSALS if code.startswith("UNKNOWN_")}
"""Whoever has a wrong id has to look for the right one."""

NOTHING_HELPS: Final = {
    "ACTS_FOR_PARTY": "somebody who stands for neither side has to",
    "ALREADY_OPENED": "it is there, which was the purpose",
    "ALREADY_RECUSED": "it was said for good; the other arbiters rule",
    "ARBITER_IS_PARTY": "somebody who is no party has to",
    "COMMAND_ID_REUSED": "the client is at fault, and no person can help it",
    "DISSENTERS_ONLY": "it is a matter of whose view did not prevail",
    "GRACE_PERIOD_RUNNING": "given to the scheduler alone; time helps",
    "NOBODY_IS_SILENT": "given to the scheduler alone; somebody spoke, which helps",
    "NOTHING_TO_RATIFY": "there is nothing to do",
    "NO_CHANGE_REQUIRED": "there is nothing to do",
    "NOT_ELECTOR": "who may vote is settled when a round opens; the next one helps",
    "NOT_YET_DUE": "given to the scheduler alone; time helps",
    "SERVICE_CANNOT_DECIDE": "a program needs a person, and knows whose it is",
    "TOO_BUSY": "the very same command, again",
}


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_says_what_would_help_or_there_is_a_reason_why_nothing_does(refusal: type[Refused]) -> None:
    known = WHO_COULD | ASK_FOR_SOMETHING_ELSE | LEADS_NOWHERE | set(NOTHING_HELPS)
    assert refusal.suggested or refusal.code in known, "suggest a command, or say here why none would help"


def test_no_reason_is_given_where_a_command_would_help() -> None:
    helped = {code for code, refusal in REFUSALS.items() if refusal.suggested}
    assert not helped & (WHO_COULD | ASK_FOR_SOMETHING_ELSE | set(NOTHING_HELPS))
    assert set(REFUSALS) >= WHO_COULD | ASK_FOR_SOMETHING_ELSE | set(NOTHING_HELPS)
