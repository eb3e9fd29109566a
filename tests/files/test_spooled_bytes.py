"""What lies in a temporary file is read back, in whatever order it is asked for; a disk that is full is told."""

from __future__ import annotations

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
    def refuse() -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(spooled_bytes, "TemporaryFile", refuse)
    with pytest.raises(OutputError, match="放不下"):
        SpooledBytes("放不下").lay(b"one")
