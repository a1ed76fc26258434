"""Diagnosis: whether this machine has what partnerctl needs, and what to do where it has not (``doctor``)."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from partnerctl.errors import ExitCode, InvalidData, PartnerctlError

if TYPE_CHECKING:
    from partnerctl.config.folders import Folders

State = Literal["ok", "warn", "fail"]
OLDEST_PYTHON = (3, 11)
"""The oldest Python that is supported."""
_LITTLE_SPACE = 200 << 20  # bytes
_EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)  # a clock before this program was written is wrong
PACKAGES = {
    "pandas": "`.to_frame()`",
    "tabulate": "tables",
    "tomlkit": "`config set`",
    "filelock": "`config set`",
    "platformdirs": "the folders",
    "httpx2": "Webex",
    "tenacity": "Webex",
}
"""What outside packages are for, by their names."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: ``ok``, ``warn`` or ``fail``, what was found, and what to do."""

    check: str
    result: State
    found: str
    advice: str | None = None


@dataclass(frozen=True, slots=True)
class Machine:
    """What is to be diagnosed: the folders, the store's URL, the instant that the clock tells."""

    folders: Folders
    store: str
    now: datetime


def diagnose(machine: Machine) -> tuple[Finding, ...]:
    """Return what was found, check by check; nothing is created or changed, and nothing raises."""
    checks: tuple[Callable[[Machine], Iterable[Finding]], ...] = (
        _python,
        _sqlite,
        _packages,
        _clock,
        _zones,
        _folders,
        _configuration,
        _store,
        _space,
    )
    return tuple(finding for check in checks for finding in check(machine))


def exit_code(findings: Iterable[Finding]) -> ExitCode:
    """Return 0 unless something fails: 12 where only the configuration does, else 13."""
    failed = {finding.check for finding in findings if finding.result == "fail"}
    if not failed:
        return ExitCode.DONE
    return ExitCode.INVALID_DATA if failed == {"configuration"} else ExitCode.MACHINE


def _python(_machine: Machine) -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] >= OLDEST_PYTHON:
        yield Finding("python", "ok", version)
    else:
        yield Finding("python", "fail", version, "install Python 3.11 or newer")


def _sqlite(_machine: Machine) -> Iterator[Finding]:
    from partnerctl.stores.connection import OLDEST_SQLITE, sqlite_version

    version = sqlite_version()
    text = ".".join(map(str, version))
    if version >= OLDEST_SQLITE:
        yield Finding("sqlite", "ok", text)
    else:
        oldest = ".".join(map(str, OLDEST_SQLITE))
        yield Finding("sqlite", "fail", text, f"use a Python build with SQLite {oldest} or newer")


def _packages(_machine: Machine) -> Iterator[Finding]:
    from importlib.util import find_spec

    missing = [name for name in PACKAGES if find_spec(name) is None]
    for name in missing:
        yield Finding(
            "packages", "warn", f"{name} is missing: {PACKAGES[name]} will not work", f"pip install {name}"
        )
    if not missing:
        yield Finding("packages", "ok", f"all there: {', '.join(PACKAGES)}")


def _clock(machine: Machine) -> Iterator[Finding]:
    text = f"{machine.now:%Y-%m-%d %H:%M} UTC"
    if machine.now < _EARLIEST:
        yield Finding("clock", "warn", f"{text} is in the past", "set this machine's clock")
        return
    yield Finding("clock", "ok", text)


def _zones(_machine: Machine) -> Iterator[Finding]:
    import zoneinfo

    try:
        zone = zoneinfo.ZoneInfo("Europe/Lisbon")
        summer = datetime(2026, 7, 1, tzinfo=zone).utcoffset()
    except (zoneinfo.ZoneInfoNotFoundError, OSError, ValueError):
        yield Finding("time zones", "warn", "there is no time zone data", "pip install tzdata")
        return
    if summer != timedelta(hours=1):
        yield Finding("time zones", "warn", "the time zone data is wrong", "pip install --upgrade tzdata")
    else:
        yield Finding("time zones", "ok", "the data is there")


def _folders(machine: Machine) -> Iterator[Finding]:
    for name, folder in machine.folders._asdict().items():
        yield _folder(f"{name} folder", folder)


def _folder(check: str, folder: Path) -> Finding:
    there = _first_that_exists(folder)
    if not there.is_dir():
        return Finding(check, "fail", f"{there} is no folder", "move it away, or set PARTNERCTL_HOME")
    if not os.access(there, os.W_OK | os.X_OK):
        advice = "change its permissions, or set PARTNERCTL_HOME"
        return Finding(check, "fail", f"{there}: no permission to write", advice)
    if there != folder:
        return Finding(check, "ok", f"{folder} (made when needed)")
    if os.name == "posix" and folder.stat().st_mode & 0o022:
        return Finding(check, "warn", f"{folder}: others may write there", f"chmod go-w {folder}")
    return Finding(check, "ok", str(folder))


def _first_that_exists(folder: Path) -> Path:
    for place in (folder, *folder.parents):
        if os.path.lexists(place):
            return place
    return Path.cwd()


def _configuration(machine: Machine) -> Iterator[Finding]:
    from partnerctl.config.files import read_configuration

    path = machine.folders.config_file
    try:
        read_configuration(path)
    except InvalidData as fault:
        yield Finding("configuration", "fail", fault.reason, fault.hint)
    except PartnerctlError as fault:
        yield Finding("configuration file", "fail", fault.reason, fault.hint)
    else:
        yield Finding("configuration", "ok", str(path) if path.exists() else f"{path} (none: defaults)")


def _store(machine: Machine) -> Iterator[Finding]:
    from partnerctl.stores.connection import refuse_network
    from partnerctl.stores.migrate import MIGRATIONS
    from partnerctl.stores.opening import look_at
    from partnerctl.stores.urls import store_path

    try:
        path = store_path(machine.store)
        if path is None:
            yield Finding("store", "ok", "in memory")
            return
        refuse_network(path)
        number = look_at(path)
    except PartnerctlError as fault:
        yield Finding("store", "fail", fault.reason, fault.hint)
        return
    if number is None:
        yield Finding("store", "ok", f"{path} (none yet)", "partnerctl import FILE")
    elif number < len(MIGRATIONS):
        advice = "the next command brings it up to date, and keeps a copy"
        yield Finding("store", "warn", f"{path}: schema {number}, this version has {len(MIGRATIONS)}", advice)
    elif os.name == "posix" and path.stat().st_mode & 0o077:
        yield Finding("store", "warn", f"{path}: others may read it", f"chmod 600 {path}")
    else:
        yield Finding("store", "ok", f"{path}, schema {number}")


def _space(machine: Machine) -> Iterator[Finding]:
    import shutil

    place = _first_that_exists(machine.folders.data)
    try:
        free = shutil.disk_usage(place).free
    except OSError as fault:
        yield Finding("disk space", "warn", f"{place}: {fault.strerror or fault}")
        return
    text = f"{free >> 20} MiB free at {place}"
    if free < _LITTLE_SPACE:
        yield Finding("disk space", "warn", text, "free some space")
    else:
        yield Finding("disk space", "ok", text)
