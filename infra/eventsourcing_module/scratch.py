"""Scratch workspaces: they take events that are not ours, and nothing folds them. See docs/decisions/scratch.md."""

import os
from typing import Final
from uuid import RFC_4122, UUID

_VERSION: Final = 8
_VARIANT: Final = 0b10 << 62
_KEPT: Final = (1 << 128) - 1 ^ 0xF << 76 ^ 0b11 << 62


def scratch_workspace_id() -> UUID:
    """A new one: a random UUID of version 8, which no other workspace has."""
    return UUID(int=int.from_bytes(os.urandom(16), "big") & _KEPT | _VERSION << 76 | _VARIANT)


def is_scratch(workspace_id: UUID) -> bool:
    """Whether the id says so, for ever: a workspace cannot become one, nor stop being one."""
    return workspace_id.variant == RFC_4122 and workspace_id.version == _VERSION
