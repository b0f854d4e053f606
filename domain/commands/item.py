"""Drafting, revising, ranking and estimating an item."""

from datetime import datetime
from math import isfinite
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from domain import ids, rank
from domain.authority import Authority, Power, Who, ownership
from domain.commands.deadlines import deadline
from domain.commands.estimation.rounds import gone, must_be_estimable
from domain.commands.revision import revision
from domain.commands.sign_offs.ending import withdrawn
from domain.commands.sign_offs.requests import answered
from domain.content import (
    EDITORIAL_SECTIONS,
    SECTIONS,
    Content,
    changed_sections,
    checked,
    kinds_kept,
    revision_digest,
    section_digests,
    written,
)
from domain.decision import Decided, decided
from domain.events import (
    EstimateRecorded,
    ItemDrafted,
    ItemRanked,
    ItemWithdrawn,
    PushbackDebtDropped,
    PushbackMooted,
    QuestionClosed,
)
from domain.events.item import ChangeKind, CriterionKind, Edge, ItemKind, Track
from domain.events.sign_off import RequestOutcome
from domain.ids import TeamId
from domain.refusals import (
    NotEditorial,
    NothingChanged,
    OffScale,
    RankNeedsNeighbour,
    RankOutOfOrder,
    UnknownItem,
    UnknownTeam,
)
from domain.state.item import Item, must_be_as_shown, must_stand
from domain.state.team import Team
from domain.text import optional, prose

Kinds = tuple[CriterionKind, ...]
POINTS_MAX: Final = 1000


def draft_item(
    item: Item,
    who: Who,
    *,
    team: Team,
    title: str,
    track: Track = Track.FUNCTIONAL,
    kind: ItemKind = ItemKind.STORY,
    narrative: str | None = None,
    why: str | None = None,
    value: str | None = None,
    criteria: tuple[str, ...] | None = None,
    criteria_kinds: Kinds | None = None,
    constraints: str | None = None,
    deployment: str | None = None,
) -> Decided:
    """Put an item at the end of a team's backlog. Only the title is needed."""
    if not team.id:
        raise UnknownTeam(path="team")
    authority = who.by(Power.DRAFT_ITEM)
    said = Content(
        title=title,
        narrative=narrative,
        why=why,
        value=value,
        criteria=criteria,
        criteria_kinds=criteria_kinds,
        constraints=constraints,
        deployment=deployment,
    )
    return decided(authority, _draft(item.id, who, checked(said), team_id=TeamId(team.id), track=track, kind=kind))


def _draft(item_id: str, who: Who, content: Content, *, team_id: TeamId, track: Track, kind: ItemKind) -> ItemDrafted:
    digests = section_digests(who.salt, content)
    return ItemDrafted(
        team_id=team_id,
        track=track,
        kind=kind,
        rank=rank.at_end(who.now, ids.stream_id(item_id)),
        section_digests=digests,
        digest=revision_digest(digests),
        salt=who.salt,
        **written(content),
    )


def may_revise(item: Item, who: Who) -> Authority:
    """The owner of the item's track, or its author."""
    must_stand(item)
    return who.as_party() if who.person_id == item.author_id else who.by(ownership(item.track))


def revise_item(
    item: Item,
    who: Who,
    *,
    expected_digest: str,
    editorial: bool = False,
    title: str | None = None,
    narrative: str | None = None,
    why: str | None = None,
    value: str | None = None,
    criteria: tuple[str, ...] | None = None,
    criteria_kinds: Kinds | None = None,
    constraints: str | None = None,
    deployment: str | None = None,
) -> Decided:
    """Change what an item says; what is left out stays. `expectedDigest` is the digest you were shown.

    A substantive change voids the sign-offs and the estimate given before it; one declared editorial, which only the
    title and the narrative allow, carries them until somebody concerned challenges it. Pushbacks stay open either way;
    what they point at is marked outdated where it changed.
    """
    authority = may_revise(item, who)
    must_be_as_shown(item, expected_digest)
    given = Content(
        title=title,
        narrative=narrative,
        why=why,
        value=value,
        criteria=criteria,
        criteria_kinds=criteria_kinds,
        constraints=constraints,
        deployment=deployment,
    )
    content = checked(_filled(given, item.content))
    changed = changed_sections(item.content, item.section_digests, content)
    _check_change(changed, is_editorial=editorial)
    kind = ChangeKind.EDITORIAL if editorial else ChangeKind.SUBSTANTIVE
    until = deadline(who, who.policy.editorial_challenge_days) if editorial else None
    return decided(authority, *revision(item, content, changed, salt=who.salt, kind=kind, until=until))


