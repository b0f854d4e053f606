"""What has to be true for an item to be ready, and criteria that say what they are about."""

from typing import Any, Final

import pytest
from msgspec.structs import replace

from domain.authority import Who
from domain.commands.item import draft_item, revise_item
from domain.commands.readiness import confirm_readiness, revoke_readiness
from domain.commands.sign_offs.checklist import Check
from domain.commands.sign_offs.granting import grant_sign_off
from domain.events import DefinitionAdopted, EstimateRecorded, PushbackOverridden, PushbackRaised
from domain.events.definition import DefinitionUse
from domain.events.item import CriterionKind, ItemKind
from domain.events.override import Understanding
from domain.events.people import Role
from domain.events.pushback import Reason, Stance
from domain.events.sign_off import Label
from domain.ids import thing_key
from domain.refusals import CriteriaKindsDiffer, NotConfirmed
from domain.requirements import RequirementStatus, requirements
from domain.state.item import Item
from tests.given import ITEM_ID, NEW_ITEM, Said, after, drafted, given, given_team, refused, who

ADOPTED: Final = DefinitionAdopted(
    definition=1,
    number=1,
    use=DefinitionUse.READY,
    criteria=("clear", "small"),
    sections=("criteria", ""),
    evidence_required=(False, False),
)
DORA: Final = replace(who("dora", Role.DEVELOPER), definitions=(given_team(("paula", ADOPTED)).definitions,))
PAULA: Final = who("paula", Role.PRODUCT_OWNER)
ESTIMATED: Final = ("dora", EstimateRecorded(estimate=1, revision=1, digest="d", points=3))
BLOCK: Final = PushbackRaised(pushback=1, revision=1, digest="d", stance=Stance.BLOCKING, reason=Reason.OTHER)
YES, NO, OVERRIDDEN, NOT_ASKED = RequirementStatus


def the_item(*said: Said, **fields: Any) -> Item:
    return given(("dana", drafted(**fields)), *said)


def found(item: Item, by: Who = DORA) -> dict[str, RequirementStatus]:
    return {one.criterion or one.name: one.status for one in requirements(item, by)}


def test_a_block_that_was_overridden_is_not_told_as_met() -> None:
    over = PushbackOverridden(pushback=1, understanding=Understanding.NO_REPLY, proposer_id=PAULA.person_id)
    item = the_item(("ada", BLOCK), ("paula", over))
    (told,) = [one for one in requirements(item, DORA) if one.name == "NO_OPEN_BLOCK"]
    assert (told.status, told.unmet) == (OVERRIDDEN, (thing_key("pbk", ITEM_ID, 1),))
    again = the_item(("ada", BLOCK), ("paula", over), ("ada", replace(BLOCK, pushback=2)))
    (told,) = [one for one in requirements(again, DORA) if one.name == "NO_OPEN_BLOCK"]
    assert (told.status, told.unmet) == (NO, (thing_key("pbk", ITEM_ID, 2),))
    remark = the_item(("ada", replace(BLOCK, stance=Stance.ADVISORY)), ("paula", over))
    assert found(remark)["NO_OPEN_BLOCK"] is YES


def test_each_requirement_is_met_one_by_one() -> None:
    item = the_item()
    assert found(item) == {"clear": NO, "small": NO, "ESTIMATE": NO, "NO_OPEN_BLOCK": YES, "READY_QUORUM": NO}
    item = after(the_item(ESTIMATED), DORA, confirm_readiness(item, DORA, criterion="clear"))
    waived = (Check(criterion="small", met=False, waived_why="It cannot be split"),)
    signed = grant_sign_off(item, DORA, label=Label.READY, expected_digest=item.digest, checklist=waived)
    item = after(item, DORA, signed)
    assert found(item) == {
        "clear": YES,
        "small": OVERRIDDEN,
        "ESTIMATE": YES,
        "NO_OPEN_BLOCK": YES,
        "READY_QUORUM": YES,
    }


