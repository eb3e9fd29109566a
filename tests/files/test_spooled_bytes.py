"""What lies in a temporary file is read back, in whatever order it is asked for; a disk that is full is told."""

from __future__ import annotations

import os

import pytest

from workbook_tools.core.errors import OutputError
from workbook_tools.files import spooled_bytes
from workbook_tools.files.spooled_bytes import SpooledBytes


def test_pieces_are_read_back() -> None:
    spool = SpooledBytes()
    places = [spool.lay(piece) for piece in (b"one", b"", b"three")]
    assert [spool.read(place) for place in reversed(places)] == [b"three", b"", b"one"]
    assert spool.read(spool.lay(b"four")) == b"four"


def test_a_full_disk_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(spooled_bytes, "TemporaryFile", refuse)
    with pytest.raises(OutputError, match="放不下"):
        SpooledBytes("放不下").lay(b"one")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not copied here")
def test_what_a_copy_of_the_process_has_let_go_of_can_be_let_go_of_here() -> None:
    """The suite takes what a finalizer raises for a fault."""
    spooled = SpooledBytes()
    place, *_ = [spooled.lay(b"x" * 100) for _ in range(50)]
    assert spooled.read(place) == b"x" * 100
    if not (copy := os.fork()):
        del spooled
        os._exit(0)
    os.waitpid(copy, 0)
    del spooled
