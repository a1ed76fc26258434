"""The mail that a report becomes: what it is, what it covers, where it was made, and the file itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from partnerctl.clock import timestamp
from partnerctl.delivery.message import Attachment, Mail, identity_of, one_line
from partnerctl.domain.records import ReportRun
from partnerctl.errors import MachineFault

ATTACH_LIMIT = 18_000_000
"""Bytes of the largest file that is attached: as mail it grows by 37 percent, and servers stop at 25 MB."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a report is announced with: its title, the day it is for, from whom, to whom, and when.

    `host` and `profile` say where it was made: there the file is, where it is too large to be attached.
    """

    title: str
    day: date
    sender: str
    to: tuple[str, ...]
    at: datetime
    host: str
    profile: str


def announce(run: ReportRun, occasion: Occasion, *, attach: bool = True) -> Mail:
    """Return the mail for a run that wrote a file; without `attach` it says where the file is.

    The mail of a schedule is the same mail for the same due time, however often it is sent. Raises
    MachineFault where the file cannot be read, UsageError for a bad address.
    """
    assert run.path is not None, "a run without a file has nothing to announce"
    path = Path(run.path)
    attachment = _read(path) if attach else None
    name = f" ({run.schedule})" if run.schedule else ""
    return Mail(
        to=occasion.to,
        sender=occasion.sender,
        subject=f"{occasion.title} {occasion.day}{name}",
        text="\n".join(_lines(run, occasion, path, attachment)),
        at=occasion.at,
        identity=_identity(run, occasion),
        attachment=attachment,
    )


def _read(path: Path) -> Attachment | None:
    """Return the file, None where it is too large to be attached."""
    try:
        with path.open("rb") as file:
            data = file.read(ATTACH_LIMIT + 1)
    except OSError as fault:
        reason = f"cannot read {path} to send it: {fault.strerror or fault}"
        raise MachineFault(reason, "the report was written: look whether somebody moved it") from fault
    return Attachment(path.name, data) if len(data) <= ATTACH_LIMIT else None


def _lines(run: ReportRun, occasion: Occasion, path: Path, attachment: Attachment | None) -> Iterator[str]:
    yield f"{one_line(occasion.title)}, {occasion.day}"
    yield ""
    for label, value in _facts(run, occasion):
        yield f"{label + ':':<12} {one_line(value)}"
    yield ""
    if attachment is not None:
        yield f"The file is attached: {one_line(path.name)} ({_size(run.bytes)})"
    else:
        yield f"The file is too large to be attached ({_size(run.bytes)}). On {one_line(occasion.host)} it is"
        yield one_line(str(path))


def _facts(run: ReportRun, occasion: Occasion) -> Iterator[tuple[str, str]]:
    yield "Template", run.template
    if run.since or run.until:
        yield (
            "Period",
            " ".join(
                f"{word} {day}" for word, day in (("from", run.since), ("to", run.until)) if day is not None
            ),
        )
    yield "Region", (run.region or "all").replace(",", ", ")
    if run.rows is not None:
        yield "Rows", str(run.rows)
    yield "Data as of", str(run.data_as_of or "unknown")
    if run.schedule:
        yield "Schedule", run.schedule
    if run.due:
        yield "Due", timestamp(run.due)
    if run.sha256:
        yield "SHA-256", run.sha256
    yield "Made on", f"{occasion.host}, profile {occasion.profile}"


def _size(count: int | None) -> str:
    if count is None:
        return "size unknown"
    if count < 1000:
        return f"{count} bytes"
    return f"{count / 1000:.1f} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"


def _identity(run: ReportRun, occasion: Occasion) -> str:
    """Return what makes the mail the same: schedule and due time; by hand, every run is another one."""
    maker = (occasion.sender, occasion.profile)
    if run.schedule and run.due:
        return identity_of("schedule", *maker, run.schedule, timestamp(run.due))
    at = run.started or occasion.at
    return identity_of("run", *maker, str(run.run_id), run.path or "", at.isoformat())
