"""What a command says when it cannot do it: one line on stderr, and an exit code that says whose turn it is."""

import asyncio
import errno
import os
import sys
from collections.abc import Sequence
from typing import Any, Final

import click

from domain.refusals import Refused
from infra.cluster import NoOwnerLogin, UnfitLogin, Unreachable
from infra.demo.stage import DemoRefused
from infra.identity.identities import NoProvider
from infra.migrate import MigrationsPending, WrongMigrations
from infra.people.credentials import IdentityBound, TokenShownBefore, UnknownToken
from infra.postgres.embedded import EmbeddedFailed
from infra.postgres.user import NoPostgresUser
from infra.settings import WrongSetting

FAILED: Final = 1
USED_WRONGLY: Final = 2
NO_DATABASE: Final = 3
REFUSED: Final = 4
STOPPED: Final = 130

_DATABASE: Final = (
    Unreachable, UnfitLogin, NoOwnerLogin, EmbeddedFailed, NoPostgresUser, WrongMigrations, MigrationsPending,
)  # fmt: skip


class UnknownName(Exception):
    """Nothing here is called that, or more than one thing is; the message says what to do."""


class Commands(click.Group):
    """A group whose commands fail in one line."""

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any) -> Any:  # type: ignore[override]  # noqa: ANN401 - click's own overloads
        """Run the command and exit with its code."""
        extra["standalone_mode"] = False
        try:
            code = super().main(args, prog_name, **extra)
        except (click.Abort, KeyboardInterrupt, asyncio.CancelledError):
            sys.exit(STOPPED)
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            sys.exit(USED_WRONGLY)
        except Exception as error:  # noqa: BLE001 - whatever it is, a person reads it
            sys.exit(_tell(error))
        sys.exit(code if isinstance(code, int) else 0)


def _tell(error: Exception) -> int:
    """Say it, and give the exit code."""
    if isinstance(error, OSError) and error.errno == errno.EPIPE:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read us has left; exit in silence
        return FAILED
    if isinstance(error, MigrationsPending):
        click.echo(error.sql)
    code, message = explain(error)
    click.echo("pushback: " + " ".join(message.split()), err=True)
    return code


def explain(error: Exception) -> tuple[int, str]:
    """The exit code and the message of what went wrong."""
    match error:
        case click.ClickException():
            return (USED_WRONGLY if isinstance(error, click.UsageError) else error.exit_code), error.format_message()
        case WrongSetting() | NoProvider():
            return USED_WRONGLY, str(error)
        case Refused():
            return REFUSED, f"{error} ({_details(error)})"
        case UnknownName():
            return REFUSED, str(error)
        case UnknownToken() | TokenShownBefore() | IdentityBound():
            return REFUSED, type(error).__doc__ or ""
        case _ if isinstance(error, _DATABASE) or type(error).__module__.startswith("asyncpg"):
            return NO_DATABASE, str(error)
        case DemoRefused() | OSError():
            return FAILED, str(error)
        case _:
            return FAILED, f"unexpected {type(error).__name__}: {error}"


def _details(refusal: Refused) -> str:
    could = f"could: {', '.join(refusal.who_could)}" if refusal.who_could else ""
    at_fault = f"at fault: {refusal.path}" if refusal.path else ""
    return "; ".join(part for part in (refusal.code, at_fault, *refusal.unmet, could) if part)
