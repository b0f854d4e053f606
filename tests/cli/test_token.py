"""Access tokens at the terminal: shown once, listed without their secret, honoured until revoked."""

from tests.cli.conftest import Acme


def test_a_token_is_printed_alone_and_acts_for_its_person(acme: Acme) -> None:
    token = acme("token", "issue", "ada", "--label", "laptop").stdout.strip()
    assert token.startswith("pbt_")
    assert acme.pushback("team", "add", "Blue", "--token", token).exit_code == 0
    shown = acme("token", "list").stdout
    assert "laptop" in shown
    assert token not in shown


def test_a_revoked_token_no_longer_acts(acme: Acme) -> None:
    token = acme.json("token", "issue", "Ada")["token"]
    credential = acme.json("token", "list")[-1]["id"]
    acme("token", "revoke", credential)
    assert [row["is_live"] for row in acme.json("token", "list")] == [True, False]
    refused = acme.pushback("team", "add", "Blue", PUSHBACK_TOKEN=token)
    assert (refused.exit_code, refused.stderr.count("\n")) == (4, 1)
    assert "unknown, has expired or was revoked" in refused.stderr


def test_a_token_may_expire(acme: Acme) -> None:
    acme("token", "issue", "Ada", "--expires", "2099-12-31T18:00+02:00")
    assert acme.json("token", "list")[-1]["expires_at"] == "2099-12-31T16:00:00Z"
    past = acme.pushback("token", "issue", "Ada", "--expires", "2001-01-01", PUSHBACK_WORKSPACE=acme.name)
    assert past.exit_code == 4
    assert "ENDS_BEFORE_IT_STARTS" in past.stderr


def test_an_unknown_token_cannot_be_revoked(acme: Acme) -> None:
    refused = acme.pushback("token", "revoke", "crd_nothing", PUSHBACK_WORKSPACE=acme.name)
    assert refused.exit_code == 4
    assert "UNKNOWN_CREDENTIAL" in refused.stderr


def test_a_token_may_go_no_further_than_to_read(acme: Acme) -> None:
    token = acme("token", "issue", "Ada", "--scope", "read").stdout.strip()
    assert acme.json("token", "list")[-1]["scopes"] == ["READ"]
    refused = acme.pushback("team", "add", "Blue", "--token", token)
    assert refused.exit_code == 4
    assert "INSUFFICIENT_SCOPE" in refused.stderr


def test_an_invitation_is_a_link_that_is_shown_once(acme: Acme) -> None:
    acme("person", "add", "Dora")
    link = acme("invite", "Dora", "--url", "https://board.example/").stdout.strip()
    assert link.startswith("https://board.example/join#pbi_")
    assert acme("invite", "Dora").stdout.startswith("http://localhost:")
    rows = [row for row in acme.json("token", "list") if row["kind"] == "INVITATION"]
    assert [row["is_live"] for row in rows] == [False, True]
    assert link.partition("#")[2] not in acme("token", "list").stdout


def test_an_account_of_the_sign_in_provider_is_bound_once(acme: Acme) -> None:
    provider = {"PUSHBACK_OIDC_ISSUER": "https://login.example", "PUSHBACK_OIDC_AUDIENCE": "pushback"}
    said = ("token", "bind", "Ada", "--sub", "ada-7", "--workspace", acme.name)
    bound = acme.pushback(*said, **provider)
    assert bound.exit_code == 0
    row = acme.json("token", "list")[-1]
    assert (row["id"], row["kind"], row["scopes"]) == (bound.stdout.strip(), "IDENTITY", ["READ", "WRITE"])
    again = acme.pushback(*said, **provider)
    assert (again.exit_code, "bound to a person already" in again.stderr) == (4, True)
    without = acme.pushback(*said)
    assert (without.exit_code, "PUSHBACK_OIDC_ISSUER" in without.stderr) == (2, True)
