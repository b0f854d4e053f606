"""What a sign-off's row says: what was signed, what a rule carried it to, how it ended."""

import pytest
from msgspec.structs import replace

from domain.entry import Event
from domain.events import SignOffCarriedForward, SignOffGranted, SignOffRevoked, SignOffSuperseded, SignOffVoided
from domain.events.sign_off import Label
from domain.ids import thing_key
from projections.rows.sign_offs import SignOffState
from tests.given import ITEM_ID, NOW, drafted, person_id
from tests.projections.rows import thing

DRAFTED = ("paula", drafted())
GRANTED = (
    "olaf",
    SignOffGranted(sign_off=1, label=Label.ACCEPTANCE, revision=1, digest_signed="seen", section_digests={}),
)
CARRIED = ("paula", SignOffCarriedForward(sign_off=1, revision=2, digest_covered="carried", rule="editorial"))


def test_a_sign_off_names_its_signer_the_role_and_the_exact_content() -> None:
    row = thing("SignOff", "sof", DRAFTED, GRANTED)
    assert (row.signer_id, row.acting_role, row.authorised_by) == (person_id("olaf"), "DEVELOPER", "asg_test")
    assert row.signed_revision_id == row.covered_revision_id == thing_key("rev", ITEM_ID, 1)
    assert row.digest_signed == row.digest_covered == "seen"
    assert (row.state, row.granted) == (SignOffState.LIVE, 2)


def test_what_was_signed_and_what_a_rule_carried_it_to_are_never_mixed() -> None:
    row = thing("SignOff", "sof", DRAFTED, GRANTED, CARRIED)
    assert (row.digest_signed, row.signed_revision_id) == ("seen", thing_key("rev", ITEM_ID, 1))
    assert (row.digest_covered, row.covered_revision_id) == ("carried", thing_key("rev", ITEM_ID, 2))
    assert (row.state, row.carried) == (SignOffState.LIVE, 3)


def test_nothing_is_due_any_more_once_it_has_ended() -> None:
    whom, granted = GRANTED
    aged = (whom, replace(granted, due_at=NOW))
    assert thing("SignOff", "sof", DRAFTED, aged).due_at == NOW
    row = thing("SignOff", "sof", DRAFTED, aged, ("olaf", SignOffRevoked(sign_off=1)))
    assert (row.due_at, row.due) == (None, None)


@pytest.mark.parametrize(
    ("ending", "state"),
    [
        (SignOffVoided(sign_off=1, by_revision=2, changed_sections=(), rule="substantive"), SignOffState.VOIDED),
        (SignOffRevoked(sign_off=1), SignOffState.REVOKED),
        (SignOffSuperseded(sign_off=1, by_sign_off=2), SignOffState.SUPERSEDED),
    ],
)
def test_an_ending_says_how_and_keeps_what_was_signed(ending: Event, state: SignOffState) -> None:
    row = thing("SignOff", "sof", DRAFTED, GRANTED, ("olaf", ending))
    assert (row.state, row.ended, row.digest_signed) == (state, 3, "seen")
    assert row.ended_at > row.granted_at
