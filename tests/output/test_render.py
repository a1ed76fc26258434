"""What becomes of output that the machine does not take, and how it meets a reader that went away."""

import errno
import os
from io import StringIO

import pytest

from partnerctl.errors import ExitCode, MachineFault
from partnerctl.output.render import Rows, render, render_one
from partnerctl.output.shape import Shape
from tests.output.shelf import FULL, Shelf

FORMATS = ("table", "json", "jsonl", "csv", "tsv")


class Refusing(StringIO):
    """A stream that takes nothing."""

    def __init__(self, fault: OSError) -> None:
        super().__init__()
        self._fault = fault

    def write(self, text: str) -> int:
        raise self._fault


@pytest.mark.parametrize("format_", FORMATS)
def test_a_full_disk_is_the_machine_in_every_format(format_: str) -> None:
    full = Refusing(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))

    with pytest.raises(MachineFault, match="cannot write the output: No space left") as told:
        render(Rows(Shelf, [FULL]), Shape(format_), full)

    assert told.value.exit_code == ExitCode.MACHINE
    assert "free some space" in str(told.value.hint)


@pytest.mark.parametrize("format_", FORMATS)
def test_a_reader_that_went_away_is_no_fault_of_the_machine(format_: str) -> None:
    with pytest.raises(BrokenPipeError):
        render_one(FULL, Shape(format_), Refusing(BrokenPipeError()))


def test_a_fault_without_words_is_told_all_the_same() -> None:
    with pytest.raises(MachineFault, match="cannot write the output: the device is gone"):
        render(Rows(Shelf, [FULL]), Shape("csv"), Refusing(OSError("the device is gone")))
