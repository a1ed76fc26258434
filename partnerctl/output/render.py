"""Rendering: the one door through which records reach a stream, whatever their shape."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TextIO

from partnerctl.errors import MachineFault
from partnerctl.output.picking import field_names, pick_fields
from partnerctl.output.shape import Shape

if TYPE_CHECKING:
    from partnerctl.output.chart import Chart
    from partnerctl.output.dashboard import Dashboard


class AnswerLike(Protocol):
    """What a list command has to show; ``services.answers.Answer`` is one."""

    @property
    def record_type(self) -> type[Any]:
        """The dataclass of every record."""

    @property
    def records(self) -> Iterable[Any]:
        """The records, perhaps as a stream that can be read once."""

    @property
    def data_as_of(self) -> date | None:
        """The day of the newest data used; None where that has no meaning."""


class Rows(NamedTuple):
    """The plainest answer: records at hand that no service had to find."""

    record_type: type[Any]
    records: Iterable[Any]
    data_as_of: date | None = None


def writer_to(out: TextIO) -> Callable[[str], None]:
    """Return the function that writes text to `out`.

    It lets BrokenPipeError through (a closed pipe ends quietly) and raises MachineFault where the
    machine does not take what is written.
    """

    def write(text: str) -> None:
        try:
            out.write(text)
        except BrokenPipeError:
            raise
        except OSError as fault:
            raise cannot_write(fault) from fault

    return write


def cannot_write(fault: OSError) -> MachineFault:
    """Return the error for an output that the machine refuses: disk full, device gone."""
    return MachineFault(
        f"cannot write the output: {fault.strerror or fault}", "free some space, then try again"
    )


def render(
    answer: AnswerLike, shape: Shape, out: TextIO, table_fields: Sequence[str] | None = None
) -> tuple[str, ...]:
    """Write the records of an answer to `out`, and return notes for stderr, such as hidden columns.

    `table_fields` are the columns of a table where ``--fields`` names none. Raises UsageError before the
    first byte where ``--fields`` names an unknown field, MachineFault where `out` takes no more.
    """
    names = pick_fields(answer.record_type, shape.fields)
    write = writer_to(out)
    match shape.format:
        case "json":
            from partnerctl.output.json_lines import write_array

            write_array(answer.records, names, write, shape.indent)
        case "jsonl":
            from partnerctl.output.json_lines import write_lines

            write_lines(answer.records, names, write)
        case "csv" | "tsv":
            from partnerctl.output.delimited import DELIMITERS, write_delimited

            write_delimited(answer.records, names, write, DELIMITERS[shape.format], shape.header)
        case _:
            from partnerctl.output.table import write_table

            shown = names if shape.fields else tuple(table_fields or names)
            return write_table(answer.records, shown, write, shape, answer.data_as_of)
    return ()


def render_page(record: Any, listed: str, row_type: type[Any], shape: Shape, out: TextIO) -> None:
    """Write a record that holds a list of others: as one JSON object, in every other shape the list alone.

    ``--fields`` picks those of the list's records. For tables there is the dashboard. Raises like ``render``.
    """
    if shape.format != "json":
        render(Rows(row_type, getattr(record, listed)), shape, out)
        return
    from partnerctl.output.json_lines import write_page

    write_page(record, listed, pick_fields(row_type, shape.fields), writer_to(out), shape.indent)


def render_dashboard(shown: Dashboard, shape: Shape, out: TextIO) -> tuple[str, ...]:
    """Write a dashboard, which is a table's shape, and return notes; raises like ``render``."""
    from partnerctl.output.dashboard import write_dashboard

    return write_dashboard(shown, writer_to(out), shape)


def render_chart(chart: Chart, shape: Shape, out: TextIO) -> None:
    """Write a chart and an empty line; raises like ``render``."""
    from partnerctl.output.dashboard import drawn

    writer_to(out)(f"{drawn(chart, shape)}\n\n")


def render_one(
    record: Any,
    shape: Shape,
    out: TextIO,
    table_fields: Sequence[str] | None = None,
    sections: Mapping[str, Sequence[str]] | None = None,
    data_as_of: date | None = None,
) -> tuple[str, ...]:
    """Write one record to `out`: one JSON object, one row, or a table of keys and values.

    In a table, a list of records nested in it stands below as a table of its own, with the columns that
    `sections` names for it. Raises like ``render``.
    """
    if shape.format == "json":
        from partnerctl.output.json_lines import write_object

        names = pick_fields(type(record), shape.fields)
        write_object(record, names, writer_to(out), shape.indent)
        return ()
    if shape.format == "table":
        from partnerctl.output.table import write_pairs

        names = pick_fields(type(record), shape.fields)
        shown = names if shape.fields else tuple(table_fields or field_names(type(record)))
        return write_pairs(record, shown, writer_to(out), shape, sections or {}, data_as_of)
    return render(Rows(type(record), (record,)), shape, out)
