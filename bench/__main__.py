"""Runs the programs of this folder one after another: `python -m bench [--json]`, or some: `python -m bench reads`."""

import subprocess
import sys
from typing import Final

PROGRAMS: Final = (
    "append",
    "commands",
    "mutations",
    "reads",
    "attention",
    "fold",
    "missed",
    "trusted",
    "bare",
    "growth",
    "subscribers",
    "subscribers.stalled",
    "peers",
)


def main() -> None:
    """Run those named, or all; options go to each of them."""
    options = [word for word in sys.argv[1:] if word.startswith("-")]
    named = [word for word in sys.argv[1:] if word in PROGRAMS]
    for program in named or PROGRAMS:
        print(f"\n=== {program}", flush=True)
        subprocess.run([sys.executable, "-m", f"bench.{program}", *options], check=True)  # noqa: S603 - our own


if __name__ == "__main__":
    main()