def _check_change(changed: tuple[str, ...], *, is_editorial: bool) -> None:
    """Refuses what changes nothing, and what is called editorial but is not."""
    substance = tuple(name for name in changed if name not in EDITORIAL_SECTIONS)
    if not changed:
        raise NothingChanged
    if is_editorial and substance:
        raise NotEditorial(path="editorial", unmet=substance)


def _filled(given: Content, before: Content) -> Content:
    """What is given, and for sections that are not, what was there."""
    kept = {name: getattr(before, name) for name in SECTIONS if getattr(given, name) is None}
    if given.criteria is not None and given.criteria_kinds is None:
        kept["criteria_kinds"] = kinds_kept(before, given.criteria)
    return replace(given, **kept)


def withdraw_item(item: Item, who: Who, *, why: str) -> Decided:
    """Take an item off the backlog for good, saying why. Pushbacks on it become moot, sign-offs void; history stays."""
    authority = may_revise(item, who)
    mooted = [PushbackMooted(pushback=ordinal) for ordinal, pushback in item.pushbacks.items() if pushback.is_open]
    dropped = [PushbackDebtDropped(pushback=ordinal) for ordinal in item.owing]
    closed = [QuestionClosed(question=ordinal) for ordinal, question in item.questions.items() if question.is_open]
    ended = [*answered(item, None, None, RequestOutcome.WITHDRAWN), *withdrawn(item), *gone(item)]
    return decided(authority, ItemWithdrawn(why=prose("why", why)), *mooted, *dropped, *closed, *ended)


def may_rank(item: Item, who: Who) -> Authority:
    """The owner of the item's track."""
    must_stand(item)
    return who.by(ownership(item.track))


def rank_item(
    item: Item, who: Who, *, above: Item | None = None, below: Item | None = None, why: str | None = None
) -> Decided:
    """Move an item between two neighbours of its backlog: below the item `above` and above the item `below`.

    With `below` alone it goes to the very top of the backlog, with `above` alone to the very end.
    """
    authority = may_rank(item, who)
    if above is None and below is None:
        raise RankNeedsNeighbour
    for path, neighbour in (("above", above), ("below", below)):
        if neighbour is not None and not neighbour.revision:
            raise UnknownItem(path=path)
        if neighbour is not None and (neighbour.team_id != item.team_id or neighbour.id == item.id):
            raise RankOutOfOrder(path=path)
    ranked = ItemRanked(
        rank=_place(ids.stream_id(item.id), who.now, above, below),
        above=above.id if above and below else None,
        below=below.id if above and below else None,
        edge=_edge(above, below),
        why=optional("why", why),
    )
    return decided(authority, ranked)


def _edge(above: Item | None, below: Item | None) -> Edge | None:
    if above and below:
        return None
    return Edge.END if above else Edge.TOP


def _place(stream_id: UUID, now: datetime, above: Item | None, below: Item | None) -> str:
    if below is None:
        return rank.at_end(now, stream_id, above.rank if above else "")
    if above is None:
        return rank.at_top(now, stream_id, below.rank)
    if above.rank >= below.rank:
        raise RankOutOfOrder(path="below")
    return rank.within(above.rank, below.rank, stream_id)


def may_estimate(item: Item, who: Who) -> Authority:
    """The developers, who will do the work, unless a round asks them all or found that nobody can tell."""
    must_stand(item)
    authority = who.by(Power.ESTIMATE)
    must_be_estimable(item)
    return authority


def record_estimate(item: Item, who: Who, *, points: float, expected_digest: str) -> Decided:
    """Record how large the team says the item is, in story points. `expectedDigest` is what the team was shown."""
    authority = may_estimate(item, who)
    must_be_as_shown(item, expected_digest)
    if not (isfinite(points) and 0 <= points <= POINTS_MAX):
        raise OffScale(path="points")
    ordinal = item.estimates + 1
    recorded = EstimateRecorded(estimate=ordinal, revision=item.revision, digest=item.digest, points=points)
    return decided(authority, recorded)
