"""Queries and the customers that they find, one table of examples per rule of ``cli.md``."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerctl.errors import UsageError
from partnerctl.queries.compile import EVERYTHING, Condition, all_of, compile_query
from partnerctl.queries.parser import parse
from partnerctl.queries.tree import any_of_values, join
from tests.queries.customers import CUSTOMERS, TODAY, Row, Rows

LIST = [
    Row(
        "Acme Ltda",
        "EU",
        "BR",
        100,
        95.0,
        date(2026, 12, 1),
        True,
        ("expiring_soon",),
        ("meetings",),
        ("VIP",),
    ),
    Row("Açaí & Café", "US", "US", 20, 12.5, date(2027, 6, 30), False, ("trial",), ("calling_standard",)),
    Row(
        "100% Pure_Foods", None, None, None, None, None, None, ("expired",), ("webex rooms",), ("follow-up",)
    ),
    Row(
        "Globex!", "AE", "de", 0, 0.0, date(2026, 11, 23), None, (), ("calling_professional", "meetings"), ()
    ),
]


def condition(text: str) -> Condition:
    return compile_query(parse(text), CUSTOMERS, TODAY)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", {0, 1, 2, 3}),
        # names
        ("acme", {0}),
        ("CAFE acai", {1}),
        ("-acme", {1, 2, 3}),
        ('"acme l"', {0}),
        ("%", {2}),
        ("e_f", {2}),
        ("globex!", {3}),
        ("acme*", {0}),
        ("ltda*", set()),
        ("*", {0, 1, 2, 3}),
        ("name:acme", set()),
        ('name:"ACME ltda"', {0}),
        ("name:*ltda,*foods", {0, 2}),
        ('name:"acme "*', {0}),
        ('name:"acm "*', set()),
        ("name:*_*", {2}),
        ("name!=globex!", {0, 1, 2}),
        # text and known values
        ("region:EU", {0}),
        ("region:europe,us", {0, 1}),
        ("region:uae", {3}),
        ("region:*", {0, 1, 3}),
        ("region:unknown", {2}),
        ("region:EU,unknown", {0, 2}),
        ("region:unknown,*", {0, 1, 2, 3}),
        ("-region:unknown", {0, 1, 3}),
        ("-region:*", {2}),
        ("region!=EU", {1, 2, 3}),
        ("region!=EU -region:unknown", {1, 3}),
        ("country:br,DE", {0, 3}),
        ("country:b*", {0}),
        ("country:B*,D*", {0, 3}),
        # numbers
        ("seats:100", {0}),
        ("seats:0,20", {1, 3}),
        ("seats:20..", {0, 1}),
        ("seats:..20", {1, 3}),
        ("seats:0..0,20..30", {1, 3}),
        ("seats>20", {0}),
        ("seats>=20", {0, 1}),
        ("seats<20", {3}),
        ("seats<=20", {1, 3}),
        ("seats!=100", {1, 2, 3}),
        ("-seats>20", {1, 2, 3}),
        ("-seats!=20", {1}),
        ("seats:unknown", {2}),
        ("assigned_pct:12.5", {1}),
        ("assigned_pct:95%..", {0}),
        # days
        ("end:2026-12", {0}),
        ("end:next-month", {0}),
        ("end:today", {3}),
        ("end:..+60d", {0, 3}),
        ("end:2026-12..", {0, 1}),
        ("end:2026-11..2026-12", {0, 3}),
        ("end:2027", {1}),
        ("end>2026-12", {1}),
        ("end>=2026-12", {0, 1}),
        ("end<2026-12", {3}),
        ("end<=2026-12", {0, 3}),
        ("end>today", {0, 1}),
        ("-end:2026-12", {1, 2, 3}),
        # yes and no
        ("auto_renew:yes", {0}),
        ("auto-renew:false", {1}),
        ("auto_renew:true,false", {0, 1}),
        ("-auto_renew:true", {1, 2, 3}),
        ("auto_renew:unknown", {2, 3}),
        # words
        ("status:expiring-soon", {0}),
        ('status:"Expiring soon",trial', {0, 1}),
        ("status:exp*", {0, 2}),
        ("-status:expired", {0, 1, 3}),
        ("-status:*", {3}),
        ("product:calling", {1, 3}),
        ("product:calling-standard", {1}),
        ("products:meetings -product:calling", {0}),
        ('product:"Webex Rooms"', {2}),
        ("product:webex*", {2}),
        ("product:c*,meetings", {0, 1, 3}),
        ("product:unknown", set()),
        ("tag:vip", {0}),
        ("tag:follow-up", {2}),
        ("tag:follow_up", set()),
        ("tag!=vip", {1, 2, 3}),
        # together
        ("region:EU,US seats:20.. -acme", {1}),
        ("region:EU region:US", set()),
    ],
)
def test_a_query_finds(text: str, found: set[int]) -> None:
    with Rows(LIST) as rows:
        assert rows.where(condition(text)) == found


@pytest.mark.parametrize(
    ("text", "left_out", "fields"),
    [
        ("", set(), ()),
        ("acme", set(), ()),
        ("tag:vip", set(), ()),
        ("seats:20..", {2}, ("licenses_total",)),
        ("seats:20.. seats:..50", {2}, ("licenses_total",)),
        ("auto_renew:yes", {2, 3}, ("auto_renew",)),
        ("auto_renew:yes region:EU", {2}, ("auto_renew", "region")),
        ("auto_renew:yes globex", {3}, ("auto_renew",)),
        ("-auto_renew:yes", set(), ()),
        ("region:unknown", set(), ()),
        ("region:*", set(), ()),
        ("region:EU,unknown", set(), ()),
        ("seats:20.. region:unknown", {2}, ("licenses_total",)),
    ],
)
def test_rows_left_out_as_unknown(text: str, left_out: set[int], fields: tuple[str, ...]) -> None:
    with Rows(LIST) as rows:
        compiled = condition(text)
        assert rows.unknown(compiled) == left_out
        assert compiled.unknown_fields == fields


@pytest.mark.parametrize(
    ("text", "caret", "said", "hint"),
    [
        ("acme regoin:EU", "     ^^^^^^", "there is no field 'regoin'", "did you mean region?"),
        ("10:30 at:x", "      ^^", "there is no field 'at'", "needs quotes"),
        ("region:EU,Mars", "          ^^^^", "'Mars' is no value of region", "values: US, CA, EU, AE"),
        ("status:expird", "       ^^^^^^", "'expird' is no value of statuses", "did you mean expired?"),
        ("status:x*", "       ^^", "'x*' is no value of statuses", "values: trial"),
        ("seats:many", "      ^^^^", "'many' is not a number", "licenses_total:100.."),
        ("seats:1e5", "      ^^^", "'1e5' is not a number", "licenses_total:100.."),
        ("seats:٣", "      ^", "is not a number", "licenses_total:100.."),
        ("seats:9999999999999999", "      ^^^^^^^^^^^^^^^^", "too large", "15 digits"),
        ("seats:20..10", "      ^^^^^^", "runs backwards", "10..20"),
        ("seats>unknown", "      ^^^^^^^", "'unknown' is not a number", "licenses_total:100.."),
        ("seats:unknown..", "      ^^^^^^^", "'unknown' is not a number", "licenses_total:100.."),
        ("seats:1*", "      ^^", "'1*' is not a number", "licenses_total:100.."),
        ("end:soon", "    ^^^^", "'soon' is not a day", "next-month"),
        ("end:2026-02-30..", "    ^^^^^^^^^^", "not in the calendar", "check"),
        ("end:..+9999999d", "      ^^^^^^^^^", "outside the years", "nearer"),
        ("end:2027..2026", "    ^^^^^^^^^^", "runs backwards", "2026-12-31..2027-01-01"),
        ("auto_renew:maybe", "           ^^^^^", "neither true nor false", "auto_renew:true"),
        ("auto_renew:0..1", "           ^^^^", "auto_renew has no order", "auto_renew:VALUE"),
        ("name>m", "     ^", "name has no order, so it takes no >", "name:VALUE"),
        ("tag:a..b", "    ^^^^", "tags has no order, so it takes no ranges", "quotes"),
    ],
)
def test_the_caret_stands_under_what_a_field_does_not_take(
    text: str, caret: str, said: str, hint: str
) -> None:
    with pytest.raises(UsageError) as caught:
        condition(text)
    reason, shown, carets = caught.value.reason.split("\n")
    assert said in reason
    assert (shown, carets) == (f"  {text}", f"  {caret}")
    assert hint in str(caught.value.hint)


def test_values_of_one_option_are_any_and_options_are_all() -> None:
    query = join(
        any_of_values("products", ["calling", "Webex Rooms"], "--product"),
        any_of_values("region", ["us", "unknown"], "--region"),
        any_of_values("tags", [], "--tag"),
        parse("-globex"),
    )
    with Rows(LIST) as rows:
        assert rows.where(compile_query(query, CUSTOMERS, TODAY)) == {1, 2}


def test_a_bad_value_of_an_option_is_shown_beside_the_option() -> None:
    with pytest.raises(UsageError) as caught:
        compile_query(any_of_values("statuses", ["trail"], "--status"), CUSTOMERS, TODAY)
    assert caught.value.reason == "'trail' is no value of statuses\n  --status trail\n           ^^^^^"
    assert caught.value.hint == "did you mean trial?"


def test_a_star_in_an_option_is_a_star() -> None:
    with Rows([Row(tags=("a*",)), Row(tags=("ab",))]) as rows:
        assert rows.where(compile_query(any_of_values("tags", ["a*"], "--tag"), CUSTOMERS, TODAY)) == {0}


def test_conditions_combine_and_keep_their_values_apart() -> None:
    both = all_of(
        [condition("seats:20.. seats:..50"), EVERYTHING, condition("region:US,EU"), condition("acai")]
    )
    assert len(both.params) == 5
    assert both.unknown_fields == ("licenses_total", "region")
    with Rows(LIST) as rows:
        assert rows.where(both) == {1}
        assert rows.unknown(both) == set()
        assert rows.unknown(all_of([condition("seats:20.."), condition("region:EU")])) == {2}


def test_a_condition_of_ones_own_combines_too() -> None:
    own = Condition("c.country = :q1 OR c.country IS NULL", {"q1": "US"})
    with Rows(LIST) as rows:
        assert rows.where(all_of([condition("-acme"), own])) == {1, 2}


def test_nothing_to_combine_is_everything() -> None:
    only = condition("acme")
    assert all_of([]) == EVERYTHING
    assert all_of([EVERYTHING, only]) == only
    assert EVERYTHING.unknown_sql == "1 = 0"


def test_no_written_value_reaches_the_sql() -> None:
    compiled = condition("region:EU seats:77.. end:2031 tag:zebra name:yak* walrus country:xx")
    for value in ("EU", "77", "2031", "zebra", "yak", "walrus", "xx"):
        assert value not in compiled.sql


def test_the_deepest_query_runs() -> None:
    patterns = ",".join(["x*y"] * 300)
    with Rows(LIST) as rows:
        deepest = condition(" ".join([f"country:{patterns}", *["-zz"] * 100, *["seats:0.."] * 99]))
        assert rows.where(all_of([deepest, condition("a " * 100)])) == set()
        assert rows.unknown(deepest) == {2}


FIELD_TEXT = st.sampled_from(
    ["region", "seats", "end", "tag", "status", "name", "auto_renew", "country", "x"]
)
SIGNS = st.sampled_from([":", "!=", ">", "<=", ":..", "=", ":>"])
VALUES = st.text("aEU01-+dw.,*'\" \\2unkow") | st.sampled_from(
    ["EU", "10..20", "today", "+3m", "2026-12", "unknown"]
)


@given(
    st.lists(st.builds("{}{}{}".format, FIELD_TEXT, SIGNS, VALUES) | st.text(), max_size=4).map(" ".join),
    st.dates(),
)
def test_any_text_runs_or_is_wrong_usage(text: str, today: date) -> None:
    with suppress(UsageError), Rows(LIST) as rows:
        compiled = compile_query(parse(text), CUSTOMERS, today)
        assert not rows.where(compiled) & rows.unknown(compiled)
