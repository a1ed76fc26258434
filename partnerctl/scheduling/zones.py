"""Time zones: the one of this machine by its name, and whether a name is one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from partnerctl.errors import UsageError

_LOCALTIME = Path("/etc/localtime")
_TIMEZONE = Path("/etc/timezone")


def check_zone(name: str) -> str:
    """Return the name of a time zone; raises UsageError with the nearest names where it is none."""
    from zoneinfo import ZoneInfo, available_timezones

    try:
        ZoneInfo(name)
    except Exception as fault:
        from partnerctl.domain.folding import did_you_mean

        hint = did_you_mean(name, sorted(available_timezones()), "write a name such as Europe/Lisbon")
        raise UsageError(f"{name!r} is not a time zone", hint) from fault
    return name


def local_zone(
    environ: Mapping[str, str], localtime: Path = _LOCALTIME, timezone: Path = _TIMEZONE
) -> str | None:
    """Return the name of this machine's time zone, None where the machine does not tell."""
    candidates = [environ.get("TZ", "").removeprefix(":")]
    try:
        candidates.append(str(localtime.resolve()).partition("zoneinfo/")[2])
        candidates.append(timezone.read_text("utf-8").strip())
    except (OSError, UnicodeDecodeError):
        pass
    for name in candidates:
        if name and _known(name):
            return name
    return None


def _known(name: str) -> bool:
    try:
        check_zone(name)
    except UsageError:
        return False
    return True
