"""How far a credential reaches: which commands it may give at all, whatever its person may do."""

from domain.decision import Command
from domain.refusals import InsufficientScope
from infra.decisions.request import Asker, Request


def must_reach(command: Command, request: Request) -> None:
    """Refuses what the credential was not given for; to end itself is in the reach of every one."""
    ends_itself = command.name == "revoke_credential" and request.target == request.asker.credential_id
    if not ends_itself and not reaches(command, request.asker):
        raise InsufficientScope(unmet=(command.scope,))


def reaches(command: Command, asker: Asker) -> bool:
    """Whether the asker's credential goes so far as this command."""
    return command.scope in asker.scopes
