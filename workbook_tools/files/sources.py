"""Where submitted workbooks and reports lie: files in a folder, and files in the .zip archives that people send.

Nothing is unpacked to disk: a member of an archive is read when its turn comes. Names written by Chinese
Windows (GBK) and by everybody else (UTF-8) both come out right.
"""

from __future__ import annotations

import io
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import NoReturn, overload

from workbook_tools.core.errors import SettingsError, UnreadableWorkbook
from workbook_tools.core.findings import Finding, finding
from workbook_tools.core.packed_sequence import PackedSequence
from workbook_tools.core.packed_texts import PackedTexts
from workbook_tools.files.archives import (
    MAX_MEMBERS,
    MAX_TOTAL,
    decode_name,
    is_encrypted,
    open_archive,
    read_member,
    read_time,
)
from workbook_tools.files.copied_folders import find_copied
from workbook_tools.files.evidence import (
    ARCHIVES,
    MAX_NAMES,
    TOO_MANY,
    ZIP,
    EvidenceFile,
    EvidencePlace,
    is_passed_over,
    list_opened_zip,
    list_zip,
    read_owner,
)
from workbook_tools.files.package import read_file
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
    ".xml": "XML 文件",
    **dict.fromkeys((".html", ".htm", ".mht", ".mhtml"), "网页文件"),
    **dict.fromkeys(
        (".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".gif", ".webp", ".heic"), "图片（照片或扫描件）"
    ),
}
"""What people send instead of the file itself, by ending."""
_MAILS = frozenset({".eml", ".msg"})
"""A mail as a mail program saves it, with the form in it as an attachment."""
_TEXTS = frozenset({".txt"})
"""They may hold a table or any text."""
_PACKED, _OPENED = 500, 8
"""So many names are packed together, and so many packs stay open, as files are looked at ahead of those being reviewed."""
_DEPTH = 2
"""How deep archives are opened: an archive in an archive, but no deeper one."""


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
            with open_archive(file) as archive:
                data = read_member(archive, position)
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

    def read_clocks(self) -> tuple[float, float]:
        """``modified`` and ``clock``, at one look."""
        modified = self.modified
        return modified, self.packed or modified

    @property
    def modified(self) -> float:
        """When it was last changed, as seconds; of an archive's members the archive's own time."""
        try:
            return self.path.stat().st_mtime
        except OSError:
            return 0.0


Prepare = Callable[[Sequence[SourceFile]], Sequence[SourceFile]]
"""Exchanges files before they are read (old documents for converted ones)."""


