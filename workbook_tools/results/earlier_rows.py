"""The rows of the 审核结果.json of the review before, as they are spelt there: what has not changed is copied, not spelt again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

RowPlaces = dict[str, tuple[int, int]]
"""Where in an 审核结果.json the rows of each part begin and end, by their field (projects, indicators …) and the digest that they are known by:
from the line end before the first to the end of the last, without its comma."""


def _name(rows: str, digest: str) -> str:
    return f"{rows} {digest}"


@dataclass(frozen=True)
class EarlierRows:
    """Where rows stand in a file."""

    file: Path
    digest: str = ""
    """Of the file; blank where there is none."""
    places: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def read(self, rows: str, digest: str) -> bytes | None:
        """The rows of a field that go by this digest; ``None`` where they do not stand there."""
        place = self.places.get(_name(rows, digest))
        if place is None:
            return None
        start, stop = place
        with self.file.open("rb") as stream:
            stream.seek(start)
            data = stream.read(stop - start)
        return data if len(data) == stop - start else None  # else somebody has cut it meanwhile


class SpeltRows:
    """What is to be known of an 审核结果.json for the next review, as it is spelt."""

    def __init__(self) -> None:
        self.places: RowPlaces = {}
        self._at, self._digest = 0, hashlib.sha256()

    @property
    def digest(self) -> str:
        """Of all that was spelt."""
        return self._digest.hexdigest()

    def follow(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The pieces of the file; where it is by now is known as soon as the next one is asked for."""
        for piece in pieces:
            self._at += len(piece)
            yield piece

    def note(self, rows: str, digest: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The pieces of the rows of a part, between which commas stand."""
        length = -1
        for piece in pieces:
            yield piece
            length += len(piece) + 1
        self.places[_name(rows, digest)] = self._at - length, self._at

    def digest_blocks(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """The blocks of the file."""
        for block in blocks:
            self._digest.update(block)
            yield block
