"""Mutants that go where no file has gone before: ``python tests/fuzz/guided.py FOLDER --runs 20000``, with atheris (``pip install atheris``).

atheris (libFuzzer) watches which branches of the readers a file reaches, keeps those in FOLDER that reach new ones, and makes more
of them with our mutators. What fails is kept in FOLDER/failures; the run goes on.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random

import atheris

WATCHED = (
    "workbook_tools.files",
    "workbook_tools.excel",
    "workbook_tools.word",
    "workbook_tools.legacy",
    "workbook_tools.workbooks",
    "workbook_tools.form",
    "xlrd",
)
_ENDINGS = {
    "workbook": "xlsx",
    "opendocument": "ods",
    "document": "docx",
    "binary": "xlsb",
    "compound": "xls",
    "page": "xls",
    "text": "csv",
}
_LARGEST = 300_000
"""Bytes of a file."""

with atheris.instrument_imports(include=list(WATCHED)):
    from corpus_files import load_seeds
    from mutants import find_kind, make_mutant
    from oracle import judge


def change(data: bytes, max_size: int, seed: int) -> bytes:
    """A mutant of a file, for atheris."""
    changed = make_mutant(data, Random(seed))
    return changed if len(changed) <= max_size else data


def make_reader(failures: Path, folder: Path) -> Callable[[bytes], None]:
    """What atheris calls with every file."""

    def read(data: bytes) -> None:
        path = folder / f"file.{_ENDINGS[find_kind(data)]}"
        path.write_bytes(data)
        verdict = judge(path)
        if verdict.failures:
            name = f"{hashlib.sha256(data).hexdigest()[:12]}{path.suffix}"
            (failures / name).write_bytes(data)
            sys.stdout.write(f"{name}: {verdict.failures[0]}\n")

    return read


def main() -> None:
    """Runs until all runs are done; libFuzzer then ends the process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    found = given.folder / "found"
    failures = given.folder / "failures"
    for place in (found, failures):
        place.mkdir(parents=True, exist_ok=True)
    for seed in load_seeds():
        (found / seed.name).write_bytes(seed.data)
    bounds = ["-timeout=10", "-rss_limit_mb=600", f"-max_len={_LARGEST}", f"-runs={given.runs}", f"-seed={given.seed}"]
    with tempfile.TemporaryDirectory(prefix="wbt-fuzz-") as folder:
        atheris.Setup([sys.argv[0], *bounds, str(found)], make_reader(failures, Path(folder)), custom_mutator=change)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
