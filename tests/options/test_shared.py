"""Shared options, on a command made for these tests."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click
import pytest

from partnerctl import cli as door
from partnerctl import options
from partnerctl.app import App
from partnerctl.options import ChangeOptions, ListingOptions
from tests.conftest import Cli

Seen = dict[str, Any]


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Seen:
    """Put the command ``shelves`` into the table, and return what its verbs received."""
    received: Seen = {}
    group = options.noun("shelves", "Shelves.", "partnerctl shelves list")

    @group.command("list")
    @options.listing_options()
    @click.pass_obj
    def list_(app: App, listing: ListingOptions) -> None:
        """List shelves."""
        received.update(app=app, listing=listing)

    @group.command("filter")
    @options.query_argument
    @options.listing_options("as_of", "max_age", "where")
    def filter_(query: str | None, listing: ListingOptions) -> None:
        """Filter shelves."""
        received.update(query=query, listing=listing)

    @group.command("empty")
    @options.change_options
    @click.option("--region", type=options.REGION)
    @click.pass_obj
    def empty(app: App, change: ChangeOptions, region: str | None) -> None:
        """Empty the shelves."""
        received.update(app=app, change=change, region=region)
        app.confirm("Empty all shelves?", change.yes)
        received["emptied"] = True

    @group.command("show")
    @options.customer_argument
    def show(customer: str) -> None:
        """Show one."""
        received["customer"] = customer

    monkeypatch.setitem(door.COMMANDS, "shelves", door.CommandEntry("tests.shelves", "Shelves."))
    module = type(sys)("tests.shelves")
    module.command = group  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "tests.shelves", module)
    return received


def test_a_list_without_options_is_everything(cli: Cli, seen: Seen) -> None:
    cli("shelves", "list")

    assert seen["listing"] == ListingOptions()


def test_every_listing_option_arrives_read(cli: Cli, seen: Seen) -> None:
    cli(
        *(
            "shelves",
            "list",
            "-o",
            "csv",
            "--fields",
            "a, b",
            "--no-header",
            "--limit",
            "5",
            "--sort",
            "name,-end",
        ),
        *(
            "--where",
            "status:active",
            "--region",
            "eu",
            "--region",
            "unknown",
            "--as-of",
            "-1d",
            "--max-age",
            "8d",
        ),
    )

    assert seen["listing"] == ListingOptions(
        format="csv",
        fields=("a", "b"),
        header=False,
        limit=5,
        sort=("name", "-end"),
        where="status:active",
        region=("EU", "unknown"),
        as_of=date(2026, 11, 22),
        max_age=timedelta(days=8),
    )


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--as-of", "someday"], "error: --as-of: 'someday' is not a day"),
        (["--max-age", "old"], "error: --max-age: 'old' is not an age"),
        (["--region", "Mars"], "error: --region: 'Mars' is not a region"),
        (["--fields", ""], "error: --fields: '' is not a list of names"),
        (["--sort", "a,,b"], "error: --sort: 'a,,b' is not a list of names"),
        (["--limit", "-1"], "error: invalid value for '--limit': -1 is not in the range x>=0"),
        (["--limit"], "error: option '--limit' requires an argument"),
        (["extra"], "error: got unexpected extra argument (extra)"),
    ],
)
def test_a_bad_value_names_the_option(cli: Cli, seen: Seen, words: list[str], reason: str) -> None:
    result = cli("shelves", "list", *words, expect=2)

    assert result.stdout == ""
    assert result.stderr.splitlines()[0].startswith(reason)
    assert seen == {}


@pytest.mark.parametrize(
    ("words", "query"),
    [
        ([], None),
        (["status:active", "region:EU"], "status:active region:EU"),
        (["-product:messaging", "-tag!=vip"], "-product:messaging -tag!=vip"),
        (["--limit", "3", "-output:x", "-o", "json"], "-output:x"),
        (["--", "--json"], "--json"),
        (["seats:100..", "end:..+60d", "acme"], "seats:100.. end:..+60d acme"),
    ],
)
def test_a_negated_word_is_a_query_not_an_option(
    cli: Cli, seen: Seen, words: list[str], query: str | None
) -> None:
    cli("shelves", "filter", *words)

    assert seen["query"] == query


def test_an_option_that_a_list_does_not_offer_is_unknown(cli: Cli, seen: Seen) -> None:
    assert "no such option" in cli("shelves", "filter", "--as-of", "today", expect=2).stderr


def test_an_unknown_name_of_a_listing_option_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="as_off"):
        options.listing_options("as_off")


def test_change_options_arrive(cli: Cli, seen: Seen) -> None:
    cli("shelves", "empty", "--dry-run", "--yes", "--region", "Europa")

    assert (seen["change"], seen["region"]) == (ChangeOptions(dry_run=True, yes=True), "EU")


def test_without_a_terminal_a_confirmation_is_wrong_usage(cli: Cli, seen: Seen) -> None:
    result = cli("shelves", "empty", input="y\n", expect=2)

    assert result.stderr == (
        "error: this needs a confirmation: Empty all shelves?\nhint: give --yes to confirm it\n"
    )
    assert "emptied" not in seen


@pytest.mark.parametrize("answer", ["y\n", "YES\n"])
def test_at_a_terminal_somebody_confirms(cli: Cli, seen: Seen, answer: str) -> None:
    result = cli("shelves", "empty", input=answer, terminal=True)

    assert result.stdout == ""
    assert result.stderr == "Empty all shelves? [y/N] "
    assert seen["emptied"]


@pytest.mark.parametrize("answer", ["n\n", "", "\n", "yo\n"])
def test_any_other_answer_changes_nothing(cli: Cli, seen: Seen, answer: str) -> None:
    assert "nothing was changed" in cli("shelves", "empty", input=answer, terminal=True, expect=130).stderr
    assert "emptied" not in seen


@dataclass(frozen=True)
class Number:
    n: int


@dataclass(frozen=True)
class Numbers:
    record_type: type
    records: tuple[Number, ...]
    notes: tuple[str, ...] = ()
    total: int | None = None
    data_as_of: date | None = None


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> App:
    return App()


def test_a_cut_list_says_so_on_stderr(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    app.show(Numbers(Number, (Number(1),), ("one note",), total=7), ListingOptions(format="jsonl", limit=1))

    assert capsys.readouterr() == ('{"n":1}\n', "showing 1 of 7\none note\n")


def test_quiet_keeps_notes_back_and_warnings_not(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    app.flags["quiet"] = True
    app.note("a note")
    app.warn("a\x1b warning")
    app.detail("a detail")

    assert capsys.readouterr().err == "warning: a\ufffd warning\n"


def test_debug_gives_a_tracer(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    assert App().tracer is None
    app.flags["debug"] = True
    assert app.tracer is not None
    app.tracer("select 1")
    app.detail("a detail")

    assert capsys.readouterr().err == "debug: select 1\na detail\n"


def test_the_actor_is_me_or_the_user_of_the_machine(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "rui")
    assert App().actor == "rui"
    app.flags["me"] = "ana@acme.example"
    assert app.actor == "ana@acme.example"


def test_a_day_word_is_of_the_fixed_clock(app: App) -> None:
    assert app.today == date(2026, 11, 23)


def test_the_profile_demo_says_so(app: App) -> None:
    app.flags["profile"] = "demo"

    assert app.shape(ListingOptions()).demo


@pytest.mark.parametrize(
    ("environment", "colours"),
    [
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": "", "TERM": "dumb"}, False),
        ({"NO_COLOR": "", "TERM": "xterm"}, True),
    ],
)
def test_colours_follow_the_environment(
    app: App, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], colours: bool
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert app.colours is colours
    app.flags["no_color"] = True
    assert app.shape(ListingOptions()).colour is False


def test_progress_shows_itself_only_after_a_while_and_only_on_a_terminal(
    app: App, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.conftest import Stream

    now = [0.0]
    monkeypatch.setattr("partnerctl.options.waiting.time.monotonic", lambda: now[0])
    stderr = Stream(terminal=True)
    monkeypatch.setattr(sys, "stderr", stderr)
    with options.progress(app, "Importing", 10) as step:
        step(4)
        assert stderr.getvalue() == ""
        now[0] = 0.6
        step()
        step()
    assert "Importing" in stderr.getvalue()
    assert step.done == 6

    monkeypatch.setattr(sys, "stderr", silent := Stream())
    with options.progress(app, "Importing", 10) as step:
        now[0] = 9.0
        step(10)
    assert silent.getvalue() == ""


def test_a_store_that_does_not_exist_reads_as_empty_and_is_not_created(app: App, home: Path) -> None:
    assert app.store.regions() == {}
    app.close()

    assert not home.exists()


def test_a_store_for_changes_is_created(app: App, home: Path) -> None:
    assert app.writable_store.path == home / "data" / "default.db"
    app.close()

    assert (home / "data" / "default.db").exists()


def test_debug_shows_the_statements(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    app.flags["debug"] = True
    app.store.regions()
    app.close()

    assert "debug: select" in capsys.readouterr().err.lower()
