"""The budgets of the house: sizes, names, docstrings, private names, declared dependencies."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.guards.house import ROOT, modules

LONGEST_MODULE = 400
LONGEST_FUNCTION = 50
REFUSED_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"}
# Imports that another distribution brings: by another name, or through an extra (tabulate[widechars]).
DISTRIBUTION_OF = {"dateutil": "python-dateutil", "vl_convert": "vl-convert-python", "wcwidth": "tabulate"}

Function = ast.FunctionDef | ast.AsyncFunctionDef

MODULES = modules()
each_module = pytest.mark.parametrize("path", MODULES, ids=Path.as_posix)


def _parse(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def _lines_without_docstring(function: Function) -> int:
    first = function.body[0]
    prose = 0
    if ast.get_docstring(function, clean=False) is not None:
        prose = (first.end_lineno or first.lineno) - first.lineno + 1
    return (function.end_lineno or function.lineno) - function.lineno + 1 - prose


def _imported_modules(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_the_guards_see_the_house() -> None:
    assert Path("partnerctl/__init__.py") in MODULES
    assert Path("commands/__init__.py") in MODULES


@each_module
def test_a_module_is_short(path: Path) -> None:
    lines = len((ROOT / path).read_text(encoding="utf-8").splitlines())

    assert lines <= LONGEST_MODULE


@each_module
def test_functions_are_short(path: Path) -> None:
    functions = [node for node in ast.walk(_parse(path)) if isinstance(node, Function)]

    too_long = {f.name: _lines_without_docstring(f) for f in functions}

    assert {name: lines for name, lines in too_long.items() if lines > LONGEST_FUNCTION} == {}


@each_module
def test_a_module_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(_parse(path))


@each_module
def test_a_module_is_named_after_what_it_holds(path: Path) -> None:
    assert not {path.stem, *path.parts[:-1]} & REFUSED_NAMES


@each_module
def test_private_names_stay_in_their_file(path: Path) -> None:
    taken = [
        f"{node.module}.{alias.name}"
        for node in ast.walk(_parse(path))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if re.match(r"_(?!_)", alias.name) and (node.module or "").startswith("partnerctl")
    ]

    assert taken == []


def test_every_outside_import_is_a_declared_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [
        line for extra, lines in project["optional-dependencies"].items() if extra != "dev" for line in lines
    ]
    declared = {re.split(r"[\[<>=!~; ]", line)[0] for line in [*project["dependencies"], *extras]}

    imported = {name.split(".")[0] for path in MODULES for name in _imported_modules(_parse(path))}
    outside = imported - set(sys.stdlib_module_names) - {"partnerctl"}

    assert {DISTRIBUTION_OF.get(name, name) for name in outside} - declared == set()
