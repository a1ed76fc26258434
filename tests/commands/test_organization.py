"""``init`` and ``org`` at the command line (PH-O1, PH-O4)."""

import getpass
import uuid
from pathlib import Path

import pytest

from partnerctl.stores.opening import open_store
from tests.conftest import Cli

ID = "12345678-1234-4678-8234-567812345678"
NEXT = (
    "it is set up; next: `partnerctl import FILE` reads your reports, `partnerctl demo` makes data to try\n"
)
SET_UP = ["init", "--name", "Acme Partner", "--accept-terms", "--yes"]


@pytest.fixture(autouse=True)
def one_id(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a new organization always get the same id, from the same person."""
    monkeypatch.setattr(uuid, "uuid4", lambda: uuid.UUID(ID))
    monkeypatch.setattr(getpass, "getuser", lambda: "ana@acme.example")


def audit(home: Path) -> list[tuple[int, str, str, str | None, str | None]]:
    (path,) = (home / "data").glob("*.db")
    store = open_store(str(path), wait=1, create=False)
    found = [(one.run_id, one.actor, one.action, one.before, one.after) for one in store.audit_entries(None)]
    store.close()
    return found


def test_init_without_a_terminal(cli: Cli, home: Path) -> None:
    result = cli(*SET_UP, "--industry", "Telecoms", "--planned-users", "250", "--region", "europa")

    assert result.stdout == (
        f"org_id         {ID}\n"
        "name           Acme Partner\n"
        "industry       Telecoms\n"
        "planned_users  250\n"
        "region         EU\n"
    )
    assert result.stderr == NEXT
    after = (
        f'{{"org_id": "{ID}", "name": "Acme Partner", "industry": "Telecoms", "planned_users": 250,'
        ' "region": "EU"}'
    )
    assert audit(home) == [(1, "ana@acme.example", "init", None, after)]


def test_init_again_changes_nothing_and_says_so(cli: Cli, home: Path) -> None:
    first = cli(*SET_UP)

    again = cli("init", "--name", "Another", "--accept-terms", "--yes")

    assert again.stdout == first.stdout
    assert again.stderr == "it is set up already: nothing changed; `partnerctl org set` changes it\n"
    assert len(audit(home)) == 1
    assert cli("init").stdout == first.stdout


@pytest.mark.parametrize(
    ("words", "missing"),
    [
        ([], "--name, --accept-terms, --yes"),
        (["--name", "Acme"], "--accept-terms, --yes"),
        (["--name", "Acme", "--yes"], "--accept-terms"),
        (["--accept-terms", "--yes"], "--name"),
        (["--name", "", "--accept-terms", "--yes"], "--name"),
    ],
)
def test_init_without_a_terminal_never_waits(cli: Cli, home: Path, words: list[str], missing: str) -> None:
    result = cli("init", *words, input="y\n", expect=2)

    assert result.stdout == ""
    assert result.stderr == (
        f"error: without a terminal this needs {missing}\n"
        "hint: partnerctl init --name 'Acme Partner' --accept-terms --yes\n"
    )
    assert not (home / "data").exists()


def test_the_wizard_asks_for_everything(cli: Cli) -> None:
    typed = "y\n\nAcme Partner\nTelecoms\nmany\n250\nmars\nEmirados Árabes\ny\n"

    result = cli("init", "--json", terminal=True, input=typed)

    assert result.json == {
        "org_id": ID,
        "name": "Acme Partner",
        "industry": "Telecoms",
        "planned_users": 250,
        "region": "AE",
    }
    assert result.stderr.startswith("Welcome to partnerctl.\n\nThe plan\n")
    assert result.stderr.endswith(
        "Do you accept these terms? [y/N] Name of your organization: It needs a name.\n"
        "Name of your organization: Type of industry (Enter: unknown): "
        "Webex users planned (Enter: unknown): Please give a whole number, or Enter.\n"
        "Webex users planned (Enter: unknown): "
        "Region: US, CA, EU or AE (Enter: unknown): Please give US, CA, EU or AE, or Enter.\n"
        f"Region: US, CA, EU or AE (Enter: unknown): Set up 'Acme Partner'? [y/N] {NEXT}"
    )


def test_the_wizard_takes_enter_for_unknown(cli: Cli) -> None:
    result = cli("init", "--json", terminal=True, input="yes\nAcme\n\n\n\nyes\n")

    assert result.json == {
        "org_id": ID,
        "name": "Acme",
        "industry": None,
        "planned_users": None,
        "region": None,
    }


def test_the_wizard_asks_nothing_that_was_given(cli: Cli) -> None:
    assert "?" not in cli(*SET_UP, terminal=True, input="").stderr


@pytest.mark.parametrize("typed", ["", "n\n", "\n", "y\n", "y\nAcme\n\n\n\nn\n", "y\nAcme\n\n\n\n"])
def test_a_wizard_that_is_not_finished_sets_nothing_up(cli: Cli, home: Path, typed: str) -> None:
    assert cli("init", terminal=True, input=typed, expect=130).stdout == ""
    assert not (home / "data").exists()


def test_init_as_a_dry_run(cli: Cli, home: Path) -> None:
    result = cli("init", "--name", "Acme", "--accept-terms", "--dry-run", "--json")

    assert result.json["name"] == "Acme"
    assert result.stderr == "--dry-run: nothing was changed\n"
    assert not (home / "data").exists()


def test_an_organization_id_of_webex_is_taken(cli: Cli) -> None:
    webex = "Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi8xMjM0NTY3OC0xMjM0LTQ2NzgtODIzNC01Njc4MTIzNDU2Nzk"

    assert cli(*SET_UP, "--org-id", webex, "--json").json["org_id"] == "12345678-1234-4678-8234-567812345679"
    assert cli("org", "set", "--org-id", "acme", expect=2).stderr == (
        "error: --org-id: 'acme' is no organization id\nhint: it is a UUID, or Webex's base64 form of one\n"
    )


def test_show_before_it_is_set_up(cli: Cli) -> None:
    result = cli("org", "show", "--json", expect=5)

    assert result.stdout == ""
    assert result.stderr == (
        '{"error": {"code": "not_found", "message": "your organization is not set up yet",'
        ' "hint": "set it up with `partnerctl init`"}}\n'
    )


def test_set_before_it_is_set_up(cli: Cli, home: Path) -> None:
    cli("org", "set", "--name", "Acme", expect=5)

    assert not (home / "data").exists()


def test_set_changes_what_is_named(cli: Cli, home: Path) -> None:
    cli(*SET_UP, "--region", "US")

    changed = cli("org", "set", "--industry", " Public   sector ", "--planned-users", "0", "--json").json

    assert changed == {
        "org_id": ID,
        "name": "Acme Partner",
        "industry": "Public sector",
        "planned_users": 0,
        "region": "US",
    }
    assert cli("org", "show", "--json").json == changed
    assert audit(home)[0] == (
        2,
        "ana@acme.example",
        "org set",
        '{"industry": null, "planned_users": null}',
        '{"industry": "Public sector", "planned_users": 0}',
    )


def test_an_empty_text_makes_unknown(cli: Cli) -> None:
    cli(*SET_UP, "--industry", "Telecoms")

    assert cli("org", "set", "--industry", "", "--json").json["industry"] is None


def test_set_to_what_it_is_changes_nothing(cli: Cli, home: Path) -> None:
    cli(*SET_UP)

    assert cli("org", "set", "--name", "Acme Partner").stderr == "nothing changed: it was so before\n"
    assert len(audit(home)) == 1


def test_set_as_a_dry_run(cli: Cli) -> None:
    cli(*SET_UP)

    result = cli("org", "set", "--name", "Other", "--dry-run", "--json")

    assert result.json["name"] == "Other"
    assert result.stderr == "--dry-run: nothing was changed\n"
    assert cli("org", "show", "--json").json["name"] == "Acme Partner"


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--name", ""],
        ["--name", "a\x07b"],
        ["--name", "x" * 201],
        ["--region", "mars"],
        ["--planned-users", "-1"],
        ["--planned-users", "9" * 30],
    ],
)
def test_bad_values_are_wrong_usage(cli: Cli, words: list[str]) -> None:
    cli(*SET_UP)

    assert cli("org", "set", *words, expect=2).stdout == ""
