"""Wheels for another computer: fetched with pip, and checked to be complete.

pip can fetch for another platform, but reads the conditions of requirements (``; sys_platform == "win32"``) for the
computer it runs on. So the conditions are read here, for the other computer, from the wheels themselves.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.parser import HeaderParser
from importlib import metadata
from pathlib import Path
from urllib.parse import unquote, urlparse
from urllib.request import url2pathname

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

from workbook_tools.core.errors import WorkbookToolsError
from workbook_tools.desk.installed import no_window
from workbook_tools.files.leftovers import temporary_folder
from workbook_tools.offline.targets import WINDOWS, TargetComputer

PACKAGE = "workbook-tools"
_LEFT_OUT = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json")
"""Of an installed distribution: written by whoever installs it."""
_ROUNDS = 10
_OFFLINE = re.compile(r"NewConnectionError|ConnectTimeout|NameResolutionError|ProxyError|Max retries|ReadTimeout")
_NONE_FITS = re.compile(r"No matching distribution found for (\S+)")


class BundleError(WorkbookToolsError):
    """Wheels could not be fetched or made, or one is missing."""


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel file, and what it says of itself."""

    path: Path
    name: str
    """In its normal form: ``python-docx``."""
    version: str
    requires: tuple[Requirement, ...]
    extras: tuple[str, ...] = ()
    """What can be asked for beside it: ``excel``."""

    @classmethod
    def read(cls, path: Path) -> Wheel:
        """Raises BundleError if the file is no wheel."""
        try:
            name, version, _, _ = parse_wheel_filename(path.name)
            with zipfile.ZipFile(path) as archive:
                (found,) = (n for n in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", n))
                facts = HeaderParser().parsestr(archive.read(found).decode())
        except (OSError, ValueError, zipfile.BadZipFile) as exc:
            raise BundleError(f"“{path}”不是完整的 Python 组件（wheel）。") from exc
        requires = tuple(map(Requirement, facts.get_all("Requires-Dist") or ()))
        return cls(path, name, str(version), requires, tuple(facts.get_all("Provides-Extra") or ()))

    @property
    def sha256(self) -> str:
        """Digest of the file."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()


def find_closure(
    root: Wheel, extras: Iterable[str], wheels: Mapping[str, Wheel], system: Mapping[str, str]
) -> tuple[list[Wheel], list[Requirement]]:
    """The wheels that ``root`` with its extras needs on that system, itself first, and the requirements none of them meets."""
    needed: dict[str, set[str]] = {}
    missing: dict[str, Requirement] = {}
    waiting = [(root.name, set(extras))]
    known = {**wheels, root.name: root}
    while waiting:
        name, wanted = waiting.pop(0)
        if name in needed and wanted <= needed[name]:
            continue
        needed[name] = needed.get(name, set()) | wanted
        for requirement in known[name].requires:
            if not _applies(requirement, needed[name], system):
                continue
            other = known.get(canonicalize_name(requirement.name))
            if other is None or not requirement.specifier.contains(other.version, prereleases=True):
                missing[str(requirement)] = requirement
            else:
                waiting.append((other.name, set(requirement.extras)))
    return [known[name] for name in needed], list(missing.values())


def _applies(requirement: Requirement, extras: Iterable[str], system: Mapping[str, str]) -> bool:
    marker = requirement.marker
    return marker is None or any(marker.evaluate({**system, "extra": extra}) for extra in ("", *extras))


def fetch_wheels(
    root: Wheel, extras: Iterable[str], version: str, folder: Path, target: TargetComputer = WINDOWS
) -> list[Wheel]:
    """Everything that ``root`` needs on that computer with that Python, itself first; the files lie in ``folder``.

    Raises BundleError: no connection, or a component that has no wheel for it.
    """
    system = target.describe(version)
    needed, missing = find_closure(root, extras, {}, system)
    for _ in range(_ROUNDS):  # each adds what only that computer needs of what came in the last
        _download([_drop_condition(r) for r in missing], _pin(needed[1:], missing), version, folder, target)
        wheels = {wheel.name: wheel for wheel in map(Wheel.read, sorted(folder.glob("*.whl")))}
        needed, missing = find_closure(root, extras, wheels, system)
        if not missing:
            return needed
        for name in {canonicalize_name(r.name) for r in missing} & set(wheels):
            wheels[name].path.unlink()  # came in a version that something else cannot use
    raise BundleError(f"Python {version} 的组件互相矛盾：{'、'.join(map(str, missing))}。")


def _pin(wheels: Iterable[Wheel], missing: Iterable[Requirement]) -> list[str]:
    """What is there already stays in its version."""
    open_ones = {canonicalize_name(r.name) for r in missing}
    return [f"{wheel.name}=={wheel.version}" for wheel in wheels if wheel.name not in open_ones]


def _drop_condition(requirement: Requirement) -> str:
    extras = f"[{','.join(sorted(requirement.extras))}]" if requirement.extras else ""
    return f"{requirement.name}{extras}{requirement.specifier}"


def _download(
    requirements: Iterable[str], pinned: Iterable[str], version: str, folder: Path, target: TargetComputer
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    pins = folder / "pinned.txt"
    pins.write_text("\n".join(pinned), "ascii")
    options = ("--dest", folder, "--constraint", pins, "--retries", 2, "--timeout", 30)
    done = run_pip("download", *options, *_target_options(version, target), *requirements)
    if done.returncode == 0:
        return
    if _OFFLINE.search(done.stderr):
        raise BundleError("连接不上下载组件的网站。请在能上网的电脑上运行本命令，再把做好的压缩包带到内网。")
    if found := _NONE_FITS.search(done.stderr):
        raise BundleError(f"组件 {found[1]} 没有适用于 {target.title} 和 Python {version} 的版本。")
    raise BundleError(f"下载 Python {version} 的组件失败：{_last_line(done.stderr)}")


def check_wheels(wheels: Iterable[Wheel], requirements: Path, version: str, folder: Path) -> None:
    """Let pip take every wheel for that Python out of the folder, by hash and without a network. Raises BundleError."""
    with temporary_folder() as place:
        done = run_pip(
            "download",
            "--no-deps",
            "--no-index",
            "--find-links",
            folder,
            "--require-hashes",
            "--requirement",
            requirements,
            "--dest",
            place,
            *_target_options(version, WINDOWS),
        )
        if done.returncode:
            raise BundleError(f"做好的安装包不完整（Python {version}）：{_last_line(done.stderr)}")
        lacking = {wheel.path.name for wheel in wheels} - {path.name for path in Path(place).iterdir()}
    if lacking:
        raise BundleError(f"做好的安装包不完整（Python {version}），缺少 {'、'.join(sorted(lacking))}。")


def install_wheels(requirements: Path, version: str, fetched: Path, target: TargetComputer, folder: Path) -> None:
    """Lay the wheels down in ``folder``, as on that computer with that Python, by hash. Raises BundleError."""
    done = run_pip(
        "install",
        "--no-deps",
        "--no-index",
        "--find-links",
        fetched,
        "--require-hashes",
        "--requirement",
        requirements,
        "--no-compile",
        "--no-warn-script-location",
        "--ignore-requires-python",
        "--target",
        folder,
        *_target_options(version, target),
    )
    if done.returncode:
        raise BundleError(f"组件装不进去（Python {version}）：{_last_line(done.stderr)}")


def _target_options(version: str, target: TargetComputer) -> list[object]:
    platforms = (option for name in target.platforms for option in ("--platform", name))
    return ["--only-binary", ":all:", *platforms, "--python-version", version, "--implementation", "cp"]


def run_pip(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the pip of the Python we run in. Raises BundleError if it has none."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", *map(str, arguments)]
    done = subprocess.run(  # noqa: S603 - our own Python
        command,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        creationflags=no_window(),
    )
    if "No module named pip" in done.stderr:
        raise BundleError(f"这个 Python（{sys.executable}）没有 pip。请先运行 {sys.executable} -m ensurepip。")
    return done


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "pip 没有说明原因"


# -- our own wheel ----------------------------------------------------------------------------------------------------


def build_own_wheel(folder: Path) -> Wheel:
    """The wheel of this very package: built from the source tree it runs from, or packed again as it is installed."""
    try:
        distribution = metadata.distribution(PACKAGE)
    except metadata.PackageNotFoundError:
        raise BundleError(f"{PACKAGE} 没有安装，只是放在路径里；请先运行 pip install .") from None
    folder.mkdir(parents=True, exist_ok=True)
    source = _find_source_tree(distribution)
    return Wheel.read(_build(source, folder) if source else _pack_again(distribution, folder))


def _find_source_tree(distribution: metadata.Distribution) -> Path | None:
    """Where an editable installation has its sources."""
    facts = json.loads(distribution.read_text("direct_url.json") or "{}")
    if not facts.get("dir_info", {}).get("editable"):
        return None
    return Path(url2pathname(unquote(urlparse(facts["url"]).path)))


def _build(source: Path, folder: Path) -> Path:
    done = run_pip("wheel", "--no-deps", "--wheel-dir", folder, source)
    if done.returncode:
        offline = "需要能上网。" if _OFFLINE.search(done.stderr) else ""
        raise BundleError(f"无法从源代码“{source}”生成组件：{offline}{_last_line(done.stderr)}")
    return next(folder.glob("*.whl"))


def _pack_again(distribution: metadata.Distribution, folder: Path) -> Path:
    """A wheel is a zip of what pip laid down, with a list of the files' digests."""
    tag = HeaderParser().parsestr(distribution.read_text("WHEEL") or "").get("Tag", "py3-none-any")
    name = f"{PACKAGE.replace('-', '_')}-{distribution.version}"
    record = io.StringIO()
    listing = csv.writer(record, lineterminator="\n")
    path = folder / f"{name}-{tag}.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(distribution.files or (), key=str):
            if ".." in file.parts or "__pycache__" in file.parts or file.name in _LEFT_OUT:
                continue
            data = Path(str(file.locate())).read_bytes()
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            listing.writerow((file.as_posix(), f"sha256={digest}", len(data)))
            archive.writestr(zipfile.ZipInfo(file.as_posix(), (2020, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
        listed = f"{name}.dist-info/RECORD"
        listing.writerow((listed, "", ""))
        archive.writestr(zipfile.ZipInfo(listed, (2020, 1, 1, 0, 0, 0)), record.getvalue(), zipfile.ZIP_DEFLATED)
    return path
