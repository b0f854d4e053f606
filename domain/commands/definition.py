"""Adopting what ready and done mean, in a workspace or a team."""

import re
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from domain.authority import Who
from domain.commands.policy import may_adopt, may_adopt_for_all
from domain.content import SECTIONS
from domain.decision import Decided, decided
from domain.entry import Event
from domain.events import DefinitionAdopted, DefinitionReplaced
from domain.events.definition import DefinitionUse
from domain.events.item import ItemKind, Track
from domain.refusals import (
    CriterionIdMalformed,
    CriterionRepeated,
    TextTooLong,
    UnknownSection,
)
from domain.state.team import Team, Workspace
from domain.text import lines, prose

CRITERIA_MAX: Final = 50
_ID: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ID_CHARACTERS_MAX: Final = 40


class Criterion(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that has to be true for an item to be ready or done."""

    id: Annotated[str, Meta(description="A short name that stays the same from version to version: tests-are-green.")]
    text: Annotated[str, Meta(description="What has to be true, in one sentence.")]
    section: Annotated[str | None, Meta(description="The section of the item it is about; none for all of it.")] = None
    evidence_required: Annotated[bool, Meta(description="Whether who ticks it has to say what shows it.")] = False


def adopt_definition(
    team: Team,
    who: Who,
    *,
    use: DefinitionUse,
    checks: tuple[Criterion, ...],
    why: str,
    track: Track | None = None,
    kind: ItemKind | None = None,
) -> Decided:
    """Say what ready or done means in a team, for a track and kind of item or for all. It takes the place of the last.

    The narrowest that holds counts, the team's before the workspace's; one without criteria asks for nothing.
    """
    return decided(may_adopt(team, who), *_adopted(team, (use, track, kind), checks, why))


def adopt_workspace_definition(
    workspace: Workspace,
    who: Who,
    *,
    use: DefinitionUse,
    checks: tuple[Criterion, ...],
    why: str,
    track: Track | None = None,
    kind: ItemKind | None = None,
) -> Decided:
    """Say what ready or done means in all teams that do not say so themselves."""
    return decided(may_adopt_for_all(workspace, who), *_adopted(workspace, (use, track, kind), checks, why))


def _adopted(
    place: Team, scope: tuple[DefinitionUse, Track | None, ItemKind | None], checks: tuple[Criterion, ...], why: str
) -> tuple[Event, ...]:
    _must_be_sound(checks)
    before = place.definitions.get(scope)
    use, track, kind = scope
    adopted = DefinitionAdopted(
        definition=place.defined + 1,
        number=before.number + 1 if before else 1,
        use=use,
        track=track,
        kind=kind,
        replaces_definition=before.ordinal if before else None,
        criteria=tuple(check.id for check in checks),
        sections=tuple(check.section or "" for check in checks),
        evidence_required=tuple(check.evidence_required for check in checks),
        texts=lines("checks", tuple(check.text for check in checks)),
        why=prose("why", why),
    )
    if before is None:
        return (adopted,)
    return (adopted, DefinitionReplaced(definition=before.ordinal, by_definition=adopted.definition))


def _must_be_sound(checks: tuple[Criterion, ...]) -> None:
    ids = [check.id for check in checks]
    if len(ids) > CRITERIA_MAX:
        raise TextTooLong(path="checks", unmet=(f"at most {CRITERIA_MAX} criteria",))
    if malformed := [key for key in ids if not _ID.fullmatch(key) or len(key) > _ID_CHARACTERS_MAX]:
        raise CriterionIdMalformed(path="checks", unmet=tuple(key[:_ID_CHARACTERS_MAX] for key in malformed))
    if len(set(ids)) < len(ids):
        raise CriterionRepeated(path="checks", unmet=tuple(sorted({key for key in ids if ids.count(key) > 1})))
    if strange := [check.section for check in checks if check.section and check.section not in SECTIONS]:
        raise UnknownSection(path="checks", unmet=tuple(section[:_ID_CHARACTERS_MAX] for section in strange))
