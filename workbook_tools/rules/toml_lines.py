"""On which line of a TOML text each setting stands, and between which characters its value; the standard parser does not say.

The text must be valid TOML (``tomllib`` has read it), so this only has to find its way, not to judge.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from dataclasses import dataclass, field

Path = tuple[str | int, ...]
"""Where in a scheme: names of settings, and positions in lists (from 0)."""

_SPACE = re.compile(r"(?:\s+|#[^\n]*)*")
"""Blanks, line ends and remarks."""
_BLANK = re.compile(r"[ \t]*")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}(?!")|\'\'\'.*?\'{3,5}(?!\')|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'',
    re.DOTALL,
)
"""The four kinds of TOML strings."""
_BARE = re.compile(r"[A-Za-z0-9_-]+")
"""A key without quotation marks: top_level-1."""
_SCALAR = re.compile(r"[^,\]}#\n]+")
"""12.5, true, 2024-03-31."""


@dataclass(frozen=True, slots=True)
class ValuePlace:
    """Where a setting stands in a text, as numbers of characters."""

    key: int
    """Where its line begins."""
    start: int
    end: int
    """The value is what lies between."""


def setting_lines(text: str) -> dict[Path, int]:
    """Path of each setting, table and list item (lists count from 0) → its line, counted from 1."""
    return _scan(text.replace("\r\n", "\n")).lines


def find_places(text: str) -> tuple[dict[Path, ValuePlace], dict[Path, int]]:
    """Path of each setting → where it stands; path of each ``[table]`` → where its heading ends. Line ends are ``\\n``."""
    found = _scan(text)
    return found.places, found.headings


def _scan(text: str) -> _Scanner:
    scanner = _Scanner(text)
    scanner.scan()
    return scanner


@dataclass
class _Scanner:
    text: str
    at: int = 0
    lines: dict[Path, int] = field(default_factory=dict)
    places: dict[Path, ValuePlace] = field(default_factory=dict)
    headings: dict[Path, int] = field(default_factory=dict)
    counts: dict[Path, int] = field(default_factory=dict)
    """How many tables each [[list]] has so far."""

    def __post_init__(self) -> None:
        self._starts = [0, *(m.end() for m in re.finditer("\n", self.text))]

    def scan(self) -> None:
        table: Path = ()
        while self._skip(_SPACE) < len(self.text):
            if self.text.startswith("[[", self.at):
                table = self._list_header()
            elif self.text[self.at] == "[":
                self.at += 1
                table = self._placed((), self._keys())
                self.at += 1
                self.headings[table] = self.at
            else:
                self._pair(table)

    def _list_header(self) -> Path:
        start = self.at
        self.at += 2
        *parents, name = self._keys()
        self.at += 2
        path = (*self._resolved((), parents), name)
        number = self.counts.get(path, 0)
        self.counts[path] = number + 1
        self._note(path, start)
        self._note((*path, number), start)
        return (*path, number)

    def _pair(self, table: Path) -> None:
        key = self.at
        path = self._placed(table, self._keys())
        self.at += 1  # =
        self._skip(_BLANK)
        start = self.at
        self._value(path)
        self.places[path] = ValuePlace(key, start, start + len(self.text[start : self.at].rstrip()))

    def _value(self, path: Path) -> None:
        opening = self.text[self.at]
        if opening == "[":
            self._items(path)
        elif opening == "{":
            self._inline_table(path)
        else:
            self._skip(_STRING if opening in "\"'" else _SCALAR)

    def _items(self, path: Path) -> None:
        self.at += 1
        number = 0
        while self.text[self._skip(_SPACE)] != "]":
            if self.text[self.at] == ",":
                self.at += 1
                continue
            self._note((*path, number), self.at)
            self._value((*path, number))
            number += 1
        self.at += 1

    def _inline_table(self, path: Path) -> None:
        self.at += 1
        while self.text[self._skip(_SPACE)] != "}":
            if self.text[self.at] == ",":
                self.at += 1
                continue
            self._pair(path)
        self.at += 1

    def _keys(self) -> list[str]:
        """The keys of a dotted name; stands after it then."""
        names: list[str] = []
        while True:
            self._skip(_BLANK)
            quoted = self.text[self.at] in "\"'"
            start = self.at
            name = self.text[start : self._skip(_STRING if quoted else _BARE)]
            names.append(_unquoted(name) if quoted else name)
            self._skip(_BLANK)
            if self.text[self.at] != ".":
                return names
            self.at += 1

    def _placed(self, table: Path, names: list[str]) -> Path:
        path = self._resolved(table, names)
        for length in range(len(table) + 1, len(path) + 1):
            self._note(path[:length], self.at)
        return path

    def _resolved(self, table: Path, names: list[str]) -> Path:
        """The path of dotted names; one that goes through a [[list]] means the list's last table."""
        path = table
        for name in names:
            path = (*path, name)
            if path in self.counts:
                path = (*path, self.counts[path] - 1)
        return path

    def _note(self, path: Path, at: int) -> None:
        self.lines.setdefault(path, bisect_right(self._starts, at))

    def _skip(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self.text, self.at)
        if match is None:
            raise ValueError(f"not TOML at {self.at}")
        self.at = match.end()
        return self.at


def _unquoted(name: str) -> str:
    return str(tomllib.loads(f"name = {name}")["name"])
