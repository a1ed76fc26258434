"""The made data of `demo`: written as the report files that a partner would download."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from partnerctl.demo.made import Demo
from partnerctl.demo.report_files import report_files
from partnerctl.domain.report_words import LANGUAGES
from partnerctl.errors import UsageError
from partnerctl.reports.atomic import explained
from partnerctl.reports.defaults import find_template
from partnerctl.reports.filenames import free_path
from partnerctl.reports.writing import Written, write_csv_file


@dataclass(frozen=True, slots=True)
class DemoReport:
    """One report file of made data: where it is, how many rows and bytes it has."""

    path: str
    rows: int
    bytes: int


def write_demo_reports(demo: Demo, folder: Path, language: str = "en") -> tuple[Written, ...]:
    """Write `demo` into `folder` as report files, and return what was written, weekly files first.

    26 Subscription details files, one per week, and Devices, Phone numbers and Webex app version files of
    the last day, headers and words in `language` (``en``, ``pt``). The folder is made where it is missing;
    no file is overwritten. Raises UsageError for another language, MachineFault where the machine refuses.
    """
    if language not in LANGUAGES:
        raise UsageError(f"there is no language {language!r}", f"There are: {', '.join(LANGUAGES)}.")
    with explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
    written = []
    for file in report_files(demo, language):
        template = find_template(file.template)
        path = free_path(folder, template.title_in(language), file.day, seed=file.seed)
        written.append(write_csv_file(path, template.layout, file.rows, language=language))
    return tuple(written)
