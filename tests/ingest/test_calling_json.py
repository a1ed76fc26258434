"""Call records as JSON, in every shape in which they come."""

from __future__ import annotations

import errno
import gzip
import json
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerctl.domain.calling.kinds import CALLS
from partnerctl.errors import InvalidData, MachineFault
from partnerctl.ingest import calling_json
from partnerctl.ingest.calling_json import begins_as_json, open_document
from partnerctl.ingest.calling_rows import Given, normalise
from partnerctl.ingest.calling_tables import open_calling
from partnerctl.ingest.typed import ReadOptions
from partnerctl.tabular.recognition import Unrecognised
from partnerctl.tabular.rows import BadRow
from tests.ingest.calling_files import (
    ACME,
    ALL_LAYOUTS,
    RECORD,
    TODAY,
    called,
    normalised,
    opened,
    source_of,
)

OTHER: dict[str, Any] = {**RECORD, "Report ID": "R2", "Duration": 61.0, "Answered": False, "Model": None}
FIRST_TWO = [("r1", "60", "true"), ("r2", "61", "false")]


def rows_of(folder: Path, data: str | bytes, name: str = "file.json") -> list[dict[str, str]]:
    return normalised(opened(folder, data, name), folder)[0]


def refused(folder: Path, data: str | bytes, **said: Any) -> InvalidData:
    with pytest.raises(InvalidData) as caught:
        normalised(opened(folder, data, "file.json", ReadOptions(**said)), folder)
    return caught.value


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("wrap", [lambda rows: rows, lambda rows: {"Items": rows}])
def test_lists_of_records_are_read(tmp_path: Path, wrap: Any, indent: int | None) -> None:
    rows = rows_of(tmp_path, json.dumps(wrap([RECORD, OTHER]), indent=indent))
    assert [called(row, "report_id", "duration", "answered") for row in rows] == FIRST_TWO


@pytest.mark.parametrize("end", ["", "\n", "\r\n\r\n"])
def test_one_record_per_line_is_read(tmp_path: Path, end: str) -> None:
    text = f"\n{json.dumps(RECORD)}\n\n{json.dumps(OTHER)}{end}"
    rows = rows_of(tmp_path, text, "file.jsonl")
    assert [called(row, "report_id", "duration", "answered") for row in rows] == FIRST_TWO


@pytest.mark.parametrize("indent", [None, 2])
def test_one_record_alone_is_read(tmp_path: Path, indent: int | None) -> None:
    rows = rows_of(tmp_path, json.dumps(RECORD, indent=indent))
    assert [called(row, "report_id", "duration") for row in rows] == [("r1", "60")]


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16"])
def test_byte_order_marks_and_gzip_do_not_matter(tmp_path: Path, codec: str) -> None:
    data = json.dumps([{**RECORD, "Location": "São"}], ensure_ascii=False).encode(codec)
    for packed in (data, gzip.compress(data)):
        assert called(rows_of(tmp_path, packed)[0], "location") == ("São",)


def test_an_encoding_can_be_said(tmp_path: Path) -> None:
    data = json.dumps([{**RECORD, "Location": "São"}], ensure_ascii=False).encode("cp1252")
    table = opened(tmp_path, data, "file.json", ReadOptions(encoding="windows-1252"))
    assert called(normalised(table, tmp_path)[0][0], "location") == ("São",)
    error = refused(tmp_path, data)
    assert error.reason == "file.json: its bytes are not utf-8 text, or it is cut"


def test_keys_count_without_case_and_one_that_is_absent_has_no_value(tmp_path: Path) -> None:
    needed = {key.upper(): RECORD[key] for key in ("Start time", "Org UUID", "Report ID")}
    assert rows_of(tmp_path, json.dumps([needed, {**RECORD, "DEVICE mac": "AB"}])) == [
        {"start_time": "2026-11-16 08:00:00.000000", "org_id": ACME, "report_id": "r1"},
        {
            "start_time": "2026-11-16 08:00:00.000000",
            "duration": "60",
            "correlation_id": "c1",
            "direction": "ORIGINATING",
            "call_type": "SIP_NATIONAL",
            "device_mac": "AB",
            "answered": "true",
            "user_type": "User",
            "org_id": ACME,
            "report_id": "r1",
            "report_time": "2026-11-16 08:02:00.000000",
        },
    ]


def test_values_of_every_type_become_cells(tmp_path: Path) -> None:
    record = {**RECORD, "Site timezone": -300, "Caller Reputation Score": 4.5, "ELIN": True, "Model": None}
    record |= {"Duration": 12.0, "Answered": 1, "Hold Duration": "3", "Local call ID": 1e-7}
    keys = (
        "site_timezone",
        "caller_reputation_score",
        "elin",
        "model",
        "duration",
        "answered",
        "local_call_id",
    )
    assert called(rows_of(tmp_path, json.dumps([record]))[0], *keys) == (
        *("-300", "4.5", "true", "", "12", "true", "0.0000001"),
    )


