"""Faults planted in the compiler: the comparison with the oracle catches each."""

from collections.abc import Callable
from itertools import chain
from typing import Any, Final

import pytest

from graphql_api import documents as reading
from graphql_api.compiler import compiler, interfaces, pages, records, tables, text
from graphql_api.compiler.arguments import Arguments
from graphql_api.compiler.compiler import Compiler
from graphql_api.compiler.cursors import Order
from graphql_api.compiler.pages import Page
from graphql_api.compiler.selection import Selection
from graphql_api.types.sources import Form, Member
from tests.graphql_api.compiled.comparison import documents, everything, first_difference
from tests.graphql_api.compiled.conftest import Desk

DOCUMENTS: Final = 400
"""As many are compared at most until one shows the fault."""

Plant = Callable[[pytest.MonkeyPatch], None]


def a_filter_is_ignored(patch: pytest.MonkeyPatch) -> None:
    has = Arguments.has
    patch.setattr(Arguments, "has", lambda self, name: name not in {"kind", "state"} and has(self, name))


def one_row_too_many_on_a_page(patch: pytest.MonkeyPatch) -> None:
    rows = Page.rows
    patch.setattr(Page, "rows", lambda self, size, used_in: rows(self, f"{size} + 1", used_in))


def the_order_is_turned_around(patch: pytest.MonkeyPatch) -> None:
    sql = Order.sql
    patch.setattr(Order, "sql", lambda self, alias, **more: sql(self._replace(is_descending=False), alias, **more))


def the_row_of_the_cursor_comes_again(patch: pytest.MonkeyPatch) -> None:
    beyond = Order.beyond
    patch.setattr(Order, "beyond", lambda self, *told, **more: beyond(self, *told, **{**more, "is_inclusive": True}))


def last_counts_from_the_start(patch: pytest.MonkeyPatch) -> None:
    size = pages._size
    patch.setattr(pages, "_size", lambda *told: (size(*told)[0], False))


def what_lies_below_is_of_now(patch: pytest.MonkeyPatch) -> None:
    member = Compiler._member

    def of_now(self: Compiler, *told: Any) -> Any:
        moment, self.moment = self.moment, None
        pieces = member(self, *told)
        self.moment = moment
        return pieces

    patch.setattr(Compiler, "_member", of_now)


def a_version_holds_one_position_too_long(patch: pytest.MonkeyPatch) -> None:
    versions = tables.Source._versions
    patch.setattr(tables.Source, "_versions", lambda *told: versions(*told).replace("to_position >", "to_position >="))


def the_total_is_that_of_the_page(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Page, "count", lambda self: f"(SELECT count(*) FROM ({self.rows(self.size, '')}) counted)")


def there_is_never_a_next_page(patch: pytest.MonkeyPatch) -> None:
    bounds = pages._bounds

    def none(made: Page) -> Any:
        found = bounds(made)
        return lambda name, nodes: ["'false'"] if name == "hasNextPage" else found(name, nodes)

    patch.setattr(pages, "_bounds", none)


def text_is_not_escaped(patch: pytest.MonkeyPatch) -> None:
    value = text.value

    def plain(form: Form, sql: str, *, is_nullable: bool) -> Any:
        return value(Form.WORD if form is Form.TEXT else form, sql, is_nullable=is_nullable)

    patch.setattr(compiler, "value", plain)


def null_is_left_out(patch: pytest.MonkeyPatch) -> None:
    value = text.value
    patch.setattr(compiler, "value", lambda form, sql, **_: value(form, sql, is_nullable=False))


def a_variable_is_frozen_into_the_plan(patch: pytest.MonkeyPatch) -> None:
    value, first = Arguments.value, dict[Any, Any]()

    def frozen(self: Arguments, name: str, values: Any) -> Any:
        return first.setdefault((id(self.node), name), (self, value(self, name, values)))[1]

    patch.setattr(Arguments, "value", frozen)


def null_and_a_value_share_a_plan(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(reading, "shape_of", lambda values: tuple(name for name in values.coerced))


def conditions_are_not_part_of_the_shape(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(reading, "shape_of", lambda values: tuple((k, v is None) for k, v in values.coerced.items()))


def skip_is_ignored(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Selection, "_is_included", lambda *_: True)


def kinds_are_mixed_up(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(interfaces, "topic", lambda _: "ItemDrafted")


def prose_is_looked_for_in_data(patch: pytest.MonkeyPatch) -> None:
    read = records.records

    def misplaced(made: Compiler, source: Any, *told: Any) -> Any:
        if isinstance(source, Member):
            source = Member(source.name, source.form, is_prose=False, pointer=source.pointer)
        return read(made, source, *told)

    patch.setattr(compiler, "records", misplaced)


FAULTS: Final[tuple[Plant, ...]] = (
    a_filter_is_ignored,
    one_row_too_many_on_a_page,
    the_order_is_turned_around,
    the_row_of_the_cursor_comes_again,
    last_counts_from_the_start,
    what_lies_below_is_of_now,
    a_version_holds_one_position_too_long,
    the_total_is_that_of_the_page,
    there_is_never_a_next_page,
    text_is_not_escaped,
    null_is_left_out,
    a_variable_is_frozen_into_the_plan,
    null_and_a_value_share_a_plan,
    conditions_are_not_part_of_the_shape,
    skip_is_ignored,
    kinds_are_mixed_up,
    prose_is_looked_for_in_data,
)


@pytest.mark.parametrize("plant", FAULTS, ids=lambda plant: plant.__name__)
async def test_a_planted_fault_is_caught(desk: Desk, plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)
    made = chain(documents(desk, DOCUMENTS, seed=8), everything(desk))
    assert await first_difference(desk, made) is not None
