"""Other programs that tests ask for a second opinion: LibreOffice, Gnumeric, the Open XML SDK validator.

Each is optional; a test that needs one carries its mark (``@requires_libreoffice``). From the command line,
``python tests/support/office.py validate FOLDER…`` validates every .xlsx, .xlsm and .docx below the folders.
"""

# ruff: noqa: T201 - it prints when it runs as a command

from __future__ import annotations

import atexit
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import uuid
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from openxml_audit import OpenXmlValidator

_SHARES = os.cpu_count() or 1
"""Validators that work side by side where there are many files: each takes seconds to start."""
VALIDATED = frozenset({".xlsx", ".xlsm", ".docx"})
_UNO_CONVERT = Path(__file__).with_name("uno_convert.py")
_UNO_FILL = Path(__file__).with_name("uno_fill.py")
_UNO_INVALID = Path(__file__).with_name("uno_invalid.py")
_UNO_HEIGHTS = Path(__file__).with_name("uno_heights.py")
_ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
"""LibreOffice otherwise believes the results it finds in a file that says it comes from Excel."""
_VALIDATE = """
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
const { default: validate, getFileFormatFromName } = await import(process.argv.at(-1));
for await (const line of createInterface({ input: process.stdin })) {
  const results = [];
  for (const path of JSON.parse(line)) {
    try {
      const errors = await validate(new Uint8Array(readFileSync(path)), getFileFormatFromName(path));
      results.push(errors.map((e) => `${e.path?.partUri ?? ""} ${e.path?.xpath ?? ""}: ${e.id} ${e.description}`));
    } catch (error) {
      results.push([`cannot be opened: ${String(error).split("\\n")[0]}`]);
    }
  }
  process.stdout.write("\\n" + JSON.stringify({ results }) + "\\n");
}
"""
"""The validator's own command takes one file and three seconds to start; this takes many, for as long as it is asked."""


def _program(*names: str) -> Path | None:
    found = next((path for name in names if (path := shutil.which(name))), None)
    return Path(found) if found else None


def soffice() -> Path | None:
    """LibreOffice."""
    return _program("soffice", "libreoffice")


def ssconvert() -> Path | None:
    """Gnumeric's converter."""
    return _program("ssconvert")


def ooxml_validate() -> Path | None:
    """The command of the npm package @ooxml-tools/validate: ``OOXML_VALIDATE``, or on the PATH. It needs node."""
    if _program("node") is None:
        return None
    named = os.environ.get("OOXML_VALIDATE")
    return Path(named) if named and Path(named).exists() else _program("ooxml-validate")


@cache
def uno_python() -> Path | None:
    """A Python that has LibreOffice's ``uno``; usually the system's."""
    for candidate in (Path("/usr/bin/python3"), _program("python3")):
        if soffice() and candidate and candidate.exists():
            result = subprocess.run([candidate, "-c", "import uno"], capture_output=True, check=False)
            if result.returncode == 0:
                return candidate
    return None


requires_libreoffice = pytest.mark.skipif(
    uno_python() is None, reason="LibreOffice (soffice), or a Python that has its uno, is not installed"
)
requires_uno = requires_libreoffice
requires_pdftotext = pytest.mark.skipif(
    _program("pdftotext") is None, reason="pdftotext (poppler-utils) is not installed"
)
requires_gnumeric = pytest.mark.skipif(ssconvert() is None, reason="Gnumeric (ssconvert) is not installed")
requires_ooxml_validator = pytest.mark.skipif(
    ooxml_validate() is None, reason="the Open XML validator (npm: @ooxml-tools/validate) is not installed"
)
PROGRAMS = tuple(decorator.mark for decorator in (requires_libreoffice, requires_gnumeric, requires_ooxml_validator))
"""Marks of tests that start another program, which takes seconds."""


class _Profile(tempfile.TemporaryDirectory[str]):
    """A LibreOffice profile of its own, which recalculates whatever it loads."""

    def __init__(self) -> None:
        super().__init__(prefix="wbt-libreoffice-", ignore_cleanup_errors=True)
        user = Path(self.name, "user")
        user.mkdir()
        (user / "registrymodifications.xcu").write_text(_ALWAYS_RECALCULATE, "utf-8")


