"""Values at the edge, as users really give them (``cli.md``, Everywhere)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Cli

BEYOND = "99999999999999999999"
"""A number that no database holds."""


@pytest.mark.parametrize("words", [["undo"], ["runs", "show"]])
def test_a_run_beyond_every_number_is_wrong_usage(cli: Cli, words: list[str]) -> None:
    result = cli(*words, BEYOND, expect=2)

    assert result.stdout == ""
    assert f"{BEYOND} is not in the range" in result.stderr


def test_a_word_in_the_place_of_a_number_is_told_in_plain_words(cli: Cli) -> None:
    reason = "error: invalid value for 'RUN': 'abc' is not a whole number\n"

    assert cli("undo", "abc", expect=2).stderr.startswith(reason)


def test_a_configuration_that_notepad_saved_is_read_and_written(cli: Cli, home: Path) -> None:
    path = home / "config" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text('[profiles.default]\nlanguage = "pt"\n', encoding="utf-8-sig")

    cli("config", "set", "wait", "5s")

    values = {one["name"]: one["value"] for one in cli("config", "show", "--json").json}
    assert (values["language"], values["wait"]) == ("pt", "5s")


@pytest.mark.parametrize("words", [["reports", "list"], ["store", "coverage"]])
def test_descriptions_are_shortened_to_the_terminal(cli: Cli, words: list[str]) -> None:
    assert all(len(line) <= 80 for line in cli(*words, terminal=True).lines)


def test_a_limit_beyond_every_number_is_no_limit(cli: Cli) -> None:
    assert cli("customers", "list", "--limit", BEYOND, "--json").json == []


@pytest.mark.parametrize(
    "words",
    [
        ["import", ""],
        ["export", "--dir", ""],
        ["demo", "--write-reports", ""],
        ["reports", "run", "devices", "--dir", ""],
        ["store", "backup", ""],
        ["store", "restore", ""],
    ],
)
def test_an_empty_path_is_not_the_current_folder(
    cli: Cli, words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert "'' names no file and no folder" in cli(*words, expect=2).stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [["customers", "list"], ["regions", "list"], ["export", "--dir", "out"]])
def test_an_empty_store_says_what_comes_next(
    cli: Cli, words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    said = cli(*words).stderr

    assert "partnerctl import FILE" in said
    assert "partnerctl demo" in said


def test_a_period_that_ends_before_it_begins_is_wrong_usage(cli: Cli) -> None:
    assert (
        "lies before --since" in cli("audit", "list", "--since", "today", "--until", "-2d", expect=2).stderr
    )
