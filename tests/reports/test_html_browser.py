"""The page in a real browser: how it sorts, filters, fits into a window and on paper."""

import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from partnerctl.reports.html import write_html
from partnerctl.reports.page import Page
from partnerctl.reports.values import Cell
from tests.reports.browser import Browser, browsing
from tests.reports.pages import LAYOUT, PAGE, PAGINA, ROWS


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browsing(tmp_path_factory.mktemp("browser")) as started:
        yield started


def opened(
    browser: Browser,
    folder: Path,
    page: Page = PAGE,
    rows: Sequence[Sequence[Cell]] = ROWS,
    *,
    width: int = 1280,
) -> None:
    path = folder / "report.html"
    with path.open("wb") as out:
        write_html(out, page, rows)
    browser.open(path, width=width)


def column(browser: Browser, place: int) -> list[str]:
    """Return the texts of the rows that are to be seen, in their order."""
    rows = "[...document.querySelectorAll('tbody tr')].filter(row => !row.hidden)"
    found = browser.run(f"{rows}.map(row => row.cells[{place}].textContent)")
    assert isinstance(found, list)
    return found


def click(browser: Browser, place: int) -> tuple[list[str], list[str | None]]:
    """Click on a header; return its column, and what each header says of the order."""
    browser.run(f"document.querySelectorAll('thead th')[{place}].querySelector('button').click()")
    said = browser.run("[...document.querySelectorAll('thead th')].map(th => th.getAttribute('aria-sort'))")
    return column(browser, place), said


NAMES = ["Ação, Ltda", "=1+1", "</td><script>document.title='hit'</script>", "Beta & Sons"]


def test_names_are_shown_and_not_run(browser: Browser, tmp_path: Path) -> None:
    opened(browser, tmp_path)
    assert column(browser, 1) == NAMES
    assert browser.run("document.title") == "Expiring subscriptions"
    assert browser.run("document.scripts.length") == 1
    assert browser.complaints == []


def test_a_click_sorts_and_another_one_turns_round(browser: Browser, tmp_path: Path) -> None:
    rows = [("", name, "", total, pct, "", "", "") for name, total, pct in MIXED]
    opened(browser, tmp_path, PAGINA, rows)
    up, down = click(browser, 3), click(browser, 3)
    # numbers as numbers, among them a text that is none, and unknown last in both directions
    assert up == (["9", "99", "1.000", "1.234", "n/a", "", ""], [None] * 3 + ["ascending"] + [None] * 4)
    assert down == (["n/a", "1.234", "1.000", "99", "9", "", ""], [None] * 3 + ["descending"] + [None] * 4)
    assert click(browser, 4)[0] == ["-0,5", "0,25", "7,5", "10", "83,2", "1.000,5", ""]
    assert click(browser, 1)[0] == ["Ação 2", "ação 10", "Beta", "Ébano", "Zeta", "Zeta", ""]


MIXED = (
    ("Zeta", "1234", "7.5"),
    ("Ébano", "9", "10"),
    ("ação 10", "", "83.2"),
    ("", "n/a", "-0.5"),
    ("Beta", "99", ""),
    ("Zeta", "1000", "0.25"),
    ("Ação 2", "", "1000.5"),
)


def test_days_and_instants_are_sorted_as_such(browser: Browser, tmp_path: Path) -> None:
    opened(browser, tmp_path)
    assert click(browser, 0)[0] == ["2026-11-30", "2026-12-01", "2027-01-31", ""]
    assert click(browser, 0)[0] == ["2027-01-31", "2026-12-01", "2026-11-30", ""]
    # equal ones keep their order, unknown ones too
    assert click(browser, 7)[0] == ["2026-11-22 23:59:05"] * 2 + [""] * 2
    assert column(browser, 1) == [NAMES[0], NAMES[3], NAMES[1], NAMES[2]]


def test_headers_are_reached_by_the_keyboard(browser: Browser, tmp_path: Path) -> None:
    opened(browser, tmp_path)
    browser.run("document.querySelectorAll('thead button')[2].focus()")
    browser.press("Tab")
    browser.press("Enter", "\r")
    assert browser.run("document.activeElement.textContent") == "Licenses bought"
    assert column(browser, 3) == ["0", "99", "1,234", ""]


