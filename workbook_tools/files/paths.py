"""File names that every system accepts, and files that are replaced whole or not at all."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
import zipfile
from pathlib import Path

from workbook_tools.core.errors import OutputError, TemplateError, os_reason
from workbook_tools.files.ownership import create_private

MAX_NAME_BYTES = 200
"""Linux allows 255 bytes of UTF-8 in a name, so some 66 Chinese characters with room for an ending."""

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
    mark = _mark(text)
    while name and not _fits(name + mark, limit):
        name = name[:-1]
    return name.rstrip(" .") + mark


def _mark(text: str) -> str:
    """What keeps two names apart that look alike."""
    return "~" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:4]


def _fits(name: str, limit: int) -> bool:
    return len(name.encode("utf-16-le")) <= 2 * limit and len(name.encode()) <= MAX_NAME_BYTES


def department_folder(folder: Path, department: str) -> Path:
    """The folder of a department's files: 下发/<主管部门>, 报告/<主管部门> …

    A name that no folder can have as it is ends in a short digest, and so does one with capital letters, which
    Windows takes for small ones: no two departments share a folder.
    """
    name = safe_filename(department, 60)
    if name.lower() != department and not name.endswith(_mark(department)):
        name = safe_filename(name, 55) + _mark(department)
    return folder / name


def project_file(folder: Path, department: str, code: str, name: str, ending: str) -> Path:
    """<主管部门>/<项目编码>_<项目名称> with an ending (.xlsx, .docx)."""
    return department_folder(folder, department) / (safe_filename(f"{code}_{name}") + ending)


def replace_file(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write ``data`` to ``path`` in one move: readers see the old file or the new one, never half of it.

    Missing folders are made. What is ``private`` only its owner can read, from its first byte on.
    Raises OutputError if the file is open elsewhere or cannot be written.
    """
    temporary = path.with_name(f".{secrets.token_hex(6)}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            if private:
                create_private(temporary)
            temporary.write_bytes(data)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except PermissionError:
        raise OutputError(f"无法写入“{path}”：它是否正被 Excel、Word 或 WPS 打开？是否没有写入权限？") from None
    except OSError as exc:
        raise OutputError(f"无法写入“{path}”：{os_reason(exc)}") from None


def replace_result(path: Path, data: bytes) -> Path | None:
    """Like :func:`replace_file` for a workbook or document that people may have worked on since.

    What somebody saved in Excel, WPS or Word is not lost: it is moved aside first, and its new path returned.
    """
    if not _saved_by_hand(path):
        replace_file(path, data)
        return None
    number = 1
    while (aside := path.with_name(f"{path.stem}（手工修改稿{number}）{path.suffix}")).exists():
        number += 1
    try:
        path.rename(aside)
    except OSError:
        raise OutputError(
            f"“{path}”有手工改动，无法另存为“{aside.name}”：它是否正被 Excel、Word 或 WPS 打开？"
        ) from None
    replace_file(path, data)
    return aside


def _saved_by_hand(path: Path) -> bool:
    """Every program that saves a file puts its user, or nothing, where we put our name."""
    if not path.is_file():
        return False
    try:
        with zipfile.ZipFile(path) as package:
            return _OUR_MARK not in package.read(_PROPERTIES)
    except (OSError, KeyError, zipfile.BadZipFile):
        return True


def output_mark(kind: str) -> str:
    """What is put into the property 类别 of our output (审核结果, 汇总 …): programs keep it when they save the file again."""
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
