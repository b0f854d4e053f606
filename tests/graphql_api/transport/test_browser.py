"""What a browser is given: from the package alone, under policies that let nothing else in."""

import re
from pathlib import Path
from typing import Final

import pytest
from graphql import parse, validate

import graphql_api
from graphql_api.schema import make_schema
from tests.graphql_api.client import Client

FOLDER: Final = Path(graphql_api.__file__).parent / "page"
MODULES: Final = sorted(FOLDER.rglob("*.js"))
FORMS: Final = re.findall(r"^  (\w+): \{$", (FOLDER / "acting" / "forms.js").read_text(), re.MULTILINE)
MARKUP: Final = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser|srcdoc"
    r"|\beval\b|new Function|javascript:|setHTMLUnsafe"
)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(FOLDER).as_posix())
def test_no_text_is_ever_read_as_markup_or_code(path: Path) -> None:
    assert MARKUP.findall(path.read_text()) == []


def test_only_one_module_makes_elements() -> None:
    making = [path.name for path in MODULES if re.search(r"createElement|createTextNode", path.read_text())]
    assert making == ["elements.js"]


def test_nothing_is_asked_of_another_server() -> None:
    for path in (*MODULES, FOLDER / "index.html", FOLDER / "page.css"):
        assert re.findall(r"https?://|url\(", path.read_text()) == []


def test_every_module_that_is_imported_is_there() -> None:
    for path in MODULES:
        for name in re.findall(r"from \"(\.[^\"]+)\"", path.read_text()):
            assert (path.parent / name).is_file(), (path, name)


@pytest.mark.parametrize("address", ["/", "/graphiql"])
async def test_a_document_comes_with_a_strict_policy(client: Client, address: str) -> None:
    answer = await client.http.get(address)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    assert answer.headers["referrer-policy"] == "no-referrer"
    for asset in re.findall(r"(?:src|href)=\"((?:page|graphiql)/[^\"]+)\"", answer.text):
        got = await client.http.get(f"/{asset}")
        assert got.status_code == 200
        assert got.headers["x-content-type-options"] == "nosniff"


async def test_the_page_allows_no_markup_from_texts(client: Client) -> None:
    policy = (await client.http.get("/")).headers["content-security-policy"]
    assert "require-trusted-types-for 'script'" in policy
    assert "unsafe-inline" not in policy


def documents() -> dict[str, str]:
    """The operations of the page, put together as JavaScript does."""
    text = (FOLDER / "operations.js").read_text()
    told: dict[str, str] = {}
    for name, spread, plain in re.findall(r"const (\w+) = (?:`([^`]*)`|\"([^\"]*)\")", text):
        told[name] = re.sub(r"\$\{(\w+)\}", lambda found: told[found[1]], spread or plain)
    return {name: document for name, document in told.items() if document.startswith(("query", "subscription"))}


@pytest.mark.parametrize("name", documents())
def test_what_the_page_asks_is_valid(name: str) -> None:
    assert validate(make_schema()._schema, parse(documents()[name])) == []


@pytest.mark.parametrize("mutation", FORMS)
def test_a_form_is_for_a_mutation_there_is(mutation: str) -> None:
    mutations = make_schema()._schema.mutation_type
    assert mutations is not None
    assert mutation in mutations.fields
