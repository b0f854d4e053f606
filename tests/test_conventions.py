"""The rules of the house that a linter cannot say."""

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

import domain.events  # noqa: F401 - registers every event
from domain.entry import EVENTS, Event

ROOT: Final = Path(__file__).parent.parent
FILE_LINES_MAX: Final = 300
FUNCTION_LINES_MAX: Final = 40
FOLDER_FILES_MAX: Final = 16
BANNED_NAMES: Final = re.compile(r"(util|helper|common|misc|manager|service|base|model)s?$")
PLACES: Final = ("work", "home", "root", "Users", "farm")

LONG_FILES: Final[dict[str, str]] = {
    "domain/events/pushback.py": "what may happen to a pushback is read as one story, its older forms with it",
    "domain/refusals/__init__.py": "a list of every refusal, each named twice",
}
"""Files that may be longer, each with its reason."""

PURE_FOLDERS: Final = {"domain": {"msgspec", "eventsourcing"}, "projections": {"msgspec", "domain"}}
IMPURE_MODULES: Final = {"asyncio", "os", "pathlib", "random", "secrets", "socket", "subprocess", "time", "urllib"}


def tracked_files() -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607 - git is where the person has it
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    return [path for name in listing.decode().split("\0") if name and (path := ROOT / name).is_file()]


FILES: Final = tracked_files()
SOURCES: Final = [path for path in FILES if path.suffix == ".py"]


def called(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


@pytest.mark.parametrize("path", SOURCES, ids=called)
def test_a_module_says_in_its_docstring_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text()))


@pytest.mark.parametrize("path", SOURCES, ids=called)
def test_a_file_can_be_read_in_one_sitting(path: Path) -> None:
    assert called(path) in LONG_FILES or len(path.read_text().splitlines()) <= FILE_LINES_MAX


@pytest.mark.parametrize("path", SOURCES, ids=called)
def test_a_function_does_one_thing(path: Path) -> None:
    long = [node.name for node in functions(path) if (node.end_lineno or 0) - node.lineno >= FUNCTION_LINES_MAX]
    assert long == []


def test_no_name_says_nothing() -> None:
    parts = {part for path in FILES for part in (*path.relative_to(ROOT).parts[:-1], path.stem)}
    assert [part for part in sorted(parts) if BANNED_NAMES.search(part)] == []


def test_no_class_is_named_after_nothing() -> None:
    trees = [ast.parse(path.read_text()) for path in SOURCES]
    names = {node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    assert [name for name in sorted(names) if BANNED_NAMES.search(name.lower())] == []


def test_a_folder_can_be_taken_in_at_a_glance() -> None:
    counts = Counter(called(path.parent) for path in SOURCES if path.name != "__init__.py")
    assert {folder: count for folder, count in counts.items() if count > FOLDER_FILES_MAX} == {}


def test_reasons_are_given_only_for_files_that_need_them() -> None:
    lengths = {called(path): len(path.read_text().splitlines()) for path in SOURCES}
    assert [name for name in LONG_FILES if lengths.get(name, 0) <= FILE_LINES_MAX] == []


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS.keys())
def test_an_event_says_what_happened_in_a_sentence(event: type[Event]) -> None:
    own = event.__dict__.get("__doc__")
    assert own, event
    assert own.strip().endswith(".")


@pytest.mark.parametrize("folder", PURE_FOLDERS)
def test_a_pure_folder_imports_only_what_it_may(folder: str) -> None:
    found = {name for path in SOURCES if called(path).startswith(f"{folder}/") for name in imported(path)}
    allowed = (sys.stdlib_module_names - IMPURE_MODULES) | PURE_FOLDERS[folder] | {folder}
    assert found - allowed == set()


@pytest.mark.parametrize("path", FILES, ids=called)
def test_no_file_names_a_place_of_one_machine_or_registry(path: Path) -> None:
    text = path.read_text(errors="replace")
    machine = re.compile(r"(?<![\w.{}<>/-])/(?:" + "|".join(PLACES) + r")/\w")
    assert machine.findall(text) == []
    if path.suffix == ".lock" or "lock" in path.name:
        assert "://" not in text


@pytest.mark.parametrize("guide", ["README.md", "CONTRIBUTING.md"])
def test_a_guide_names_only_files_and_commands_that_exist(guide: str) -> None:
    text = (ROOT / guide).read_text()
    paths = set(re.findall(r"`([a-z_.]+/[\w./]*)`", text)) | set(re.findall(r"\]\(([\w./]+)\)", text))
    assert [path for path in sorted(paths - {".venv", ".pushback"}) if not (ROOT / path).exists()] == []
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"(?:`|    )make ([a-z]+)", text)) - targets == set()


def test_the_committed_text_leaves_nothing_for_later() -> None:
    marks = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" * 3)) + r")\b")
    assert [called(path) for path in SOURCES if marks.search(path.read_text())] == []


def test_the_changes_say_each_thing_once() -> None:
    named = re.findall(r"^- \*\*(.+?)\*\*", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(named) > 10
    assert [name for name, times in Counter(named).items() if times > 1] == []
