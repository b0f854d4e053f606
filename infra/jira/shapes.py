"""The parts of Jira's REST answers that are read; everything else in them is passed over."""

from typing import Any

import msgspec
from msgspec import UNSET, Raw, UnsetType


class Page(msgspec.Struct):
    """A search result."""

    issues: list[Raw] | UnsetType = UNSET
    names: dict[str, str] | None = None
    total: int | None = None
    is_last: bool | None = msgspec.field(default=None, name="isLast")


class Named(msgspec.Struct):
    """A priority, a resolution, a sort of issue."""

    name: str


class Category(msgspec.Struct):
    """How Jira itself sorts a status: key `done` is closed."""

    key: str | None = None


class Status(msgspec.Struct):
    """A status."""

    name: str
    category: Category | None = msgspec.field(default=None, name="statusCategory")


class Project(msgspec.Struct):
    """A project."""

    key: str
    name: str | None = None


class Account(msgspec.Struct):
    """A user: Cloud has account ids, Server keys, older ones only names."""

    account_id: str | None = msgspec.field(default=None, name="accountId")
    key: str | None = None
    name: str | None = None
    display_name: str | None = msgspec.field(default=None, name="displayName")


class Comments(msgspec.Struct):
    """How many comments there are."""

    total: int | None = None
    comments: list[Raw] = []


class Fields(msgspec.Struct):
    """The current values of an issue; UNSET where the export leaves a field out."""

    created: str
    status: Status
    summary: str | None
    updated: str | None = None
    description: Any = None
    issuetype: Named | None = None
    project: Project | None = None
    priority: Named | UnsetType | None = UNSET
    creator: Account | None = None
    reporter: Account | None = None
    assignee: Account | None = None
    comment: Comments | None = None


class Item(msgspec.Struct):
    """One changed field of a history entry."""

    field: str
    field_type: str | None = msgspec.field(default=None, name="fieldtype")
    field_id: str | None = msgspec.field(default=None, name="fieldId")
    from_text: str | None = msgspec.field(default=None, name="fromString")
    to_text: str | None = msgspec.field(default=None, name="toString")


class History(msgspec.Struct):
    """One entry of the changelog."""

    id: str | int
    created: str
    author: Account | None = None
    items: list[Item] = []


class Changelog(msgspec.Struct):
    """The changelog as `expand=changelog` gives it (`histories`), or its own resource (`values`)."""

    histories: list[History] | None = None
    values: list[History] | None = None
    total: int | None = None


class Issue(msgspec.Struct):
    """An issue, its fields not decoded yet: where the size stands is known only when the whole file is."""

    id: str | int
    key: str
    fields: Raw
    changelog: Changelog | None = None
