"""The state of one item, as its rules read it, with the pushbacks, sign-offs and estimate inside it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar, Final

import msgspec
from msgspec.structs import replace

from domain.content import SECTIONS, Content
from domain.entry import ActorKind, Entry
from domain.events import (
    CommandRefused,
    EstimateRecorded,
    EstimateStaled,
    EstimationRoundOpened,
    ImplementerNamed,
    ImplementerReleased,
    IssueImported,
    ItemChangeReclassified,
    ItemDrafted,
    ItemRanked,
    ItemRevised,
    ItemSplit,
    ItemWithdrawn,
    PushbackRaised,
    QuestionAnswered,
    QuestionAsked,
    QuestionClosed,
    QuestionPromoted,
    QuorumLost,
    QuorumReached,
    RationaleGiven,
    ReadinessConfirmed,
    ReadinessRevoked,
    RefinementLoopDetected,
    RoundCancelled,
    RoundConcluded,
    RoundSuperseded,
    SignOffExpired,
    SignOffGranted,
    SignOffRequested,
    SignOffRequestEnded,
    SignOffRevoked,
    SignOffSuperseded,
    SignOffVoided,
    SpikeLinked,
    ThreeAmigosNoted,
    VoteCast,
    VoteRevealed,
    VotesRevealed,
)
from domain.events.endings import Debt
from domain.events.item import ItemKind, Track
from domain.events.pushback import Stance
from domain.events.sign_off import Label
from domain.ids import ItemId, PersonId, TeamId, stream_key
from domain.refusals import ItemIsWithdrawn, StaleDigest, UnknownItem
from domain.state import aftermath, claims, pushback, question, readiness, round, sign_off
from domain.state.aftermath import NOTHING_OWED, Owed
from domain.state.claims import NO_CLAIMS, Claims
from domain.state.pushback import NO_PUSHBACKS, Pushbacks
from domain.state.question import NO_QUESTIONS, Questions
from domain.state.readiness import NO_CONFIRMATIONS, Confirmations
from domain.state.round import NO_ROUNDS, Loop, Rounds
from domain.state.sign_off import NO_REQUESTS, NO_SIGN_OFFS, Requests, SignOffs


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """An item as rules read it; revision 0 is an item that does not exist.

    `refusals` counts what each person was refused at a gate; `implemented` are those who implement it or did.
    `looked_into` has up to which revision each person had their time to hold it.
    """

    PREFIX: ClassVar[str] = "itm"

    id: ItemId = ItemId("")
    team_id: TeamId | None = None
    track: Track = Track.FUNCTIONAL
    kind: ItemKind = ItemKind.STORY
    author_id: PersonId = PersonId("")
    rank: str = ""
    revision: int = 0
    digest: str = ""
    section_digests: Mapping[str, str] = msgspec.field(default_factory=dict)
    content: Content = Content()
    pushbacks: Pushbacks = NO_PUSHBACKS
    owing: Owed = NOTHING_OWED
    sign_offs: SignOffs = NO_SIGN_OFFS
    quorums: frozenset[Label] = frozenset()
    sign_off_requests: Requests = NO_REQUESTS
    implementers: frozenset[PersonId] = frozenset()
    implemented: frozenset[PersonId] = frozenset()
    confirmations: Confirmations = NO_CONFIRMATIONS
    questions: Questions = NO_QUESTIONS
    rounds: Rounds = NO_ROUNDS
    loop: Loop = Loop()
    estimates: int = 0
    live_estimate: int = 0
    estimated_revision: int = 0
    claims: Claims = NO_CLAIMS
    looked_into: Mapping[PersonId, int] = MappingProxyType({})
    refusals: Mapping[PersonId, int] = MappingProxyType({})
    is_withdrawn: bool = False

    @property
    def substance(self) -> int:
        """The last revision that changed more than the wording, as far as nobody has challenged a later one."""
        return max(number for number in range(self.revision + 1) if number not in self.claims)

    @property
    def blocks(self) -> tuple[int, ...]:
        """The pushbacks that stop it: open blocks, and those upheld whose change is not verified."""
        owing = {ordinal for ordinal, owing in self.owing.items() if owing.debt is Debt.REQUIRED_CHANGE}
        return tuple(
            ordinal
            for ordinal, raised in self.pushbacks.items()
            if (raised.stance is Stance.BLOCKING and raised.is_open) or ordinal in owing
        )


def must_stand(item: Item) -> None:
    """Refuses an item that does not exist, or was withdrawn: only its history is left."""
    if not item.revision:
        raise UnknownItem(path="item")
    if item.is_withdrawn:
        raise ItemIsWithdrawn


def must_be_as_shown(item: Item, expected_digest: str | None) -> None:
    """Refuses when the content is no longer the one a person was shown; None where they do not say."""
    if expected_digest not in (None, item.digest):
        raise StaleDigest(path="expectedDigest", current=item.digest)


def evolve(item: Item, entry: Entry[Any]) -> Item:
    """The item after an entry. Total: history is never refused, what it does not know it passes over."""
    match entry.event:
        case ItemDrafted() | IssueImported() as event:
            return _drafted(entry, event)
        case ItemRevised() as event:
            still = readiness.after_revision(item.confirmations, event)
            looked_into = _still_looked_into(item, entry)
            item = replace(item, confirmations=still, claims=claims.evolve(item.claims, entry), looked_into=looked_into)
            return _with_content(item, event, event.revision)
        case ItemChangeReclassified(revision=number, changed_sections=changed):
            still = readiness.without(item.confirmations, changed, before=number)
            return replace(item, confirmations=still, claims=claims.evolve(item.claims, entry))
        case ItemRanked(rank=rank):
            return replace(item, rank=rank)
        case ItemWithdrawn():
            return replace(item, is_withdrawn=True)
        case CommandRefused():
            return _refused(item, PersonId(entry.act.actor))
        case QuestionAsked() | QuestionAnswered() | QuestionClosed() | QuestionPromoted():
            return replace(item, questions=question.evolve(item.questions, entry))
        case SignOffGranted() | SignOffVoided() | SignOffRevoked() | SignOffExpired() | SignOffSuperseded():
            return _signed(item, entry)
        case QuorumReached() | QuorumLost():
            return _signed(item, entry)
        case SignOffRequested() | SignOffRequestEnded():
            return replace(item, sign_off_requests=sign_off.requested(item.sign_off_requests, entry))
        case ReadinessConfirmed() | ReadinessRevoked():
            confirmations = readiness.evolve(item.confirmations, entry)
            return replace(item, confirmations=confirmations, sign_offs=sign_off.evolve(item.sign_offs, entry))
        case ImplementerNamed() | ImplementerReleased():
            return _implemented(item, entry)
        case event if type(event) in _ON_ITS_SIZE:
            return _sized(item, entry)
        case PushbackRaised(revision=revision, due_at=due_at) if due_at:
            looked_into = {**item.looked_into, PersonId(entry.act.actor): revision}
            return replace(item, pushbacks=pushback.evolve(item.pushbacks, entry), looked_into=looked_into)
        case _:
            owing = aftermath.evolve(item.owing, entry, item.pushbacks)
            return replace(item, pushbacks=pushback.evolve(item.pushbacks, entry), owing=owing)


def _still_looked_into(item: Item, entry: Entry[ItemRevised]) -> Mapping[PersonId, int]:
    """What somebody revises themselves, or lets be revised in their name, gives them no time to look into it anew."""
    theirs = {name for name in (entry.act.actor, entry.act.on_behalf_of) if name}
    over = {name for name, revision in item.looked_into.items() if name in theirs and revision >= item.substance}
    return {**item.looked_into, **dict.fromkeys(over, entry.event.revision)}


def _implemented(item: Item, entry: Entry[Any]) -> Item:
    """Whom another person releases was named by mistake; who releases themselves has implemented it all the same."""
    person_id: PersonId = entry.event.person_id
    if isinstance(entry.event, ImplementerNamed):
        return replace(item, implementers=item.implementers | {person_id}, implemented=item.implemented | {person_id})
    is_own = person_id in (entry.act.actor, entry.act.on_behalf_of)
    is_by_another = not is_own and entry.act.actor_kind is not ActorKind.SERVICE
    lifted = {person_id} if is_by_another else set()
    return replace(item, implementers=item.implementers - {person_id}, implemented=item.implemented - lifted)


def _signed(item: Item, entry: Entry[Any]) -> Item:
    sign_offs = sign_off.evolve(item.sign_offs, entry)
    return replace(item, sign_offs=sign_offs, quorums=sign_off.reached(item.quorums, sign_offs, entry))


def _refused(item: Item, person_id: PersonId) -> Item:
    counts = {**item.refusals, person_id: item.refusals.get(person_id, 0) + 1}
    return replace(item, refusals=counts)


_ON_ITS_SIZE: Final = frozenset({
    EstimateRecorded, EstimateStaled, RefinementLoopDetected, SpikeLinked, ThreeAmigosNoted, ItemSplit,
    EstimationRoundOpened, VoteCast, VotesRevealed, VoteRevealed, RationaleGiven, RoundConcluded, RoundCancelled,
    RoundSuperseded,
})  # fmt: skip


def _sized(item: Item, entry: Entry[Any]) -> Item:
    """The item after what was said of its size."""
    match entry.event:
        case EstimateRecorded(estimate=ordinal, revision=revision):
            known = replace(item, estimates=max(item.estimates, ordinal), live_estimate=ordinal)
            return replace(known, estimated_revision=revision)
        case EstimateStaled():
            return replace(item, live_estimate=0)
        case RefinementLoopDetected() | SpikeLinked() | ThreeAmigosNoted() | ItemSplit():
            return replace(item, loop=round.evolve_loop(item.loop, entry))
        case _:
            return replace(item, rounds=round.evolve(item.rounds, entry))


def _drafted(entry: Entry[Any], event: ItemDrafted | IssueImported) -> Item:
    item = Item(
        id=ItemId(stream_key("itm", entry.stream_id)),
        team_id=event.team_id,
        track=event.track,
        kind=event.kind,
        author_id=PersonId(entry.act.actor),
        rank=event.rank,
    )
    return _with_content(item, event, 1)


def _with_content(item: Item, event: ItemDrafted | ItemRevised | IssueImported, revision: int) -> Item:
    content = Content(**{name: getattr(event, name, None) for name in SECTIONS})
    digests = event.section_digests
    return replace(item, revision=revision, digest=event.digest, section_digests=digests, content=content)