def test_keys_that_differ_in_case_only_are_told_and_the_last_one_counts(tmp_path: Path) -> None:
    doubled = {**RECORD, "Location": "a", "LOCATION": "b", "colour": 1, "shape": [1]}
    table = opened(tmp_path, json.dumps([RECORD, doubled, doubled]), "file.json")
    rows, done, _ = normalised(table, tmp_path)
    assert [called(row, "location") for row in rows] == [("",), ("b",), ("b",)]
    assert done.notes == (
        "file.json: skipped 2 keys not known here: colour, shape",
        "file.json, item 2: 'Location' and 'LOCATION' mean the same; the last one counts (2 records in all)",
    )


def test_a_map_names_a_key_and_then_only_the_map_counts(tmp_path: Path) -> None:
    options = ReadOptions(header_map=(("Site", "location"),))
    table = opened(tmp_path, json.dumps([{**RECORD, "Site": "a", "Location": "b"}]), "file.json", options)
    assert called(normalised(table, tmp_path)[0][0], "location") == ("a",)


def test_a_missing_key_is_named_as_a_missing_header_is(tmp_path: Path) -> None:
    record = {("Report identity" if key == "Report ID" else key): value for key, value in RECORD.items()}
    error = refused(tmp_path, json.dumps([record]))
    assert "calls needs the column report_id / Report ID" in error.reason
    assert error.hint == "Say --map 'Report identity=report_id'."


@pytest.mark.parametrize(
    ("second", "words"),
    [
        ({**RECORD, "Start time": "yesterday"}, "start_time (Start time): 'yesterday' is no time"),
        ({**RECORD, "Start time": None}, "start_time (Start time): is empty, and every row needs it"),
        ({**RECORD, "Duration": -1}, "duration (Duration): '-1' is no whole number of 0 or more"),
        ({**RECORD, "Duration": 1.5}, "duration (Duration): '1.5' is no whole number of 0 or more"),
        (
            {**RECORD, "Duration": 10**30},
            "duration (Duration): '1000000000000000000000000000000' is too large",
        ),
        ({**RECORD, "Location": "a\0b"}, "location (Location): holds a NUL character"),
        ({**RECORD, "Location": {"a": 1}}, "Location: is a list or an object; a cell holds one value"),
        ({**RECORD, "Model": []}, "Model: is a list or an object; a cell holds one value"),
        (7, "is not a JSON object"),
        (None, "is not a JSON object"),
    ],
)
def test_a_bad_record_is_named_by_its_item_or_its_line(tmp_path: Path, second: Any, words: str) -> None:
    assert f"file.json, item 2: {words}" in refused(tmp_path, json.dumps([RECORD, second])).reason
    lines = f"{json.dumps(RECORD)}\n\n{json.dumps(second)}\n"
    assert f"file.json, line 3: {words}" in refused(tmp_path, lines).reason


def test_bad_records_are_rejected_as_rows_of_csv(tmp_path: Path) -> None:
    table = opened(tmp_path, json.dumps([RECORD, {**RECORD, "Duration": "x"}, 7, OTHER]), "file.json")
    rows, done, rejected = normalised(table, tmp_path, keeps_on=True)
    assert [row["report_id"] for row in rows] == ["r1", "r2"]
    assert done.rows == 2
    assert rejected[0] == ",".join([*(f.header for f in CALLS.fields), "rejected_line", "rejected_reason"])
    assert rejected[1].startswith("2026-11-16T08:00:00.000Z,,x,,,")
    assert rejected[1].endswith(",2,duration (Duration): 'x' is no whole number of 0 or more")
    assert rejected[2].endswith(",3,is not a JSON object")
    again = opened(tmp_path, (tmp_path / "file.rejected.csv").read_bytes().replace(b",x,", b",5,", 1))
    assert [row["duration"] for row in normalised(again, tmp_path, keeps_on=True)[0]] == ["5"]


@pytest.mark.parametrize("cut", [1, 40, 200])
@pytest.mark.parametrize(
    "text",
    [
        json.dumps([RECORD, OTHER]),
        json.dumps({"items": [RECORD, OTHER]}, indent=1),
        f"{json.dumps(RECORD)}\n{json.dumps(OTHER)}",
    ],
)
def test_a_cut_file_is_refused_and_never_read_short(tmp_path: Path, text: str, cut: int) -> None:
    error = refused(tmp_path, text[:-cut])
    assert "is not valid JSON" in error.reason
    assert error.hint


