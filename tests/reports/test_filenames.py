import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerctl.errors import Conflict, UsageError
from partnerctl.reports.filenames import clean_part, file_token, fill_path, free_path, report_name

DAY = date(2026, 11, 23)


def test_a_name_is_title_token_and_day() -> None:
    assert report_name("Phone Numbers", DAY, "aB3dE5gH7j") == "Phone Numbers_aB3dE5gH7j_2026-11-23.csv"


@pytest.mark.parametrize(
    ("title", "cleaned"),
    [
        ("Relatório de dispositivos", "Relatório de dispositivos"),
        ('a/b\\c:d*e?f"g<h>i|j', "a-b-c-d-e-f-g-h-i-j"),
        ("two\nlines\tand\x00nul\x7f", "two-lines-and-nul-"),
        (".hidden", "-hidden"),
        ("..", "--"),
        ("ends.", "ends-"),
        (" spaced ", "spaced"),
        ("con", "-con"),
        ("LPT1.csv", "-LPT1.csv"),
        ("Aux .txt", "-Aux .txt"),
        ("Console", "Console"),
        ("", "-"),
        ("\ud800", "-"),
    ],
)
def test_what_a_file_system_or_a_shell_treats_specially_becomes_a_dash(title: str, cleaned: str) -> None:
    assert clean_part(title) == cleaned


@given(st.text())
def test_any_title_gives_a_name_that_every_system_takes(title: str) -> None:
    cleaned = clean_part(title)
    assert cleaned
    assert not re.search(r'[/\\:*?"<>|\x00-\x1f\x7f]', cleaned)
    assert not cleaned.startswith((".", " "))
    assert not cleaned.endswith((".", " "))
    assert not re.fullmatch(r"(con|prn|aux|nul|com\d|lpt\d) *(\..*)?", cleaned, re.IGNORECASE)
    assert len(report_name(title, DAY, "0123456789").encode()) < 255
    assert Path("folder", cleaned).parent == Path("folder")


@given(st.none() | st.binary())
def test_a_token_has_ten_letters_or_digits(seed: bytes | None) -> None:
    assert re.fullmatch(r"[A-Za-z0-9]{10}", file_token(seed))


def test_a_seed_always_gives_the_same_token() -> None:
    assert file_token(b"weekly 2026-11-23T06:00Z") == file_token(b"weekly 2026-11-23T06:00Z") == "uGKbxooSzb"
    assert file_token(b"weekly 2026-11-30T06:00Z") != file_token(b"weekly 2026-11-23T06:00Z")
    assert file_token() != file_token()


def test_a_taken_name_is_picked_again(tmp_path: Path) -> None:
    first = free_path(tmp_path, "Devices", DAY, seed=b"slot")
    first.touch()
    second = free_path(tmp_path, "Devices", DAY, seed=b"slot")
    assert first != second
    assert second == free_path(tmp_path, "Devices", DAY, seed=b"slot")


def test_a_folder_without_a_free_name_is_a_conflict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("partnerctl.reports.filenames.file_token", lambda seed: "always-one")
    (tmp_path / "Devices_always-one_2026-11-23.csv").touch()
    with pytest.raises(Conflict, match="no free name"):
        free_path(tmp_path, "Devices", DAY)


def test_a_pattern_is_filled_in() -> None:
    filled = fill_path("out/{region}/{title} {date}.csv", title="A/B", day=DAY, region="EU")
    assert filled == Path("out/EU/A-B 2026-11-23.csv")
    assert fill_path("{region}.csv", title="A", day=DAY, region=None) == Path("all.csv")


def test_an_unknown_placeholder_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match=r"\{day\} is none of \{date\}, \{region\}, \{title\}"):
        fill_path("{day}.csv", title="A", day=DAY, region=None)
