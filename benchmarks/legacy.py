"""How long a form of today takes to read beside a workbook of ours, and what a run of many holds in memory.

    python benchmarks/legacy.py [--files 1000] [--rounds 5]

The published forms of tests/golden/legacy are read in turn with a workbook of ours of the same size, so that whatever else
the machine does hits both. Times are wall clock on one core; the ratio is what counts.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path

from samples import KEY, make_workbooks, projects

from workbook_tools.files.sources import SourceFile
from workbook_tools.legacy.reading import read_forms
from workbook_tools.review.batches import review_files
from workbook_tools.review.many_files import BATCH
from workbook_tools.workbooks.reading import read_submission

FORMS = Path(__file__).parent.parent / "tests" / "golden" / "legacy"


def resident() -> float:
    """MB that this process holds now (Linux)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1_048_576


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    published = [SourceFile(p, p.name) for p in sorted(FORMS.iterdir()) if p.suffix in (".xlsx", ".docx")]
    with tempfile.TemporaryDirectory() as folder:
        [made] = make_workbooks(projects(1), Path(folder))
        own = SourceFile(made, made.name)
        seconds = {"ours": 0.0, ".xlsx": 0.0, ".docx": 0.0}
        count = dict.fromkeys(seconds, 0)
        read_submission(own, {KEY.id: KEY})  # warm: schemes, rules
        read_forms(published[0])
        for source in published * options.rounds:
            for kind in ("ours", source.path.suffix):
                start = time.perf_counter()
                if kind == "ours":
                    read_submission(own, {KEY.id: KEY})
                else:
                    read_forms(source)
                seconds[kind] += time.perf_counter() - start
                count[kind] += 1
    each = {kind: 1000 * seconds[kind] / count[kind] for kind in seconds}
    print("| file | ms each | of ours |\n|---|---|---|")
    for kind, name in (("ours", "a workbook of ours"), (".xlsx", "a form (.xlsx)"), (".docx", "a report (.docx)")):
        print(f"| {name} | {each[kind]:.1f} | {each[kind] / each['ours']:.2f} |")
    files = list(islice(cycle(published), options.files))
    held = []
    for first in range(0, len(files), BATCH):
        review_files(files[first : first + BATCH], {})
        held.append(resident())
    few = max(0, len(held) // 10 - 1)
    print(
        f"\nmemory held: {held[few]:.0f} MB after {(few + 1) * BATCH} forms, {held[-1]:.0f} MB after {len(files)}: "
        f"ratio {held[-1] / held[few]:.2f}"
    )


if __name__ == "__main__":
    main()
