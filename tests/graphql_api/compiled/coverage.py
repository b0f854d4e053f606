"""Which fields and arguments a run of documents asked for, and which it did not."""

from collections import Counter
from typing import Any

from graphql import FieldNode, GraphQLSchema, TypeInfo, TypeInfoVisitor, Visitor, get_named_type, parse, visit


class Coverage:
    """How often each field and argument was asked for."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema, self.counts = schema, Counter[str]()

    def add(self, document: str) -> None:
        """Count what a document selects."""
        info, counts = TypeInfo(self.schema), self.counts

        class Count(Visitor):
            def enter_field(self, node: FieldNode, *_: object) -> None:
                parent = info.get_parent_type()
                counts[f"{parent}.{node.name.value}"] += 1
                counts.update(f"{parent}.{node.name.value}({told.name.value})" for told in node.arguments or ())

        visit(parse(document), TypeInfoVisitor(info, Count()))

    def missing(self) -> set[str]:
        """Fields and arguments that SQL answers and no document asked for."""
        wanted = set()
        root: Any = self.schema.query_type
        found, left = {root.name}, [root]
        while left:
            kind = left.pop()
            for name, definition in kind.fields.items():
                wanted |= {f"{kind.name}.{name}", *(f"{kind.name}.{name}({argument})" for argument in definition.args)}
                below: Any = get_named_type(definition.type)
                kinds = [below, *(self.schema.get_possible_types(below) if hasattr(below, "resolve_type") else ())]
                fresh = [one for one in kinds if hasattr(one, "fields") and one.name not in found]
                found |= {one.name for one in fresh}
                left += fresh
        return wanted - self.counts.keys() - {"Query.version"}

    def __str__(self) -> str:
        return "\n".join(f"{count:7} {place}" for place, count in sorted(self.counts.items()))
