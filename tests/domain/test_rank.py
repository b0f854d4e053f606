"""Places in a backlog: there is always room between two, and no two things ever get the same."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import rank

NOW: Final = datetime(2026, 3, 2, tzinfo=UTC)
TIMES: Final = st.datetimes(datetime(1970, 1, 1), datetime(2390, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - timezones gives it
UUIDS: Final = st.uuids()
DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
KEYS: Final = st.text(DIGITS, min_size=1, max_size=12).filter(lambda key: not key.endswith("0"))
INSERTIONS: Final = 2000


def test_the_form_of_a_key_is_frozen() -> None:
    stream = UUID("018f0dff-78ac-7266-9d8e-88b8b8c1eaad")
    assert rank.at_end(NOW, stream) == "V87IGQRNvEoDgcP1"
    assert rank.at_top(NOW, stream, "V1") == "UrshjZYc4loDgcP1"
    assert rank.within("A", "B", stream) == "AVoDgcP1"


@given(KEYS, KEYS, UUIDS)
def test_a_key_lies_between_its_neighbours_and_leaves_room(one: str, other: str, stream: UUID) -> None:
    above, below = sorted((one, other))
    if above == below:
        return
    key = rank.within(above, below, stream)
    assert above < key < below
    assert not key.endswith("0")


@given(KEYS, UUIDS, UUIDS)
def test_two_things_put_into_one_gap_get_different_places(below: str, one: UUID, other: UUID) -> None:
    is_same = one.int % 62**5 == other.int % 62**5
    assert (rank.within("", below, one) == rank.within("", below, other)) == is_same


@given(TIMES, KEYS, UUIDS)
def test_the_end_is_behind_what_was_last_and_the_top_before_what_was_first(
    now: datetime, neighbour: str, stream: UUID
) -> None:
    assert rank.at_end(now, stream, neighbour) > neighbour
    assert rank.at_top(now, stream, neighbour) < neighbour


@given(TIMES, TIMES, UUIDS, UUIDS)
def test_what_joins_later_stands_further_down(now: datetime, then: datetime, one: UUID, other: UUID) -> None:
    earlier, later = sorted((now, then))
    if earlier < later:
        assert rank.at_end(earlier, one) < rank.at_end(later, other)


def _anywhere(order: list[str]) -> int:
    return random.randrange(1, len(order))


def _below_the_first(_order: list[str]) -> int:
    return 1


def _above_the_last(order: list[str]) -> int:
    return len(order) - 1


@pytest.mark.parametrize(
    ("place", "length_max"), [(_anywhere, 24), (_below_the_first, INSERTIONS // 4), (_above_the_last, INSERTIONS // 4)]
)
def test_thousands_of_insertions_stay_in_order_with_short_keys(
    place: Callable[[list[str]], int], length_max: int
) -> None:
    random.seed(62)
    things = [UUID(int=random.getrandbits(128)) for _ in range(INSERTIONS)]
    order = [rank.at_end(NOW, things[0]), rank.at_end(NOW + timedelta(seconds=1), things[1])]
    for thing in things:
        index = place(order)
        order.insert(index, rank.within(order[index - 1], order[index], thing))
    assert all(above < below for above, below in pairwise(order))
    assert max(map(len, order)) <= length_max


@pytest.mark.parametrize("is_clock_stuck", [False, True])
def test_moving_to_the_top_and_to_the_end_again_and_again_stays_in_order(*, is_clock_stuck: bool) -> None:
    random.seed(62)
    order = [rank.at_end(NOW, UUID(int=1))]
    for n in range(1, 100):
        now = NOW + timedelta(seconds=0 if is_clock_stuck else n)
        order.append(rank.at_end(now, UUID(int=random.getrandbits(128)), order[-1]))
        order.insert(0, rank.at_top(now, UUID(int=random.getrandbits(128)), order[0]))
    assert all(above < below for above, below in pairwise(order))
    assert is_clock_stuck or max(map(len, order)) == len("V") + 9 + 5 + 1
