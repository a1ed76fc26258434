"""The contract of the command line that holds for every command (``cli.md``, Everywhere)."""

from pathlib import Path

import pytest

from partnerctl import __version__
from tests.conftest import Cli


@pytest.mark.parametrize("words", [["--version"], ["config", "--version"], ["config", "show", "--version"]])
def test_the_version_is_one_plain_line(cli: Cli, words: list[str]) -> None:
    assert cli(*words).stdout == f"partnerctl {__version__}\n"


def test_the_program_alone_prints_its_help(cli: Cli) -> None:
    assert cli().stdout == cli("--help").stdout == cli("-h").stdout


def test_a_noun_alone_prints_its_help(cli: Cli) -> None:
    assert cli("config").stdout == cli("config", "--help").stdout == cli("config", "-q").stdout


def test_help_shows_examples_before_usage(cli: Cli) -> None:
    text = cli("config", "set", "--help").stdout

    assert text.index("Examples:") < text.index("Usage: partnerctl config set") < text.index("Options:")


def test_an_unknown_command_names_the_nearest(cli: Cli) -> None:
    result = cli("confg", expect=2)

    assert result.stdout == ""
    assert result.stderr == "error: no such command: partnerctl confg\nhint: did you mean config?\n"


def test_an_unknown_verb_names_the_nearest(cli: Cli) -> None:
    assert cli("config", "shwo", expect=2).stderr.endswith("hint: did you mean show?\n")


def test_an_unknown_option_names_the_nearest(cli: Cli) -> None:
    result = cli("config", "show", "--feilds", "name", expect=2)

    assert result.stdout == ""
    assert result.stderr == "error: no such option '--feilds'\nhint: did you mean --fields?\n"


def test_a_bad_value_of_an_option_is_wrong_usage(cli: Cli) -> None:
    result = cli("config", "show", "--output", "xml", expect=2)

    assert result.stdout == ""
    assert "'xml' is not one of" in result.stderr


@pytest.mark.parametrize(
    "asking", [["--json"], ["-o", "json"], ["-ojson"], ["--output=jsonl"], ["-o", "csv", "--json"]]
)
def test_errors_are_an_envelope_where_json_is_asked_for(cli: Cli, asking: list[str]) -> None:
    result = cli("config", "show", "--fields", "nam", *asking, expect=2)

    assert result.stdout == ""
    assert result.stderr == (
        '{"error": {"code": "usage", "message": "--fields: there is no field \'nam\'",'
        ' "hint": "did you mean name?"}}\n'
    )


@pytest.mark.parametrize("asking", [[], ["-o", "csv"], ["--json", "-o", "table"]])
def test_errors_are_words_otherwise(cli: Cli, asking: list[str]) -> None:
    assert cli("config", "show", "--fields", "nam", *asking, expect=2).stderr.startswith("error: --fields")


def test_the_last_format_wins(cli: Cli) -> None:
    assert cli("config", "show", "--json", "-o", "csv", "--fields", "name").lines[0] == "name"
    assert cli("config", "show", "-o", "csv", "--json", "--fields", "name").json[0] == {"name": "profile"}


@pytest.mark.parametrize(
    "words",
    [
        ["--profile", "a", "config", "show", "--profile", "b"],
        ["config", "--profile", "b", "show"],
        ["--profile", "a", "config", "--profile", "b", "show"],
        ["config", "show", "--profile", "a", "--profile", "b"],
    ],
)
def test_the_last_global_option_wins_wherever_it_stands(cli: Cli, words: list[str]) -> None:
    assert cli(*words, "--json").json[0]["value"] == "b"


def test_quiet_and_verbose_take_each_other_back(cli: Cli) -> None:
    values = {row["name"]: row["value"] for row in cli("-q", "config", "show", "-v", "--json").json}

    assert (values["quiet"], values["verbose"]) == (False, True)


def test_a_bug_prints_one_line_and_leaves_its_traceback_in_a_log(
    cli: Cli, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("boom")

    monkeypatch.setattr("partnerctl.config.loading.load_settings", fail)
    result = cli("config", "show", "--store", "postgresql://me:secret@db/x", expect=1)

    (log,) = (home / "state").glob("bug-*.log")
    assert result.stdout == ""
    assert (
        result.stderr == f"error: this is a bug in partnerctl (ZeroDivisionError); the details are in {log}\n"
    )
    assert "ZeroDivisionError: boom" in log.read_text()
    assert "secret" not in log.read_text()


def test_an_interruption_exits_130(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("partnerctl.config.loading.load_settings", interrupt)

    assert cli("config", "show", expect=130).stderr.strip() == "error: interrupted"


def test_a_bug_whose_log_cannot_be_written_is_told_all_the_same(
    cli: Cli, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("boom")

    monkeypatch.setattr("partnerctl.config.loading.load_settings", fail)
    home.mkdir()
    (home / "state").write_text("in the place of the folder")

    result = cli("config", "show", expect=1)

    assert result.stderr.startswith(
        "error: this is a bug in partnerctl (ZeroDivisionError); the details could not be written to"
    )
    assert "Traceback" not in result.stderr


def test_what_stands_after_the_double_dash_is_no_option(cli: Cli) -> None:
    told = cli("customers", "show", "--", "--json", expect=5).stderr

    assert told.startswith("error: ")
