"""What 审核结果 of many projects costs: written for the first time, again with nothing changed, and with one project changed.

    python benchmarks/large_results.py [--projects 1000 10000 50000] [--departments 40]

The rows are those of the demo, so many times over, made department by department as they are asked for: nothing holds them all. Each
size runs in a process of its own; time is processor time of it and all that it starts, memory its own peak and that of the largest of these (Linux).
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "support"))
from result_builder import copy_rows

from workbook_tools.core.result_parts import NO_ROWS, PartSize
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.files.earlier_outputs import EarlierOutputs
from workbook_tools.results import write_results
from workbook_tools.review import Review
from workbook_tools.shipped.demo import run_demo


@dataclass(frozen=True)
class RepeatedParts:
    """A result so many times over, a department at a time."""

    content: ReviewResult
    times: int
    """Per department."""
    departments: int
    changed: str = ""
    """The department whose first project says something else."""
    sizes: Mapping[str, PartSize] = field(init=False)

    def __post_init__(self) -> None:
        rows = self.content
        findings = [row for row in rows.findings if row.project_code]
        size = PartSize(*(len(one) * self.times for one in (rows.projects, rows.indicators, findings)))
        object.__setattr__(self, "sizes", {f"第{number}局": size for number in range(1, self.departments + 1)})

    @property
    def head(self) -> ReviewResult:
        """The facts of the whole."""
        return self.content.model_copy(update=NO_ROWS)

    def read(self, department: str) -> ReviewResult:
        """A department."""
        rows = copy_rows(self.content, range(self.times), lambda *_: department, prefix=f"{department}-")
        if department == self.changed:
            first, *others = rows["projects"]
            rows["projects"] = (first.model_copy(update={"annual_goal": "改过的目标"}), *others)
        return self.content.model_copy(update={**rows, "missing": ()})

    def read_rest(self) -> ReviewResult:
        """Nothing."""
        return self.head


class Kept(dict[str, bytes]):
    """A store in memory."""

    def __bool__(self) -> bool:
        return True

    def put(self, entries: Mapping[str, bytes]) -> None:
        self.update(entries)

    def names(self) -> list[str]:
        return [*self]

    def drop(self, keys: Collection[str]) -> None:
        for key in keys:
            del self[key]


def spent() -> float:
    """Seconds of this process and those that it started."""
    return sum(
        u.ru_utime + u.ru_stime for u in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def peak() -> float:
    """Megabytes of the largest process."""
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024


def measure(content: ReviewResult, projects: int, departments: int, folder: Path) -> None:
    """Print what one size costs."""
    times = max(1, projects // departments // len(content.projects))
    parts = RepeatedParts(content, times, departments)
    count = sum(size.projects for size in parts.sizes.values())
    store = Kept()
    made = spent()
    for name in parts.sizes:
        parts.read(name)
    made = spent() - made

    def run(given: RepeatedParts) -> float:
        outputs = EarlierOutputs(store, folder)
        start = spent()
        write_results(Review(given), folder, outputs)
        outputs.close()
        return spent() - start - made

    first, again, one = run(parts), run(parts), run(replace(parts, changed=next(iter(parts.sizes))))
    lies = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
    print(
        f"{count:>7} 个项目：第一次 {first:.1f} 秒（每个 {first / count * 1000:.1f} 毫秒），没有变化 {again:.1f} 秒（{again / first:.0%}），"
        f"改了一个 {one:.1f} 秒（{one / first:.0%}）；最大进程 {peak():.0f} MB，文件共 {lies:.0f} MB",
        flush=True,
    )


def main() -> None:
    """Measure each size in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--projects", type=int, nargs="+", default=[1_000, 10_000, 50_000])
    parser.add_argument("--departments", type=int, default=40)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        demo = run_demo(Path(place) / "自评", datetime(2024, 3, 1, 1, tzinfo=UTC)).result
        context = multiprocessing.get_context("spawn")
        for projects in asked.projects:
            folder = Path(place) / f"审核{projects}"
            folder.mkdir()
            process = context.Process(target=measure, args=(demo, projects, asked.departments, folder))
            process.start()
            process.join()


if __name__ == "__main__":
    main()
