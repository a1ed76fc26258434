"""The configuration file, ``config.toml``: read cheaply, checked entirely, errors that name the line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from partnerctl.config.settings import BY_NAME
from partnerctl.errors import InvalidData, MachineFault

_KEY = r"""(?:[\w-]+|"[^"]*"|'[^']*')"""
_SPEAKS = re.compile(rf"\s*(?P<table>\[)?\s*(?P<path>{_KEY}(?:\s*\.\s*{_KEY})*)\s*[]=]")
_AT_LINE = re.compile(r"\s*\(at line (\d+), column \d+\)")


class Configuration(NamedTuple):
    """What the file says: the profile to use, and each profile's settings by their names."""

    path: Path
    profile: str | None = None
    profiles: Mapping[str, Mapping[str, Any]] = MappingProxyType({})


def read_configuration(path: Path) -> Configuration:
    """Return what the file at `path` says; a missing file says nothing.

    Raises InvalidData naming file, line and field, MachineFault where the file cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")  # Notepad writes a mark of the byte order
    except FileNotFoundError:
        return Configuration(path)
    except UnicodeDecodeError as fault:
        raise InvalidData.at(str(path), None, None, "is not UTF-8 text", "save it as UTF-8") from fault
    except OSError as fault:
        raise MachineFault(
            f"cannot read {path}: {fault.strerror or fault}", "check its permissions"
        ) from fault
    return parse_configuration(text, path)


def parse_configuration(text: str, path: Path) -> Configuration:
    """Return what that text of a configuration file says; raises InvalidData."""
    import tomllib

    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        problem = str(fault)
        match = _AT_LINE.search(problem)
        line = int(match[1]) if match else None
        raise InvalidData.at(str(path), line, None, _AT_LINE.sub("", problem), "correct the line") from fault
    return _Reader(text, path).read(tables)


class _Reader:
    """Checks one parsed file against the table of settings."""

    def __init__(self, text: str, path: Path) -> None:
        self.text = text
        self.path = path

    def read(self, tables: dict[str, Any]) -> Configuration:
        """Return the configuration; raises InvalidData at the first problem."""
        profile = None
        for key, value in tables.items():
            if key == "profile":
                profile = self._value("profile", value, ())
            elif key != "profiles":
                hint = (
                    f"settings stand in a profile: [profiles.default] {key} = ..." if key in BY_NAME else None
                )
                raise self._error((), key, "is not known here", hint)
        profiles = tables.get("profiles", {})
        if not isinstance(profiles, dict):
            raise self._error((), "profiles", "is not a table")
        return Configuration(
            self.path, profile, {name: self._profile(name, t) for name, t in profiles.items()}
        )

    def _profile(self, name: str, table: Any) -> dict[str, Any]:
        self._value("profile", name, ("profiles",), name)
        if not isinstance(table, dict):
            raise self._error(("profiles",), name, "is not a table")
        where = ("profiles", name)
        return {key: self._value(key, value, where) for key, value in self._settings(table, where)}

    def _settings(self, table: dict[str, Any], where: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
        for key, value in table.items():
            if key in BY_NAME and not BY_NAME[key].fixed and key != "profile":
                yield key, value
            elif isinstance(value, dict) and any(name.startswith(f"{key}.") for name in BY_NAME):
                for inner, of_inner in value.items():
                    if f"{key}.{inner}" not in BY_NAME:
                        raise self._unknown((*where, key), inner, f"{key}.{inner}")
                    yield f"{key}.{inner}", of_inner
            else:
                raise self._unknown(where, key, key)

    def _value(self, name: str, value: Any, where: tuple[str, ...], field: str | None = None) -> Any:
        try:
            return BY_NAME[name].read(value)
        except ValueError as fault:
            raise self._error(where, field or name, f"{value!r} {fault}") from fault

    def _unknown(self, where: tuple[str, ...], key: str, name: str) -> InvalidData:
        from partnerctl.domain.folding import nearest

        near = nearest(name, list(BY_NAME))
        hint = f"did you mean {' or '.join(near)}?" if near else "`partnerctl config show` lists the settings"
        return self._error(where, key, "is no setting", hint)

    def _error(self, where: tuple[str, ...], key: str, problem: str, hint: str | None = None) -> InvalidData:
        path = (*where, *key.split(".")) if key in BY_NAME else (*where, key)
        return InvalidData.at(str(self.path), find_line(self.text, path), ".".join(path), problem, hint)


def find_line(text: str, path: tuple[str, ...]) -> int | None:
    """Return the line, counted from 1, on which a TOML text first speaks of that key; None if unsure."""
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        if match := _SPEAKS.match(line):
            words = tuple(word.strip("\"'") for word in re.findall(_KEY, match["path"]))
            here = words if match["table"] else table + words
            table = words if match["table"] else table
            if here[: len(path)] == path:
                return number
    return None
