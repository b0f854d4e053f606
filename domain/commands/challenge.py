"""Challenging a revision that says it only changes the wording: it becomes a substantive one, never the other way."""

from collections.abc import Iterator
from typing import Final

from domain import ids
from domain.authority import Authority, Power, Who
from domain.commands.sign_offs.quorum import lost
from domain.commands.sign_offs.requests import answered
from domain.decision import Decided, decided
from domain.entry import Event
from domain.events import (
    EditorialClaimChallenged,
    EstimateStaled,
    ItemChangeReclassified,
    RoundSuperseded,
    SignOffVoided,
)
from domain.events.item import ChangeKind
from domain.events.sign_off import RequestOutcome
from domain.ids import RevisionId
from domain.refusals import ConcernedOnly, NothingToChallenge, TooLateToChallenge, UnknownRevision
from domain.state.claims import Claim
from domain.state.item import Item, must_stand
from domain.state.round import under_way
from domain.text import prose

CHALLENGED_BY: Final = "challenged-editorial-claim-voids/1"


def may_challenge(item: Item, who: Who) -> Authority:
    """Whoever has a live sign-off or an open pushback on the item, or estimates while a claim kept the estimate."""
    must_stand(item)
    if not item.claims:
        raise NothingToChallenge
    signers = {sign_off.signer_id for sign_off in item.sign_offs.values() if sign_off.is_live}
    holders = {pushback.holder_id for pushback in item.pushbacks.values() if pushback.is_open}
    if who.person_id in signers | holders:
        return who.as_party()
    is_kept = bool(item.live_estimate) and item.estimated_revision < max(item.claims)
    if is_kept and who.holds(Power.ESTIMATE):
        return who.by(Power.ESTIMATE)
    raise ConcernedOnly


def challenge_editorial_claim(item: Item, who: Who, *, why: str, revision: RevisionId | None = None) -> Decided:
    """Say that a revision changed more than the wording; leave the revision out for the last that claims so.

    It counts as substantive from then on: sign-offs that it carried are void, the estimate is stale, and a round that
    was opened before it ends.
    """
    must_stand(item)
    named = None if revision is None else _number(item, revision)
    said = prose("why", why)
    authority = may_challenge(item, who)
    number = max(item.claims) if named is None else named
    if number not in item.claims:
        raise NothingToChallenge(path="revision")
    claim = item.claims[number]
    if claim.until is None or claim.until < who.now:
        raise TooLateToChallenge(path="revision")
    challenged = EditorialClaimChallenged(revision=number, why=said)
    reclassified = ItemChangeReclassified(
        revision=number,
        before=ChangeKind.EDITORIAL,
        after=ChangeKind.SUBSTANTIVE,
        changed_sections=claim.changed_sections,
        rule=CHALLENGED_BY,
    )
    return decided(authority, challenged, reclassified, *_undone(item, who, number, claim))


def _undone(item: Item, who: Who, number: int, claim: Claim) -> Iterator[Event]:
    """What the claim had kept: sign-offs, requests for them, an estimate and a round, each from before it."""
    kept = [ordinal for ordinal, given in item.sign_offs.items() if given.is_live and given.revision < number]
    for ordinal in kept:
        yield SignOffVoided(
            sign_off=ordinal, by_revision=number, changed_sections=claim.changed_sections, rule=CHALLENGED_BY
        )
    yield from lost(item, who, kept)
    yield from answered(item, None, None, RequestOutcome.STALE, before=number)
    if item.live_estimate and item.estimated_revision < number:
        yield EstimateStaled(estimate=item.live_estimate, by_revision=number)
    ordinal = under_way(item.rounds)
    if ordinal and item.rounds[ordinal].revision < number:
        yield RoundSuperseded(round=ordinal, by_revision=number)


def _number(item: Item, revision: RevisionId) -> int:
    try:
        reference = ids.parse(revision)
    except ids.MalformedId:
        raise UnknownRevision(path="revision") from None
    is_here = reference.prefix == "rev" and reference.stream_id == ids.stream_id(item.id)
    if not is_here or reference.ordinal > item.revision:
        raise UnknownRevision(path="revision")
    return reference.ordinal
