"""File names that every system accepts, and files that are replaced whole or not at all."""

from __future__ import annotations

import hashlib
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

from workbook_tools.core.errors import OutputError, TemplateError, tell_os_error
from workbook_tools.files.atomic import Content, copy_aside, replace_whole
from workbook_tools.files.open_elsewhere import find_hindrance

MAX_NAME_BYTES = 200
"""Linux allows 255 bytes of UTF-8 in a name; this leaves room for an ending. Some 66 Chinese characters."""

LIST_ENDINGS = (".xlsx", ".json")
"""Of project lists; if there are both with one name, the first counts."""
AUTHOR = "workbook_tools"
"""Who made and last saved a file, in its document properties."""
_OUR_MARK = f"<cp:lastModifiedBy>{AUTHOR}</cp:lastModifiedBy>".encode()
"""What stands in the document properties of a file that nobody has saved since."""
_PROPERTIES = "docProps/core.xml"
"""The part that holds them."""
_FORBIDDEN = str.maketrans('<>:"/\\|?*', "＜＞：＂／＼｜？＊")
"""What Windows forbids in a name, and its full-width twins."""
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])\s*(\.|$)")
"""``CON``, ``nul.xlsx``, ``COM1``: names of devices, which Windows opens instead of a file."""

_PIECE = 1 << 18
_NOTHING: Mapping[Path, Content] = MappingProxyType({})


def is_hidden(name: str) -> bool:
    """A hidden file, or one that is there only while a program has another open (``~$表.xlsx``, ``.~lock.表.xlsx#``)."""
    return name.startswith(("~$", "."))


def safe_filename(text: str, limit: int = 80) -> str:
    """``text`` as a file or folder name that Windows, Linux and network shares accept.

    Forbidden characters become their full-width twins, control characters go. The name has at most
    ``limit`` characters as Windows counts them; one that had to be cut ends in a short digest, so
    that two long names stay apart. Give it the name without its ending (.docx).
    """
    spaced = re.sub(r"\s+", " ", text)
    kept = "".join(c for c in spaced if unicodedata.category(c) not in ("Cc", "Cs"))
    name = kept.translate(_FORBIDDEN).strip(" .") or "未命名"
    if _RESERVED.match(name):
        name = f"_{name}"
    if _fits(name, limit):
        return name
    mark = short_mark(text)
    while name and not _fits(name + mark, limit):
        name = name[:-1]
    return name.rstrip(" .") + mark


def short_mark(text: str) -> str:
    """A short digest that keeps similar names apart."""
    return "~" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:4]


def _fits(name: str, limit: int) -> bool:
    return len(name.encode("utf-16-le")) <= 2 * limit and len(name.encode()) <= MAX_NAME_BYTES


def find_list_file(folder: Path) -> Path | None:
    """The list beside the folder of its name: 项目清单.xlsx, or 项目清单.json where only that is there."""
    return next((path for ending in LIST_ENDINGS if (path := folder.parent / (folder.name + ending)).is_file()), None)


def department_folder(folder: Path, department: str) -> Path:
    """The folder of a department's files: 下发/<主管部门>, 报告/<主管部门> …

    A name that had to be changed to be a folder's ends in a short digest, and so does one with capital letters, as
    Windows ignores case: no two departments share a folder.
    """
    name = safe_filename(department, 60)
    if name.lower() != department and not name.endswith(short_mark(department)):
        name = safe_filename(name, 55) + short_mark(department)
    return folder / name


def project_file(folder: Path, department: str, code: str, name: str, ending: str) -> Path:
    """<主管部门>/<项目编码>_<项目名称> with an ending (.xlsx, .docx)."""
    return department_folder(folder, department) / name_project_file(code, name, ending)


def name_project_file(code: str, name: str, ending: str) -> str:
    """<项目编码>_<项目名称> with an ending."""
    return safe_filename(f"{code}_{name}") + ending


