"""Raw rows out of bytes: encodings, delimiters, quotes, and everything that is refused."""

from __future__ import annotations

import codecs
import errno
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerctl.errors import InvalidData, MachineFault, UsageError
from partnerctl.tabular import jsonlines
from partnerctl.tabular.delimited import DelimitedFile, open_delimited
from partnerctl.tabular.encoding import LONGEST_LINE
from partnerctl.tabular.jsonlines import JsonLinesFile, looks_like_json, open_json_lines
from partnerctl.tabular.rows import BadRow, Opener
from tests.tabular.files import in_memory


def opened(data: bytes | str, encoding: str | None = None) -> DelimitedFile:
    return open_delimited(in_memory(data.encode() if isinstance(data, str) else data), "a.csv", encoding)


def read(data: bytes | str, encoding: str | None = None) -> list[tuple[int, list[str]]]:
    return list(opened(data, encoding).rows())


def refused(data: bytes | str, encoding: str | None = None) -> str:
    with pytest.raises(InvalidData) as caught:
        read(data, encoding)
    assert caught.value.hint
    return caught.value.reason


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_delimiters_line_ends_and_encodings(delimiter: str, end: str, encoding: str) -> None:
    text = end.join([delimiter.join(["nome", "país"]), delimiter.join(["Ação", "BR"]), ""])
    file = opened(text.encode(encoding))
    assert file.headers == ("nome", "país")
    assert list(file.rows()) == [(2, ["Ação", "BR"])]


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_both_kinds_of_utf16(mark: bytes) -> None:
    codec = "utf-16-le" if mark == codecs.BOM_UTF16_LE else "utf-16-be"
    data = mark + "a,b\nç,2\n".encode(codec)
    assert read(data) == read(data, codec) == [(2, ["ç", "2"])]


def test_a_guessed_encoding_is_told_and_a_said_one_is_not() -> None:
    data = "nome\nAção\n".encode("cp1252")
    assert opened(data).notes == ("a.csv: not valid UTF-8, so read as Windows-1252 (--encoding settles it)",)
    assert opened(data, "latin-1").notes == ()


@pytest.mark.parametrize("name", ["klingon", "hex", "rot13", "", "\0"])
def test_an_encoding_that_is_none_is_wrong_usage(name: str) -> None:
    with pytest.raises(UsageError, match="there is no encoding"):
        opened("a\n1\n", name)


def test_the_header_decides_the_delimiter_and_quotes_are_honoured() -> None:
    assert read('"Licença, em uso";b\n1;2\n') == [(2, ["1", "2"])]
    assert opened("sep=;\na;b,c\n1;2\n").headers == ("a", "b,c")
    assert read("sep=;\na;b,c\n1;2\n") == [(3, ["1", "2"])]
    assert read("just one\nx\n") == [(2, ["x"])]


def test_empty_lines_are_no_rows_and_lines_are_counted_as_an_editor_does() -> None:
    assert read('\na,b\n"x\ny",1\n\nz,2\n\n\n') == [(3, ["x\ny", "1"]), (6, ["z", "2"])]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "a.csv: is empty: there is no header"),
        (b"\n \n", "a.csv: is empty: there is no header"),
        (b'""\n', "a.csv: has no header"),
        (b"sep=;\n;;\n", "a.csv: has no header"),
        (
            b'a,b\n1,2\n3,"4\n5,6\n',
            "a.csv, line 3: a quote opens in this row and never closes; the file may be cut",
        ),
        (b'a,b\n"1"x,2\n', "a.csv, line 2: there is text after a closing quote"),
        (b"a,b\n1\n3,4\n", "a.csv, line 2: the row has 1 cell, the header 2"),
        (b"a,b\n1,2,3\n", "a.csv, line 2: the row has 3 cells, the header 2"),
        (
            b"a,b,c\n1,2,3\n4,5",
            "a.csv, line 3: the row has 2 cells, the header 3, and the file ends there: it seems to be cut",
        ),
        (b"a,b\n1,\0\n", "a.csv, line 2: holds a NUL byte: it is damaged, or not a text file"),
        ("a\né\n€".encode()[:-1], "a.csv: is cut in the middle of a character"),
        (b"a\n\x81\n", "a.csv: its bytes are neither UTF-8 nor Windows-1252 text"),
        (
            codecs.BOM_UTF16_LE + b"a\0\n",
            "a.csv: begins as UTF-16 text, but its bytes are not, or the file is cut",
        ),
        (
            codecs.BOM_UTF8 + b"a\n\xe3\n",
            "a.csv: begins as UTF-8 text, but its bytes are not, or the file is cut",
        ),
        (b'a,"b\n1,2\n', "a.csv, line 1: a quote opens in this row and never closes; the file may be cut"),
    ],
)
def test_what_is_broken_is_refused_with_its_line(data: bytes, reason: str) -> None:
    assert refused(data) == reason


def test_an_unclosed_quote_swallows_no_more_than_one_cell_may_hold() -> None:
    reason = refused('a,b\n"x,1\n' + "y,2\n" * 100_000)
    assert reason.startswith("a.csv, line 2: a cell is larger than 128 KiB")


def test_an_endless_line_is_refused_before_it_is_held() -> None:
    assert "longer than 8 MiB" in refused(b"a\n" + b"x" * (LONGEST_LINE + 1))


def test_bytes_that_are_not_the_said_encoding_are_refused() -> None:
    assert refused("a\nç\n".encode("cp1252"), "utf-8") == "a.csv: its bytes are not utf-8 text"


