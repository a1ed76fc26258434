"""What the commands of schedules share: the words of an instant, a tick and what it works with."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from partnerctl.errors import Locked, UsageError
from partnerctl.services.tick_times import note_tick

if TYPE_CHECKING:
    from partnerctl.services.ticking import Ticked, Ticker


_FIRST_YEAR, _LAST_YEAR = 1970, 9000


def parse_instant(option: str, text: str) -> datetime:
    """Return the instant that a text means, in UTC; raises UsageError where it has no time zone."""
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError as fault:
        raise UsageError(f"{option}: {text!r} is not an instant", "write 2026-12-01T07:00:00Z") from fault
    if instant.tzinfo is None:
        whole = instant.isoformat()
        raise UsageError(f"{option}: {text!r} has no time zone", f"write {whole}Z for UTC, or {whole}+01:00")
    if not _FIRST_YEAR <= instant.year <= _LAST_YEAR:
        raise UsageError(f"{option}: {text!r} lies outside the years {_FIRST_YEAR} to {_LAST_YEAR}")
    return instant.astimezone(UTC)


def nothing_to_do(app: Any) -> bool:
    """Tell whether nothing is due and nothing has arrived, at the cost of one file and one statement."""
    from partnerctl.scheduling.mark import mark_of
    from partnerctl.services.idling import is_idle

    now = app.clock.now()
    if not note_tick(app.folders.state, app.settings.profile, now):
        app.warn(f"{app.folders.state} cannot be written: `schedules status` will not know of this tick")
    if _something_arrived(app.settings.inbox_dir):
        return False
    return is_idle(app.store, app.settings.profile, mark_of(app.folders.schedules_file), now)


def _something_arrived(folder: str | None) -> bool:
    if folder is None:
        return False
    try:
        with os.scandir(Path(folder).expanduser()) as found:
            return any(one.is_file(follow_symlinks=False) and not one.name.startswith(".") for one in found)
    except OSError:
        return True  # whoever imports says what is wrong


def tick_now(app: Any) -> Ticked | None:
    """Tick, and return what was done; None where nothing is due, or where another run holds the store.

    Raises InvalidData, MachineFault like ``ticking.tick``.
    """
    try:
        if nothing_to_do(app):
            return None
        ticker = ticker_of(app)
    except Locked as fault:  # a store of an older version is brought up to date by whoever comes first
        app.warn(f"{fault.reason}: the next tick goes on")
        return None
    return tick_once(app, ticker)


def tick_once(app: Any, ticker: Ticker) -> Ticked:
    """Carry out a tick that takes in what has arrived in the inbox first."""
    from partnerctl.services.ticking import tick

    return tick(ticker, lambda: _take_in(app, ticker))


def _take_in(app: Any, ticker: Ticker) -> bool:
    if app.settings.inbox_dir is None:
        return True
    from partnerctl.services.import_run import ImportOptions
    from partnerctl.services.imports import read_options
    from partnerctl.services.inbox import Inbox, take_in

    inbox = Inbox(
        Path(app.settings.inbox_dir).expanduser(),
        read_options(aliases=tuple(app.settings.aliases.items())),
        ImportOptions(
            app.actor, app.clock, app.today, me=app.settings.me, calling=app.settings.calling_place
        ),
        app.warn,
    )
    return take_in(ticker.store, inbox, app.clock)


def ticker_of(app: Any) -> Ticker:
    """Return what a tick of this call works with."""
    import secrets

    from partnerctl.services.scheduled_orders import Surroundings
    from partnerctl.services.ticking import Ticker

    return Ticker(
        store=app.writable_store,
        surroundings=Surroundings(app.settings, app.folders),
        clock=app.clock,
        actor=app.actor,
        owner=f"{os.getpid()}-{secrets.token_hex(8)}",
        warn=app.warn,
    )


def exported(app: Any, form: str | None) -> list[tuple[str, str]]:
    """Return the files, by name and text, by which another scheduler starts the ticks of this profile."""
    from partnerctl.config.settings import mask_password
    from partnerctl.scheduling.exports import TickCall, cron_line, systemd_units, windows_task

    if form is None:
        raise UsageError("it is not said for what", "give --cron, --systemd or --windows")
    words = [*_program(), "schedules", "tick", "--quiet"]
    if app.settings.profile != "default":
        words += ["--profile", app.settings.profile]
    names = ("PARTNERCTL_HOME", "PARTNERCTL_STORE")
    if mask_password(os.environ.get("PARTNERCTL_STORE", "")) != os.environ.get("PARTNERCTL_STORE", ""):
        raise UsageError(
            "PARTNERCTL_STORE holds a password", "put the store into the profile: config set store"
        )
    call = TickCall(tuple(words), tuple((name, os.environ[name]) for name in names if os.environ.get(name)))
    if form == "cron":
        return [("partnerctl.cron", cron_line(call))]
    if form == "windows":
        return [("partnerctl-tick.xml", windows_task(call))]
    return [(unit.name, unit.text) for unit in systemd_units(call)]


def _program() -> list[str]:
    """Return the words that start this program from anywhere."""
    called = Path(sys.argv[0]).absolute()
    if called.stem == "partnerctl" and called.is_file() and os.access(called, os.X_OK):
        return [str(called)]
    return [sys.executable, "-m", "partnerctl"]
