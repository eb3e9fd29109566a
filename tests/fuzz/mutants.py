"""Mutants: files that differ from a sound one by a few changes of the kind that damage, programs and people bring about.

Each mutator knows the structure it changes (a zip and its parts, XML, records, markup), so that what it makes is read further
than the first check. The same random numbers give the same mutant.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from random import Random

import mutate_cells
import mutate_package
import mutate_records
import mutate_text

Mutator = Callable[[bytes, Random], bytes]
_BY_KIND: dict[str, list[tuple[int, Mutator]]] = {
    "workbook": [
        (30, mutate_cells.change_cell),
        (40, mutate_package.change_xml),
        (12, mutate_package.change_xml_text),
        (10, mutate_package.change_parts),
        (8, mutate_package.change_container),
    ],
    "opendocument": [
        (60, mutate_package.change_xml),
        (20, mutate_package.change_xml_text),
        (10, mutate_package.change_parts),
        (10, mutate_package.change_container),
    ],
    "document": [
        (65, mutate_package.change_xml),
        (15, mutate_package.change_xml_text),
        (12, mutate_package.change_parts),
        (8, mutate_package.change_container),
    ],
    "binary": [
        (70, mutate_records.change_binary_workbook),
        (15, mutate_package.change_parts),
        (15, mutate_package.change_container),
    ],
    "compound": [
        (65, mutate_records.change_old_workbook),
        (30, mutate_records.change_compound),
        (5, mutate_text.change_bytes),
    ],
    "page": [(75, mutate_text.change_markup), (15, mutate_text.change_bytes), (10, mutate_text.change_encoding)],
    "text": [(50, mutate_text.change_table), (30, mutate_text.change_bytes), (20, mutate_text.change_encoding)],
}
_MOST_CHANGES = 4
_LARGEST = 3_000_000
"""Bytes; what is larger takes too long to make, and to read."""


def make_mutant(data: bytes, random: Random) -> bytes:
    """The file after one to four changes."""
    for _ in range(random.choice((1, 1, 1, 2, 3, _MOST_CHANGES))):
        kinds = _BY_KIND[find_kind(data)]
        (mutator,) = random.choices([mutator for _, mutator in kinds], [share for share, _ in kinds])
        try:
            changed = mutator(data, random)
        except Exception:  # an earlier change has damaged it too much for this one
            changed = mutate_text.change_bytes(data, random)
        if len(changed) <= _LARGEST:
            data = changed
    return data


def find_kind(data: bytes) -> str:
    """What a file is inside, by which its mutators are chosen."""
    if data.startswith(bytes.fromhex("d0cf11e0")):
        return "compound"
    if data.startswith(b"PK"):
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                names = archive.namelist()
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
            return "text"
        if "content.xml" in names:
            return "opendocument"
        if any(name.endswith(".bin") for name in names):
            return "binary"
        return "document" if any(name.startswith("word/") for name in names) else "workbook"
    return "page" if b"<" in data[:5000] else "text"