def test_the_filter(browser: Browser, tmp_path: Path) -> None:
    opened(browser, tmp_path, PAGINA)
    said = "document.querySelector('output').textContent"
    assert browser.run(said) == "4 linhas"
    for words, shown, count in (
        ("ACAO ltda", NAMES[:1], "1 de 4 linhas"),
        ("sub", NAMES[2:], "2 de 4 linhas"),
        ("nobody", [], "0 de 4 linhas"),
        ("", NAMES, "4 linhas"),
    ):
        browser.run(
            f"document.getElementById('filter').value = '{words}';"
            "document.getElementById('filter').dispatchEvent(new Event('input'));"
            "new Promise(done => setTimeout(done, 10))"
        )
        assert (column(browser, 1), browser.run(said)) == (shown, count)


def test_without_a_script_everything_is_there(browser: Browser, tmp_path: Path) -> None:
    browser("Emulation.setScriptExecutionDisabled", value=True)
    try:
        opened(browser, tmp_path)
        tools = "getComputedStyle(document.querySelector('.tools')).display"
        assert browser.run(tools) == "none"
        assert browser.run("document.querySelectorAll('button').length") == 0
        assert browser.run("document.querySelector('footer').innerText") == "4 rows"
        assert column(browser, 1) == NAMES
    finally:
        browser("Emulation.setScriptExecutionDisabled", value=False)


LONG = [
    (
        date(2026, 12, 1) + timedelta(days=n),
        f"Customer {n} of a long name, Ltda",
        f"Sub{n}",
        n,
        5.5,
        True,
        (),
        None,
    )
    for n in range(100)
]


@pytest.mark.parametrize("width", [390, 1280])
def test_a_page_as_wide_as_its_window(browser: Browser, tmp_path: Path, width: int) -> None:
    opened(browser, tmp_path, rows=LONG, width=width)
    assert browser.run("document.documentElement.scrollWidth") == width
    browser.run("document.querySelector('.scroll').scrollTo(700, 500)")
    places = [".scroll", "thead th:last-child", "thead .k", "tbody tr:nth-child(30) .k"]
    box = "document.querySelector(place).getBoundingClientRect()"
    boxes = browser.run(f"{places}.map(place => [{box}.left, {box}.top])")
    # header and names stay in sight while the rest goes by; one pixel is the border
    scroll, last, first, name = boxes
    assert last[1] == first[1] == scroll[1] + 1
    if width == 390:
        assert first[0] == name[0] == scroll[0] + 1
    picture = browser.screenshot()
    assert struct.unpack(">II", picture[16:24]) == (width, 900)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_and_dark(browser: Browser, tmp_path: Path, scheme: str) -> None:
    browser("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    try:
        opened(browser, tmp_path)
        paper = browser.run("getComputedStyle(document.body).backgroundColor")
        assert paper == {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 24, 29)"}[scheme]
    finally:
        browser("Emulation.setEmulatedMedia", features=[])


@pytest.mark.parametrize(("columns", "paper"), [(8, (842, 595)), (6, (595, 842))])
def test_printed_on_a4(browser: Browser, tmp_path: Path, columns: int, paper: tuple[int, int]) -> None:
    page = replace(PAGE, layout=replace(LAYOUT, columns=LAYOUT.columns[:columns]))
    opened(browser, tmp_path, page, [row[:columns] for row in LONG])
    printed = browser.pdf()
    assert printed.startswith(b"%PDF-")
    sizes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)
    assert {(round(float(width)), round(float(height))) for width, height in sizes} == {paper}
    assert 2 <= len(sizes) <= 5


def test_what_is_printed(browser: Browser, tmp_path: Path) -> None:
    opened(browser, tmp_path, rows=LONG)
    browser("Emulation.setEmulatedMedia", media="print")
    try:
        styles = {
            ".tools": ("display", "none"),
            "thead": ("display", "table-header-group"),
            # Chromium does not paint a header again on the next page if there is a button in it
            "thead button": ("display", "contents"),
            "thead th": ("position", "static"),
            "tbody tr": ("breakInside", "avoid"),
            ".scroll": ("overflow", "visible"),
        }
        found = {
            at: (name, browser.run(f"getComputedStyle(document.querySelector('{at}')).{name}"))
            for at, (name, _) in styles.items()
        }
        assert found == styles
    finally:
        browser("Emulation.setEmulatedMedia", media="")
