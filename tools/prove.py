"""The long proof: random rows under every shipped scheme, in LibreOffice, Gnumeric and formualizer, and as columns.

    python tools/prove.py --rows 1000000 --out docs/证明记录.md

Needs the test extras, LibreOffice and Gnumeric. A file holds some hundred rows of each scheme; two files are in work
at a time (``--jobs``), each with a third of a gigabyte. Ends with 1 if there was a difference, after printing some.
"""

from __future__ import annotations

import argparse
import platform
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import date
from importlib import metadata
from pathlib import Path
from time import monotonic

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "support"))

from engines import PROGRAMS
from office import soffice, ssconvert
from proof import Difference, compare, summary, tables, workbook

from workbook_tools.rules.scheme import builtin_schemes

COLUMNS = "frame"


@dataclass
class Tally:
    """What was compared, per scheme, and what differed."""

    rows: Counter[str] = field(default_factory=Counter)
    cells: Counter[str] = field(default_factory=Counter)
    differing: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By scheme and program."""
    cases: list[Difference] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Take another tally into this one."""
        self.rows += other.rows
        self.cells += other.cells
        self.differing += other.differing
        self.cases += other.cases


def prove(seed: int, rows: int) -> Tally:
    """Compare one file of ``rows`` rows under each scheme."""
    tally = Tally()
    parts = {scheme.id: tables(scheme, rows, seed) for scheme in builtin_schemes().values()}
    sheets = [table for part in parts.values() for table in part]
    for scheme, part in parts.items():
        tally.rows[scheme] = sum(len(table.rows) for table in part)
        tally.cells[scheme] = sum(len(table.rows) * len(table.outputs) for table in part)
    with tempfile.TemporaryDirectory(prefix="wbt-proof-") as folder:
        path = Path(folder, f"proof{seed}.xlsx")
        path.write_bytes(workbook(sheets))
        found = [difference for table in sheets for difference in table.frame_differences()]
        for name, recalculate in PROGRAMS.items():
            [done] = recalculate([path], Path(folder, name))
            found += compare(sheets, done, name)
    owner = {table.title: scheme for scheme, part in parts.items() for table in part}
    tally.differing = Counter((owner[difference.table], difference.program) for difference in found)
    tally.cases = found[:20]
    return tally


def version(program: Path | None) -> str:
    """The number that a program gives as its version."""
    said = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=True)
    return next(iter(re.findall(r"\d+(?:\.\d+)+", said.stdout + said.stderr)), "?")


def record(tally: Tally, minutes: float) -> str:
    """The result as a page of the docs."""
    lines = [
        "# 证明记录",
        "",
        f"日期：{date.today().isoformat()}。由 `tools/prove.py` 生成，用时 {minutes:.0f} 分钟。",
        "",
        "随机生成指标、资金和总分的数据行：各种大小的数字、空白、0、负数、误填的文字，以及方案中每个分档、界线、封顶和等级的临界值。",
        "每行写出模板中的公式（通用的和按下发内容缩短的两种），由 LibreOffice、Gnumeric 和 formualizer 各自重新计算，",
        "与集中评分逐格比较：得分、金额、等级和提示须完全相同；完成率和执行率不取舍，比较到第 15 位有效数字。",
        "“整列”是整列计算（numpy，集中评分所用）与逐行计算的比较，须一位不差。",
        "",
        f"程序：LibreOffice {version(soffice())}，Gnumeric {version(ssconvert())}，"
        f"formualizer {metadata.version('formualizer')}，Python {platform.python_version()}。",
        "",
        "| 评分方案 | 数据行 | 公式单元格 | " + " | ".join(f"{name} 不同" for name in (*PROGRAMS, "整列")) + " |",
        "| --- | ---: | ---: | " + " | ".join("---:" for _ in (*PROGRAMS, COLUMNS)) + " |",
    ]
    programs = (*PROGRAMS, COLUMNS)
    for scheme in tally.rows:
        counts = [tally.rows[scheme], tally.cells[scheme], *(tally.differing[scheme, p] for p in programs)]
        lines.append(f"| `{scheme}` | " + " | ".join(f"{count:,}" for count in counts) + " |")
    totals = [sum(tally.rows.values()), sum(tally.cells.values())]
    totals += [sum(n for (_, program), n in tally.differing.items() if program == p) for p in programs]
    lines.append("| 合计 | " + " | ".join(f"{count:,}" for count in totals) + " |")
    lines += [
        "",
        "键入的数字至多 12 位有效数字，金额至多 6 位小数（0.01 元）、1 亿万元：更长的数字各程序的显示本就不同。",
        "TRUE 和 FALSE 不在其中：LibreOffice 把它们当作 1 和 0；收回时它们被指出，不计分。",
        "Microsoft Excel 和 WPS 不能在这里自动运行；公式只用它们与上述程序共有的函数，并在取舍之前先去掉浮点误差，结果不依赖各程序舍入的细节。",
        "",
        "以前发现的差异及其原因见 `tests/rules/test_proof.py`，每次提交都重新比较；整本工作簿的往返（示例和随机填报）见 `tests/workbooks/test_roundtrip.py`。",
        "",
    ]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the files and write the record; 1 if anything differed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows in all")
    parser.add_argument(
        "--per-file", type=int, default=900, help="rows of each scheme in one file; formualizer takes 100,000 formulas"
    )
    parser.add_argument("--jobs", type=int, default=2, help="files in work at a time")
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--out", type=Path, help="where to write the record; it is printed in any case")
    options = parser.parse_args(arguments)
    files = -(-options.rows // (options.per_file * len(builtin_schemes())))
    tally, start = Tally(), monotonic()
    with ProcessPoolExecutor(options.jobs) as pool:
        seeds = range(options.first_seed, options.first_seed + files)
        for number, job in enumerate(as_completed([pool.submit(prove, s, options.per_file) for s in seeds]), 1):
            tally.add(job.result())
            print(
                f"{number}/{files}: {sum(tally.rows.values()):,} rows, {tally.differing.total()} differences",
                flush=True,
            )
    text = record(tally, (monotonic() - start) / 60)
    print(text)
    if options.out:
        options.out.write_text(text, "utf-8")
    if tally.cases:
        print(summary(tally.cases))
    return 1 if tally.differing else 0


if __name__ == "__main__":
    sys.exit(main())
