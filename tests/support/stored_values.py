"""Stored values of formula cells: what a file shows without a calculation, and where an engine would change it."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from engines import Recalculate
from lxml import etree

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_LINKS = "xl/_rels/workbook.xml.rels"


class Stored(NamedTuple):
    """The value of a formula cell as the file has it."""

    kind: str
    """The cell's type: ``n``, ``str``, ``b``, ``e``."""
    text: str
    """As written."""

    @property
    def value(self) -> float | str | bool:
        """As it is shown. ValueError for a number without digits."""
        return float(self.text) if self.kind == "n" else self.text == "1" if self.kind == "b" else self.text


def read_stored_formulas(data: bytes) -> dict[tuple[str, str], Stored]:
    """(sheet, cell) of every formula cell → what is stored for it, read past any spreadsheet library."""
    found = {}
    with zipfile.ZipFile(BytesIO(data)) as package:
        shared = _read_shared(package)
        links = {link.get("Id"): link.get("Target", "") for link in etree.fromstring(package.read(_LINKS))}
        for sheet in etree.fromstring(package.read("xl/workbook.xml")).iter(f"{_MAIN}sheet"):
            title, part = sheet.get("name", ""), "xl/" + links[sheet.get(_LINK)].removeprefix("/xl/")
            for cell in etree.fromstring(package.read(part)).iter(f"{_MAIN}c"):
                if cell.find(f"{_MAIN}f") is not None:
                    kind, text = cell.get("t", "n"), cell.findtext(f"{_MAIN}v") or ""
                    found[title, cell.get("r", "")] = (
                        Stored("str", shared[int(text)]) if kind == "s" else Stored(kind, text)
                    )
    return found


def _read_shared(package: zipfile.ZipFile) -> list[str]:
    """The shared strings: Gnumeric stores results there."""
    if "xl/sharedStrings.xml" not in package.namelist():
        return []
    items = etree.fromstring(package.read("xl/sharedStrings.xml")).iter(f"{_MAIN}si")
    return ["".join(part.text or "" for part in item.iter(f"{_MAIN}t")) for item in items]


def list_stored_differences(paths: Sequence[Path], recalculate: Recalculate, folder: Path) -> list[tuple[object, ...]]:
    """Every formula cell that a program computes otherwise: file, place, what is stored, what it computes."""
    found: list[tuple[object, ...]] = []
    for path, result in zip(paths, recalculate(paths, folder), strict=True):
        ours, theirs = read_stored_formulas(path.read_bytes()), read_stored_formulas(result.read_bytes())
        assert ours.keys() <= theirs.keys(), (path.name, ours.keys() - theirs.keys())
        found += [(path.name, *at, one, theirs[at]) for at, one in ours.items() if not _same(one, theirs[at])]
    return found


def _same(ours: Stored, theirs: Stored) -> bool:
    if ours.kind != theirs.kind:
        return ours.text == theirs.text == ""  # some programs store an empty text without a type
    if ours.kind == "n" and ours.text and theirs.text:
        return math.isclose(float(ours.text), float(theirs.text), rel_tol=1e-14, abs_tol=1e-15)
    return ours.text == theirs.text
