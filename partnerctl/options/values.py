"""Types of option values: days, ages, regions, paths."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from partnerctl.errors import UsageError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class Day(click.ParamType[date]):
    """A DAY: a date or a word such as ``yesterday`` or ``-30d``, resolved in UTC."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day; raises UsageError that lists the forms."""
        if isinstance(value, date):
            return value
        from partnerctl.domain.days import parse_day

        today = click.get_current_context().obj.today
        with _naming(param):
            return parse_day(value, today)


class Age(click.ParamType[timedelta]):
    """An age in days or weeks, such as ``8d``."""

    name = "age"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Return the age; raises UsageError that shows a form."""
        if isinstance(value, timedelta):
            return value
        from partnerctl.domain.days import parse_max_age

        with _naming(param):
            return parse_max_age(value)


class Region(click.ParamType[str]):
    """A region by its code or name, or ``unknown`` where that is allowed."""

    name = "region"

    def __init__(self, unknown: bool) -> None:
        self.unknown = unknown

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the region's code or ``unknown``; raises UsageError that lists the codes."""
        from partnerctl.domain.regions import parse_chosen, parse_region

        code = (parse_chosen if self.unknown else parse_region)(str(value))
        if code is None:
            option = param.opts[0] if param else "region"
            raise UsageError(
                f"{option}: {value!r} is not a region", f"choose from: {', '.join(self._codes())}"
            )
        return code

    def _codes(self) -> list[str]:
        from partnerctl.domain.regions import REGIONS

        return [*REGIONS, "unknown"] if self.unknown else list(REGIONS)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem[str]]:
        """Return the codes that start with what is typed."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(code) for code in self._codes() if code.lower().startswith(incomplete.lower())]


class NamedPath(click.Path):
    """A path that is not empty: an unset variable of a shell script must not mean the current folder."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path; raises UsageError for an empty one."""
        if value == "":
            place = param.opts[0] if isinstance(param, click.Option) else "path"
            raise UsageError(f"{place}: '' names no file and no folder", "write . for the current folder")
        return super().convert(value, param, ctx)


class _naming:  # noqa: N801 - reads as a verb
    """Put the name of the option before the reason of a UsageError."""

    def __init__(self, param: click.Parameter | None) -> None:
        self.param = param

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, fault: BaseException | None, _trace: object) -> None:
        if isinstance(fault, UsageError) and self.param is not None:
            raise UsageError(f"{self.param.opts[0]}: {fault.reason}", fault.hint) from fault


DAY = Day()
"""The type of every DAY option: gives a ``date``."""
AGE = Age()
"""The type of ``--max-age``: gives a ``timedelta``."""
REGION = Region(unknown=False)
"""The type of an option that sets one region: gives its code."""
ANY_REGION = Region(unknown=True)
"""The type of an option that filters by region: gives a code or ``unknown``."""
PATH = NamedPath(path_type=Path)
"""The type of a file or folder that a command works with: gives a ``Path``."""
