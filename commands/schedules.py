"""``schedules``: reports at set times, what became of each, and what starts them (PH-R2)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from partnerctl.app import App
from partnerctl.errors import ExitCode, PartlyDone
from partnerctl.options import (
    PATH,
    ChangeOptions,
    ListingOptions,
    OutputOptions,
    change_options,
    listing_options,
    noun,
    output_options,
)

if TYPE_CHECKING:
    from partnerctl.services.ticking import Ticker

command = noun(
    "schedules",
    "See and run reports at set times; `reports schedule` makes them.",
    "partnerctl reports schedule expiring --weekly monday --at 07:00 --days 60",
    "partnerctl schedules list",
    "partnerctl schedules next expiring --count 5",
    "partnerctl schedules export --cron",
)

LIST_COLUMNS = (
    "name",
    "template",
    "cron",
    "tz",
    "next_run",
    "last_run",
    "last_status",
    "paused",
    "profile",
    "error",
)
NARROW_COLUMNS = ("name", "template", "next_run", "last_status")


def _names(ctx: click.Context, _param: click.Parameter, text: str) -> list[str]:
    from partnerctl.documents.reading import read_document

    try:
        document = read_document(ctx.obj.folders.schedules_file)
    except Exception:  # noqa: BLE001 - a Tab key must never print an error
        return []
    found = document.tables.get("schedules", {}) if document else {}
    return [name for name in found if name.startswith(text)]


name_argument = click.argument("name", shell_complete=_names)
"""The argument NAME: the name of a schedule."""


@command.command("list", examples=("partnerctl schedules list", "partnerctl schedules list --json"))
@listing_options("where", "region", "as_of", "max_age")
@click.pass_obj
def list_(app: App, listing: ListingOptions) -> None:
    """List the schedules, when each is due next, and how the last one ended."""
    from partnerctl.services.scheduled_orders import Surroundings
    from partnerctl.services.schedules import list_schedules

    around = Surroundings(app.settings, app.folders)
    path = app.folders.schedules_file
    found = list_schedules(app.store, path, around, app.clock, listing.sort, listing.limit)
    app.show(found, listing, table_fields=LIST_COLUMNS, narrow_fields=NARROW_COLUMNS)


@command.command("show", examples=("partnerctl schedules show expiring",))
@name_argument
@output_options
@click.pass_obj
def show(app: App, output: OutputOptions, name: str) -> None:
    """Show one schedule with all its options."""
    from partnerctl.services.schedules import show_schedule

    app.show_one(show_schedule(app.store, app.folders.schedules_file, name, app.clock), output)


@command.command(
    "next",
    examples=(
        "partnerctl schedules next expiring",
        "partnerctl schedules next expiring --count 3 --after 2027-03-27T00:00:00Z",
    ),
)
@name_argument
@click.option("--count", type=click.IntRange(1, 9999), default=10, metavar="N", help="How many; default: 10.")
@click.option("--after", metavar="INSTANT", help="After that: 2026-12-01T00:00:00Z; default: now.")
@output_options
@click.pass_obj
def next_(app: App, output: OutputOptions, name: str, count: int, after: str | None) -> None:
    """Show when a schedule is due next, on its own clock and in UTC."""
    from partnerctl.services.schedules import next_times

    start = app.clock.now() if after is None else _instant("--after", after)
    app.show(next_times(app.folders.schedules_file, name, start, count), output)


@command.command("pause", examples=("partnerctl schedules pause expiring",))
@name_argument
@click.pass_obj
def pause(app: App, name: str) -> None:
    """Pause a schedule: nothing of it is due until it is resumed."""
    from partnerctl.scheduling.file import read_schedules
    from partnerctl.services.schedules import pause_schedule

    read_schedules(app.folders.schedules_file).mine(name, app.settings.profile)
    changed = pause_schedule(
        app.writable_store, app.folders.schedules_file, name, app.clock, app.actor, app.settings.wait
    )
    app.note(f"{name} is paused" if changed else f"{name} was paused already")


@command.command("resume", examples=("partnerctl schedules resume expiring",))
@name_argument
@click.pass_obj
def resume(app: App, name: str) -> None:
    """Let a paused schedule run again, from now on."""
    from partnerctl.scheduling.file import read_schedules
    from partnerctl.services.schedules import resume_schedule

    read_schedules(app.folders.schedules_file).mine(name, app.settings.profile)
    changed = resume_schedule(
        app.writable_store, app.folders.schedules_file, name, app.clock, app.actor, app.settings.wait
    )
    app.note(f"{name} runs again, from now on" if changed else f"{name} was not paused")


@command.command("remove", examples=("partnerctl schedules remove expiring --yes",))
@name_argument
@change_options
@click.pass_obj
def remove(app: App, change: ChangeOptions, name: str) -> None:
    """Remove a schedule; the history of its runs, and its files, stay."""
    from partnerctl.scheduling.file import read_schedules
    from partnerctl.services.schedules import forget_schedule

    path = app.folders.schedules_file
    entries = read_schedules(path)
    if name not in {bad for bad, _ in entries.faults}:
        entries.mine(name, app.settings.profile)
    if change.dry_run:
        app.note(f"dry run: the schedule {name} would be removed; nothing was changed")
        return
    app.confirm(f"remove the schedule {name}?", change.yes)
    forget_schedule(app.writable_store, path, name, app.clock, app.settings.wait, app.actor)
    app.note(f"removed the schedule {name}")


@command.command(
    "run",
    examples=(
        "partnerctl schedules run expiring",
        "partnerctl schedules run expiring --due 2026-11-23T07:00:00Z",
    ),
)
@name_argument
@click.option("--due", metavar="INSTANT", help="Run it for that due time, again where it has run.")
@output_options
@click.pass_obj
def run(app: App, output: OutputOptions, name: str, due: str | None) -> None:
    """Run a schedule by hand, with its mail and its hooks, and print the path of its file."""
    from partnerctl.scheduling.file import read_schedules
    from partnerctl.services.rerunning import run_by_hand, run_due
    from partnerctl.services.ticking import call_hook

    schedule = read_schedules(app.folders.schedules_file).mine(name, app.settings.profile)
    ticker = _ticker(app)
    when = None if due is None else _instant("--due", due)
    attempt = run_by_hand(ticker, schedule) if when is None else run_due(ticker, schedule, when)
    ended = attempt.run
    call_hook(ticker, schedule, ended)
    if output.format == "table" and output.fields is None:
        if ended.path is not None:
            click.echo(ended.path)
    else:
        app.show_one(ended, output)
    if attempt.fault is not None and ended.path is not None:
        hint = getattr(attempt.fault, "hint", None)
        raise PartlyDone(f"the file is written, but: {ended.error}", hint) from attempt.fault
    if attempt.fault is not None:
        raise attempt.fault


@command.command("tick", examples=("partnerctl schedules tick --quiet", "partnerctl schedules tick --json"))
@output_options
@click.pass_obj
def tick(app: App, output: OutputOptions) -> None:
    """Do what is due, then end: for one crontab line, systemd timer or Task Scheduler entry every minute.

    Any number may run at once: each due time is run once. Where nothing is due it ends at once. It exits
    with 3 where something failed.
    """
    from partnerctl.options.ticking import tick_now

    done = tick_now(app)
    if done is None:
        if output.format == "json":
            click.echo("[]")
        return
    if output.format != "table":
        from partnerctl.domain.records import ReportRun
        from partnerctl.output.render import Rows

        app.show(Rows(ReportRun, done.runs), output)
    for ended in done.runs:
        app.note(f"{ended.schedule}: {ended.status}{f' {ended.path}' if ended.path else ''}")
    if done.faulty:
        app.exit_code = ExitCode.PARTLY_DONE


@command.command(
    "status", examples=("partnerctl schedules status", "partnerctl schedules status --exit-code --quiet")
)
@click.option("--exit-code", is_flag=True, help="Exit 10 where there is a problem.")
@output_options
@click.pass_obj
def status(app: App, output: OutputOptions, exit_code: bool) -> None:
    """Show what is wrong: runs that failed, were missed or stale, bad entries, ticks that do not come."""
    from partnerctl.scheduling.file import read_schedules
    from partnerctl.services.schedule_health import schedule_health
    from partnerctl.services.scheduled_orders import Surroundings
    from partnerctl.services.tick_times import last_tick

    profile = app.settings.profile
    entries = read_schedules(app.folders.schedules_file)
    ticked = last_tick(app.folders.state, profile)
    around = Surroundings(app.settings, app.folders)
    found = schedule_health(app.store, entries, around, ticked, app.clock)
    problems = list(found.records)
    if problems or output.format != "table":
        app.show(found, output)
    else:
        app.note("all is well")
    if problems and exit_code:
        app.exit_code = ExitCode.CHECK_FAILED


@command.command(
    "export",
    examples=(
        "partnerctl schedules export --cron",
        "partnerctl schedules export --systemd --dir ~/.config/systemd/user",
        "partnerctl schedules export --windows > partnerctl-tick.xml",
    ),
)
@click.option("--cron", "form", flag_value="cron", help="One line for crontab.")
@click.option("--systemd", "form", flag_value="systemd", help="A service and a timer.")
@click.option("--windows", "form", flag_value="windows", help="XML for the Task Scheduler.")
@click.option("--dir", "folder", type=PATH, help="Write the files there instead of printing them.")
@click.option("--overwrite", is_flag=True, help="Replace files that are there.")
@click.pass_obj
def export(app: App, form: str | None, folder: Path | None, overwrite: bool) -> None:
    """Print what starts `partnerctl schedules tick` every minute: for cron, systemd or Windows."""
    from partnerctl.options.ticking import exported

    for name, text in exported(app, form):
        if folder is None:
            click.echo(text, nl=not text.endswith("\n"))
            continue
        from partnerctl.reports.atomic import atomic_target

        path = folder.expanduser().absolute() / name
        with atomic_target(path, overwrite=overwrite) as partial:
            partial.write_text(text, "utf-8")
        click.echo(path)


def _ticker(app: App) -> Ticker:
    from partnerctl.options.ticking import ticker_of

    return ticker_of(app)


def _instant(option: str, text: str) -> datetime:
    from partnerctl.options.ticking import parse_instant

    return parse_instant(option, text)
