"""What an event says: members of its data and prose, and the records that some of them hold."""

from typing import TYPE_CHECKING, Any

from graphql import FieldNode

from graphql_api.compiler.parameters import WORKSPACE
from graphql_api.compiler.tables import ENTRY
from graphql_api.compiler.text import Literal, Pieces, concat, look_up, or_null, quoted
from graphql_api.types.sources import Form, Member, Records

if TYPE_CHECKING:
    from graphql_api.compiler.compiler import Compiler


def records(compiler: "Compiler", source: Member | Records, shown: Any, nodes: list[FieldNode], alias: str) -> Pieces:  # noqa: ANN401 - a named type
    """A member of the event that `alias` is or points at."""
    member = source if isinstance(source, Member) else source.member
    entry = alias if member.pointer is None else compiler.beside(alias, member.pointer)
    text = _scalar(member, entry) if isinstance(source, Member) else _list(compiler, source, shown, nodes, entry)
    inside = or_null(text)
    if member.pointer is None:
        return inside
    place = f"{entry}.workspace_id = {WORKSPACE} AND {entry}.position = {alias}.{member.pointer}"
    return [look_up(f"FROM {ENTRY} {entry} WHERE {place}", inside)]


def _scalar(member: Member, entry: str) -> str:
    """The member's JSON text, null where it is absent; times in the form of all others."""
    place = f"{entry}.{'prose' if member.is_prose else 'data'}"
    if member.form is Form.TIME:
        return f"json_scalar(({place}->>{quoted(member.name)})::timestamptz)::text"
    return f"({place}->{quoted(member.name)})::text"


def _list(compiler: "Compiler", source: Records, shown: Any, nodes: list[FieldNode], entry: str) -> str:  # noqa: ANN401 - a named type
    """A JSON array of records in the order of their names; null where there is nothing."""
    record = compiler.alias()
    held = f"{entry}.{'prose' if source.member.is_prose else 'data'}->{quoted(source.member.name)}"

    def part(name: str, _: list[FieldNode]) -> Pieces:
        return [f"json_scalar({record}.key)"] if name == source.key else [f"({record}.value)::text"]

    text, order = concat(compiler.object(shown, nodes, part)), f'{record}.key COLLATE "C"'
    elements = f"(SELECT string_agg({text}, ',' ORDER BY {order}) FROM jsonb_each({held}) {record})"  # noqa: S608 - values are parameters
    return f"CASE WHEN jsonb_typeof({held}) = 'object' THEN {concat([Literal('['), elements, Literal(']')])} END"
