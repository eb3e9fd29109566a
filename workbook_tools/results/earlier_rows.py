"""The rows of the 审核结果.json of the review before, as they are spelt there: what has not changed is copied, not spelt again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

_FIELD_ENDS = (b" ],\n", b" ]\n")
_ROW = b"  {\n"
"""A row begins with such a line; what it holds stands further in, and no text has a line of its own."""
_ROW_ENDS = (b"  },\n", b"  }\n")


@dataclass(frozen=True, slots=True)
class RowsOfPart:
    """Some rows of a field that stand together."""

    digest: str
    """What they are known by."""
    count: int


@dataclass
class EarlierRows:
    """Where rows stand in a file: rows of a field (projects, indicators …), part by part in the order of the file."""

    file: Path
    digest: str = ""
    """Of the file; blank where nothing is known of it."""
    parts: Mapping[str, list[RowsOfPart]] = field(default_factory=dict)
    _places: dict[tuple[str, str], tuple[int, int]] | None = None

    def read(self, name: str, digest: str) -> bytes | None:
        """The rows of a field that go by this digest, from the line end before the first; ``None`` where they do not stand there."""
        if self._places is None:
            self._places = dict(self._find_places()) if self.parts else {}
        place = self._places.get((name, digest))
        if place is None:
            return None
        start, stop = place
        with self.file.open("rb") as stream:
            stream.seek(start)
            return stream.read(stop - start)

    def _find_places(self) -> Iterator[tuple[tuple[str, str], tuple[int, int]]]:
        """Of the rows of each part where they begin and end."""
        begins = {f' "{name}": [\n'.encode(): name for name in self.parts}
        parts: Iterator[RowsOfPart] = iter(())
        name, part, left, start, at = "", None, 0, 0, 0
        with self.file.open("rb") as stream:
            for line in stream:
                if not name:
                    name = begins.get(line, "")
                    parts, left = iter(self.parts[name] if name else ()), 0
                elif line in _FIELD_ENDS:
                    name = ""
                elif line == _ROW and not left:
                    part = next(parts, None)
                    left, start = (part.count, at - 1) if part else (0, 0)
                elif line in _ROW_ENDS and part:
                    left -= 1
                    if not left:
                        yield (name, part.digest), (start, at + len(_ROW_ENDS[0]) - 2)
                at += len(line)
