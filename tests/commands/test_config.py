"""``config`` at the command line."""

from pathlib import Path

import pytest

from tests.conftest import Cli


def test_show_says_where_each_value_comes_from(cli: Cli, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cli("config", "set", "language", "pt")
    monkeypatch.setenv("PARTNERCTL_ME", "ana@acme.example")
    result = cli("config", "show", "--origin", "--wait", "5s", "--store", "sqlite:////tmp/x.db")

    file = f"{home / 'config' / 'config.toml'} [profiles.default]"
    assert [" ".join(line.split()) for line in result.lines[:1] + result.lines[2:9]] == [
        "name value origin place",
        "profile default default -",
        "store sqlite:////tmp/x.db flag -",
        "wait 5s flag -",
        "me ana@acme.example environment PARTNERCTL_ME",
        f"language pt profile {file}",
        "timezone - default -",
        "customers.expiring_soon_days 30 default -",
    ]
    assert result.stderr == ""


def test_show_masks_passwords(cli: Cli) -> None:
    rows = cli("config", "show", "--store", "postgresql://me:secret@db/x", "--json").json

    assert rows[1]["value"] == "postgresql://***@db/x"


def test_set_and_unset_say_what_they_did(cli: Cli, home: Path) -> None:
    path = home / "config" / "config.toml"

    assert cli("config", "set", "customers.expiring_soon_days", "45").stderr == (
        f"customers.expiring_soon_days is set in {path}\n"
    )
    assert path.read_text() == "[profiles.default]\n[profiles.default.customers]\nexpiring_soon_days = 45\n"
    assert cli("config", "unset", "customers.expiring_soon_days").stderr == (
        f"customers.expiring_soon_days is no longer set in {path}\n"
    )
    assert cli("config", "unset", "me").stderr == f"me was not set in {path}\n"


def test_set_profile_chooses_it_from_now_on(cli: Cli) -> None:
    cli("config", "set", "profile", "work")
    cli("config", "set", "me", "ana@acme.example")

    assert cli("config", "show", "--json").json[0]["value"] == "work"
    assert cli("config", "show", "--json", "--profile", "other").json[3]["value"] is None


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["languag", "pt"], "error: there is no setting 'languag'\nhint: did you mean language?\n"),
        (["language", "fr"], "error: language: 'fr' is not one of en, pt\n"),
        (["quiet", "true"], "error: quiet is given per call\nhint: use --quiet or PARTNERCTL_QUIET=1\n"),
    ],
)
def test_set_takes_only_what_the_table_knows(cli: Cli, home: Path, words: list[str], error: str) -> None:
    assert cli("config", "set", *words, expect=2).stderr == error
    assert not home.exists()


def test_set_refers_a_table_to_the_file(cli: Cli) -> None:
    assert "is a table, not one value" in cli("config", "set", "import.aliases", "x", expect=2).stderr


def test_path_prints_the_path(cli: Cli, home: Path) -> None:
    assert cli("config", "path").stdout == f"{home / 'config' / 'config.toml'}\n"


def test_a_bad_file_exits_12_and_names_the_line(cli: Cli, home: Path) -> None:
    (home / "config").mkdir(parents=True)
    (home / "config" / "config.toml").write_text("[profiles.default]\nwait = true\n")
    result = cli("config", "show", expect=12)

    assert result.stdout == ""
    assert f"{home / 'config' / 'config.toml'}, line 2: profiles.default.wait: True is not" in result.stderr
