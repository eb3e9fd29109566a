"""Pieces of bytes in a temporary file, read back one by one: only their positions are held in memory."""

from __future__ import annotations

import threading
from tempfile import TemporaryFile
from typing import IO
from weakref import finalize

from workbook_tools.files.temporary_data import explain_full_disk

Place = tuple[int, int]
"""Where a piece begins, and how long it is."""


class SpooledBytes:
    """An unnamed temporary file, made with the first piece and removed with this object."""

    def __init__(self, fault: str = "临时文件读写出错") -> None:
        """``fault`` is the start of the message of an OutputError."""
        self._file: IO[bytes] | None = None
        self._fault = fault
        self._lock = threading.Lock()

    def lay(self, piece: bytes) -> Place:
        """Lay a piece down; returns where. Raises OutputError where the disk is full."""
        with self._lock, explain_full_disk(self._fault):
            file = self._open()
            start, rest = file.seek(0, 2), memoryview(piece)
            while rest:  # a nearly full disk may take only a part
                rest = rest[file.write(rest) :]
        return start, len(piece)

    def read(self, place: Place) -> bytes:
        """The piece that lies there. Raises OutputError likewise."""
        start, size = place
        with self._lock, explain_full_disk(self._fault):
            file = self._open()
            file.seek(start)
            return file.read(size)

    def _open(self) -> IO[bytes]:
        if self._file is None:
            # With a buffer, to close it would move in the file, in which a copy of this process may have moved meanwhile.
            self._file = TemporaryFile(buffering=0)  # noqa: SIM115 - closed by the finalizer
            finalize(self, self._file.close)
        return self._file
