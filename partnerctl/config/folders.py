"""The folders: everything under ``PARTNERCTL_HOME``, otherwise where the platform wants it (``cli.md``)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

HOME_VARIABLE = "PARTNERCTL_HOME"
"""The environment variable that puts every folder under one."""


class Folders(NamedTuple):
    """Where things are kept; none of the folders need exist."""

    config: Path
    data: Path
    state: Path
    reports: Path

    @property
    def config_file(self) -> Path:
        """Return the path of the configuration file."""
        return self.config / "config.toml"

    @property
    def schedules_file(self) -> Path:
        """Return the path of the schedules file."""
        return self.config / "schedules.toml"

    @property
    def templates(self) -> Path:
        """Return the folder of custom report templates."""
        return self.config / "templates"


def find_folders(environ: Mapping[str, str]) -> Folders:
    """Return the folders for that environment; nothing is created."""
    home = environ.get(HOME_VARIABLE)
    if home:
        base = Path(home).expanduser().absolute()
        return Folders(base / "config", base / "data", base / "state", base / "reports")
    from platformdirs import PlatformDirs

    # roaming and author folders are Windows customs that nobody looks for
    dirs = PlatformDirs("partnerctl", appauthor=False)
    data = dirs.user_data_path
    return Folders(dirs.user_config_path, data, dirs.user_state_path, data / "reports")
