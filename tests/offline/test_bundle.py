"""``wbt bundle``: the offline installation, from small wheels made here, and once from the real ones."""

from __future__ import annotations

import re
import subprocess
import sys
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from small_wheels import wheel

from workbook_tools import __version__
from workbook_tools.offline import bundle, wheels
from workbook_tools.offline.bundle import build_bundle
from workbook_tools.offline.targets import WINDOWS
from workbook_tools.offline.texts import fill_text
from workbook_tools.offline.wheels import BundleError, Wheel, build_own_wheel, find_closure

Wbt = Callable[..., tuple[int, str]]


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder instead of the index; our own wheel needs things that only Windows needs."""
    folder = tmp_path / "index"
    wheel(folder, "tables", "colours; sys_platform == 'win32'", "unixes; sys_platform != 'win32'")
    wheel(folder, "unixes")
    wheel(folder, "colours", "deep[fast]")
    wheel(folder, "deep", "faster; extra == 'fast'", "slower; extra == 'slow'")
    for version in ("311", "312"):
        wheel(folder, "faster", tag=f"cp{version}-cp{version}-win_amd64")
    wheel(folder, "excels")
    wheel(folder, "old", python="<3.12")
    needs = ("tables>=1", "excels; extra == 'excel' and sys_platform == 'win32'", "old; python_version < '3.12'")
    own = Wheel.read(wheel(tmp_path / "own", "workbook-tools", *needs))
    monkeypatch.setattr(bundle, "build_own_wheel", lambda _: own)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def names(requirements: bytes) -> list[str]:
    lines = requirements.decode("ascii").split("\r\n")
    assert all(re.fullmatch(r"[a-z-]+(\[excel])?==1.0 --hash=sha256:[0-9a-f]{64}", line) for line in lines[1:-1])
    return sorted(line.partition("=")[0] for line in lines[1:-1])


def test_the_zip_holds_what_windows_needs_for_each_python_and_nothing_else(index: Path, tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []
    made = build_bundle(tmp_path / "out", ("3.12", "3.11"), lambda done, total: heard.append((done, total)))
    assert made.path.name == "workbook-tools-1.0-离线安装-win64.zip"
    assert heard == [(1, 2), (2, 2)]
    with zipfile.ZipFile(made.path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    common = ["colours", "deep", "excels", "faster", "tables", "workbook-tools[excel]"]
    assert names(content["requirements-3.12.txt"]) == common
    assert names(content["requirements-3.11.txt"]) == sorted([*common, "old"])
    assert sorted(name for name in content if "/" in name) == [
        "wheels/colours-1.0-py3-none-any.whl",
        "wheels/deep-1.0-py3-none-any.whl",
        "wheels/excels-1.0-py3-none-any.whl",
        "wheels/faster-1.0-cp311-cp311-win_amd64.whl",
        "wheels/faster-1.0-cp312-cp312-win_amd64.whl",
        "wheels/old-1.0-py3-none-any.whl",
        "wheels/tables-1.0-py3-none-any.whl",
        "wheels/workbook_tools-1.0-py3-none-any.whl",
    ]
    assert set(content) - {n for n in content if "/" in n} == {
        "安装.bat",
        "说明.txt",
        "requirements-3.11.txt",
        "requirements-3.12.txt",
    }
    readme = content["说明.txt"].decode("utf-8-sig")
    assert "版本为 3.12、3.11 之一" in readme
    assert "程序和它用到的 8 个组件" in readme


def test_the_script_is_one_that_windows_can_read() -> None:
    script = fill_text("install.bat", "gbk", VERSIONS="3.12 3.11")
    assert script.count(b"\n") == script.count(b"\r\n") > 40
    text = script.decode("gbk")
    assert "for %%v in (3.12 3.11) do" in text
    # The second byte of a Chinese character must not be one that the command line takes for its own sign.
    chinese = [c.encode("gbk") for c in set(text) if ord(c) > 127]
    assert [pair.decode("gbk") for pair in chinese if pair[1:] in (b"|", b"^", b"\\", b"@", b"`")] == []
    labels = set(re.findall(r"^:(\w+)", text, re.M))
    assert set(re.findall(r"goto (\w+)", text)) <= labels


def test_a_component_without_a_wheel_for_windows_is_named(index: Path, tmp_path: Path) -> None:
    (index / "faster-1.0-cp312-cp312-win_amd64.whl").unlink()
    with pytest.raises(BundleError, match=r"组件 faster.* 没有适用于 64 位 Windows 和 Python 3\.12 的版本"):
        build_bundle(tmp_path, ["3.12"])
    assert not list(tmp_path.glob("*.zip"))


def test_without_a_connection_it_is_said(index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "0")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "0")
    with pytest.raises(BundleError, match=r"连接不上下载组件的网站.*能上网的电脑"):
        build_bundle(tmp_path, ["3.12"])


def test_a_wheel_that_is_lost_between_fetching_and_packing_is_noticed(index: Path, tmp_path: Path) -> None:
    path = wheel(tmp_path / "wheels", "tables")
    listed = tmp_path / "requirements.txt"
    listed.write_text(f"tables==1.0 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(BundleError, match=r"不完整（Python 3\.12）"):
        wheels.check_wheels([Wheel.read(path)], listed, "3.12", path.parent)


def test_a_python_without_pip_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    venv.create(tmp_path / "bare", with_pip=False, symlinks=True)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bare" / "bin" / "python"))
    with pytest.raises(BundleError, match=r"没有 pip。请先运行 .* -m ensurepip"):
        wheels.run_pip("--version")


def test_conditions_are_read_for_windows(tmp_path: Path) -> None:
    root = Wheel.read(wheel(tmp_path, "root", "b>=2", "c; extra == 'excel'", "d; os_name == 'posix'"))
    b = Wheel.read(wheel(tmp_path, "b"))
    needed, missing = find_closure(root, (), {"b": b}, WINDOWS.describe("3.11"))
    assert ([w.name for w in needed], list(map(str, missing))) == (["root"], ["b>=2"])
    assert [r.name for r in find_closure(root, ("excel",), {}, WINDOWS.describe("3.11"))[1]] == ["b", "c"]


def test_components_that_need_each_other_come_to_an_end(tmp_path: Path) -> None:
    root, a, b = (
        Wheel.read(wheel(tmp_path, name, requires)) for name, requires in (("root", "a"), ("a", "b"), ("b", "a"))
    )
    needed, missing = find_closure(root, (), {"a": a, "b": b}, WINDOWS.describe("3.11"))
    assert ([w.name for w in needed], missing) == (["root", "a", "b"], [])


def test_what_is_no_wheel_is_told(tmp_path: Path) -> None:
    for name in ("甲.whl", "b-1.0-py3-none-any.whl"):
        (tmp_path / name).write_bytes(b"PK")
        with pytest.raises(BundleError, match="不是完整的 Python 组件"):
            Wheel.read(tmp_path / name)


def test_a_wrong_version_is_refused(wbt: Callable[..., tuple[int, str]]) -> None:
    code, said = wbt("bundle", "--python", "3.9")
    assert code == 2
    assert "不支持 Python 3.9，只能是 3.13、3.12、3.11" in said


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Wheel:
    return build_own_wheel(tmp_path_factory.mktemp("own"))


@pytest.mark.long
@pytest.mark.slow
def test_the_real_thing_for_one_python(own: Wheel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Needs the package index. That all components of Windows can be had, test_portable tries with every change."""
    monkeypatch.setattr(bundle, "build_own_wheel", lambda _: own)
    try:
        made = build_bundle(tmp_path, ["3.12"])
    except BundleError as exc:
        if "连接不上" in str(exc):
            pytest.skip(f"no package index: {exc}")
        raise
    found = {path.name.partition("-")[0].lower(): path.name for path in made.wheels}
    assert {"workbook_tools", "pandas", "numpy", "lxml", "xlwings", "pywin32", "colorama", "tzdata"} <= set(found)
    assert found["numpy"].endswith("-cp312-cp312-win_amd64.whl")
    assert found["workbook_tools"] == f"workbook_tools-{__version__}-py3-none-any.whl"


@pytest.mark.slow
def test_our_own_wheel_carries_everything_even_packed_again_from_an_installation(
    own: Wheel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Installed, and packed again from that: the same files."""
    site = tmp_path / "site"
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", site, own.path]
    )
    assert done.returncode == 0
    (distribution,) = wheels.metadata.distributions(path=[str(site)], name="workbook-tools")
    monkeypatch.setattr(wheels.metadata, "distribution", lambda _: distribution)
    again = build_own_wheel(tmp_path / "again")
    assert (again.path.name, again.requires) == (own.path.name, own.requires)

    def content(path: Path) -> dict[str, bytes]:
        with zipfile.ZipFile(path) as archive:
            return {n: archive.read(n) for n in archive.namelist() if not n.endswith("/RECORD")}

    assert content(again.path) == content(own.path)
    assert "workbook_tools/templates/自评表模板.xlsx" in content(again.path)
    assert "workbook_tools/offline/files/install.bat" in content(again.path)
    assert "workbook_tools/macros/控制台/DeskCall.bas" in content(again.path)