class _RunningOffice:
    """A LibreOffice without a window, to which scripts connect."""

    def __init__(self) -> None:
        pipe = f"wbt{uuid.uuid4().hex}"
        self.url = f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext"
        self._profile = _Profile()
        place = f"-env:UserInstallation={Path(self._profile.name).as_uri()}"
        self._process = subprocess.Popen(
            [str(soffice()), "--headless", "--norestore", "--nologo", place, f"--accept=pipe,name={pipe};urp;"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._profile.cleanup()


@cache
def _kept_office() -> _RunningOffice:
    """That of this process, for scripts that run one after the other: LibreOffice takes more than a second to start."""
    office = _RunningOffice()
    atexit.register(office.end)
    return office


def recalculate_with_libreoffice(paths: Sequence[Path], folder: Path) -> list[Path]:
    """Open the workbooks in one LibreOffice, recalculate them, and save them as .xlsx into ``folder``.

    Returns the new files in the order of ``paths``, whose names must differ and which must not lie in ``folder``.
    """
    results = _results(paths, folder)
    _save_as(paths, folder, "xlsx")
    return _existing(results)


def convert_with_libreoffice(paths: Sequence[Path], folder: Path, ending: str = "pdf") -> list[Path]:
    """Open the files in one LibreOffice and save them in another format into ``folder``, where they do not lie."""
    folder.mkdir(parents=True, exist_ok=True)
    _save_as(paths, folder, ending)
    return _existing([folder / f"{path.stem}.{ending}" for path in paths])


def _save_as(paths: Sequence[Path], folder: Path, ending: str) -> None:
    run_uno(_UNO_CONVERT, ending, folder, *paths, timeout=_patience(paths))


def pdf_text(path: Path) -> str:
    """What stands in a PDF, laid out as on its pages."""
    return _run(["pdftotext", "-layout", path, "-"], timeout=60)


def recalculate_with_gnumeric(paths: Sequence[Path], folder: Path) -> list[Path]:
    """Open the workbooks in Gnumeric, recalculate them, and save them as .xlsx into ``folder``; as above."""
    results = _results(paths, folder)
    for path, result in zip(paths, results, strict=True):
        _run([ssconvert(), "--recalc", "--export-type=Gnumeric_Excel:xlsx2", path, result], timeout=_patience([path]))
    return _existing(results)


def _patience(paths: Sequence[Path]) -> float:
    """Seconds to wait for a program, however busy the machine: by files, and by their size."""
    return 60 + 10 * len(paths) + 30 * sum(path.stat().st_size for path in paths) / 1_000_000


def _results(paths: Sequence[Path], folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    results = [folder / f"{path.stem}.xlsx" for path in paths]
    if len(set(results)) < len(results) or {path.resolve() for path in paths} & {path.resolve() for path in results}:
        raise ValueError("the results would overwrite each other or their sources")
    return results


def _existing(results: list[Path]) -> list[Path]:
    missing = [path.name for path in results if not path.exists()]
    assert not missing, f"not converted: {missing}"
    return results


def _run(command: Sequence[object], *, timeout: float, env: dict[str, str] | None = None) -> str:
    """Run a program to its end; its standard output. AssertionError with its complaints if it fails."""
    result = subprocess.run(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=timeout,
        env={**os.environ, "LC_ALL": "C.UTF-8", **(env or {})},
        check=False,
    )
    assert result.returncode == 0, f"{command[0]} failed ({result.returncode}): {result.stderr[-2000:]}"
    return result.stdout


def ooxml_errors(path: Path) -> list[str]:
    """What two validators find wrong with a .xlsx, .xlsm or .docx: :func:`ooxml_errors_of`."""
    return ooxml_errors_of([path])[path]


def ooxml_errors_of(paths: Iterable[Path]) -> dict[Path, list[str]]:
    """What Microsoft's Open XML SDK (part, XPath, code, description) and openxml-audit find wrong with these files.

    The second tells besides what Excel and Word would repair or write anew. About half a second a file.
    """
    files = list(paths)
    return {path: errors + audit_errors(path) for path, errors in _sdk_errors_of(files).items()}


def audit_errors(path: Path) -> list[str]:
    """What openxml-audit finds wrong with a file, or worth a warning."""
    found = _auditor().validate(path).errors
    return [f"openxml-audit {error.severity.value} {error.part_uri} {error.description}" for error in found]


@cache
def _auditor() -> OpenXmlValidator:
    """openxml-audit, which takes a while to learn the standard."""
    from openxml_audit import OpenXmlValidator  # only the tests that validate wait for it

    return OpenXmlValidator(max_errors=0)


def _sdk_errors_of(files: Sequence[Path]) -> dict[Path, list[str]]:
    process = _validator()
    assert process.stdin is not None and process.stdout is not None
    end = threading.Timer(60 + 20 * len(files), process.kill)
    end.start()
    try:
        process.stdin.write(json.dumps([str(path.resolve()) for path in files]) + "\n")
        process.stdin.flush()
        answer = next((line for line in process.stdout if line.startswith('{"results":')), None)
    finally:
        end.cancel()
    assert answer is not None, "the Open XML validator has died, or took too long"
    return dict(zip(files, json.loads(answer)["results"], strict=True))


@cache
def _validator() -> subprocess.Popen[str]:
    """The validator, started once and kept to the end of the tests."""
    command = ooxml_validate()
    assert command is not None, "the Open XML validator is not installed"
    module = command.resolve().parent.parent / "index.js"
    process = subprocess.Popen(
        ["node", "--input-type=module", "--eval", _VALIDATE, module.as_uri()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )

    @atexit.register
    def end() -> None:
        process.kill()
        process.communicate()

    return process


def run_uno(script: Path, *args: object, timeout: float = 180) -> str:
    """Run a script with the Python that has ``uno``, beside a LibreOffice that runs; the script's standard output.

    The script finds the address to connect to in the environment variable ``UNO_URL``, and closes what it opens. The next one
    meets the same LibreOffice; after a script that failed, a new one. The bridge itself may end in a segmentation fault, seldom and whatever
    the script does: it is then run once more.
    """
    if not _kept_office().running:
        end_kept_office()
    try:
        return _run([uno_python(), script, *args], timeout=timeout, env={"UNO_URL": _kept_office().url})
    except AssertionError as exc:
        end_kept_office()
        if f"({-signal.SIGSEGV})" not in str(exc):
            raise
        return _run([uno_python(), script, *args], timeout=timeout, env={"UNO_URL": _kept_office().url})
    except BaseException:
        end_kept_office()
        raise


def end_kept_office() -> None:
    """End the LibreOffice of this process, if there is one."""
    if _kept_office.cache_info().currsize:
        _kept_office().end()
        _kept_office.cache_clear()


def fill_with_libreoffice(workbook: Path, steps: Sequence[dict[str, Any]], result: Path) -> list[str]:
    """Type ``steps`` into a workbook as a person would, in LibreOffice, and save it as ``result``.

    A step is ``{"sheet": "自评表", "cell": "B7", "type": "value" | "text" | "formula", "content": …}``.
    Returns the cells that refused, as ``自评表!B7``.
    """
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder, "steps.json")
        listed.write_text(json.dumps(list(steps)), "utf-8")
        refused: list[str] = json.loads(run_uno(_UNO_FILL, workbook, listed, result))["refused"]
    return refused


def find_invalid_sheets(workbook: Path) -> list[str]:
    """The sheets on which LibreOffice finds a cell that holds what its validation does not allow."""
    invalid: list[str] = json.loads(run_uno(_UNO_INVALID, workbook))["invalid"]
    return invalid


def fit_heights(workbook: Path) -> dict[str, list[tuple[float, float]]]:
    """Of each sheet, row by row, the height that it has and the one that LibreOffice would give it, in points."""
    found = json.loads(run_uno(_UNO_HEIGHTS, workbook))
    return {sheet: [(given, fitted) for given, fitted in rows] for sheet, rows in found.items()}


def main(arguments: Sequence[str]) -> int:
    """``validate FOLDER…``: 0 if every file is valid, 1 if one is not, 2 for a wrong call or nothing to validate."""
    if len(arguments) < 2 or arguments[0] != "validate":
        print("usage: python tests/support/office.py validate FOLDER…", file=sys.stderr)
        return 2
    files = [
        path
        for folder in map(Path, arguments[1:])
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in VALIDATED and not path.name.startswith("~$")
    ]
    if not files:
        print(f"nothing to validate in {arguments[1:]}", file=sys.stderr)
        return 2
    shares = [files[start::_SHARES] for start in range(_SHARES)] if len(files) > 10 * _SHARES else [files]
    with ProcessPoolExecutor(len(shares)) as pool:
        errors = {path: found for done in pool.map(ooxml_errors_of, shares) for path, found in done.items() if found}
    for path, found in errors.items():
        print(path, *found, sep="\n  ")
    print(f"Open XML SDK and openxml-audit: {len(files)} files, {len(errors)} with errors or warnings")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
