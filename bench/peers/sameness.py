"""Whether all sides answer the same: the same content, whatever the order of keys and the form of numbers and times."""

import asyncio
import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from bench.traffic import Side, read

_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT")


async def refuse_difference(sides: Sequence[Side], count: int) -> None:
    """Ask each side the same so many times; end the program where two of them say something else."""
    for number in range(min(count, len(sides[0].requests))):
        answers = [(side.name, await _answer(side, number)) for side in sides]
        first, told = answers[0]
        if not any(told.values()):
            raise SystemExit(f"{first} found nothing: {sides[0].requests[number]!r}")
        for name, other in answers[1:]:
            if other != told:
                raise SystemExit(f"{first} and {name} say different things:\n{told}\n{other}")


async def _answer(side: Side, number: int) -> Any:  # noqa: ANN401 - whatever JSON can say
    reader, writer = await asyncio.open_connection("127.0.0.1", side.server.port)
    try:
        writer.write(side.requests[number])
        return _plain(json.loads(await read(reader))["data"])
    finally:
        writer.close()


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever JSON can say
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, str) and _TIME.match(value):
        return datetime.fromisoformat(value).timestamp()
    return value
