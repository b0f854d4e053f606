"""The `pushback` command."""

import click

from cli.acting.words import answer, ask, turn
from cli.demo import demo
from cli.erase import erase
from cli.events import events
from cli.import_github import import_github
from cli.import_jira import import_jira
from cli.init import init
from cli.people import person, role, team
from cli.rebuild import rebuild
from cli.serve import serve
from cli.terminal.failures import Commands
from cli.token import invite, token
from cli.webhook import webhook
from cli.workspace import workspace

_EPILOG = """\b
PUSHBACK_DATA       the folder of the embedded PostgreSQL (.pushback)
PUSHBACK_PORT       the port of the server (8000)
DATABASE_URL        a PostgreSQL of your own instead of the embedded one
PUSHBACK_OWNER_URL  the login that migrates that one
PUSHBACK_PRIVACY_URL  the login that erases there, when it is another
PUSHBACK_ORIGINS    a pattern of the pages that may call the API from a browser
PUSHBACK_COST_PER_SECOND  points that each token may spend (10000)
PUSHBACK_SUBSCRIPTIONS_MAX  subscriptions that each token may follow (100)
PUSHBACK_DOCUMENTS  a manifest of trusted documents
PUSHBACK_DOCUMENTS_ONLY  1 to carry out nothing else
PUSHBACK_INTROSPECTION  0 to tell nobody the schema
PUSHBACK_METRICS    the token that /metrics asks for
PUSHBACK_OIDC_ISSUER  a sign-in provider whose access tokens are taken
PUSHBACK_OIDC_AUDIENCE  what they say in `aud`
PUSHBACK_SLOW_SECONDS  operations that take as long are logged (1)
PUSHBACK_LOG_OPERATIONS  1 to log a line for each operation
PUSHBACK_WEBHOOKS_PRIVATE  1 to let webhooks lead into private networks
PUSHBACK_WORKSPACE  the workspace that commands mean
PUSHBACK_TOKEN      who acts
"""


@click.group(cls=Commands, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="pushback", message="%(version)s")
def main() -> None:
    """Who disagrees on what, and who accepted what in the end: the ledger, its server and its data.

    Exit codes: 0 done, 1 failed, 2 used wrongly (options, settings, files), 3 no database, 4 refused or unknown.
    """


@click.group(name="import")
def import_() -> None:
    """Bring in what another tool has recorded, with its times and people."""


import_.add_command(import_jira)
import_.add_command(import_github)
for command in (
    demo,
    init,
    serve,
    import_,
    token,
    invite,
    rebuild,
    events,
    workspace,
    person,
    team,
    role,
    erase,
    ask,
    answer,
    turn,
    webhook,
):
    main.add_command(command)

if __name__ == "__main__":
    main()