def test_rows_of_the_wrong_width_are_handed_over_where_the_good_ones_are_wanted() -> None:
    bad: list[BadRow] = []
    assert list(opened("a,b\n1\n2,3\n4,5,6\n").rows(bad.append)) == [(3, ["2", "3"])]
    assert [(row.line, row.cells) for row in bad] == [(2, ("1",)), (4, ("4", "5", "6"))]


@given(
    data=st.one_of(st.binary(), st.text(alphabet='a,;"\n\r\t\0é{}[]:1').map(str.encode)),
    mark=st.sampled_from([b"", codecs.BOM_UTF8, codecs.BOM_UTF16_LE]),
)
def test_any_bytes_give_rows_or_invalid_data(data: bytes, mark: bytes) -> None:
    for reader in (open_delimited, open_json_lines):
        with suppress(InvalidData):
            file = reader(in_memory(mark + data), "a.csv")
            assert all(len(row) == len(file.headers) for _, row in file.rows())


def test_json_lines_and_an_array_read_alike() -> None:
    lines = '{"org_id": "x", "n": 2, "ok": true, "f": 3.0, "u": null}\n\n'
    lines += '{"ok": false, "org_id": "ç", "u": "v", "n": 0, "f": 1.5}\n'
    file = open_json_lines(in_memory(lines.encode()), "a.jsonl")
    assert file.headers == ("org_id", "n", "ok", "f", "u")
    rows = [row for _, row in file.rows()]
    assert rows == [["x", "2", "true", "3", ""], ["ç", "0", "false", "1.5", "v"]]
    array = f"[{lines.strip().replace(chr(10) * 2, ',')}]"
    assert [row for _, row in open_json_lines(in_memory(array.encode()), "a.json").rows()] == rows


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "holds no objects"),
        ("[]", "holds no objects"),
        ("{}", "holds no objects"),
        ('{"a": 1}\n[1]', "line 2: is not a JSON object"),
        ('{"a": 1}\n{"a": ', "line 2: is not valid JSON"),
        ('{"a": 1, "a": 2}', "line 1: the key 'a' stands twice in one object"),
        ('{"a": NaN}', "line 1: NaN is no value of JSON"),
        ('{"a": [1]}', "line 1: a: is a list or an object"),
        ('{"a": "\\ud800"}', "line 1: a: holds a character that is no text"),
        ('{"a": "\\u0000"}', "line 1: a: holds a character that is no text"),
        ('{"a": ' + "[" * 100_000, "line 1: is nested too deeply"),
        ('{"a": 1}\n{"b": 1}', "line 1: b: the object lacks this key"),
    ],
)
def test_json_that_is_none_is_refused(text: str, reason: str) -> None:
    with pytest.raises(InvalidData) as caught:
        list(open_json_lines(in_memory(text.encode()), "a.jsonl").rows())
    assert reason in caught.value.reason


def test_objects_that_lack_a_key_are_handed_over_where_the_good_ones_are_wanted() -> None:
    bad: list[BadRow] = []
    file = open_json_lines(in_memory(b'{"a": 1, "b": 2}\n{"a": 3}\n{"b": 5, "a": 4}\n'), "a.jsonl")

    assert list(file.rows(bad.append)) == [(1, ["1", "2"]), (3, ["4", "5"])]
    assert [(row.line, row.cells, row.field) for row in bad] == [(2, ("3", ""), "b")]


def test_an_array_that_is_too_large_to_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonlines, "LARGEST_ARRAY", 1 << 20)
    array = b"[" + b'{"a": 1},\n' * 200_000 + b'{"a": 1}]'

    with pytest.raises(InvalidData, match="a JSON array is read up to 1 MiB") as caught:
        open_json_lines(in_memory(array), "a.json")
    assert "Use JSON lines" in str(caught.value.hint)


class Failing(BytesIO):
    """The bytes of a file on a disk that fails."""

    def read(self, size: int | None = -1) -> bytes:
        raise OSError(errno.EIO, "Input/output error")

    read1 = read


def gone() -> BinaryIO:
    raise FileNotFoundError(errno.ENOENT, "No such file or directory")


def newest_of(opens: list[Opener]) -> Opener:
    def open_newest() -> BinaryIO:
        return opens[-1]()

    return open_newest


Reader = Callable[[Opener, str], DelimitedFile | JsonLinesFile]
READERS: list[tuple[Reader, bytes]] = [(open_delimited, b"a\n1\n"), (open_json_lines, b'{"a": 1}\n')]


@pytest.mark.parametrize(("reader", "data"), READERS)
@pytest.mark.parametrize(
    ("then", "words"), [(Failing, "Input/output error"), (gone, "No such file or directory")]
)
def test_a_file_that_fails_between_two_readings_is_the_machine(
    reader: Reader, data: bytes, then: Opener, words: str
) -> None:
    opens: list[Opener] = [in_memory(data)]
    file = reader(newest_of(opens), "a.csv")
    opens.append(then)

    with pytest.raises(MachineFault, match=rf"a\.csv: cannot be read .{words}"):
        list(file.rows())


@pytest.mark.parametrize(("reader", "data"), READERS)
def test_a_file_that_changes_between_two_readings_is_refused(reader: Reader, data: bytes) -> None:
    opens = [in_memory(data)]
    file = reader(newest_of(opens), "a.csv")
    opens.append(in_memory(data + b"\xff\n"))

    with pytest.raises(InvalidData, match="changed while it was read"):
        list(file.rows())


def test_what_cannot_be_opened_looks_like_nothing_and_the_reader_says_so() -> None:
    assert looks_like_json(in_memory(codecs.BOM_UTF8 + b' {"a": 1}'))
    assert not looks_like_json(gone)
    with pytest.raises(MachineFault, match="No such file or directory"):
        open_json_lines(gone, "a.jsonl")
