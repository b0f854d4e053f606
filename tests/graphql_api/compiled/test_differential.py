"""Random documents answered by compiled SQL and by the oracle: the answers are equal, members' order included."""

from itertools import chain
from typing import Final

import pytest

from tests.graphql_api.compiled.comparison import differs, documents, everything, first_difference
from tests.graphql_api.compiled.conftest import Desk
from tests.graphql_api.compiled.coverage import Coverage

DOCUMENTS: Final = 150
DOCUMENTS_SLOW: Final = 5000


async def test_compiled_answers_equal_those_of_the_oracle(desk: Desk) -> None:
    assert await first_difference(desk, everything(desk)) is None
    assert await first_difference(desk, documents(desk, DOCUMENTS, seed=1)) is None


@pytest.mark.slow
async def test_thousands_of_documents_cover_every_field_and_argument(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    coverage, count = Coverage(desk.documents.schema), 0
    for count, one in enumerate(chain(everything(desk), documents(desk, DOCUMENTS_SLOW, seed=2)), 1):  # noqa: B007 - printed
        coverage.add(one.text)
        assert await differs(desk, one) is None
    with capsys.disabled():
        print(f"\n{coverage}\n{count} documents with three sets of variables each")  # noqa: T201 - the coverage is what is asked for
    assert coverage.missing() == set()
