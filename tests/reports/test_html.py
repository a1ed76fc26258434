"""The page as text: what is in it, escaped, in both languages, and nothing from outside."""

import base64
import hashlib
import io
import itertools
import re
import tracemalloc
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from partnerctl.domain.entities import Kind
from partnerctl.reports.html import write_html
from partnerctl.reports.page import Page
from partnerctl.reports.values import Cell
from tests.reports.pages import PAGE, PAGINA, ROWS, TEXTS, layout_of

SHOWN = """\
<tr><td class="d">2026-12-01</td><th scope=row class="k">Ação, Ltda</th><td>007</td>\
<td class="n" data-v="1234">1,234</td><td class="n">83.2</td><td>Yes</td><td>gold; key account</td>\
<td class="d">2026-11-22 23:59:05</td></tr>
<tr><td class="d">2027-01-31</td><th scope=row class="k">=1+1</th><td>1e5</td><td class="n">0</td>\
<td class="n">100</td><td>No</td><td></td><td class="d"></td></tr>
<tr><td class="d"></td>\
<th scope=row class="k">&lt;/td&gt;&lt;script&gt;document.title='hit'&lt;/script&gt;</th><td>Sub3</td>\
<td class="n"></td><td class="n"></td><td></td><td>new</td><td class="d"></td></tr>
<tr><td class="d">2026-11-30</td><th scope=row class="k">Beta &amp; Sons</th><td>Sub4</td>\
<td class="n">99</td><td class="n">7.5</td><td>Yes</td><td></td><td class="d">2026-11-22 23:59:05</td></tr>
"""


def page_of(page: Page = PAGE, rows: Sequence[Sequence[Cell]] = ROWS) -> str:
    out = io.BytesIO()
    assert write_html(out, page, rows) == len(rows)
    return out.getvalue().decode()


def rows_of(text: str) -> str:
    return text.partition("<tbody>\n")[2].partition("</tbody>")[0]


def test_the_rows() -> None:
    assert rows_of(page_of()) == SHOWN
    assert rows_of(page_of(rows=TEXTS)) == SHOWN


def test_the_rows_in_portuguese() -> None:
    shown = rows_of(page_of(PAGINA))
    assert shown == (
        SHOWN.replace(">Yes<", ">Sim<")
        .replace(">No<", ">Não<")
        .replace(">1,234<", ">1.234<")
        .replace(">83.2<", ' data-v="83.2">83,2<')
        .replace(">7.5<", ' data-v="7.5">7,5<')
    )


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (PAGE, ("Period", "Region", "Made", "Filter", "Last seen (UTC)", "4 rows")),
        (PAGINA, ("Período", "Região", "Gerado em", "Filtrar", "Visto por último (UTC)", "4 linhas")),
    ],
)
def test_what_stands_around_the_rows(page: Page, said: tuple[str, ...]) -> None:
    first, second, made, label, seen, count = said
    text = page_of(page)
    assert f'<html lang="{"en" if page is PAGE else "pt-BR"}">' in text
    assert f"<title>{page.title}</title>" in text
    assert f'<h1 id="title">{page.title}</h1>' in text
    assert re.findall("<dt>(.*?)</dt><dd>(.*?)</dd>", text) == [
        (first, page.facts[0][1]),
        (second, page.facts[1][1].replace("&", "&amp;")),
        (made, '<time datetime="2026-11-23T12:00:00Z">2026-11-23 12:00 UTC</time>'),
    ]
    assert f'<label for="filter">{label}</label>' in text
    assert f'<th scope="col" class="d" data-kind="date"><span>{seen}</span></th>' in text
    assert f"<footer>\n<p>{count}</p>\n</footer>" in text


@pytest.mark.parametrize(
    ("page", "count", "said"),
    [
        (PAGE, 0, "0 rows"),
        (PAGE, 1, "1 row"),
        (PAGE, 1234, "1,234 rows"),
        (PAGINA, 1, "1 linha"),
        (PAGINA, 1234, "1.234 linhas"),
    ],
)
def test_how_many_rows_there_were_stands_at_the_end(page: Page, count: int, said: str) -> None:
    assert f"<p>{said}</p>\n</footer>" in page_of(page, [ROWS[0]] * count)


class Outside(HTMLParser):
    """Collects what a page would fetch, and the texts of its styles and scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.inline: dict[str, list[str]] = {"style": [], "script": []}
        self.policy = ""
        self._inside: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag if tag in self.inline else None
        for name, value in attrs:
            if name in {"src", "href", "srcset", "action", "style", "background"} or name.startswith("on"):
                self.fetched.append(f"{tag} {name}={value}")
        if dict(attrs).get("http-equiv") == "Content-Security-Policy":
            self.policy = dict(attrs)["content"] or ""

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.inline[self._inside].append(data)

    def handle_endtag(self, tag: str) -> None:
        self._inside = None


def test_a_policy_that_allows_the_one_style_and_the_one_script() -> None:
    found = Outside()
    found.feed(page_of())
    (style,), (script,) = found.inline["style"], found.inline["script"]

    def source(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    assert found.policy == (
        f"default-src 'none'; style-src {source(style)}; script-src {source(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    assert found.fetched == []
    assert not re.search(r"url\(|@import|https?:|//[a-z]", style)
    assert not re.search(r"https?:|fetch\(|import\b|innerHTML|eval", script)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x00b\x1b[0m\x7f", "a␀b␛[0m␡"),
        ("two\r\nlines\tx", "two\r\nlines\tx"),
        ("&amp;", "&amp;amp;"),
        ("$rows ${title} {all}", "$rows ${title} {all}"),
        ("\udcff", "?"),
    ],
)
def test_texts_of_every_sort(text: str, shown: str) -> None:
    page = replace(PAGE, layout=layout_of(Kind.TEXT), title=text, facts=((text, text),))
    assert f">{shown}</th>" in page_of(page, [(text,)])


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (1234567, ' data-v="1234567">1,234,567'),
        (-1234, ' data-v="-1234">-1,234'),
        (0.1 + 0.2, ' data-v="0.30000000000000004">0.3'),
        (1234.5, ' data-v="1234.5">1,234.5'),
        ("007", ">007"),
        (True, ">Yes"),
    ],
)
def test_numbers(number: Cell, shown: str) -> None:
    page = replace(PAGE, layout=layout_of(Kind.NUMBER))
    assert rows_of(page_of(page, [(number,)])) == f'<tr><th scope=row class="k n"{shown}</th></tr>\n'


@pytest.mark.parametrize(("columns", "width"), [(6, "narrow"), (7, "wide"), (12, "wide"), (13, "widest")])
def test_wide_tables_are_printed_on_turned_paper(columns: int, width: str) -> None:
    page = replace(PAGE, layout=layout_of(*[Kind.COUNT] * columns))
    assert f'<body class="{width}">' in page_of(page, [])


def test_the_page_is_written_while_rows_come() -> None:
    out = io.BytesIO()

    def rows() -> Iterator[tuple[Cell, ...]]:
        yield from ROWS * 200
        assert out.getvalue().count(b"<tr>") > 500
        raise LookupError("the store went away")

    with pytest.raises(LookupError):
        write_html(out, PAGE, rows())


def test_memory_does_not_grow_with_the_rows() -> None:
    class Nowhere(io.BytesIO):
        def write(self, data: object, /) -> int:
            return 0

    def peak(count: int) -> int:
        tracemalloc.start()
        write_html(Nowhere(), PAGE, itertools.repeat(TEXTS[0], count))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(1)  # what is imported on the way stays
    assert peak(2_500) < 1.3 * peak(1_000)
