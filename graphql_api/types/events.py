"""An object type for each event, over the table `entry`: the envelope, and what the event itself says."""

from typing import Any, Final, NamedTuple, get_type_hints

from domain.entry import EVENTS, Event
from graphql_api.types.envelope import ENVELOPE
from graphql_api.types.fields import Backed, backed, declare, sentence
from graphql_api.types.hints import read
from graphql_api.types.names import NAMES
from graphql_api.types.sources import EVENT, Form, Link, Member, Part, Records
from projections.words import words

THINGS: Final = {
    "pushback": ("Pushback", "pbk"),
    "recurrence_of": ("Pushback", "pbk"),
    "sign_off": ("SignOff", "sof"),
    "sign_off_request": ("SignOffRequest", "srq"),
    "question": ("Question", "qst"),
    "by_sign_off": ("SignOff", "sof"),
    "verdict": ("Verdict", "vrd"),
    "by_verdict": ("Verdict", "vrd"),
    "estimate": ("Estimate", "est"),
    "round": ("EstimationRound", "rnd"),
    "vote": ("Vote", "vot"),
    "revision": ("Revision", "rev"),
    "by_revision": ("Revision", "rev"),
    "assignment": ("RoleAssignment", "asg"),
    "delegation": ("Delegation", "dlg"),
    "ended_assignment": ("RoleAssignment", "asg"),
    "credential": ("Credential", "crd"),
    "opened_with": ("Credential", "crd"),
    "webhook": ("Webhook", "whk"),
    "policy": ("PolicyVersion", "pol"),
    "refusal": ("RecordedRefusal", "rfs"),
    "replaces": ("PolicyVersion", "pol"),
    "added_reason": ("ReasonCode", "rsn"),
    "definition": ("Definition", "dfn"),
    "by_definition": ("Definition", "dfn"),
    "replaces_definition": ("Definition", "dfn"),
}
"""Ordinals in events that name a thing inside the event's subject: shown as that thing. See domain/ids.py."""

_POSITIONS: Final = frozenset({"positions"})
"""Fields that hold positions, which do not fit GraphQL's Int."""


class Saying(NamedTuple):
    """A field of an event as GraphQL shows it: what it is called, its annotation without null, and where it is."""

    name: str
    type: str
    source: Member | Records
    is_nullable: bool


def declare_events() -> None:
    """Every event's type, and that of the records that some hold."""
    digest = [
        backed("section", "str", Part("section"), "The name of the section."),
        backed("digest", "str", Part("digest"), "The salted digest of its text."),
    ]
    declare("SectionDigest", digest, "The digest of one section of an item.")
    for event in EVENTS.values():
        fields = [_field(event, name, hint) for name, hint in hints(event).items() if name not in event.HIDDEN]
        declare(event.__name__, fields, sentence(event), (NAMES[EVENT],))


def hints(event: type[Event]) -> dict[str, Any]:
    """The fields of an event and their annotations, with what Annotated holds."""
    declared = get_type_hints(event, include_extras=True)
    return {name: declared[name] for name in event.__struct_fields__}


def _field(event: type[Event], name: str, annotation: Any) -> Backed:  # noqa: ANN401 - any annotation
    if name in THINGS and read(annotation).form is Form.NUMBER:
        target, prefix = THINGS[name]
        identifier = f"concat('{prefix}_', substr({{t}}.subject_id, 5), '_', {{t}}.data->>'{name}')"
        return backed(name, f"{target} | None", Link(target, identifier), words(event.__name__, name))
    told = saying(event, name)
    shown = _own_name(told) if name in ENVELOPE else name
    return backed(shown, told.type + " | None" * told.is_nullable, told.source, words(event.__name__, name))


def _own_name(told: Saying) -> str:
    """A field that is called like one of the envelope's is named after its type: `kind` -> `itemKind`."""
    return told.type[0].lower() + told.type[1:]


def saying(event: type[Event], name: str, pointer: str | None = None) -> Saying:
    """What field `name` of an event is to GraphQL, seen from the event or from a row that points at it."""
    hint, is_prose = read(hints(event)[name]), name in event.PROSE
    member = Member(name, hint.form, is_prose, pointer)
    if hint.name == "dict":
        return Saying(name, "list[SectionDigest]", Records(member, "section"), hint.is_nullable)
    told_type = "list[Position]" if name in _POSITIONS else hint.name
    return Saying(name, told_type, member, hint.is_nullable)
