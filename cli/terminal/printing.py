"""What a command answers: lines for people, JSON for programs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import click
import msgspec

json_option = click.option("--json", "as_json", is_flag=True, help="Answer in JSON, for programs.")


def print_json(value: Any) -> None:  # noqa: ANN401 - anything that is data
    """One JSON document on a line."""
    click.echo(msgspec.json.encode(value))


def print_rows(rows: Sequence[msgspec.Struct], *columns: str) -> None:
    """A table of these fields, a row a line."""
    cells = [[_cell(getattr(row, column)) for column in columns] for row in rows]
    widths = [max(map(len, column)) for column in zip(columns, *cells, strict=True)]
    for line in (columns, *cells):
        click.echo("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "-" if value is None else str(value)
