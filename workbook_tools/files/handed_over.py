"""Content of an output on its way from the process that draws it to the one that writes it; large content waits in a file."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from workbook_tools.files.atomic import Content
from workbook_tools.files.temporary_data import explain_full_disk

_HELD = 1 << 18
"""Content of up to so many bytes is handed over as it is."""
_PIECE = 1 << 18


@dataclass(frozen=True, slots=True)
class WaitingContent:
    """Content in a temporary file, which is removed once it has been read."""

    name: str
    """Of the file. Not a ``Path``: that would be sent to another computer together with the file (``carrying``)."""

    def __iter__(self) -> Iterator[bytes]:
        """Piece by piece. Raises OSError."""
        with Path(self.name).open("rb") as stream:
            while piece := stream.read(_PIECE):
                yield piece
        Path(self.name).unlink()


def set_down(content: Content, folder: str) -> tuple[bytes | WaitingContent, str]:
    """What to hand over for ``content``, and its SHA-256. Large content is put into ``folder``; a process of another computer, which does
    not have that folder, hands it over as it is. Raises OutputError where the disk is full."""
    digest, held = hashlib.sha256(), bytearray()
    pieces = iter((content,) if isinstance(content, bytes) else content)
    for piece in pieces:
        digest.update(piece)
        held += piece
        if len(held) > _HELD and Path(folder).is_dir():
            break
    else:
        return bytes(held), digest.hexdigest()
    path = Path(folder, secrets.token_hex(8))
    with explain_full_disk(), path.open("xb") as stream:
        stream.write(held)
        del held, piece
        for piece in pieces:
            digest.update(piece)
            stream.write(piece)
    return WaitingContent(str(path)), digest.hexdigest()


def hold_content(content: Content) -> bytes:
    """The content whole, in memory."""
    return content if isinstance(content, bytes) else b"".join(content)
