"""Ids have one spelling, sort like the UUIDs inside them, and nothing else is taken for one."""

from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain import ids

ITEM = "itm_01hw6zxy5ce9k9v3m8qj2r7tnd"
UUIDS = st.uuids()
ORDINALS = st.integers(1, 999_999_999)


def test_the_form_of_an_id_is_frozen() -> None:
    stream = UUID("018f0dff-78ac-7266-9d8e-88b8b8c1eaad")
    assert ids.stream_key("itm", stream) == "itm_01hw6zyy5ce9k9v3m8q2wc3tnd"
    assert ids.thing_key("pbk", ids.stream_key("itm", stream), 2) == "pbk_01hw6zyy5ce9k9v3m8q2wc3tnd_2"
    assert ids.stream_key("psn", UUID(int=0)) == ids.SYSTEM


@given(st.sampled_from(ids.STREAM_PREFIXES), UUIDS)
def test_the_id_of_a_stream_gives_the_stream_back(prefix: str, stream: UUID) -> None:
    assert ids.parse(ids.stream_key(prefix, stream)) == (prefix, stream, 0)


@given(st.sampled_from(ids.THING_PREFIXES), UUIDS, ORDINALS)
def test_the_id_of_a_thing_gives_its_stream_and_ordinal_back(prefix: str, stream: UUID, ordinal: int) -> None:
    key = ids.thing_key(prefix, ids.stream_key("itm", stream), ordinal)
    assert ids.parse(key) == (prefix, stream, ordinal)
    assert ids.stream_id(key) == stream


@given(UUIDS, UUIDS)
def test_ids_sort_like_the_uuids_inside_them(one: UUID, other: UUID) -> None:
    assert (ids.stream_key("itm", one) < ids.stream_key("itm", other)) == (one < other)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "itm",
        "itm_",
        ITEM + "_",
        ITEM + "_1",
        ITEM + "\n",
        ITEM.upper(),
        ITEM[:-1],
        ITEM + "0",
        ITEM.replace("itm", "xyz"),
        ITEM.replace("itm", "pbk"),
        ITEM.replace("itm", "pbk") + "_0",
        ITEM.replace("itm", "pbk") + "_01",
        ITEM.replace("itm", "pbk") + "_1_1",
        ITEM.replace("itm", "pbk") + "_1234567890",
        ITEM.replace("itm", "pbk") + "_\u0661",
        "itm_8" + "0" * 25,
        "itm_" + "z" * 26,
        "itm_0" + "l" * 25,
        "\0",
        "\ud800",
    ],
)
def test_what_was_never_given_out_is_no_id(text: str) -> None:
    with pytest.raises(ids.MalformedId):
        ids.parse(text)


KEYS = st.builds(lambda stream, ordinal: ids.thing_key("sof", ids.stream_key("itm", stream), ordinal), UUIDS, ORDINALS)


@given(st.one_of(st.text(), KEYS), st.integers(0, 40), st.text(max_size=2))
@example(ITEM, len(ITEM), "_")
def test_whatever_parses_is_spelled_as_it_was_given_out(text: str, place: int, inserted: str) -> None:
    spoiled = text[:place] + inserted + text[place + len(inserted) :]
    try:
        prefix, stream, ordinal = ids.parse(spoiled)
    except ids.MalformedId:
        return
    key = ids.stream_key(prefix, stream)
    assert spoiled == (ids.thing_key(prefix, key, ordinal) if ordinal else key)
