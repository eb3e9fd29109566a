"""``wbt bundle --for``: a folder that runs where it is unpacked; from small wheels made here, and once from the real ones."""

from __future__ import annotations

import hashlib
import io
import re
import shlex
import subprocess
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import empty_root
import pytest
from long_run import thin
from small_wheels import wheel

from workbook_tools.offline import portable
from workbook_tools.offline.interpreter import check_digest, unpack_interpreter
from workbook_tools.offline.portable import Portable, build_portable
from workbook_tools.offline.targets import TARGETS
from workbook_tools.offline.texts import fill_text
from workbook_tools.offline.wheels import BundleError, Wheel, build_own_wheel

Wbt = Callable[..., tuple[int, str]]
Made = TypeVar("Made")
WINDOWS, X64, ARM64 = (TARGETS[name] for name in ("windows-x64", "linux-x64", "linux-arm64"))
NAMES = {
    WINDOWS: "cpython-3.12.7-x86_64-pc-windows-msvc-install_only.tar.gz",
    X64: "cpython-3.12.7-x86_64-unknown-linux-gnu-install_only.tar.gz",
    ARM64: "cpython-3.12.7-aarch64-unknown-linux-gnu-install_only.tar.gz",
}


def program(target: object, machine: int | None = None) -> bytes:
    """The first bytes of a program for that computer."""
    assert target in NAMES
    number = (machine or target.machine).to_bytes(2, "little")
    if target.is_windows:
        return b"MZ".ljust(0x3C, b"\0") + (0x80).to_bytes(4, "little") + bytes(0x40) + b"PE\0\0" + number
    return b"\x7fELF".ljust(18, b"\0") + number + b"GLIBC_2.17\0"


def files_of(target: object, minor: int = 12) -> dict[str, bytes]:
    """What lies in the archive of a Python, in small."""
    if target is WINDOWS:
        return {
            "python.exe": program(target),
            f"python3{minor}.dll": b"MZ",
            "python3.dll": b"MZ",
            "Lib/os.py": b"x = 1\n",
            "Lib/test/x.py": b"",
            "include/Python.h": b"",
            "Lib/site-packages/pip/x.py": b"",
        }
    return {
        f"bin/python3.{minor}": program(target),
        f"lib/python3.{minor}/os.py": b"x = 1\n",
        "share/man": b"",
        f"lib/python3.{minor}/site-packages/pip/x.py": b"",
        "bin/pip3": b"#!",
    }


def archive(folder: Path, target: object, files: dict[str, bytes] | None = None, name: str = "") -> Path:
    """One like python-build-standalone's, with its digest in a list beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (name or NAMES[target])
    with tarfile.open(path, "w:gz") as made:
        for inner, data in (files_of(target) if files is None else files).items():
            member = tarfile.TarInfo(f"python/{inner}")
            member.size = len(data)
            made.addfile(member, io.BytesIO(data))
        link = tarfile.TarInfo("python/bin/python3")
        link.type, link.linkname = tarfile.SYMTYPE, "/usr/bin/python3"
        made.addfile(link)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / "SHA256SUMS").write_text(f"{'0' * 64}  other.tar.gz\n{digest}  {path.name}\n")
    return path


@pytest.fixture(autouse=True)
def _quickly_packed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portable, "_LEVEL", 0)


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder instead of the index."""
    folder = tmp_path / "index"
    wheel(folder, "tables", "colours; sys_platform == 'win32'", "unixes; sys_platform != 'win32'")
    wheel(folder, "unixes", "arms; platform_machine == 'aarch64'")
    wheel(folder, "arms")
    wheel(folder, "colours")
    for tag in (
        "win_amd64",
        "manylinux_2_17_x86_64.manylinux2014_x86_64",
        "manylinux_2_27_aarch64.manylinux_2_28_aarch64",
    ):
        wheel(folder, "faster", tag=f"cp312-cp312-{tag}", content=b"\x7fELF GLIBC_2.27\0")
    wheel(folder, "excels")
    needs = ("tables>=1", "faster", "excels; extra == 'excel' and sys_platform == 'win32'")
    own = Wheel.read(wheel(tmp_path / "own", "workbook-tools", *needs))
    monkeypatch.setattr(portable, "build_own_wheel", lambda _: own)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def content(made: Portable) -> dict[str, bytes]:
    """Name in the folder → content, of a .zip or a .tar.gz; all lies in one folder."""
    if made.path.suffix == ".zip":
        with zipfile.ZipFile(made.path) as packed:
            found = {name: packed.read(name) for name in packed.namelist()}
    else:
        with tarfile.open(made.path) as tar:
            found = {member.name: tar.extractfile(member).read() for member in tar}  # type: ignore[union-attr]
    (folder,) = {name.partition("/")[0] for name in found}
    assert folder.startswith("workbook-tools-")
    return {name.removeprefix(f"{folder}/"): data for name, data in found.items()}


