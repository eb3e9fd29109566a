"""Where LibreOffice is on this computer, and which Python speaks with it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

SOFFICE_VARIABLE = "WBT_SOFFICE"
"""Names the soffice program where it is not found by itself."""
_NAMES = ("soffice", "libreoffice")
_USUAL = {
    "win32": tuple(
        str(Path(os.environ.get(variable, "")) / "LibreOffice" / "program" / "soffice.exe")
        for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "PROGRAMW6432")
        if os.environ.get(variable)
    ),
    "darwin": (
        "/Applications/LibreOffice.app/Contents/MacOS/soffice",
        str(Path(os.environ.get("HOME", "/"), "Applications/LibreOffice.app/Contents/MacOS/soffice")),
    ),
    "linux": ("/usr/lib/libreoffice/program/soffice", "/opt/libreoffice/program/soffice", "/snap/bin/libreoffice"),
}


def find_soffice() -> Path | None:
    """LibreOffice: the one that WBT_SOFFICE names (and then no other), on the PATH, or where it is usually installed."""
    named = os.environ.get(SOFFICE_VARIABLE)
    if named:
        return Path(named) if Path(named).is_file() else None
    on_path = (found for name in _NAMES if (found := shutil.which(name)))
    usual = (place for place in _USUAL.get(sys.platform, ()) if Path(place).is_file())
    newest = sorted(Path("/opt").glob("libreoffice*/program/soffice"), reverse=True) if sys.platform == "linux" else ()
    return next((Path(place) for place in (*on_path, *usual, *newest)), None)


@cache
def find_uno_python(soffice: Path) -> Path | None:
    """A Python that can import ``uno``: LibreOffice's own, the system's, or the one we run in."""
    for candidate in _list_pythons(soffice.resolve().parent):
        if candidate.is_file() and _has_uno(candidate):
            return candidate
    return None


def _list_pythons(program: Path) -> Iterator[Path]:
    for name in ("python.exe", "python", "../Resources/python"):
        yield program / name
    if sys.platform != "win32":
        yield Path("/usr/bin/python3")
    for name in ("python3", "python"):
        if found := shutil.which(name):
            yield Path(found)
    yield Path(sys.executable)


def _has_uno(python: Path) -> bool:
    command = [str(python), "-c", "import uno"]
    try:
        done = subprocess.run(  # noqa: S603 - a Python of this computer
            command,
            env=make_bare_environment(),
            capture_output=True,
            timeout=60,
            check=False,
            creationflags=no_window(),
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def make_bare_environment() -> dict[str, str]:
    """Our environment without what would lead another Python to our packages."""
    ours = {"PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__"}
    return {k: v for k, v in os.environ.items() if k not in ours} | {"PYTHONIOENCODING": "utf-8"}


def no_window() -> int:
    """Flags that keep a console from popping up on Windows."""
    return int(getattr(subprocess, "CREATE_NO_WINDOW", 0))


def lacks_chinese_fonts() -> bool:
    """On Linux: fontconfig is there and knows no Chinese font. Windows and macOS bring some."""
    lister = shutil.which("fc-list")
    if sys.platform != "linux" or lister is None:
        return False
    done = subprocess.run([lister, ":lang=zh", "family"], capture_output=True, check=False)  # noqa: S603 - fontconfig
    return done.returncode == 0 and not done.stdout.strip()