def read_whole(path: Path) -> bytes:
    """The content of a file that becomes part of an output. Raises OutputError if it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as exc:
        raise OutputError(f"无法读取{tell_os_error(exc, path)}") from None


def replace_file(path: Path, data: Content, *, private: bool = False, one_of_many: bool = False) -> None:
    """Write ``data`` to ``path`` in one move: readers see the old file or the new one, never half of it.

    Missing folders are made. What is ``private`` only its owner can read, from its first byte on; ``one_of_many`` as
    in :func:`replace_whole`. Raises OutputError if the file is open elsewhere or cannot be written.
    """
    replace_files({path: data}, private=private, one_of_many=one_of_many)


def replace_result(path: Path, data: Content, *, beside: Mapping[Path, Content] = _NOTHING) -> Path | None:
    """Like :func:`replace_file` for a workbook or document that people may have worked on since.

    If somebody saved it in Excel, WPS or Word, it is first renamed, and the new name is returned. The files
    ``beside`` it belong to it: all are replaced or none, and after a crash it may be the older one, never the newer.
    """
    return replace_results({**beside, path: data}, [path]).get(path)


def replace_results(files: Mapping[Path, Content], worked_on: Iterable[Path]) -> dict[Path, Path]:
    """Replace files that belong together, all or none, in this order; people may have ``worked_on`` some of them since.

    Each of these that somebody has saved is renamed first. Returns old name → new name.
    """
    asides = {path: keep_aside(path) for path in worked_on if is_saved_by_hand(path)}
    try:
        replace_files(files)
    except OutputError:
        for path, aside in asides.items():
            if _is_same(path, aside):  # else the new one stands there, though the disk has not said so
                with suppress(OSError):
                    aside.unlink()
        raise
    return asides


def replace_files(files: Mapping[Path, Content], *, private: bool = False, one_of_many: bool = False) -> None:
    """The same for files that belong together: all are replaced or none. Raises OutputError."""
    for path in files:
        program, sign = find_hindrance(path)
        if program:
            raise OutputError(
                f"无法写入“{path}”：它正在 {program} 中打开，在那里一保存，这里写的就没有了。请先在那里保存、关掉，再运行一次；"
                f"已经关掉还这样说的，打开它再关一次，或者删去同一文件夹里的 {sign}。"
            )
    try:
        replace_whole(files, private=private, one_of_many=one_of_many)
    except OSError as exc:
        raise OutputError(f"无法写入{tell_os_error(exc, exc.filename or next(iter(files)))}") from None


def keep_aside(path: Path) -> Path:
    """Rename a file that somebody has changed, and return its new name; a run that broke off may have done so already.

    Raises OutputError.
    """
    number, before = 1, None
    while (aside := path.with_name(f"{path.stem}（手工修改稿{number}）{path.suffix}")).exists():
        number, before = number + 1, aside
    try:
        if before and before.read_bytes() == path.read_bytes():
            return before
        copy_aside(path, aside)
    except OSError as exc:
        raise OutputError(f"有手工改动，无法另存为“{aside.name}”。无法读写{tell_os_error(exc, path)}") from None
    return aside


def is_aside(path: Path) -> bool:
    """It is a file that :func:`keep_aside` has renamed."""
    return re.search(r"（手工修改稿[0-9]+）$", path.stem) is not None


def is_saved_by_hand(path: Path) -> bool:
    """There is such a workbook or document, and somebody has saved it since we wrote it. Raises OutputError.

    Every program that saves a file puts its user, or nothing, where we put our name.
    """
    if not path.is_file():
        return False
    try:
        with path.open("rb") as stream:  # zipfile would take a disk that fails for a damaged file
            while stream.read(_PIECE):
                pass
    except OSError as exc:
        raise OutputError(f"无法读写{tell_os_error(exc, path)}") from None
    try:
        with zipfile.ZipFile(path) as package:
            return _OUR_MARK not in package.read(_PROPERTIES)
    except (KeyError, OSError, zipfile.BadZipFile):
        return True


def may_be_saved_by_hand(path: Path) -> bool:
    """A quick :func:`is_saved_by_hand` that does not read all of a large workbook; true also if it cannot be read, which is reported elsewhere."""
    if not path.is_file():
        return False
    try:
        with zipfile.ZipFile(path) as package:
            return _OUR_MARK not in package.read(_PROPERTIES)
    except (KeyError, OSError, zipfile.BadZipFile):
        return True


def _is_same(path: Path, other: Path) -> bool:
    with suppress(OSError):
        return path.read_bytes() == other.read_bytes()
    return False


def output_mark(kind: str) -> str:
    """The property 类别 of our output of a kind (审核结果, 汇总 …): programs keep it when they save the file."""
    return f"{AUTHOR} {kind}"


def templates_folder() -> Path:
    """The folder of the forms that come with the package. Raises TemplateError if the installation is incomplete."""
    return _shipped_folder("templates")


def macros_folder() -> Path:
    """The folder of the VBA sources that come with the package. Raises TemplateError like :func:`templates_folder`."""
    return _shipped_folder("macros")


def _shipped_folder(name: str) -> Path:
    """Inside the package when installed, beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / name, package.parent / name):
        if folder.is_dir():
            return folder
    raise TemplateError(f"找不到自带的文件夹 {name}，安装不完整；请重新安装 workbook-tools")
