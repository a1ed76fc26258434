"""The checkout as the guards see it: its folders, its modules, its interpreter."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = ("partnerctl", "commands", "templates")


def folder_of_package(package: str) -> Path:
    """Return the folder in the repository that holds a package."""
    parts = package.split(".")
    if len(parts) > 1 and parts[1] in CODE:
        parts = parts[1:]
    return ROOT.joinpath(*parts)


def code_files() -> Iterator[Path]:
    """Yield every file of the installed code once, by its real place, relative to the root."""
    for top in CODE:
        for folder, subfolders, names in os.walk(ROOT / top):
            subfolders[:] = sorted(name for name in subfolders if name != "__pycache__")
            for name in sorted(names):
                path = Path(folder, name)
                if not path.is_symlink() and path.suffix != ".pyc":
                    yield path.relative_to(ROOT)


def modules() -> list[Path]:
    """Return every module of the installed code, relative to the root."""
    return [path for path in code_files() if path.suffix == ".py"]


def installed_name(path: Path) -> str:
    """Return the name that a file of the repository has in site-packages."""
    return path.as_posix() if path.parts[0] == "partnerctl" else f"partnerctl/{path.as_posix()}"


def run_python(code: str, *, folder: Path) -> str:
    """Run code in a fresh interpreter that starts in a folder, and return what it printed."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
