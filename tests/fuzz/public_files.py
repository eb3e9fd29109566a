"""Real files, by the thousand: ``review`` and ``import`` over a folder, and what must not come of it.

``python tests/fuzz/public_files.py FOLDER``: the folder holds the test files of spreadsheet libraries, a folder for each library.
They are looked at, not kept here. Counted are faults of the program, files over the bounds of time or memory, and files taken for a
form, which are listed: somebody must look at each. Web pages and XML are read as what they are sent as, under the name of an .xls.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from workbook_tools.campaign.form_files import read_form_files
from workbook_tools.core.findings import Finding
from workbook_tools.files.sources import DOCUMENTS, OLD_DOCUMENTS, WORKBOOKS, SourceFile
from workbook_tools.legacy.importing import Importing
from workbook_tools.review.many_files import review_batches

SENT_AS_XLS = frozenset({".html", ".htm", ".mht", ".mhtml", ".xml", ".fods"})
"""What people have under the name of an .xls."""
OVER = "已停止"
"""Stands in the finding of a file whose reader was stopped."""


@dataclass
class Record:
    """What came of the files."""

    tell: Callable[[str], object]
    kinds: Counter[str] = field(default_factory=Counter)
    libraries: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    """Of review: how many files have a finding of the code."""
    faults: dict[str, str] = field(default_factory=dict)
    over: dict[str, str] = field(default_factory=dict)
    taken: dict[str, str] = field(default_factory=dict)
    """Files that were taken for a form: the project that was read."""

    def note(self, name: str, fault: str, findings: Iterable[Finding]) -> None:
        """What was found in a file, where it is a fault or more than the bounds."""
        if over := [found.message for found in findings if OVER in found.message]:
            self.over[name] = over[0]
            self.tell(f"OVER {name}: {over[0]}")
        elif fault or any(found.code == "FILE13" for found in findings):
            self.faults[name] = fault
            self.tell(f"FAULT {name}\n{fault}")

    def take(self, name: str, project: str) -> None:
        """A file that was taken for a form."""
        self.taken[name] = project
        self.tell(f"TAKEN {name}: {project}")

    @property
    def sound(self) -> bool:
        """Nothing that must not be."""
        return not (self.faults or self.over or self.taken)


def list_sources(folder: Path) -> list[SourceFile]:
    """The files of a folder that are of our kinds, each content once."""
    seen: set[str] = set()
    sources = []
    for path in sorted(folder.rglob("*")):
        kind = path.suffix.lower()
        if not path.is_file() or kind not in WORKBOOKS | DOCUMENTS | OLD_DOCUMENTS | SENT_AS_XLS:
            continue
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if digest not in seen:
            seen.add(digest)
            name = path.relative_to(folder).as_posix()
            sources.append(SourceFile(path, f"{name}.xls" if kind in SENT_AS_XLS else name))
    return sources


def look_at(sources: Sequence[SourceFile], tell: Callable[[str], object]) -> Record:
    """Review the files, then import them, as the commands do; ``tell`` hears of what must not be as it is found."""
    record = Record(tell)
    for source in sources:
        record.kinds[source.path.suffix.lower()] += 1
        record.libraries[source.name.partition("/")[0]] += 1
    for number, batch in enumerate(review_batches(sources, {})):
        if number % 20 == 0:
            tell(f"batch {number}")
        for item in (item for packed in batch for item in packed.unpack()):
            record.codes.update({found.code for found in item.findings})
            record.note(item.file, item.fault, item.findings)
            if item.project or item.untouched:
                record.take(item.file, item.project.name if item.project else "ours")
    for file in read_form_files(sources, Importing(), pages=False):
        record.note(file.source.name, file.fault, file.findings)
        for form in file.forms:
            record.take(file.source.name, form.project.name)
    return record


def main() -> int:
    """Print the record; 1 where something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    sources = list_sources(parser.parse_args().folder)
    started = time.monotonic()

    def tell(text: str) -> None:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()

    record = look_at(sources, tell)
    lines = [
        f"{len(sources)} files in {time.monotonic() - started:.0f} s",
        *(f"  {kind:6} {count:5}" for kind, count in record.kinds.most_common()),
        *(f"  {library:40} {count:5}" for library, count in sorted(record.libraries.items())),
        f"codes: {dict(record.codes.most_common())}",
        f"{len(record.faults)} faults, {len(record.over)} over the bounds, {len(record.taken)} taken for a form",
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0 if record.sound else 1


if __name__ == "__main__":
    sys.exit(main())