def installed(files: dict[str, bytes]) -> list[str]:
    return sorted(name.split("/")[-2].partition("-")[0] for name in files if name.endswith(".dist-info/METADATA"))


def test_the_folder_for_windows_has_python_components_and_starters(index: Path, tmp_path: Path) -> None:
    heard: list[int] = []
    made = build_portable(
        tmp_path / "out", WINDOWS, archive(tmp_path / "py", WINDOWS), watch=lambda done, _: heard.append(done)
    )
    assert (made.path.name, made.python, heard) == ("workbook-tools-1.0-windows-x64.zip", "3.12", [1, 2, 3, 4])
    files = content(made)
    assert installed(files) == ["colours", "excels", "faster", "tables", "workbook_tools"]
    assert all(name.startswith("python/Lib/site-packages/") for name in files if ".dist-info/" in name)
    assert {name for name in files if "site-packages" not in name} == {
        "python/python.exe",
        "python/python312.dll",
        "python/python3.dll",
        "python/Lib/os.py",
        "开始.bat",
        "命令行.bat",
        "wbt.bat",
        "怎样装.html",
        "requirements.txt",
    }
    for name in ("开始.bat", "命令行.bat", "wbt.bat"):
        script = files[name]
        script.decode("gbk")
        assert script.count(b"\n") == script.count(b"\r\n") > 0
    assert b'"%~dp0python\\python.exe" -I -m workbook_tools %*' in files["wbt.bat"]
    assert "Python 3.12，程序和它用到的 5 个组件" in files["怎样装.html"].decode("utf-8")
    assert not [name for name, data in files.items() if name.endswith((".bat", ".html")) and b"{P" in data]


def test_the_embeddable_package_is_told_where_the_components_are(index: Path, tmp_path: Path) -> None:
    path = tmp_path / "python-3.12.7-embed-amd64.zip"
    with zipfile.ZipFile(path, "w") as made:
        for name, data in {
            "python.exe": program(WINDOWS),
            "python312.dll": b"MZ",
            "python3.dll": b"MZ",
            "python312.zip": b"PK",
            "python312._pth": b"python312.zip\r\n.\r\n\r\n# Uncomment\r\n#import site\r\n",
        }.items():
            made.writestr(name, data)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    files = content(build_portable(tmp_path / "it.zip", WINDOWS, path, digest.upper()))
    assert files["python/python312._pth"] == b"python312.zip\r\n.\r\nLib\\site-packages\r\nimport site\r\n"
    assert installed(files) == ["colours", "excels", "faster", "tables", "workbook_tools"]


def test_the_folder_for_linux_keeps_what_may_be_run_and_is_the_same_twice(index: Path, tmp_path: Path) -> None:
    for target, needed in (
        (X64, ["faster", "tables", "unixes", "workbook_tools"]),
        (ARM64, ["arms", "faster", "tables", "unixes", "workbook_tools"]),
    ):
        python = archive(tmp_path / target.name, target)
        made = build_portable(tmp_path / "out", target, python)
        files = content(made)
        assert installed(files) == needed
        with tarfile.open(made.path) as packed:
            runs = {member.name.partition("/")[2] for member in packed if member.mode & 0o111}
        assert runs == {
            "wbt",
            "开始.sh",
            "开始.desktop",
            "python/bin/python3.12",
            "python/lib/python3.12/site-packages/faster.so",
        }
        assert not any(b"\r" in files[name] for name in ("wbt", "开始.sh", "开始.desktop"))
    again = build_portable(tmp_path / "again.tar.gz", target, python)
    assert again.path.read_bytes() == made.path.read_bytes()


