"""Whether a listed file name means a file that came: people leave out endings, and number their files.

Width, case and blanks do not count; the ending may be left out on one side, and a number before the name (1、, 附件2：)
may stand on one side only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from workbook_tools.core.faces import LateModule
from workbook_tools.core.values import plain
from workbook_tools.core.visible_text import drop_invisible
from workbook_tools.files.evidence import EvidenceFile

if TYPE_CHECKING:
    from rapidfuzz import fuzz, process
else:
    fuzz, process = LateModule("rapidfuzz.fuzz"), LateModule("rapidfuzz.process")

_ENDING = re.compile(r"\.([a-z][a-z0-9]{0,4}|7z)$")
"""合同.pdf, 材料.7z."""
_SAME_ENDINGS = {"jpeg": "jpg", "tiff": "tif", "htm": "html"}
_NUMBER = re.compile(r"^(?:附件|材料|证据)?\s*\(?[\d一二三四五六七八九十]{1,3}(?:\)[.、,_\-:\s]*|[.、,_\-:\s]+)(?=\S)")
"""1、合同, 附件2:合同, (3)合同."""
_BETWEEN = re.compile(r"[、;,\n]+")
_FOLDER_WORDS = re.compile(r"\(?(?:文件夹|目录|压缩包)\)?$")
"""合同文件夹, 照片(目录)."""
_ALIKE = 60.0
"""Similarity in per cent from which a name may be a misspelling of another."""


@dataclass(frozen=True, slots=True)
class NameKey:
    """The parts of a file's name that are compared."""

    stem: str
    bare: str
    """The stem without the number before it."""
    ending: str

    def means(self, other: NameKey) -> bool:
        """Both are names of one file."""
        if self.ending and other.ending and self.ending != other.ending:
            return False
        if self.stem == other.stem:
            return True
        numbered = (self.bare != self.stem, other.bare != other.stem)
        return numbered in ((True, False), (False, True)) and self.bare == other.bare


@lru_cache(maxsize=1 << 14)
def read_key(name: str) -> NameKey:
    """The key of a name, with or without the folders before it."""
    told = unicodedata.normalize("NFKC", drop_invisible(name)).casefold().strip().replace("\\", "/")
    told = told.rstrip("/").rpartition("/")[2].strip()
    found = _ENDING.search(told)
    stem = told[: found.start()] if found else told
    ending = found[1] if found else ""
    return NameKey(plain(stem), plain(_NUMBER.sub("", stem)), _SAME_ENDINGS.get(ending, ending))


def split_names(text: str) -> list[str]:
    """The file names in a cell that may hold several."""
    return [part.strip() for part in _BETWEEN.split(unicodedata.normalize("NFKC", text)) if part.strip()] or [text]


class EvidenceIndex:
    """Files that came, to be found by the names that a unit has listed."""

    def __init__(self, files: Iterable[EvidenceFile]) -> None:
        self._files: dict[str, list[EvidenceFile]] = {}
        self._folders: dict[str, list[EvidenceFile]] = {}
        for file in files:
            key = read_key(file.name)
            for name in {key.stem, key.bare}:
                self._files.setdefault(name, []).append(file)
            for folder in set(PurePosixPath(file.path).parts[:-1]):
                folded = read_key(folder)
                for name in {folded.stem, plain(folder).casefold()}:
                    self._folders.setdefault(name, []).append(file)

    def find(self, listed: str) -> list[EvidenceFile]:
        """The files that a name means; for a folder or archive all files in it."""
        key = read_key(listed)
        if not key.stem:
            return []
        named = {file: None for name in (key.stem, key.bare) for file in self._files.get(name, ())}
        found = [file for file in named if key.means(read_key(file.name))]
        inside = [
            file
            for one in found
            for file in self._folders.get(plain(one.name).casefold(), ())
            if file.packed_in == one.path
        ]
        folder = _FOLDER_WORDS.sub("", plain(listed).casefold()).rstrip("/")
        return [*found, *inside] or list(self._folders.get(folder, ()))


def find_alike(name: str, others: Iterable[str]) -> str:
    """The name most similar to one that was not found; blank if none is similar."""
    keys = {other: read_key(other).bare for other in others}
    found = process.extractOne(read_key(name).bare, keys, scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return str(found[2]) if found else ""
