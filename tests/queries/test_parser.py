"""QUERY text and the tree that it becomes, and where the caret stands when it cannot."""

from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from partnerctl.errors import UsageError
from partnerctl.queries.lexer import LONGEST_QUERY
from partnerctl.queries.parser import MOST_TERMS, MOST_VALUES, parse
from partnerctl.queries.tree import Literal, Query, Range, any_of_values, join


def written(query: Query) -> list[str]:
    """Return each term in one plain form: field, sign, values between brackets."""
    return [
        f"{'not ' if term.negated else ''}{term.field or ''}{term.comparison.value}"
        + ",".join(_shown(value) for value in term.values)
        for term in query.terms
    ]


def _shown(value: Literal | Range) -> str:
    if isinstance(value, Literal):
        return f"<{'|'.join(value.parts)}>"
    return f"{_shown(value.low) if value.low else ''}..{_shown(value.high) if value.high else ''}"


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", []),
        ("  \t\n ", []),
        ("acme", [":<acme>"]),
        ("-acme", ["not :<acme>"]),
        ("acme ltda", [":<acme>", ":<ltda>"]),
        ('"acme ltda"', [":<acme ltda>"]),
        ("“acme ltda”", [":<acme ltda>"]),
        ("Acme - Brasil", [":<Acme>", ":<->", ":<Brasil>"]),
        ("O'Brien", [":<O'Brien>"]),
        ("Acme,Inc", [":<Acme,Inc>"]),
        ("10:30", [":<10:30>"]),
        ("wait..", [":<wait..>"]),
        ("region:EU", ["region:<EU>"]),
        ("region:EU,US", ["region:<EU>,<US>"]),
        ("region=EU", ["region:<EU>"]),
        ("region==EU", ["region:<EU>"]),
        ("region!=EU", ["not region:<EU>"]),
        ("-region:EU", ["not region:<EU>"]),
        ("-region!=EU", ["region:<EU>"]),
        ("name:'Acme Ltda' region:EU", ["name:<Acme Ltda>", "region:<EU>"]),
        ('tags:"a,b",c', ["tags:<a,b>,<c>"]),
        ('name:"5\\" disk"', ['name:<5" disk>']),
        ('name:"C:\\\\x"', ["name:<C:\\x>"]),
        ("name:a\\ b\\,c\\*", ["name:<a b,c*>"]),
        ("name:C\\x", ["name:<C\\x>"]),
        ("name:back\\", ["name:<back\\>"]),
        ("name:acme*", ["name:<acme|>"]),
        ('name:*"Acme "*', ["name:<|Acme |>"]),
        ("seats:100..", ["seats:<100>.."]),
        ("seats:..100", ["seats:..<100>"]),
        ("seats:10..20,30", ["seats:<10>..<20>,<30>"]),
        ("seats:..5,10..", ["seats:..<5>,<10>.."]),
        ("seats:1.5..2.5", ["seats:<1.5>..<2.5>"]),
        ("end:..+60d", ["end:..<+60d>"]),
        ("end:-30d..+60d", ["end:<-30d>..<+60d>"]),
        ('end:"2026-12"', ["end:<2026-12>"]),
        ("seats>100", ["seats><100>"]),
        ("seats > 100", ["seats><100>"]),
        ("seats:>=100", ["seats>=<100>"]),
        ("end<-30d", ["end<<-30d>"]),
        ("end<=2026-12-31 acme", ["end<=<2026-12-31>", ":<acme>"]),
        ("-seats>5", ["not seats><5>"]),
        ("size:a:b", ["size:<a:b>"]),
        ('name:""', ["name:<>"]),
    ],
)
def test_words_become_terms(text: str, terms: list[str]) -> None:
    assert written(parse(text)) == terms


@pytest.mark.parametrize(
    ("text", "caret", "said"),
    [
        ("region:", "       ^", "a value is missing"),
        ("region: EU", "       ^", "a value is missing"),
        ("region:EU,", "          ^", "a value is missing"),
        ("region:EU,,US", "          ^", "a value is missing"),
        ("seats:..", "        ^", "a value is missing"),
        ("seats >", "       ^", "a value is missing"),
        ("seats:1..2..3", "          ^^", "a range has two ends"),
        ("seats:..2..3", "         ^^", "a range has two ends"),
        ("seats>1,2", "^^^^^^^^^", "> takes one value"),
        ("acme seats>1..2", "     ^^^^^^^^^^", "> takes one value"),
        ("acme 'b c", "     ^", "this quote is never closed"),
        ('name:"Acme"Ltda', "           ^", "a space is missing after the closing quote"),
        ("acme :EU", "     ^", "a field is missing"),
        ("!=EU", "^", "a field is missing"),
        ("-<5", " ^", "a field is missing"),
        ("--region:EU", " ^", "one dash is enough"),
        ("name:a*b*c*d*e*f", "     ^^^^^^^^^^^", "more than 4 wildcards"),
        ("acme\0corp", "    ^", "not text"),
        ("\udcff", "^", "not text"),
        ("日本 region:", "            ^", "a value is missing"),
        ("cafe\u0301 region:", "            ^", "a value is missing"),
        ("a\tb\nregion:", "           ^", "a value is missing"),
    ],
)
def test_the_caret_stands_under_the_fault(text: str, caret: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(text)
    reason, _, carets = caught.value.reason.split("\n")
    assert said in reason
    assert carets == "  " + caret
    assert caught.value.hint


def test_the_query_stands_above_the_caret_without_control_characters() -> None:
    with pytest.raises(UsageError) as caught:
        parse("\x1b[31m\ttags:")
    assert caught.value.reason.split("\n")[1] == "  \N{REPLACEMENT CHARACTER}[31m tags:"


def test_of_a_long_query_only_the_part_around_the_fault_is_shown() -> None:
    with pytest.raises(UsageError) as caught:
        parse("acme " * 100 + "region: " + "acme " * 50)
    _, shown, carets = caught.value.reason.split("\n")
    assert shown.startswith("  …")
    assert shown.endswith("…")
    assert shown[: len(carets) - 1].endswith("region:")
    assert len(shown) < 160


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x" * (LONGEST_QUERY + 1), "longer than 10,000 characters"),
        ("x " * (MOST_TERMS + 1), "more than 200 words"),
        ("tag:" + ",".join("x" * (MOST_VALUES + 1)), "more than 300 values"),
    ],
)
def test_what_no_database_would_take_is_refused(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        parse(text)


def test_options_become_terms_as_they_are_written() -> None:
    query = join(
        any_of_values("tags", ["a,b*", "'x"], "--tag"), any_of_values("region", [], "--region"), parse("acme")
    )
    assert written(query) == ["tags:<a,b*>,<'x>", ":<acme>"]


def test_an_option_is_text_too() -> None:
    with pytest.raises(UsageError, match="--tag"):
        any_of_values("tags", ["\udcff"], "--tag")


@given(st.text("ab1*,.:=<>!-+\"'\\ “”é\n日") | st.text())
@example("a:" + "*" * 50)
@example("\\")
@example('"\\')
def test_any_text_is_a_tree_or_wrong_usage(text: str) -> None:
    with suppress(UsageError):
        for term in parse(text).terms:
            assert term.values
            assert 0 <= term.place.start <= term.place.end <= len(text)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=50))
def test_any_text_can_stand_in_quotes(text: str) -> None:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    (term,) = parse(f'name:"{escaped}"').terms
    (value,) = term.values
    assert isinstance(value, Literal)
    assert value.parts == (text,)
    assert value.quoted
