"""The parts of GitHub's answers that are read: an archive's (lists, plain logins) and GraphQL's (nodes, actors)."""

from typing import Literal

import msgspec
from msgspec import UNSET, Raw, UnsetType


class Actor(msgspec.Struct):
    """An account."""

    login: str


class Nodes(msgspec.Struct, rename="camel"):
    """A connection whose rows are decoded one by one."""

    nodes: list[Raw] = []
    total_count: int = 0


class Repository(msgspec.Struct, rename="camel"):
    """What GraphQL says of a repository."""

    name_with_owner: str
    issues: Nodes | None = None
    pull_requests: Nodes | None = None


class Data(msgspec.Struct):
    """What GraphQL was asked."""

    repository: Repository | None = None


class Page(msgspec.Struct):
    """A file: `repo`, `issues` and `pulls` of an archive, or `data` of a GraphQL answer."""

    repo: str | UnsetType = UNSET
    issues: list[Raw] = []
    pulls: list[Raw] = []
    data: Data | None = None


class Review(msgspec.Struct, rename="camel"):
    """A review. PENDING is one that its author has not sent yet."""

    id: str
    state: Literal["APPROVED", "CHANGES_REQUESTED", "COMMENTED", "DISMISSED", "PENDING"]
    created_at: str
    author: str | Actor | None = None
    updated_at: str | None = None
    body: str | None = None


class Reviews(msgspec.Struct, rename="camel"):
    """GraphQL's reviews of a pull request."""

    nodes: list[Review] = []
    total_count: int = 0


class Issue(msgspec.Struct, rename="camel"):
    """An issue, or a pull request: that one has reviews and may be merged."""

    id: str
    number: int
    title: str
    state: Literal["OPEN", "CLOSED", "MERGED"]
    created_at: str
    author: str | Actor | None = None
    updated_at: str | None = None
    closed_at: str | None = None
    merged_at: str | None = None
    merged_by: str | Actor | None = None
    body: str | None = None
    comments: list[Raw] | Nodes | None = None
    comment_count: int = 0
    reviews: list[Review] | Reviews | None = None
