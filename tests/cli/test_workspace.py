"""Which workspace a command means; folding it anew."""

from uuid import UUID

from domain.ids import parse
from tests.cli.conftest import Acme


def test_all_workspaces_are_listed(acme: Acme) -> None:
    assert acme.name in {row["name"] for row in acme.json("workspace", "list")}
    assert acme.name in acme("workspace", "list").stdout


def test_a_workspace_is_meant_by_its_name_or_either_form_of_its_id(acme: Acme) -> None:
    plain = str(parse(acme.workspace).stream_id)
    for wanted in (acme.name, acme.workspace, plain):
        assert acme.pushback("team", "list", "--workspace", wanted, "--json").stdout == "[]\n"
    assert str(UUID(plain)) == plain


def test_an_unknown_workspace_is_told_with_those_that_there_are(acme: Acme) -> None:
    refused = acme.pushback("events", "-w", "Nowhere")
    assert (refused.exit_code, refused.stdout, refused.stderr.count("\n")) == (4, "", 1)
    assert "no workspace is called 'Nowhere'" in refused.stderr
    assert acme.name in refused.stderr


def test_several_workspaces_need_a_name(acme: Acme) -> None:
    acme.pushback("init", "Another one", "--administrator", "Eve")
    refused = acme.pushback("events")
    assert refused.exit_code == 4
    assert "--workspace" in refused.stderr


def test_folding_anew_gives_the_same_rows(acme: Acme) -> None:
    acme("team", "add", "Blue")
    before = acme.json("team", "list"), acme.json("role", "list"), acme.json("token", "list")
    assert acme.json("rebuild")["entries"] == 5
    assert "5 entries" in acme("rebuild").stdout
    assert acme.pushback("rebuild").exit_code == 0
    assert (acme.json("team", "list"), acme.json("role", "list"), acme.json("token", "list")) == before
