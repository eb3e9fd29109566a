"""The offline installation: one zip with all wheels and a script to start, for a Windows PC without internet."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbook_tools.core.errors import OutputError, SettingsError, tell_os_error
from workbook_tools.core.faces import Watch
from workbook_tools.files.leftovers import temporary_folder, temporary_name
from workbook_tools.offline.targets import WINDOWS, TargetComputer
from workbook_tools.offline.texts import fill_text
from workbook_tools.offline.wheels import PACKAGE, Wheel, build_own_wheel, check_wheels, fetch_wheels

VERSIONS = ("3.13", "3.12", "3.11")
"""The Pythons to install into; the script takes the first that is there."""
EXTRAS = ("excel", "page")
SCRIPT, README = "安装.bat", "说明.txt"
_FOLDER = "wheels"
_DATE = (2020, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Bundle:
    """What was made."""

    path: Path
    wheels: tuple[Path, ...]
    """Names of the wheels in it."""


def choose_versions(wanted: Iterable[str] = ()) -> list[str]:
    """The Pythons to install into: all, or those that are named. Raises SettingsError for one that does not do."""
    named = set(wanted)
    if unknown := named - set(VERSIONS):
        raise SettingsError(f"不支持 Python {'、'.join(sorted(unknown))}，只能是 {'、'.join(VERSIONS)}。")
    return [version for version in VERSIONS if not named or version in named]


def build_bundle(target: Path, versions: Sequence[str] = VERSIONS, watch: Watch | None = None) -> Bundle:
    """Fetch, check and zip everything for these Pythons; ``watch`` hears how many of them are ready.

    ``target`` is the zip, or a folder to put it into. Raises BundleError, OutputError.
    """
    with temporary_folder() as place:
        root = Path(place)
        together = root / _FOLDER
        together.mkdir()
        own = build_own_wheel(root / "own")
        listed: dict[str, bytes] = {}
        for number, version in enumerate(versions, 1):
            wheels = fetch_wheels(own, EXTRAS, version, root / version)
            for wheel in wheels:
                (together / wheel.path.name).write_bytes(wheel.path.read_bytes())
            requirements = root / f"requirements-{version}.txt"
            listed[requirements.name] = write_requirements(wheels, version)
            requirements.write_bytes(listed[requirements.name])
            check_wheels(wheels, requirements, version, together)
            if watch:
                watch(number, len(versions))
        files = sorted(together.glob("*.whl"))
        texts = {
            SCRIPT: fill_text("install.bat", "gbk", VERSIONS=" ".join(versions)),
            README: fill_text(
                "readme.txt", "utf-8-sig", VERSION=own.version, VERSIONS="、".join(versions), COUNT=str(len(files))
            ),
        }
        path = target if target.suffix == ".zip" else target / f"{PACKAGE}-{own.version}-离线安装-win64.zip"
        _write_zip(path, {**texts, **listed}, files)
    return Bundle(path, tuple(Path(file.name) for file in files))


def write_requirements(wheels: Sequence[Wheel], version: str, target: TargetComputer = WINDOWS) -> bytes:
    """Each wheel by version and digest, as pip reads it; ours first, with its extras."""
    lines = [f"# {target.name}, CPython {version}"]
    for wheel in wheels:
        extras = f"[{','.join(name for name in EXTRAS if name in wheel.extras)}]" if wheel.name == PACKAGE else ""
        lines.append(f"{wheel.name}{extras.replace('[]', '')}=={wheel.version} --hash=sha256:{wheel.sha256}")
    return "\r\n".join([*lines, ""]).encode("ascii")


def _write_zip(path: Path, texts: dict[str, bytes], wheels: Sequence[Path]) -> None:
    """Written beside its place and moved there; wheels are compressed already."""
    temporary = temporary_name(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_STORED) as archive:
            for name, data in texts.items():
                archive.writestr(zipfile.ZipInfo(name, _DATE), data)
            for wheel in wheels:
                archive.writestr(zipfile.ZipInfo(f"{_FOLDER}/{wheel.name}", _DATE), wheel.read_bytes())
        temporary.replace(path)
    except OSError as exc:
        raise OutputError(f"无法写入{tell_os_error(exc, path)}") from None
    finally:
        temporary.unlink(missing_ok=True)
