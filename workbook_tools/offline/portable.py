"""A folder that runs where it is unpacked: the program, all its components and a Python. Nothing is installed."""

from __future__ import annotations

import compileall
import gzip
import io
import py_compile
import re
import shutil
import sys
import tarfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbook_tools.core.errors import OutputError, SettingsError, tell_os_error
from workbook_tools.core.faces import Watch
from workbook_tools.files.leftovers import temporary_folder, temporary_name
from workbook_tools.offline.bundle import EXTRAS, VERSIONS, write_requirements
from workbook_tools.offline.interpreter import FOLDER, Interpreter, find_newer_glibc, unpack_interpreter
from workbook_tools.offline.targets import NEWEST_GLIBC, TARGETS, TargetComputer
from workbook_tools.offline.texts import fill_text
from workbook_tools.offline.wheels import (
    PACKAGE,
    BundleError,
    Wheel,
    build_own_wheel,
    fetch_wheels,
    install_wheels,
)

_REQUIREMENTS, _README = "requirements.txt", "怎样装.html"
_STEPS = 4
_LEVEL = 6
"""How hard to compress."""
_DATE = (2020, 1, 1, 0, 0, 0)
_SECONDS = 1_577_836_800
"""The same moment: what is made twice from the same is the same."""
_STARTERS = {
    True: {"开始.bat": ("start.bat", "gbk"), "命令行.bat": ("terminal.bat", "gbk"), "wbt.bat": ("wbt.bat", "gbk")},
    False: {"开始.sh": ("start.sh", "utf-8"), "开始.desktop": ("start.desktop", "utf-8"), "wbt": ("wbt.sh", "utf-8")},
}
"""On Windows, and elsewhere: what is double-clicked or typed → its text in the package, and in which encoding it is read there."""


@dataclass(frozen=True, slots=True)
class Portable:
    """What was made."""

    path: Path
    python: str
    """``3.12``."""
    wheels: tuple[Wheel, ...]


def choose_target(name: str) -> TargetComputer:
    """Raises SettingsError for a computer that nothing is made for."""
    if name not in TARGETS:
        raise SettingsError(f"不能为“{name}”做，只能是 {'、'.join(TARGETS)}。")
    return TARGETS[name]


def build_portable(
    out: Path, target: TargetComputer, archive: Path, sha256: str = "", watch: Watch | None = None
) -> Portable:
    """Put the folder together and pack it: a .zip for Windows, a .tar.gz, which keeps what may be run, for Linux.

    ``out`` is the packed file, or a folder to put it into; ``archive`` and ``sha256`` as in
    :func:`~workbook_tools.offline.interpreter.unpack_interpreter`; ``watch`` hears of each of four steps.
    Raises BundleError, OutputError.
    """

    def tell(step: int) -> None:
        if watch:
            watch(step, _STEPS)

    with temporary_folder() as place:
        root = Path(place)
        own = build_own_wheel(root / "own")
        name = f"{PACKAGE}-{own.version}-{target.name}"
        folder = root / name
        python = unpack_interpreter(archive, sha256, target, folder)
        _check_version(archive, python.version)
        tell(1)
        wheels = fetch_wheels(own, EXTRAS, python.version, root / "wheels", target)
        tell(2)
        (folder / _REQUIREMENTS).write_bytes(write_requirements(wheels, python.version, target))
        _install(folder, python, wheels, target, root / "wheels")
        tell(3)
        _write_starters(folder, target, python, own, len(wheels))
        path = (
            out
            if out.name.endswith((".zip", ".tar.gz"))
            else out / f"{name}{'.zip' if target.is_windows else '.tar.gz'}"
        )
        _pack(folder, path, python)
        tell(4)
    return Portable(path, python.version, tuple(wheels))


def _check_version(archive: Path, version: str) -> None:
    if version not in VERSIONS:
        raise BundleError(f"“{archive.name}”是 Python {version}，只能用 {'、'.join(VERSIONS)}。")


