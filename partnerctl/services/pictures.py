"""Charts as files: what is asked of the file is checked first, and it is written whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from partnerctl.errors import UsageError

if TYPE_CHECKING:
    from partnerctl.output.chart import Chart


def check_picture(path: Path, overwrite: bool) -> str:
    """Return the kind of picture that a file's name asks for.

    Raises UsageError for another ending or a missing folder, Conflict where the file exists.
    """
    from partnerctl.output.pictures import PICTURES
    from partnerctl.reports.atomic import check_target

    kind = path.suffix.lower().removeprefix(".")
    if kind not in PICTURES:
        endings = ", ".join(f".{one}" for one in PICTURES)
        raise UsageError(f"--chart: {path.name} is no kind of picture", f"let the name end with {endings}")
    check_target(path, overwrite=overwrite)
    return kind


def write_picture(chart: Chart, path: Path, kind: str, overwrite: bool) -> None:
    """Write a picture, whole or not at all; raises UsageError where an extra is missing, MachineFault."""
    from partnerctl.output.pictures import picture
    from partnerctl.reports.atomic import atomic_target

    drawn = picture(chart, kind)
    with atomic_target(path, overwrite=overwrite) as partial:
        partial.write_bytes(drawn)