class FoundSources(Sequence[SourceFile]):
    """The files below a folder, in order. Of those that lie on the disk only their names are held, packed: there may be a hundred
    thousand, and neighbouring names are nearly equal."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names = PackedSequence[str, PackedTexts](PackedTexts, list, _PACKED, _OPENED)
        self._others: dict[int, SourceFile] = {}
        """Members of archives, and replacements of files, by their places."""

    def append(self, source: SourceFile) -> None:
        """One more of them."""
        is_plain = source == SourceFile(self._folder / source.name, source.name)
        if not is_plain:
            self._others[len(self)] = source
        self._names.append(source.name if is_plain else "")

    def replace(self, place: int, source: SourceFile) -> None:
        """Put another file in this place."""
        self._others[place] = source

    def __len__(self) -> int:
        return len(self._names)

    @overload
    def __getitem__(self, place: int) -> SourceFile: ...

    @overload
    def __getitem__(self, place: slice) -> list[SourceFile]: ...

    def __getitem__(self, place: int | slice) -> SourceFile | list[SourceFile]:
        if isinstance(place, slice):
            return [*map(self._open, range(len(self))[place])]
        return self._open(range(len(self))[place])

    def _open(self, place: int) -> SourceFile:
        if place in self._others:
            return self._others[place]
        name = self._names[place]
        return SourceFile(self._folder / name, name)


@dataclass(slots=True)
class FoundFiles:
    """All files in and below a folder: those to be read, findings about the rest, and the evidence (佐证材料), which is not opened."""

    sources: FoundSources
    findings: list[Finding] = field(default_factory=list)
    evidence: list[EvidencePlace] = field(default_factory=list)


def find_sources(folder: Path) -> tuple[list[SourceFile], list[Finding]]:
    """The workbooks and Word documents in a folder and below, in a fixed order, and findings about what is passed over."""
    found = find_files(folder)
    return [*found.sources], found.findings


def find_files(folder: Path) -> FoundFiles:
    """All that lies in a folder and below, in a fixed order. Raises OSError as :func:`list_files`."""
    names = [name for name in _list_names(folder) if (folder / name).is_file()]
    copied, told = find_copied(folder, names)
    names = [name for name in names if name not in copied]
    sorter = _Sorter(folder, _list_forms(names))
    for name in names:
        sorter.sort(SourceFile(folder / name, name))
    sorter.found.findings += told
    return sorter.found


def _list_forms(names: Iterable[str]) -> dict[str, set[str]]:
    """Folder → the names, without ending, of the workbooks and documents right in it."""
    forms: dict[str, set[str]] = {}
    for name in names:
        parent, _, base = name.rpartition("/")
        path = PurePosixPath(base)
        if path.suffix.lower() in WORKBOOKS | DOCUMENTS | OLD_DOCUMENTS:
            forms.setdefault(parent, set()).add(path.stem)
    return forms


def need_folder(folder: Path) -> None:
    """Raises SettingsError if the folder of received files does not exist."""
    if not folder.is_dir():
        raise SettingsError(
            f"找不到文件夹“{folder}”。请核对名称；它不在了的，新建一个，把收到的文件放进去，再运行一次。"
        )


def find_arrival(path: Path) -> float:
    """When a file came or was last changed, in seconds; 0 if it is gone, or a broken link.

    A copied file keeps the time of its last change. A time in the future (some clock was wrong) is ignored.
    """
    try:
        times = path.stat()
    except OSError:
        return 0.0
    now = time.time()
    return max((when for when in (times.st_mtime, times.st_ctime) if when <= now), default=0.0)


def list_files(folder: Path) -> list[Path]:
    """Everything but folders in a folder and below, in a fixed order. Raises OSError: a folder that cannot be listed is not empty."""
    return [folder / name for name in _list_names(folder)]


def _list_names(folder: Path) -> list[str]:
    """Their names relative to the folder, in the order of paths, which compare folder by folder."""

    def refuse(fault: OSError) -> NoReturn:
        raise fault

    walked = os.walk(folder, onerror=refuse) if folder.exists() else ()
    found = (below + name for parent, _, names in walked for below in [_find_way(folder, parent)] for name in names)
    return sorted(found, key=lambda name: os.path.normcase(name).replace(os.sep, "\0"))


def _find_way(folder: Path, parent: str) -> str:
    """The prefix of the names in a subfolder."""
    way = Path(parent).relative_to(folder).as_posix()
    return "" if way == "." else f"{way}/"


class _Sorter:
    """Sorts files into sources, evidence and findings."""

    def __init__(self, folder: Path, forms: dict[str, set[str]]) -> None:
        self.folder = folder
        self.forms = forms
        self.found = FoundFiles(FoundSources(folder))
        self.places: dict[str, EvidencePlace] = {}

    def sort(self, source: SourceFile, size: int | None = None) -> None:
        """Take in a file; ``size`` is what an archive says of its member."""
        parts = source.name.split("/")
        base, suffix = parts[-1], PurePosixPath(parts[-1]).suffix.lower()
        if self._is_evidence(source, parts, suffix, size):
            return
        if base.startswith("~$"):
            self._tell("FILE09", "已跳过 Excel 的临时文件", source)
        elif base.startswith(".") or "__MACOSX" in source.name:
            pass
        elif suffix in WORKBOOKS | DOCUMENTS | OLD_DOCUMENTS or (suffix in _TEXTS and _is_table(source)):
            self.found.sources.append(source)
        elif suffix == ZIP and len(source.inside) < _DEPTH:
            self._open(source)
        elif suffix in ARCHIVES:
            self._tell("FILE14", "", source)
        elif suffix in _UNREADABLE:
            self._tell("FILE41", f"是{_UNREADABLE[suffix]}，读不了里面的内容", source)
        elif suffix in _MAILS:
            advice = "请用邮件程序打开它，把附件里的表另存到同一个文件夹，再审核一次。"
            self._tell("FILE41", "是存下来的邮件，没有读里面的附件", source, advice)
        else:
            self._tell("FILE09", "已跳过：不是工作簿", source)

    def _tell(self, code: str, message: str, source: SourceFile, advice: str = "") -> None:
        self.found.findings.append(finding(code, message, file=source.name, advice=advice))

    def _open(self, source: SourceFile) -> None:
        try:
            members = list(_list_members(source))
        except UnreadableWorkbook as exc:
            self._tell("FILE14", exc.message, source)
            return
        for parent, stems in _list_forms(member.name for member, _ in members).items():
            self.forms.setdefault(parent, set()).update(stems)
        for member, size in members:
            self.sort(member, size)

    # -- evidence -------------------------------------------------------------------------------------------------

    def _is_evidence(self, source: SourceFile, parts: Sequence[str], suffix: str, size: int | None) -> bool:
        """Take in a file if it is evidence: it lies in a folder named so, or is an archive or scan named so."""
        for depth, part in enumerate(parts[:-1]):
            parent = "/".join(parts[:depth])
            if PurePosixPath(part).suffix.lower() != ZIP and (whose := self._read_owner(part, parent)) is not None:
                place = self._place(source, "/".join(parts[: depth + 1]), whose)
                if not is_passed_over(parts):
                    self._add(place, source, suffix, size)
                return True
        alone = suffix not in WORKBOOKS | DOCUMENTS | OLD_DOCUMENTS | _TEXTS
        whose = self._read_owner(PurePosixPath(parts[-1]).stem, "/".join(parts[:-1])) if alone else None
        if whose is None or is_passed_over(parts):
            return False
        place = self._place(source, source.name, whose)
        if suffix in ARCHIVES:
            self._list(place, source, suffix)
        else:
            self._append(place, source, size)
        return True

    def _read_owner(self, name: str, parent: str) -> str | None:
        return read_owner(name, self.forms.get(parent, ()))

    def _place(self, source: SourceFile, path: str, whose: str) -> EvidencePlace:
        if path not in self.places:
            on_disk = self._find_on_disk(source) if source.inside else path
            self.places[path] = EvidencePlace(path, whose, on_disk)
            self.found.evidence.append(self.places[path])
        return self.places[path]

    def _add(self, place: EvidencePlace, source: SourceFile, suffix: str, size: int | None) -> None:
        """Add a file of an evidence folder; of a .zip also the names in it."""
        if len(place.files) >= MAX_NAMES:
            if TOO_MANY not in place.faults:
                place.faults.append(TOO_MANY)
            place.incomplete = True
            return
        self._append(place, source, size)
        if suffix == ZIP:
            self._list(place, source, suffix, packed_in=source.name)

    def _list(self, place: EvidencePlace, source: SourceFile, suffix: str, packed_in: str = "") -> None:
        if suffix != ZIP or len(source.inside) >= _DEPTH:
            kind = f"{suffix} 压缩包" if suffix != ZIP else "套了几层压缩包，"
            place.faults.append(f"{kind}列不出里面的文件")
            place.incomplete = True
            return
        try:
            names, faults = list_opened_zip(io.BytesIO(source.read())) if source.inside else list_zip(source.path)
        except UnreadableWorkbook:
            names, faults = [], ["在别的压缩包里，又损坏或太大，列不出里面的文件"]
        where = f"{PurePosixPath(packed_in).name}：" if packed_in else ""
        place.faults += [where + fault for fault in faults]
        place.incomplete |= TOO_MANY in faults or bool(faults and not names)
        on_disk = self._find_on_disk(source)
        place.files += [EvidenceFile(f"{source.name}/{name}", size, on_disk, packed_in) for name, size in names]

    def _append(self, place: EvidencePlace, source: SourceFile, size: int | None) -> None:
        place.files.append(EvidenceFile(source.name, _size_of(source, size), self._find_on_disk(source)))

    def _find_on_disk(self, source: SourceFile) -> str:
        """The file, or the archive that holds it, from the folder that is reviewed."""
        return source.path.relative_to(self.folder).as_posix()


def _size_of(source: SourceFile, size: int | None) -> int:
    try:
        return source.path.stat().st_size if size is None else size
    except OSError:
        return -1


def _is_table(source: SourceFile) -> bool:
    try:
        return holds_text_table(source.read())
    except UnreadableWorkbook:
        return False


def _list_members(source: SourceFile) -> Iterator[tuple[SourceFile, int]]:
    """The files in an archive, with their sizes as it says."""
    with open_archive(io.BytesIO(source.read()) if source.inside else source.path) as archive:
        entries = archive.infolist()
    if len(entries) > MAX_MEMBERS:
        raise UnreadableWorkbook("FILE14", f"压缩包中的文件超过 {MAX_MEMBERS} 个")
    if sum(entry.file_size for entry in entries) > MAX_TOTAL:
        raise UnreadableWorkbook("FILE14", f"压缩包解压后超过 {MAX_TOTAL >> 30} GB")
    if any(is_encrypted(entry) for entry in entries):
        raise UnreadableWorkbook("FILE14", "压缩包加了密码")
    for position, entry in enumerate(entries):
        if not entry.is_dir():
            name = decode_name(entry)
            place = f"{source.name}/{name}", (*source.inside, position)
            yield SourceFile(source.path, *place, read_time(entry)), entry.file_size
