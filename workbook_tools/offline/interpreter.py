"""A Python that runs from any folder: out of an archive that was fetched by hand, checked before it is used.

Two kinds are known: python-build-standalone (``cpython-3.12.…-install_only.tar.gz``, for Windows and Linux), and for Windows the
embeddable package of python.org (``python-3.12.…-embed-amd64.zip``).
"""

from __future__ import annotations

import hashlib
import re
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from workbook_tools.offline.targets import TargetComputer
from workbook_tools.offline.wheels import BundleError

FOLDER = "python"
_LISTS = ("SHA256SUMS", "{name}.sha256")
"""Beside the archive, as its makers publish them."""
_NOT_NEEDED = re.compile(
    r"(include|share|tcl|libs|Scripts|Doc)/|bin/(?!python3\.\d+$)|lib/(pkgconfig|tcl|tk|itcl|thread)[^/]*/|.*\.(a|pdb|pyc)$"
    r"|[Ll]ib/(python3\.\d+/)?(test|idlelib|turtledemo|ensurepip|lib2to3|tkinter|config-[^/]*)/|.*/__pycache__/"
)
"""For who compiles, tests or draws windows with Python."""
_LARGEST = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A Python that lies in a folder."""

    program: PurePosixPath
    """Relative to the folder of the bundle, as the following."""
    version: str
    """``3.12``."""
    packages: PurePosixPath
    """Where components are installed."""


def unpack_interpreter(archive: Path, sha256: str, target: TargetComputer, folder: Path) -> Interpreter:
    """Unpack it to ``python`` in ``folder``, without what is not needed to run a program.

    ``sha256`` is the digest that its makers publish; blank where a list of theirs lies beside the archive. Raises BundleError.
    """
    check_digest(archive, sha256)
    try:
        for name, data in _read_zip(archive) if zipfile.is_zipfile(archive) else _read_tar(archive):
            path = folder / FOLDER / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    except (OSError, EOFError, tarfile.TarError, zipfile.BadZipFile) as exc:
        raise BundleError(f"“{archive}”不是完整的 Python 压缩包（{type(exc).__name__}）。{_ADVICE}") from exc
    return _find_interpreter(archive, target, folder)


_ADVICE = "请用 python-build-standalone 的 install_only 包（.tar.gz），Windows 也可以用 python.org 的 embeddable package（.zip）。"


def check_digest(archive: Path, sha256: str) -> None:
    """Raises BundleError: the file is another than its makers published, or nobody says which it should be."""
    if not archive.is_file():
        raise BundleError(f"找不到 Python 压缩包 {archive}。{_ADVICE}")
    expected = sha256 or _look_up(archive)
    if not expected:
        raise BundleError(
            f"没有“{archive.name}”的 SHA-256，不能核对它是不是原来的文件。请用 --python-sha256 写明下载页上公布的值，"
            f"或把公布的 SHA256SUMS 放在它旁边。"
        )
    with archive.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != expected.strip().lower():
        raise BundleError(f"“{archive.name}”的 SHA-256 是 {found}，公布的是 {expected}：文件不对或已损坏，请重新下载。")


def _look_up(archive: Path) -> str:
    """The digest of the archive in a list beside it; blank if there is none."""
    for name in _LISTS:
        path = archive.with_name(name.format(name=archive.name))
        lines = path.read_text("ascii", "replace").splitlines() if path.is_file() else []
        for line in lines:
            digest, _, named = line.strip().partition(" ")
            if named.strip().lstrip("*") in ("", archive.name) and re.fullmatch(r"[0-9a-fA-F]{64}", digest):
                return digest
    return ""


def _read_tar(archive: Path) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(archive) as file:
        for member in file:
            content = file.extractfile(member) if member.isreg() or member.islnk() else None
            if content and (name := _choose(member.name.removeprefix("./").removeprefix(f"{FOLDER}/"), member.size)):
                yield name, content.read()


def _read_zip(archive: Path) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(archive) as file:
        for member in file.infolist():
            if not member.is_dir() and (name := _choose(member.filename, member.file_size)):
                yield name, file.read(member)


def _choose(name: str, size: int) -> str:
    """The name in the folder; blank for what is not needed. Raises BundleError for one that leads elsewhere."""
    parts = PurePosixPath(name).parts
    if ".." in parts or name.startswith("/") or ":" in name or "\\" in name or size > _LARGEST:
        raise BundleError(f"Python 压缩包里有不该有的文件“{name}”。{_ADVICE}")
    return "" if _NOT_NEEDED.match(name) else name


def _find_interpreter(archive: Path, target: TargetComputer, folder: Path) -> Interpreter:
    """The program and its version, by the files that are there and not by their archive's name."""
    root = folder / FOLDER
    found = sorted(root.glob("python3[0-9]*.dll") if target.is_windows else root.glob("bin/python3.[0-9]*"))
    program = root / "python.exe" if target.is_windows else (found[0] if found else root / "bin")
    if not found or not program.is_file():
        raise BundleError(f"“{archive.name}”里没有 {target.title}用的 Python。{_ADVICE}")
    if not target.runs(program.read_bytes()[:4096]):
        raise BundleError(
            f"“{archive.name}”里的 Python 不是 {target.title}用的。请核对下载的是不是 {target.name} 的包。"
        )
    digits = re.sub(r"\D", "", found[0].stem if target.is_windows else found[0].name)
    version = f"{digits[0]}.{digits[1:]}"
    packages = PurePosixPath("Lib") if target.is_windows else PurePosixPath("lib", f"python{version}")
    if target.is_windows:
        _open_embedded(root, digits)
    return Interpreter(
        PurePosixPath(program.relative_to(folder).as_posix()),
        version,
        PurePosixPath(FOLDER) / packages / "site-packages",
    )


def _open_embedded(root: Path, digits: str) -> None:
    """The embeddable package looks for components only where its ._pth says, and in site-packages if told to."""
    path = root / f"python{digits}._pth"
    if path.is_file():
        lines = [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]
        wanted = ["Lib\\site-packages", "import site"]
        path.write_text(
            "\r\n".join([*(line for line in lines if line not in wanted), *wanted, ""]), "utf-8", newline=""
        )


def find_newer_glibc(folder: Path, limit: int) -> dict[str, int]:
    """The program files that ask for a glibc later than 2.``limit``, and the one they ask for."""
    newer: dict[str, int] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                data = file.read() if file.read(4) == b"\x7fELF" else b""
            wanted = max((int(minor) for minor in re.findall(rb"GLIBC_2\.(\d+)(?:\.\d+)?\0", data)), default=0)
            if wanted > limit:
                newer[path.relative_to(folder).as_posix()] = wanted
    return newer
