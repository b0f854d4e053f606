"""Asking a person for their sign-off: it is their turn until they sign or decline, or nobody needs it any more."""

from collections.abc import Iterator

from domain.authority import Authority, Who
from domain.commands.deadlines import deadline
from domain.commands.sign_offs.powers import could_sign
from domain.decision import Decided, decided
from domain.events import SignOffRequested, SignOffRequestEnded
from domain.events.sign_off import Label, RequestOutcome
from domain.ids import PersonId
from domain.refusals import (
    AlreadyRequested,
    AlreadySigned,
    CannotSign,
    RequestEnded,
    RequesterOnly,
    UnknownPerson,
    UnknownSignOffRequest,
)
from domain.state.item import Item, must_stand
from domain.state.person import Person
from domain.text import optional


def may_request(item: Item, who: Who) -> Authority:
    """Anybody with a role here."""
    must_stand(item)
    return who.as_holder()


def request_sign_off(
    item: Item,
    who: Who,
    *,
    label: Label,
    person: Person,
    due_working_days: int | None = None,
    text: str | None = None,
) -> Decided:
    """Ask a person to sign the item off as it is now; it is their turn until they sign or decline.

    The request ends by itself when a substantive revision makes it stale, or others have signed and are enough.
    """
    authority = may_request(item, who)
    _must_be_able(item, who, person, label)
    requested = SignOffRequested(
        sign_off_request=len(item.sign_off_requests) + 1,
        label=label,
        revision=item.revision,
        digest=item.digest,
        person_id=person.id,
        answer_by=None if due_working_days is None else deadline(who, due_working_days, "dueWorkingDays"),
        text=optional("text", text),
    )
    return decided(authority, requested)


def _must_be_able(item: Item, who: Who, person: Person, label: Label) -> None:
    if not person.id:
        raise UnknownPerson(path="person")
    if not could_sign(item, who, person.id, label):
        raise CannotSign(path="person")
    if any(
        asked.is_open and (asked.person_id, asked.label) == (person.id, label)
        for asked in item.sign_off_requests.values()
    ):
        raise AlreadyRequested(path="person")
    current = [s for s in item.sign_offs.values() if s.is_live and s.label is label and s.signer_id == person.id]
    if any(sign_off.digest_signed == item.digest for sign_off in current):
        raise AlreadySigned(path="person")


def may_withdraw(item: Item, who: Who, sign_off_request: int) -> Authority:
    """Who asked, while it is open."""
    if sign_off_request not in item.sign_off_requests:
        raise UnknownSignOffRequest(path="signOffRequest")
    must_stand(item)
    if item.sign_off_requests[sign_off_request].requester_id != who.person_id:
        raise RequesterOnly
    if not item.sign_off_requests[sign_off_request].is_open:
        raise RequestEnded
    return who.as_holder()


def withdraw_sign_off_request(item: Item, who: Who, sign_off_request: int) -> Decided:
    """Take your request for a sign-off back."""
    authority = may_withdraw(item, who, sign_off_request)
    ended = SignOffRequestEnded(sign_off_request=sign_off_request, outcome=RequestOutcome.WITHDRAWN)
    return decided(authority, ended)


def met(item: Item, who: Who, label: Label, *, is_enough: bool) -> Iterator[SignOffRequestEnded]:
    """What a sign-off does to open requests under its label: the signer's own ends, and all once there are enough."""
    return answered(item, None if is_enough else who.person_id, label, RequestOutcome.GRANTED)


def answered(
    item: Item,
    person_id: PersonId | None,
    label: Label | None,
    outcome: RequestOutcome,
    *,
    before: int | None = None,
) -> Iterator[SignOffRequestEnded]:
    """The end of each open request of this person under this label; None is everybody, or every label.

    With `before`, only of those made on an earlier revision.
    """
    for ordinal, asked in item.sign_off_requests.items():
        is_earlier = before is None or asked.revision < before
        if asked.is_open and is_earlier and person_id in (None, asked.person_id) and label in (None, asked.label):
            yield SignOffRequestEnded(sign_off_request=ordinal, outcome=outcome)
