"""佐证材料 beside the workbooks: which folders and archives hold it, and the names of the files in them.

No such file is ever opened or run: of a folder names and sizes are listed, of a .zip only its directory is read.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from workbook_tools.core.values import plain
from workbook_tools.files.archives import MAX_MEMBERS, MAX_RATIO, MAX_TOTAL, decode_name, is_encrypted
from workbook_tools.files.package import DAMAGED_ZIP
from workbook_tools.files.paths import is_hidden

ZIP = ".zip"
ARCHIVES = frozenset({ZIP, ".rar", ".7z", ".gz", ".tar"})
_MAX_DIRECTORY = 4 * 2**20
"""Bytes of a .zip's directory; that of 5,000 files takes a fifth."""
MAX_NAMES = MAX_MEMBERS
"""So many files of one place are compared."""
TOO_MANY = f"里面的文件超过 {MAX_NAMES} 个，只核对前面的"
_WORD = re.compile(r"佐证(?:材料|资料|文件|依据|附件)?")
"""公路养护佐证材料, 佐证."""
_WEAK_WORD = re.compile(r"(?:证明|支撑|支持|证据|印证|备查)(?:材料|资料|文件)|附件")
"""Such a folder may as well hold the forms: it is evidence only where the form lies beside it."""
_FORM_WORDS = re.compile(r"自评|评价表|报告|监控|清单")
"""What else a folder of that name holds: 自评表."""
_JOINED_BEFORE = re.compile(r"[和与及跟同、，,＋+&并][\s_-]*(?:相关|有关|其他|全部)?[\s_-]*$")
_JOINED_AFTER = re.compile(r"^[\s_-]*[和与及跟同、，,＋+&并]")
"""自评表和佐证材料: such a folder holds the forms too."""
_TRIM = " 　._-－—:：~（）()【】[]"
_SHORTEST = 2
"""Fewest characters that can say whose a folder is."""
_PASSED_OVER = frozenset({"thumbs.db", "desktop.ini"})
"""What systems put into folders by themselves."""


_PROGRAMS = frozenset({
    ".apk", ".bat", ".chm", ".cmd", ".com", ".cpl", ".dll", ".exe", ".hta", ".jar", ".js", ".jse", ".lnk", ".msc", ".msi", ".pif",
    ".ps1", ".reg", ".scr", ".sh", ".url", ".vbe", ".vbs", ".wsf",
})  # fmt: skip
"""Endings of files that a double click runs, or that lead elsewhere."""


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A file's name and size; nothing else is known of it."""

    path: str
    """From the folder that is reviewed."""
    size: int
    """Bytes, as its folder or archive says; -1 where that is not known."""
    on_disk: str
    """What can be opened to see it: itself, or the archive that it is in."""
    packed_in: str = ""
    """The archive that it lies in, if that lies in a folder of evidence; the archive is listed as a file too."""

    @property
    def name(self) -> str:
        """Its own name."""
        return PurePosixPath(self.path).name


@dataclass(slots=True)
class EvidencePlace:
    """A folder, an archive or a single file of evidence."""

    path: str
    """From the folder that is reviewed."""
    whose: str
    """Its name without the word for evidence: 公路养护 of 公路养护佐证材料; blank if there is nothing else."""
    on_disk: str
    """What can be opened to see it: itself, or the archive that it came in."""
    files: list[EvidenceFile] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    """Why it cannot be compared completely, or should not be unpacked."""
    incomplete: bool = False
    """It holds more than ``files``: a material that is not among them may have come all the same."""


def read_owner(name: str, beside: Collection[str] = ()) -> str | None:
    """Whose evidence a folder or archive of that name (without .zip) holds; ``None`` if it is no evidence by its name.

    ``beside`` are the names (without ending) of the workbooks and documents in the same folder.

    >>> read_owner("P001_公路养护.佐证"), read_owner("佐证材料"), read_owner("自评表和佐证材料")
    ('P001_公路养护', '', None)
    """
    if found := _WORD.search(name):
        before, after = name[: found.start()], name[found.end() :]
        joined = _JOINED_BEFORE.search(before) or _JOINED_AFTER.search(after)
        return None if joined else f"{before.strip(_TRIM)} {after.strip(_TRIM)}".strip()
    found = _WEAK_WORD.search(name)
    if not found or _FORM_WORDS.search(name):
        return None
    whose = f"{name[: found.start()].strip(_TRIM)} {name[found.end() :].strip(_TRIM)}".strip()
    said = plain(whose).casefold()
    fits = len(said) >= _SHORTEST and any(said in (other := plain(stem).casefold()) or other in said for stem in beside)
    return whose if fits else None


def is_passed_over(parts: Sequence[str]) -> bool:
    """It was made by a system or program: nobody sent it."""
    name = parts[-1]
    return "__MACOSX" in parts or is_hidden(name) or name.casefold() in _PASSED_OVER


def is_program(name: str) -> bool:
    """A double click on it would run something, or lead elsewhere."""
    return PurePosixPath(name).suffix.rstrip(". ").lower() in _PROGRAMS


class _NamesOnly(io.FileIO):
    """A file that refuses to read more than a .zip's directory may have."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Raises ValueError where more is asked for."""
        if size is not None and size > _MAX_DIRECTORY:
            raise ValueError(size)
        return super().read(size)


def list_zip(path: Path) -> tuple[list[tuple[str, int]], list[str]]:
    """The names and sizes of the files in a .zip by its directory, and what is wrong with it. Nothing is unpacked."""
    try:
        with _NamesOnly(path) as file:
            return list_opened_zip(file)
    except OSError:
        return [], ["打不开"]


def list_opened_zip(file: io.FileIO | io.BytesIO) -> tuple[list[tuple[str, int]], list[str]]:
    """As :func:`list_zip`."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except DAMAGED_ZIP:
        return [], ["已损坏、太大或不是 zip 格式，列不出里面的文件"]
    members = [entry for entry in entries if not entry.is_dir()]
    named = [(decode_name(entry), entry.file_size) for entry in members[:MAX_NAMES]]
    return [one for one in named if not is_passed_over(one[0].split("/"))], list(_find_faults(members))


def _find_faults(members: Sequence[zipfile.ZipInfo]) -> Iterator[str]:
    if len(members) > MAX_NAMES:
        yield TOO_MANY
    if any(map(is_encrypted, members)):
        yield "加了密码"
    if any(".." in re.split(r"[/\\]", entry.filename) or entry.filename[:1] in "/\\" for entry in members):
        yield "里面的文件名带有“..”或从根目录开始，解压会写到别的文件夹里，不要解压"
    unpacked = sum(entry.file_size for entry in members)
    packed = sum(entry.compress_size for entry in members)
    if unpacked > MAX_TOTAL or unpacked > MAX_RATIO * max(packed, 1024):
        yield f"解压后会有 {max(1, unpacked >> 20):,} MB，远大于压缩包，不要解压"