@pytest.mark.parametrize(
    ("tag", "library", "told"),
    [
        ("manylinux_2_28_x86_64", b"x", "组件 faster 没有适用于 64 位 Linux"),
        ("manylinux_2_27_x86_64", b"\x7fELF\0GLIBC_2.3.4\0GLIBC_2.34\0", "faster.so”要 glibc 2.34"),
    ],
)
def test_what_needs_a_later_glibc_than_offices_have_is_refused(
    index: Path, tmp_path: Path, tag: str, library: bytes, told: str
) -> None:
    for path in index.glob("faster-*"):
        path.unlink()
    wheel(index, "faster", tag=f"cp312-cp312-{tag}", content=library)
    with pytest.raises(BundleError, match=told):
        build_portable(tmp_path, X64, archive(tmp_path / "py", X64))
    assert not list(tmp_path.glob("*.tar.gz"))


def test_an_archive_is_used_only_if_it_is_what_its_makers_published(tmp_path: Path) -> None:
    path = archive(tmp_path, X64)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    check_digest(path, "")  # by the list beside it
    check_digest(path, digest)
    (tmp_path / "SHA256SUMS").unlink()
    with pytest.raises(BundleError, match=r"没有“.*”的 SHA-256"):
        check_digest(path, "")
    path.with_name(f"{path.name}.sha256").write_text(f"{digest}\n")
    check_digest(path, "")
    with path.open("ab") as file:
        file.write(b"\0")
    for told in ("", digest):
        with pytest.raises(BundleError, match="文件不对或已损坏"):
            check_digest(path, told)
    with pytest.raises(BundleError, match="找不到 Python 压缩包"):
        check_digest(tmp_path / "没有.tar.gz", digest)


@pytest.mark.parametrize(
    ("target", "files", "told"),
    [
        (X64, {"bin/python3.12": program(ARM64)}, "不是 64 位 Linux（x86"),
        (WINDOWS, {"python.exe": program(WINDOWS, 0xAA64), "python312.dll": b""}, "不是 64 位 Windows用的"),
        (X64, files_of(WINDOWS), "里没有 64 位 Linux"),
        (WINDOWS, files_of(X64), "里没有 64 位 Windows"),
        (X64, {"../outside": b"x"}, "不该有的文件“../outside”"),
        (X64, {}, "里没有 64 位 Linux"),
    ],
)
def test_an_archive_that_does_not_fit_is_named(
    tmp_path: Path, target: object, files: dict[str, bytes], told: str
) -> None:
    with pytest.raises(BundleError, match=told):
        unpack_interpreter(archive(tmp_path, target, files), "", target, tmp_path / "out")
    assert not (tmp_path / "outside").exists()


def test_a_file_that_is_no_archive_and_a_python_that_is_too_old_are_named(index: Path, tmp_path: Path) -> None:
    path = tmp_path / "python.tar.zst"
    path.write_bytes(b"\x28\xb5\x2f\xfd")
    with pytest.raises(BundleError, match=r"不是完整的 Python 压缩包.*install_only"):
        unpack_interpreter(path, hashlib.sha256(path.read_bytes()).hexdigest(), X64, tmp_path / "out")
    old = archive(tmp_path, X64, files_of(X64, 9))
    with pytest.raises(BundleError, match=r"是 Python 3\.9，只能用 3\.13、3\.12、3\.11"):
        build_portable(tmp_path / "out", X64, old)


def test_the_command_says_what_it_needs(wbt: Wbt, index: Path, tmp_path: Path) -> None:
    python = archive(tmp_path / "py", X64)
    for arguments, told in (
        (("--for", "linux-x64"), "要一起写"),
        (("--python-archive", python), "要一起写"),
        (("--for", "loongarch", "--python-archive", python), "只能是 windows-x64、linux-x64、linux-arm64"),
        (("--for", "linux-x64", "--python-archive", python, "--python", "3.12"), "不写 --python"),
    ):
        code, said = wbt("bundle", *arguments, cwd=tmp_path)
        assert code == 2 and told in said
    code, said = wbt("bundle", "--for", "linux-x64", "--python-archive", python, "--out", "out", cwd=tmp_path)
    assert code == 0 and "Python 3.12，4 个组件" in said
    assert (tmp_path / "out" / "workbook-tools-1.0-linux-x64.tar.gz").is_file()


