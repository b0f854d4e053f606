"""From an empty workspace to a team that can disagree, at the terminal."""

from tests.cli.conftest import Acme, Pushback


def test_init_makes_an_empty_workspace_with_an_administrator(acme: Acme) -> None:
    assert [event["kind"] for event in acme.events()] == [
        "WorkspaceOpened", "PersonRegistered", "RoleAssigned", "CredentialIssued",
    ]  # fmt: skip
    assert [person["name"] for person in acme.json("person", "list")] == ["Ada"]
    shown = acme.json("workspace", "show")
    assert shown.pop("opened_at")
    assert shown == {
        "id": acme.workspace, "name": acme.name, "position": 4, "people": 1, "teams": 0, "roles": 1, "tokens": 1,
    }  # fmt: skip


def test_init_prints_nothing_but_the_token_for_programs_without_json(pushback: Pushback) -> None:
    result = pushback("init", "Token only", "--administrator", "Ada")
    assert result.stdout.startswith("pbt_")
    assert len(result.stdout.split()) == 1
    assert "Ada" in result.stderr


def test_a_name_is_taken_once(acme: Acme) -> None:
    result = acme.pushback("init", acme.name, "--administrator", "Eve")
    assert result.exit_code == 4
    assert "already" in result.stderr


def test_a_program_is_registered_as_one(acme: Acme) -> None:
    acme("person", "add", "Linter", "--service")
    acme("person", "add", "Paula")
    kinds = [event["event"]["kind"] for event in acme.events() if event["kind"] == "PersonRegistered"]
    assert kinds == ["HUMAN", "SERVICE", "HUMAN"]


def test_people_teams_and_roles_come_from_the_terminal(acme: Acme) -> None:
    paula = acme("person", "add", "Paula", "--email", "paula@example.org", "--account", "pau").stdout.strip()
    team = acme("team", "add", "Blue", "--kind", "component").stdout.strip()
    assignment = acme("role", "assign", "paula", "product-owner", "--team", "Blue", "--why", "New team").stdout.strip()
    acme("role", "assign", paula, "architect", "--until", "2099-01-31")
    assert {"id": paula, "name": "Paula", "email": "paula@example.org", "account": "pau"} in acme.json("person", "list")
    assert acme.json("team", "list") == [{"id": team, "name": "Blue", "kind": "COMPONENT"}]
    held = {(row["person"], row["role"], row["team"], row["is_held"]) for row in acme.json("role", "list")}
    assert held == {
        ("Ada", "ADMINISTRATOR", None, True),
        ("Paula", "PRODUCT_OWNER", "Blue", True),
        ("Paula", "ARCHITECT", None, True),
    }
    acme("person", "add", "Peter")
    handed = acme("role", "hand-over", "Blue", "peter", "--why", "Moved on").stdout.strip()
    ended = next(row for row in acme.json("role", "list") if row["id"] == assignment)
    assert ended["is_ended"]
    assert not ended["is_held"]
    begun = next(row for row in acme.json("role", "list") if row["id"] == handed)
    assert (begun["person"], begun["role"], begun["is_held"]) == ("Peter", "PRODUCT_OWNER", True)


def test_a_role_of_the_workspace_can_be_ended(acme: Acme) -> None:
    acme("person", "add", "Olga")
    assignment = acme("role", "assign", "Olga", "auditor").stdout.strip()
    acme("role", "end", assignment)
    assert not next(row for row in acme.json("role", "list") if row["id"] == assignment)["is_held"]


def test_tables_are_for_people(acme: Acme) -> None:
    lines = acme("role", "list").stdout.splitlines()
    assert lines[0].split() == ["id", "person", "role", "team", "starts_at", "ends_at", "is_held"]
    assert lines[1].split()[1:4] == ["Ada", "ADMINISTRATOR", "-"]


def test_a_name_that_is_nobodys_or_two_peoples_is_told(acme: Acme) -> None:
    for _ in range(2):
        acme("person", "add", "Paula")
    nobody = acme.pushback("role", "assign", "Pavla", "auditor", PUSHBACK_WORKSPACE=acme.name)
    assert (nobody.exit_code, nobody.stderr.count("\n")) == (4, 1)
    assert "no person here is called 'Pavla'" in nobody.stderr
    two = acme.pushback("role", "assign", "Paula", "auditor", PUSHBACK_WORKSPACE=acme.name)
    assert two.exit_code == 4
    assert two.stderr.count("psn_") == 2


def test_a_refusal_names_its_code_and_what_to_do(acme: Acme) -> None:
    acme("team", "add", "Blue")
    for name in ("Paula", "Peter"):
        acme("person", "add", name)
    acme("role", "assign", "Paula", "product-owner", "--team", "Blue")
    refused = acme.pushback("role", "assign", "Peter", "product-owner", "--team", "Blue", "-w", acme.name)
    assert (refused.exit_code, refused.stdout, refused.stderr.count("\n")) == (4, "", 1)
    assert "SECOND_PRODUCT_OWNER" in refused.stderr


def test_who_acts_by_a_token_is_named_with_it(acme: Acme) -> None:
    acme.pushback("person", "add", "Paula", PUSHBACK_TOKEN=acme.token)
    acme("person", "add", "Peter")
    by_token, by_terminal = acme.events()[-2:]
    assert by_token["credential"].startswith("crd_")
    assert by_terminal["credential"] is None
    assert by_token["actor"] == by_terminal["actor"] == acme.administrator


def test_somebody_without_the_power_is_refused(acme: Acme) -> None:
    acme("person", "add", "Eve")
    token = acme.json("token", "issue", "Eve")["token"]
    refused = acme.pushback("team", "add", "Red", PUSHBACK_TOKEN=token)
    assert refused.exit_code == 4
    assert "NOT_AUTHORISED" in refused.stderr
    assert "ADMINISTRATOR" in refused.stderr
