"""Options of schedules: when a report is due, and how its runs are carried out (``cli.md``, Schedules)."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from typing import Any

import click

from partnerctl.errors import UsageError
from partnerctl.options.classes import Decorator, with_options

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")

_TIMING: tuple[Decorator, ...] = (
    click.option("--daily", is_flag=True, help="Every day, at --at."),
    click.option("--weekly", metavar="DAY", help="Every week on that day, monday to sunday, at --at."),
    click.option("--monthly", metavar="1..28|last", help="Every month on that day, at --at."),
    click.option("--at", metavar="HH:MM", help="The time on the clock of --tz."),
    click.option("--cron", metavar="EXPR", help="Five fields, such as '0 7 * * 1'; or @daily."),
    click.option("--tz", metavar="ZONE", help="Time zone; default: the setting, else this machine's own."),
)
_RUNNING: tuple[Decorator, ...] = (
    click.option(
        "--catchup",
        type=click.Choice(["latest", "none", "all"]),
        help="What runs of the due times that were missed; default: latest.",
    ),
    click.option("--start-deadline", metavar="6h", help="Do not start later than that; default: no limit."),
    click.option(
        "--retries", type=click.IntRange(0, 20), metavar="N", help="After network faults; default: 3."
    ),
    click.option("--on-success", metavar="COMMAND", help="A program and its arguments; gets the record."),
    click.option("--on-failure", metavar="COMMAND", help="A program and its arguments; gets the record."),
    click.option("--mail-to", metavar="ADDRESS", multiple=True, help="Mail the file to; repeatable."),
)


def timing_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say when: daily, weekly, monthly, at, cron, tz."""
    return with_options(function, _TIMING)


def running_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say how a schedule is run: catchup, deadline, retries, hooks, mail."""
    return with_options(function, _RUNNING)


def entry_values(app: Any, template: str, given: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return the table of a new entry, with notes; raises UsageError for options that do not fit together.

    The time zone is always written, paths are absolute.
    """
    from dataclasses import fields

    from partnerctl.scheduling.entries import ReportOptions, Schedule

    zone, notes = _zone(app, given.pop("tz"))
    cron = _expression(*(given.pop(name) for name in ("cron", "daily", "weekly", "monthly", "at")))
    folder = given.pop("folder")
    values: dict[str, Any] = {"template": template, "cron": cron, "tz": zone}
    if app.settings.profile != "default":
        values["profile"] = app.settings.profile
    if folder is not None:
        values["dir"] = str(folder.expanduser().absolute())
    if given["file"] is not None:
        from pathlib import Path

        values["file"] = str(Path(given["file"]).expanduser().absolute())
    known = (*(one.name for one in fields(ReportOptions)), *(one.name for one in fields(Schedule)))
    said = [name for name in known if name != "file" and _said(name, given.get(name))]
    values.update((name, _written(name, given[name])) for name in said)
    return values, notes


def _said(name: str, value: Any) -> bool:
    """Tell whether an option says anything besides what is usual; 0 does."""
    return value is not None and value is not False and value != () and (name, value) != ("format", "csv")


def _written(name: str, value: Any) -> Any:
    if name in ("on_success", "on_failure"):
        return _words(name, value)
    return list(value) if isinstance(value, tuple) else value


def _zone(app: Any, given: str | None) -> tuple[str, list[str]]:
    import os

    from partnerctl.scheduling.zones import check_zone, local_zone

    if given is not None:
        try:
            return check_zone(given), []
        except UsageError as fault:
            raise UsageError(f"--tz: {fault.reason}", fault.hint) from fault
    if app.settings.timezone is not None:
        return app.settings.timezone, []
    found = local_zone(os.environ)
    if found is not None:
        return found, []
    return "UTC", ["this machine does not tell its time zone: UTC is taken; --tz says another"]


def _expression(
    cron: str | None, daily: bool, weekly: str | None, monthly: str | None, at: str | None
) -> str:
    """Return the cron expression that the options mean; raises UsageError where they are none, or several."""
    chosen = [
        name
        for name, value in (
            ("--cron", cron),
            ("--daily", daily),
            ("--weekly", weekly),
            ("--monthly", monthly),
        )
        if value
    ]
    if len(chosen) != 1:
        problem = f"{' and '.join(chosen)} exclude each other" if chosen else "it has no time"
        raise UsageError(problem, "give one of --daily, --weekly DAY, --monthly 1..28 or last, --cron EXPR")
    if cron is not None:
        if at is not None:
            raise UsageError("--at and --cron exclude each other", "the expression holds the time itself")
        return cron.strip()
    match = _CLOCK.fullmatch(at or "")
    if match is None:
        problem = f"--at: {at!r} is not a time" if at else f"{chosen[0]} needs a time"
        raise UsageError(problem, "write --at 07:00")
    clock = f"{int(match[2])} {int(match[1])}"
    if monthly is not None:
        return f"{clock} {_day_of_month(monthly)} * *"
    return f"{clock} * * {'*' if weekly is None else _weekday(weekly)}"


def _day_of_month(text: str) -> str:
    word = text.strip().lower()
    if word == "last":
        return "L"
    if word.isascii() and word.isdigit() and 1 <= int(word) <= 28:
        return str(int(word))
    raise UsageError(f"--monthly: {text!r} is not a day that every month has", "write 1 to 28, or last")


def _weekday(text: str) -> int:
    word = text.strip().lower()
    found = [day for day in DAYS if len(word) >= 3 and day.startswith(word)]
    if len(found) != 1:
        raise UsageError(f"--weekly: {text!r} is not a day of the week", f"choose from: {', '.join(DAYS)}")
    return (DAYS.index(found[0]) + 1) % 7


def _words(name: str, text: str) -> list[str]:
    option = f"--{name.replace('_', '-')}"
    try:
        words = shlex.split(text)
    except ValueError as fault:
        raise UsageError(f"{option}: {text!r}: {fault}", "close the quotes") from fault
    if not words:
        raise UsageError(f"{option} names no program", "write a program and its arguments")
    return words
