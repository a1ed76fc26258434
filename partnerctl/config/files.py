"""The configuration file, ``config.toml``: read cheaply, checked entirely, errors that name the line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from partnerctl.config.kinds import SecretRefused
from partnerctl.config.settings import BY_NAME
from partnerctl.documents.reading import Document, read_document
from partnerctl.errors import InvalidData


class Configuration(NamedTuple):
    """What the file says: the profile to use, and each profile's settings by their names."""

    path: Path
    profile: str | None = None
    profiles: Mapping[str, Mapping[str, Any]] = MappingProxyType({})


def read_configuration(path: Path) -> Configuration:
    """Return what the file at `path` says; a missing file says nothing.

    Raises InvalidData naming file, line and field, MachineFault where the file cannot be read.
    """
    document = read_document(path)
    return Configuration(path) if document is None else check_configuration(document)


def check_configuration(document: Document) -> Configuration:
    """Return what a document says as a configuration file; raises InvalidData."""
    return _Reader(document).read()


class _Reader:
    """Checks one parsed file against the table of settings."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def read(self) -> Configuration:
        """Return the configuration; raises InvalidData at the first problem."""
        profile = None
        tables = self.document.tables
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
            self.document.path, profile, {name: self._profile(name, t) for name, t in profiles.items()}
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
        except SecretRefused as fault:  # what is written there may be a secret: it is not repeated
            raise self._error(where, field or name, fault.reason, fault.hint) from fault
        except ValueError as fault:
            raise self._error(where, field or name, f"{value!r} {fault}") from fault

    def _unknown(self, where: tuple[str, ...], key: str, name: str) -> InvalidData:
        from partnerctl.domain.folding import did_you_mean

        hint = did_you_mean(name, list(BY_NAME), "`partnerctl config show` lists the settings")
        return self._error(where, key, "is no setting", hint)

    def _error(self, where: tuple[str, ...], key: str, problem: str, hint: str | None = None) -> InvalidData:
        path = (*where, *key.split(".")) if key in BY_NAME else (*where, key)
        return self.document.error(path, problem, hint)