def test_the_icon_starts_the_starter_beside_it_or_says_where_it_is(tmp_path: Path) -> None:
    """As the desktops' common rule has it: backslashes of the file first, then quotes as a shell reads them. Some do not tell the icon's place."""
    folder = tmp_path / "绩效 自评 $HOME `x` 'y' \"z\""
    folder.mkdir()
    (folder / "开始.sh").write_text('pwd; echo "$0"', "utf-8")
    lines = fill_text("start.desktop", "utf-8", "\n").decode().splitlines()
    (line,) = (line.removeprefix("Exec=").replace("\\\\", "\\") for line in lines if line.startswith("Exec="))

    def launch(place: str) -> str:
        done = subprocess.run(
            ["sh", "-c", line.replace("%k", place)],
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
        )
        assert done.stderr == ""
        return done.stdout

    assert launch(shlex.quote(str(folder / "开始.desktop"))) == f"{folder}\n./开始.sh\n"
    assert "双击里面的“开始.sh”" in launch("")
    outside = re.sub(r'"(?:[^"\\]|\\.)*"', "", line)
    assert not re.search(r"[\"'`$\\><~|&;*?#()]", outside)  # signs that may not stand outside of quotes


@pytest.mark.parametrize("typed", ["开始.sh", "wbt", "./wbt", "{folder}/wbt", "{folder}/开始.sh"])
def test_a_folder_whose_files_may_no_longer_be_run_starts_all_the_same(tmp_path: Path, typed: str) -> None:
    """Unpacked on Windows and copied, or by a program that does not keep rights."""
    folder = tmp_path / "绩效 自评 $HOME"
    folder.mkdir()
    for name, text in (("wbt", "wbt.sh"), ("开始.sh", "start.sh")):
        (folder / name).write_bytes(fill_text(text, "utf-8", "\n", PROGRAM="python"))
    (folder / "python").write_text('#!/bin/sh\necho "$@"', "utf-8")
    done = subprocess.run(
        ["sh", typed.format(folder=folder), "甲 乙"], cwd=folder, input="\n", capture_output=True, encoding="utf-8"
    )
    assert done.stderr == ""
    assert done.stdout.startswith("-I -m workbook_tools 甲 乙\n")


# -- the real thing ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Wheel:
    return build_own_wheel(tmp_path_factory.mktemp("own"))


def with_the_index(build: Callable[[], Made]) -> Made:
    try:
        return build()
    except BundleError as exc:
        if "连接不上" in str(exc):
            pytest.skip(f"no package index: {exc}")
        raise


@pytest.mark.slow
@pytest.mark.parametrize("target", thin([WINDOWS, ARM64]), ids=lambda target: target.name)
def test_the_real_folder_for_another_computer_is_built(
    own: Wheel, target: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Needs the package index, as installing the tests did. The Python is none; all components are the real ones, and their glibc is looked at."""
    monkeypatch.setattr(portable, "build_own_wheel", lambda _: own)
    made = with_the_index(lambda: build_portable(tmp_path / "out", target, archive(tmp_path, target)))
    names = {found.name for found in made.wheels}
    assert {"workbook-tools", "pandas", "numpy", "lxml", "sqlalchemy", "starlette", "uvicorn"} <= names
    assert ("pywin32" in names) == target.is_windows
    installed_files = content(made)
    assert not [name for name in installed_files if "/site-packages/" in name and "/tests/" in name]
    libraries = [name for name in installed_files if name.endswith((".pyd", ".so"))]
    assert len(libraries) > 50
    for name in libraries:
        assert target.runs(installed_files[name][:4096]), name


@pytest.mark.long
@pytest.mark.slow
def test_the_real_folder_for_this_computer_runs_where_there_is_no_python(tmp_path: Path) -> None:
    """Every run of ``.ci/run`` does it too, outside pytest: the demo that is validated there is the one made here."""
    said, place = empty_root.run_there(with_the_index(lambda: empty_root.build_here(tmp_path)), tmp_path / "root")
    assert said.startswith("workbook-tools ")
    assert "先打开 审核/审核结果.xlsx" in said
    assert "接着做：" in said
    assert all((place / year / "审核" / "审核结果.xlsx").is_file() for year in empty_root.DEMO)