def test_a_file_that_is_cut_says_so(tmp_path: Path) -> None:
    error = refused(tmp_path, f"{json.dumps(RECORD)}\n{json.dumps(OTHER)[:-20]}")
    assert error.reason.startswith("file.json, line 2: is not valid JSON: ")
    assert error.reason.endswith(", and the file ends there: it seems to be cut")
    assert error.hint == "Download or export it again."


@pytest.mark.parametrize(
    "text",
    [
        f"{json.dumps([RECORD])}\n{json.dumps([RECORD])}",
        f"{json.dumps(RECORD)}\nnonsense\n{json.dumps(RECORD)}\n",
        json.dumps([RECORD]).replace('"60"', "NaN"),
        json.dumps([RECORD]).replace('"60"', '"\\ud800"'),
        json.dumps([RECORD]).replace('"60"', "[" * 5000 + "]" * 5000),
        json.dumps(RECORD).replace('"60"', '{"a":' * 5000 + "1" + "}" * 5000),
    ],
)
def test_hostile_documents_end_in_words(tmp_path: Path, text: str) -> None:
    assert "is not valid JSON" in refused(tmp_path, text).reason


def test_what_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling_json, "LARGEST_DOCUMENT", 1 << 20)
    records = json.dumps([{**RECORD, "Location": "x" * 5000}] * 300)
    assert "is one JSON value of more than 1 MiB" in refused(tmp_path, records).reason
    monkeypatch.setattr(calling_json, "LONGEST_LINE", 1 << 10)
    lines = f"{json.dumps(RECORD)}\n" * 60 + json.dumps({**RECORD, "Location": "x" * 2000})
    assert "file.json, line 61: the line is longer than" in refused(tmp_path, lines).reason
    many = "".join(f"{json.dumps(RECORD)}\n" for _ in range(5000))  # lines stream, however many
    assert len(rows_of(tmp_path, many)) == 5000


def test_more_keys_than_are_remembered_end_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling_json, "_MOST_KEYS", 20)
    table = opened(tmp_path, json.dumps([{**RECORD, **{f"k{n}": n for n in range(100)}}]), "file.json")
    rows, done, _ = normalised(table, tmp_path)
    assert (len(rows), len(done.notes)) == (1, 1)


@pytest.mark.parametrize(
    "text",
    ['[{"org_id": "x", "name": "Acme"}]', '{"org_id": "x", "name": "Acme"}\n', "[", '{"org_id"', "{}}"],
)
def test_json_of_other_things_is_left_to_its_own_reader(tmp_path: Path, text: str) -> None:
    assert open_calling(source_of(tmp_path / "file.json", text), ALL_LAYOUTS) is None


@pytest.mark.parametrize(
    "text", ["[]", "[1, 2]", '{"items": []}', '{\n"colour": "red",\n"shape": {"sides": 4}\n}', "{}"]
)
def test_json_that_nobody_reads_is_not_recognised(tmp_path: Path, text: str) -> None:
    with pytest.raises(Unrecognised) as caught:
        open_calling(source_of(tmp_path / "file.json", text), ALL_LAYOUTS)
    assert caught.value.hint == "Say it with --entity calls|calling-media|calling-queue-stats|calling-usage."


@pytest.mark.parametrize("text", ["[]", '{"items": []}'])
def test_an_empty_answer_is_no_records_where_the_user_says_what_it_is(tmp_path: Path, text: str) -> None:
    table = opened(tmp_path, text, "file.json", ReadOptions(entity="calls"))
    rows, done, _ = normalised(table, tmp_path, Given(TODAY))
    assert (rows, done.rows, done.first, done.last) == ([], 0, None, None)


def test_a_file_that_cannot_be_read_is_the_machine() -> None:
    def broken() -> BinaryIO:
        raise OSError(errno.EIO, "Input/output error")

    assert not begins_as_json(broken)
    with pytest.raises(MachineFault, match=r"file\.json: cannot be read \(Input/output error\)"):
        open_document(broken, "file.json")


CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()
)
VALUES = st.recursive(CELLS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5)


@given(extra=st.dictionaries(st.sampled_from(["Location", "Duration", "LOCATION", "x"]), VALUES))
def test_whatever_stands_in_a_record_it_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, extra: dict[str, Any]
) -> None:
    folder = tmp_path_factory.mktemp("json")
    data = json.dumps([RECORD, {**RECORD, **extra}], ensure_ascii=True)
    bad: list[BadRow] = []
    done = normalise(opened(folder, data, "file.json"), folder / "out.csv", Given(TODAY), bad.append)
    assert done.rows + len(bad) == 2
