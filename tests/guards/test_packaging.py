"""What gets installed: one top name, every module, every template, through the links and without them."""

import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.guards.house import ROOT, code_files, folder_of_package, installed_name, run_python

LINKED = ("commands", "templates")
SOURCES = (
    *LINKED,
    "partnerctl",
    "completions",
    "tests",
    "pyproject.toml",
    "MANIFEST.in",
    "LICENSE",
    "README.md",
)
COMPLETION_FOLDERS = {
    "partnerctl.bash": "share/bash-completion/completions",
    "_partnerctl": "share/zsh/site-functions",
    "partnerctl.fish": "share/fish/vendor_completions.d",
    "partnerctl.ps1": "share/partnerctl",
}


@pytest.fixture(scope="session")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the sdist, and the wheel from it, from a copy of the sources; return their folder."""
    checkout = tmp_path_factory.mktemp("checkout")
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            ignore = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, checkout / name, symlinks=True, ignore=ignore)
        elif source.exists():
            shutil.copy2(source, checkout / name)
    out = tmp_path_factory.mktemp("dist")
    done = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(checkout)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return out


@pytest.fixture(scope="session")
def wheel_names(distributions: Path) -> set[str]:
    """Return the names of the files in the wheel."""
    (wheel,) = distributions.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.mark.slow
@pytest.mark.package
def test_the_wheel_holds_every_module_and_template(wheel_names: set[str]) -> None:
    expected = {installed_name(path) for path in code_files()}

    assert {name for name in wheel_names if name.startswith("partnerctl/")} == expected


@pytest.mark.slow
@pytest.mark.package
def test_site_packages_gains_one_name(wheel_names: set[str]) -> None:
    tops = {name.split("/")[0] for name in wheel_names}

    assert {top for top in tops if not top.endswith((".dist-info", ".data"))} == {"partnerctl"}


@pytest.mark.slow
@pytest.mark.package
def test_the_wheel_holds_every_completion(wheel_names: set[str]) -> None:
    here = {path.name for path in (ROOT / "completions").glob("*") if path.name in COMPLETION_FOLDERS}

    held = {name.split(".data/data/")[1] for name in wheel_names if ".data/data/" in name}

    assert held == {f"{COMPLETION_FOLDERS[name]}/{name}" for name in here}


@pytest.mark.slow
@pytest.mark.package
def test_the_sdist_holds_the_licence_and_the_tests(distributions: Path) -> None:
    (sdist,) = distributions.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}

    assert {"LICENSE", "pyproject.toml", "tests/guards/test_packaging.py"} <= names


@pytest.mark.slow
@pytest.mark.package
def test_the_unpacked_wheel_imports_by_itself(distributions: Path, tmp_path: Path) -> None:
    (wheel,) = distributions.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)

    printed = run_python(
        "import partnerctl.cli, partnerctl.commands, partnerctl.templates\n"
        "for module in partnerctl.cli, partnerctl.commands, partnerctl.templates: print(module.__file__)",
        folder=tmp_path,
    )

    assert all(Path(line).is_relative_to(tmp_path) for line in printed.splitlines())


def test_every_package_is_listed() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    folders = {path.parent for path in code_files() if path.name == "__init__.py"}

    listed = {folder_of_package(package).relative_to(ROOT) for package in settings["packages"]}

    assert listed == folders


@pytest.mark.parametrize("name", LINKED)
def test_the_link_is_real(name: str) -> None:
    link = ROOT / "partnerctl" / name
    if not link.is_dir() and not os.environ.get("CI"):
        pytest.skip(f"this clone has no symlinks: partnerctl/{name} is not a folder, and mypy cannot see it")

    assert link.is_symlink()
    assert link.samefile(ROOT / name)


@pytest.mark.parametrize("name", LINKED)
def test_the_bare_name_cannot_be_imported(name: str, tmp_path: Path) -> None:
    code = f"from importlib.util import find_spec; print(find_spec({name!r}))"

    assert run_python(code, folder=tmp_path).strip() == "None"


@pytest.mark.parametrize("name", LINKED)
def test_the_full_name_can_be_imported(name: str, tmp_path: Path) -> None:
    package = f"partnerctl.{name}"
    code = f"from importlib.util import find_spec; print(find_spec('partnerctl') and find_spec({package!r}))"
    found = run_python(code, folder=tmp_path).strip()
    if found == "None" and not os.environ.get("CI"):
        pytest.skip("partnerctl is not installed in this environment: run the tests with make")

    assert found != "None"