def _install(folder: Path, python: Interpreter, wheels: Sequence[Wheel], target: TargetComputer, fetched: Path) -> None:
    """Into the Python's own site-packages, by hash; then nothing may ask for more than the other computer has."""
    own = wheels[0]
    if own.path.parent != fetched:
        shutil.copy2(own.path, fetched)
    packages = folder / python.packages
    if packages.exists():
        shutil.rmtree(packages)  # pip and setuptools, which are not needed there
    install_wheels(folder / _REQUIREMENTS, python.version, fetched, target, packages)
    for scripts in ("bin", "Scripts"):  # they start the Python that pip ran in
        shutil.rmtree(packages / scripts, ignore_errors=True)
    for tests in [path for path in packages.rglob("tests") if path.is_dir()]:  # a third of all files
        shutil.rmtree(tests, ignore_errors=True)
    if newer := {} if target.is_windows else find_newer_glibc(folder, NEWEST_GLIBC):
        worst = max(newer, key=lambda path: newer[path])
        raise BundleError(
            f"“{worst}”要 glibc 2.{newer[worst]}，目标电脑上只保证有 2.{NEWEST_GLIBC}。请换一个 Python 压缩包。"
        )
    _compile(folder, python)


def _compile(folder: Path, python: Interpreter) -> None:
    """So that the first start is as quick as any other; only a Python of the same version can do it."""
    if python.version == f"{sys.version_info.major}.{sys.version_info.minor}":
        mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
        where = str(folder / FOLDER)
        compileall.compile_dir(where, stripdir=str(folder), quiet=2, invalidation_mode=mode, workers=1)


def _write_starters(folder: Path, target: TargetComputer, python: Interpreter, own: Wheel, count: int) -> None:
    facts = {
        "PROGRAM": str(python.program).replace("/", "\\") if target.is_windows else str(python.program),
        "VERSION": own.version,
        "PYTHON": python.version,
        "COUNT": str(count),
        "TARGET": target.title,
    }
    for name, (text, encoding) in _STARTERS[target.is_windows].items():
        (folder / name).write_bytes(fill_text(text, encoding, "\r\n" if target.is_windows else "\n", **facts))
    page = "install-windows.html" if target.is_windows else "install-linux.html"
    (folder / _README).write_bytes(fill_text(page, "utf-8", **facts))


# -- packing ----------------------------------------------------------------------------------------------------------


def _pack(folder: Path, path: Path, python: Interpreter) -> None:
    """Written beside its place and moved there."""
    temporary = temporary_name(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        (_write_zip if path.suffix == ".zip" else _write_tar)(folder, temporary, python)
        temporary.replace(path)
    except OSError as exc:
        raise OutputError(f"无法写入{tell_os_error(exc, path)}") from None
    finally:
        temporary.unlink(missing_ok=True)


def _list_files(folder: Path, python: Interpreter) -> Iterator[tuple[str, bytes, bool]]:
    """Name, content, and whether it may be run."""
    run = {str(python.program), *(name for names in _STARTERS.values() for name in names)}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        yield f"{folder.name}/{name}", path.read_bytes(), name in run or bool(re.search(r"\.so[.\d]*$", name))


def _write_zip(folder: Path, path: Path, python: Interpreter) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data, _ in _list_files(folder, python):
            member = zipfile.ZipInfo(name, _DATE)
            archive.writestr(member, data, zipfile.ZIP_DEFLATED, _LEVEL)


def _write_tar(folder: Path, path: Path, python: Interpreter) -> None:
    with (
        path.open("wb") as file,
        gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=_SECONDS, compresslevel=_LEVEL) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for name, data, runs in _list_files(folder, python):
            member = tarfile.TarInfo(name)
            member.size, member.mtime, member.mode = len(data), _SECONDS, 0o755 if runs else 0o644
            archive.addfile(member, io.BytesIO(data))
