"""What a story is told on: a server over the worker's database, and the team that every story begins with."""

from collections.abc import AsyncIterator

import pytest

from infra.backend import Backend
from tests.graphql_api.client import backend, serving
from tests.scenarios.telling import TEAM, Story, begin, cast_of

__all__ = ["backend"]


@pytest.fixture
async def story(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Story]:
    """A Monday morning: everybody of the team is there. The clock on the wall does nothing to a story of last year."""
    monkeypatch.setattr(backend.scheduler, "start", lambda: None)
    story = await begin(backend)
    async with serving(backend, cast_of(story, backend.deciding)) as story.client:
        await story.gets_a_token("Ada")
        for name, roles in TEAM.items():
            await story.joins(name, *roles)
        yield story
