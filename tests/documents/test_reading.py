"""TOML documents: what is wrong is told with the file, the line and the field."""

from pathlib import Path

import pytest

from partnerctl.documents.reading import Document, field_name, find_line, parse_document, read_document
from partnerctl.errors import InvalidData, MachineFault

TEXT = """\
# a comment: name = "x"
name = "renewals"

[titles]
en = "Renewals"
"pt" = "Renovações"

[[columns]]
key = "customer"

[[columns]]
key = "total"
kind = "cuont"

[schedules."monday, 7"]
cron = "0 7 * * 1"
"""


@pytest.mark.parametrize(
    ("where", "line"),
    [
        (("name",), 2),
        (("titles",), 4),
        (("titles", "pt"), 6),
        (("columns", 1), 8),
        (("columns", 1, "key"), 9),
        (("columns", 2, "key"), 12),
        (("columns", 2, "kind"), 13),
        (("columns", 3), None),
        (("schedules", "monday, 7", "cron"), 16),
        (("nothing",), None),
    ],
)
def test_the_line_that_first_speaks_of_a_key(where: tuple[str | int, ...], line: int | None) -> None:
    assert find_line(TEXT, where) == line


@pytest.mark.parametrize(
    ("where", "name"),
    [((), None), (("name",), "name"), (("columns", 2, "kind"), "columns[2].kind"), (("a", "b"), "a.b")],
)
def test_the_name_of_a_field(where: tuple[str | int, ...], name: str | None) -> None:
    assert field_name(where) == name


def test_an_error_names_file_line_and_field() -> None:
    document = parse_document(TEXT, Path("t.toml"))

    error = document.error(("columns", 2, "kind"), "is unknown", "write count")

    assert (error.reason, error.hint) == ("t.toml, line 13: columns[2].kind: is unknown", "write count")


def test_a_document_is_its_path_its_text_and_its_tables(tmp_path: Path) -> None:
    path = tmp_path / "t.toml"
    path.write_text("\ufeffa = 1\n", "utf-8")  # as Notepad saves it

    assert read_document(path) == Document(path, "a = 1\n", {"a": 1})


def test_no_file_is_no_document(tmp_path: Path) -> None:
    assert read_document(tmp_path / "none.toml") is None


def test_what_is_no_toml_or_no_text_is_told_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "t.toml"
    path.write_bytes(b"a = 1\nb = \n")
    with pytest.raises(InvalidData) as caught:
        read_document(path)
    assert caught.value.reason == f"{path}, line 2: is not valid TOML: Invalid value"
    path.write_bytes(b"a = '\xe9'")
    with pytest.raises(InvalidData, match="is not UTF-8 text"):
        read_document(path)


def test_a_folder_is_no_document(tmp_path: Path) -> None:
    with pytest.raises(MachineFault, match="is no ordinary file"):
        read_document(tmp_path)
