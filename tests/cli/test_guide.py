"""The guide to the command names every command there is, and none that there is not."""

import re
from collections.abc import Iterator
from pathlib import Path

import click

from cli.main import main

GUIDE = (Path(__file__).parents[2] / "docs" / "cli.md").read_text()


def commands(group: click.Group, path: tuple[str, ...] = ("pushback",)) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name)


def test_every_command_stands_in_the_guide() -> None:
    assert [path for path in commands(main) if f"`{' '.join(path)}" not in GUIDE] == []


def test_the_guide_names_no_command_that_is_not_there() -> None:
    paths = [" ".join(path) for path in commands(main)]
    named = re.findall(r"(?:`|^    )(pushback [a-z][a-z -]*)", GUIDE, re.MULTILINE)
    assert named
    assert [text for text in named if not any(text.strip().startswith(path) for path in paths)] == []


def test_every_option_and_command_says_what_it_is_for() -> None:
    silent = []
    for path in commands(main):
        command: click.Command = main
        for name in path[1:]:
            assert isinstance(command, click.Group)
            command = command.commands[name]
        silent += [path for option in command.params if isinstance(option, click.Option) and not option.help]
        silent += [] if command.help else [path]
    assert silent == []
