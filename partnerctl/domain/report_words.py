"""What options, templates and schedules of reports share: formats, languages, the longest horizon."""

from __future__ import annotations

FORMATS: tuple[str, ...] = ("csv", "xlsx", "html", "jsonl")
"""The formats of report files; the first is usual."""

LANGUAGES: tuple[str, ...] = ("en", "pt")
"""The languages that every template has its title and its headers in."""

LONGEST_HORIZON = 36_500
"""Days that a report may look ahead or back."""
