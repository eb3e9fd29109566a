"""Where submitted workbooks and reports lie: files in a folder, and files in the .zip archives that people send.

Nothing is unpacked to disk: a member of an archive is read when its turn comes. Names written by Chinese
Windows (GBK) and by everybody else (UTF-8) both come out right.
"""

from __future__ import annotations

import io
import os
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NoReturn

from workbook_tools.core.errors import UnreadableWorkbook
from workbook_tools.core.findings import Finding, finding
from workbook_tools.files.package import DAMAGED_ZIP, read_file, unreadable
from workbook_tools.files.plain_text import holds_text_table

WORKBOOKS = frozenset(
    {".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlt", ".et", ".ett", ".ods", ".xlsb", ".csv", ".tsv"}
)
DOCUMENTS = frozenset({".docx", ".docm"})
"""Reports that may hold a form of today; what they are is seen when they are read."""
OLD_DOCUMENTS = frozenset({".doc", ".wps"})
"""Reports in Word's format before 2007 and that of WPS: to be converted before they are read."""
_UNREADABLE = {
    ".pdf": "PDF 文件",
    ".ofd": "OFD 版式文件",
    ".rtf": "RTF 文档",
    **dict.fromkeys(
        (".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".gif", ".webp", ".heic"), "图片（照片或扫描件）"
    ),
}
"""What people send instead of the file itself, by ending."""
_TEXTS = frozenset({".txt"})
"""A table, or anything else."""
_ARCHIVES = frozenset({".zip"})
_OTHER_ARCHIVES = frozenset({".rar", ".7z", ".gz", ".tar"})
_MAX_MEMBERS = 5000
"""Files in one archive."""
_MAX_MEMBER = 64 * 2**20
"""Bytes of one unpacked member; a workbook of ours is a hundredth of it."""
_MAX_RATIO = 300
"""A member may unpack to so many times its size; workbooks, which are packed already, hardly grow."""
_MAX_TOTAL = 4 * 2**30
"""Bytes of all members of an archive together."""
_DEPTH = 2
"""An archive in an archive is opened, one deeper is not."""
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1
"""Flags of a member: its name is UTF-8; it is locked with a password."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One submitted workbook. ``name`` is what findings call it, relative to the folder that was reviewed."""

    path: Path
    name: str
    inside: tuple[int, ...] = ()
    """Position of the member in its archive, archive by archive."""
    packed: float = 0.0
    """When the member was last changed, as its archive says, in seconds; 0 where it does not say."""
    original: str = ""
    """The SHA-256 of what was sent, where ``path`` is what it was converted to."""

    def read(self) -> bytes:
        """The workbook's bytes. Raises UnreadableWorkbook if it cannot be read or is too large."""
        if not self.inside:
            return read_file(self.path)
        file: Path | io.BytesIO = self.path
        for position in self.inside:
            with _open_archive(file) as archive:
                data = _read_member(archive, position)
            file = io.BytesIO(data)
        return data

    @property
    def is_document(self) -> bool:
        """It is called a Word document."""
        return Path(self.name).suffix.lower() in DOCUMENTS | OLD_DOCUMENTS

    @property
    def is_old_document(self) -> bool:
        """It is a Word document of an old format, and has not been converted."""
        return Path(self.name).suffix.lower() in OLD_DOCUMENTS and not self.original

    @property
    def clock(self) -> float:
        """When it was last changed as far as its folder or archive says, in seconds. Unpacking and copying may change that."""
        return self.packed or self.modified

    @property
    def modified(self) -> float:
        """When it was last changed, as seconds; of an archive's members the archive's own time."""
        try:
            return self.path.stat().st_mtime
        except OSError:
            return 0.0


Prepare = Callable[[Sequence[SourceFile]], Sequence[SourceFile]]
"""What is done to files before they are read."""


def find_sources(folder: Path) -> tuple[list[SourceFile], list[Finding]]:
    """The workbooks and Word documents in a folder and below, in a fixed order, and findings about what is passed over."""
    sources: list[SourceFile] = []
    findings: list[Finding] = []
    for path in list_files(folder):
        if path.is_file():
            _sort_source(SourceFile(path, path.relative_to(folder).as_posix()), path.name, sources, findings)
    return sources, findings


def list_files(folder: Path) -> list[Path]:
    """Everything but folders in a folder and below, in a fixed order. Raises OSError: a folder that cannot be listed is not empty."""

    def refuse(fault: OSError) -> NoReturn:
        raise fault

    walked = os.walk(folder, onerror=refuse) if folder.exists() else ()
    return sorted(Path(parent, name) for parent, _, names in walked for name in names)


def _sort_source(source: SourceFile, base: str, sources: list[SourceFile], findings: list[Finding]) -> None:
    suffix = Path(base).suffix.lower()
    if base.startswith("~$"):
        findings.append(finding("FILE09", "已跳过 Excel 的临时文件", file=source.name))
    elif base.startswith(".") or "__MACOSX" in source.name:
        pass
    elif suffix in WORKBOOKS | DOCUMENTS | OLD_DOCUMENTS or (suffix in _TEXTS and _is_table(source)):
        sources.append(source)
    elif suffix in _ARCHIVES and len(source.inside) < _DEPTH:
        try:
            for member, name in _list_members(source):
                _sort_source(member, name, sources, findings)
        except UnreadableWorkbook as exc:
            findings.append(finding("FILE14", exc.message, file=source.name))
    elif suffix in _ARCHIVES | _OTHER_ARCHIVES:
        findings.append(finding("FILE14", file=source.name))
    elif suffix in _UNREADABLE:
        findings.append(finding("FILE41", f"是{_UNREADABLE[suffix]}，读不了里面的内容", file=source.name))
    else:
        findings.append(finding("FILE09", "已跳过：不是工作簿", file=source.name))


def _is_table(source: SourceFile) -> bool:
    try:
        return holds_text_table(source.read())
    except UnreadableWorkbook:
        return False


def _list_members(source: SourceFile) -> Iterator[tuple[SourceFile, str]]:
    """The files in an archive, with their base names."""
    with _open_archive(io.BytesIO(source.read()) if source.inside else source.path) as archive:
        entries = archive.infolist()
    if len(entries) > _MAX_MEMBERS:
        raise UnreadableWorkbook("FILE14", f"压缩包中的文件超过 {_MAX_MEMBERS} 个")
    if sum(entry.file_size for entry in entries) > _MAX_TOTAL:
        raise UnreadableWorkbook("FILE14", f"压缩包解压后超过 {_MAX_TOTAL >> 30} GB")
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise UnreadableWorkbook("FILE14", "压缩包加了密码")
    for position, entry in enumerate(entries):
        if not entry.is_dir():
            name = _decode_name(entry)
            place = f"{source.name}/{name}", (*source.inside, position)
            yield SourceFile(source.path, *place, _read_time(entry)), name.rpartition("/")[2]


def _open_archive(file: Path | io.BytesIO) -> zipfile.ZipFile:
    """An opened archive; of a file on disk only the directory is read."""
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise UnreadableWorkbook("FILE14", "压缩包已损坏或不是 zip 格式") from None
    except OSError as exc:
        raise unreadable("FILE12") from exc


def _decode_name(entry: zipfile.ZipInfo) -> str:
    """A member's name, without steps out of the archive and without control characters.

    Where the archive does not say UTF-8, zipfile has read the name's bytes as code page 437.
    """
    name = entry.filename
    if not entry.flag_bits & _UTF8_NAME:
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    visible = "".join(c for c in name.replace("\\", "/") if unicodedata.category(c) != "Cc")
    return "/".join(part for part in visible.split("/") if part.strip(" .")) or "未命名"


def _read_time(entry: zipfile.ZipInfo) -> float:
    """Archives keep the local time of where they were packed; 1980, where counting begins, stands for none."""
    try:
        return 0.0 if entry.date_time[0] <= 1980 else datetime(*entry.date_time).timestamp()
    except (ValueError, OverflowError, OSError):
        return 0.0


def _read_member(archive: zipfile.ZipFile, position: int) -> bytes:
    """A member's bytes, without trusting what the archive says of its size."""
    try:
        entry = archive.infolist()[position]
        return _inflate(archive, entry)
    except (*DAMAGED_ZIP, RuntimeError):
        raise UnreadableWorkbook("FILE03", "压缩包中的文件已损坏") from None


def _inflate(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    if entry.file_size > _MAX_MEMBER or entry.file_size > _MAX_RATIO * max(entry.compress_size, 1024):
        raise UnreadableWorkbook("FILE11")
    with archive.open(entry) as stream:
        data = stream.read(_MAX_MEMBER + 1)
    if len(data) > _MAX_MEMBER:
        raise UnreadableWorkbook("FILE11")
    return data
