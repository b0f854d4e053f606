"""What a pushback points at: sections of an item or single criteria, and what becomes of them in a revision."""

import re
from collections.abc import Iterator
from typing import Final

from domain.content import SECTIONS
from domain.events import ItemRevised, PushbackAnchorOutdated
from domain.refusals import AnchorNotFound
from domain.state.item import Item

_CRITERIA: Final = "criteria"
_ECHO_CHARACTERS_MAX: Final = 50
_CRITERION: Final = re.compile(rf"{_CRITERIA}/([1-9][0-9]{{0,5}})")


def placed(item: Item, anchors: tuple[str, ...] | None) -> tuple[str, ...]:
    """The anchors, each once; refuses one where the item says nothing. `why` is a section, `criteria/2` a criterion."""
    chosen = tuple(dict.fromkeys(anchors or ()))
    unmet = tuple(anchor[:_ECHO_CHARACTERS_MAX] for anchor in chosen if not _is_said(item, anchor))
    if unmet:
        raise AnchorNotFound(path="anchors", unmet=unmet)
    return chosen


def quoted(item: Item, anchors: tuple[str, ...]) -> dict[str, str]:
    """The digest of each section that the anchors point into, as it is now."""
    sections = {anchor.partition("/")[0] for anchor in anchors}
    return {name: item.section_digests[name] for name in SECTIONS if name in sections}


def outdated(item: Item, revised: ItemRevised) -> Iterator[PushbackAnchorOutdated]:
    """What a revision does to each open pushback: one event for each section it points into that changed.

    The pushback stays, and whose turn it is does not change: a revision is no answer until its author says so.
    """
    for ordinal, pushback in item.pushbacks.items():
        changed = [name for name in revised.changed_sections if name in pushback.sections and pushback.is_open]
        for section in changed:
            yield PushbackAnchorOutdated(pushback=ordinal, revision=revised.revision, section=section)


def _is_said(item: Item, anchor: str) -> bool:
    criterion = _CRITERION.fullmatch(anchor)
    if criterion:
        return int(criterion[1]) <= len(item.content.criteria or ())
    return anchor in SECTIONS and anchor in item.section_digests
