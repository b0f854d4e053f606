"""An issue as Jira writes it, read: its current values, and its history oldest first."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final, NamedTuple

import msgspec
from msgspec import UNSET, Raw, UnsetType

from domain.tracker import Aspect, Change, size_of
from domain.tracker_history import Step
from infra.importing.file import Where, decoded
from infra.importing.issue import History, Issue, order_of
from infra.importing.refusal import Notes
from infra.importing.values import NAME_CHARACTERS_MAX, moment, name_of, refuse_oversized
from infra.jira import shapes
from infra.jira.document import plain_text

_ASPECTS: Final = {
    "status": Aspect.STATUS,
    "priority": Aspect.PRIORITY,
    "issuetype": Aspect.KIND,
    "summary": Aspect.TITLE,
    "description": Aspect.NARRATIVE,
}


class Context(NamedTuple):
    """What is known while a file's issues are read."""

    now: datetime
    size_field: str | None
    size_names: frozenset[str]
    accounts: dict[str, str]
    categories: dict[str, str]
    notes: Notes


def issue_of(raw: shapes.Issue, where: Where, context: Context) -> Issue:
    """The issue; raises ImportRefused with the place of what cannot be read."""
    fields = decoded(shapes.Fields, raw.fields, where._replace(place=where.place + ".fields"))
    created = moment(fields.created, where, ".fields.created", context.now)
    histories = tuple(_histories(raw, where, context))
    updated = moment(fields.updated, where, ".fields.updated", context.now) if fields.updated else created
    if fields.status.category and fields.status.category.key:
        context.categories[fields.status.name.lower()] = fields.status.category.key
    project = fields.project or shapes.Project(key=raw.key.rpartition("-")[0] or raw.key)
    by = _account(fields.creator, context) or _account(fields.reporter, context)
    mentioned = [_account(account, context) for account in (fields.reporter, fields.assignee)]
    changelog = raw.changelog or shapes.Changelog()
    title, narrative = fields.summary or raw.key, _narrative(fields.description, where)
    refuse_oversized((title, narrative), where, ".fields")
    return Issue(
        source_id=str(raw.id),
        key=raw.key,
        project=project.key,
        project_name=(project.name or project.key)[:NAME_CHARACTERS_MAX],
        created=created,
        as_of=max(updated, created, *(history.at for history in histories)),
        by=by,
        mentioned=tuple(account for account in mentioned if account),
        title=title,
        narrative=narrative,
        narrative_is_exact=not isinstance(fields.description, dict),
        status=fields.status.name,
        source_kind=fields.issuetype.name if fields.issuetype else "Issue",
        priority=fields.priority.name if isinstance(fields.priority, shapes.Named) else fields.priority,
        size=_size(raw.fields, where, context),
        size_field=context.size_field,
        histories=histories,
        has_changelog=raw.changelog is not None,
        total=changelog.total or 0,
        comments=_comments(fields.comment),
        where=where,
    )


def _comments(comments: shapes.Comments | None) -> int:
    return (len(comments.comments) or comments.total or 0) if comments else 0


def _histories(raw: shapes.Issue, where: Where, context: Context) -> Iterator[History]:
    """The history oldest first, whichever way the file has it; an entry that stands there twice counts once."""
    changelog = raw.changelog or shapes.Changelog()
    name = "values" if changelog.histories is None else "histories"
    entries: dict[str, History] = {}
    for index, entry in enumerate(changelog.histories or changelog.values or ()):
        below = f".changelog.{name}[{index}]"
        at = moment(entry.created, where, below + ".created", context.now)
        changes = tuple(
            _change(item, where._replace(place=f"{where.place}{below}.items[{number}]"), context)
            for number, item in enumerate(entry.items)
        )
        refuse_oversized([text for change in changes for text in (change.before, change.after)], where, below)
        resolutions = [item.to_text for item in entry.items if item.field == "resolution"]
        step = Step(str(entry.id), changes, resolutions[-1] if resolutions else None)
        entries.setdefault(step.source_id, History(at, _account(entry.author, context), step))
    yield from sorted(entries.values(), key=lambda history: order_of(history.at, history.step.source_id))


def _change(item: shapes.Item, where: Where, context: Context) -> Change:
    aspect = _aspect(item, context)
    if aspect is Aspect.SIZE and not (_is_size(item.from_text) and _is_size(item.to_text)):
        context.notes.add("SIZE_NOT_A_NUMBER", "a size that is no number was recorded as a text only", str(where))
        aspect = Aspect.OTHER
    return Change(aspect, item.field, item.from_text, item.to_text)


def _aspect(item: shapes.Item, context: Context) -> Aspect:
    """A field of the site's own may be called like one of Jira's."""
    is_known_by_id = item.field_id is not None and context.size_field is not None
    if item.field_id == context.size_field if is_known_by_id else item.field.lower() in context.size_names:
        return Aspect.SIZE
    is_own = item.field_type == "custom" or (item.field_id or "").startswith("customfield_")
    return Aspect.OTHER if is_own else _ASPECTS.get(item.field.lower(), Aspect.OTHER)


def _is_size(text: str | None) -> bool:
    try:
        size_of(text)
    except ValueError:
        return False
    return True


def _size(fields: Raw, where: Where, context: Context) -> float | UnsetType | None:
    """The current size; UNSET when the file does not show it, or not as a number."""
    if context.size_field is None:
        return UNSET
    value = msgspec.json.decode(fields, type=dict[str, Raw]).get(context.size_field)
    if value is None:
        return UNSET
    shown = msgspec.json.decode(value)
    if shown is None:
        return None
    if isinstance(shown, int | float | str) and not isinstance(shown, bool) and _is_size(str(shown)):
        return size_of(str(shown))
    place = f"{where}.fields.{context.size_field}"
    context.notes.add("SIZE_NOT_A_NUMBER", "a size that is no number was recorded as a text only", place)
    return UNSET


def _narrative(description: object, where: Where) -> str | None:
    if isinstance(description, dict):
        return plain_text(description) or None
    if description is None or isinstance(description, str):
        return description or None
    raise where.refused("WRONG_SHAPE", "a description is a text, a document or null.", ".fields.description")


def _account(account: shapes.Account | None, context: Context) -> str | None:
    """The account's key; its name is kept aside."""
    if account is None:
        return None
    key = account.account_id or account.key or account.name
    if key:
        context.accounts.setdefault(key, name_of(account.display_name or account.name or key) or key)
    return key or None
