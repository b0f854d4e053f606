"""Browsers of a test, closed after it."""

from collections.abc import AsyncIterator, Callable

import pytest

from tests.graphql_api.client import Client
from tests.graphql_api.signing_in.browser import Browser

OpenBrowser = Callable[[], Browser]


@pytest.fixture
async def open_browser(client: Client) -> AsyncIterator[OpenBrowser]:
    opened: list[Browser] = []

    def open_one() -> Browser:
        opened.append(Browser(client))
        return opened[-1]

    yield open_one
    for browser in opened:
        await browser.http.aclose()


@pytest.fixture
def browser(open_browser: OpenBrowser) -> Browser:
    return open_browser()