def signed_with(*checks: Check, by: Who = DORA) -> Item:
    item = the_item()
    return after(item, by, grant_sign_off(item, by, label=Label.READY, expected_digest=item.digest, checklist=checks))


def test_what_the_signer_did_not_say_as_asked_does_not_count() -> None:
    said = found(signed_with(Check(criterion="clear", met=False), Check(criterion="small")))
    assert (said["clear"], said["small"]) == (NO, YES)
    shown = replace(ADOPTED, evidence_required=(False, True))
    strict = replace(DORA, definitions=(given_team(("paula", shown)).definitions,))
    assert found(signed_with(Check(criterion="small"), by=strict), strict)["small"] == NO
    seen = signed_with(Check(criterion="small", evidence="One day's work"), by=strict)
    assert found(seen, strict)["small"] == YES


def test_what_a_sign_off_said_is_revoked_like_what_was_confirmed() -> None:
    item = signed_with(Check(criterion="clear"), Check(criterion="small", met=False, waived_why="Whole"))
    for criterion in ("clear", "small"):
        item = after(item, PAULA, revoke_readiness(item, PAULA, criterion=criterion, why="It is not"))
        assert found(item)[criterion] == NO
        with refused(NotConfirmed):
            revoke_readiness(item, PAULA, criterion=criterion, why="Again")
    assert found(item)["READY_QUORUM"] == YES


def test_what_is_not_asked_of_an_item_is_said() -> None:
    assert found(the_item(kind=ItemKind.SPIKE), PAULA) == {
        "CRITERION": NOT_ASKED, "ESTIMATE": NOT_ASKED, "NO_OPEN_BLOCK": YES, "READY_QUORUM": NO
    }  # fmt: skip
    assert found(Item()) == {}


def test_what_is_missing_is_named() -> None:
    unmet = {one.name: one.unmet for one in requirements(the_item(("ada", BLOCK)), PAULA) if one.status is NO}
    assert unmet == {"ESTIMATE": (), "NO_OPEN_BLOCK": (thing_key("pbk", ITEM_ID, 1),), "READY_QUORUM": ("0 of 1",)}


def draft(**said: Any) -> Item:
    return after(NEW_ITEM, PAULA, draft_item(NEW_ITEM, PAULA, team=given_team(), title="Export", **said))


def test_criteria_may_say_what_they_are_about_and_need_not() -> None:
    plain = draft(criteria=("Kept for 90 days", "As CSV"))
    assert "criteria_kinds" not in plain.section_digests
    unsorted = draft(criteria=("Kept for 90 days", "As CSV"), criteria_kinds=(CriterionKind.UNSORTED,) * 2)
    assert unsorted.digest == plain.digest
    kinds = (CriterionKind.RETENTION, CriterionKind.API_CONTRACT)
    typed = draft(criteria=("Kept for 90 days", "As CSV"), criteria_kinds=kinds)
    assert typed.content.criteria_kinds == kinds
    assert typed.digest != plain.digest


def test_what_stays_word_for_word_stays_of_its_kind() -> None:
    item = draft(criteria=("Kept", "As CSV"), criteria_kinds=(CriterionKind.RETENTION, CriterionKind.API_CONTRACT))
    item = after(item, PAULA, revise_item(item, PAULA, expected_digest=item.digest, criteria=("Fast", "Kept")))
    assert item.content.criteria_kinds == (CriterionKind.UNSORTED, CriterionKind.RETENTION)
    item = after(item, PAULA, revise_item(item, PAULA, expected_digest=item.digest, criteria=("Fast",)))
    assert "criteria_kinds" not in item.section_digests


@pytest.mark.parametrize("criteria", [("Fast",), None])
def test_there_is_a_kind_for_each_criterion(criteria: tuple[str, ...] | None) -> None:
    with refused(CriteriaKindsDiffer):
        draft(criteria=criteria, criteria_kinds=(CriterionKind.QUALITY, CriterionKind.FILTER))
