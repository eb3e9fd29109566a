"""Whether nothing of a province was lost: its list, what its units have returned, and what the commands made of that."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

from docx import Document
from province_answers import FOUND_BY, Answers, Return, Slip
from province_projects import Province
from python_calamine import CalamineWorkbook

from workbook_tools.campaign import Campaign
from workbook_tools.campaign.folder import FolderName
from workbook_tools.core.model import FundingSource, Measure
from workbook_tools.results.opened_parts import open_parts

_OUTPUTS: tuple[FolderName, ...] = ("审核", "汇总", "报告")
_CENT = 0.005


@dataclass(frozen=True, slots=True)
class Checked:
    """What there is and what is wrong, as the record tells it."""

    faults: list[str]
    counts: dict[str, int]
    """Of the rows of the result, by their kind."""
    slips: dict[str, tuple[int, int]]
    """What went wrong → how often it was made, and found."""
    opened: dict[str, int]
    """Kind of file → how many were opened."""
    sizes: dict[str, tuple[int, int]]
    """Folder → files and bytes."""

    @property
    def is_sound(self) -> bool:
        """Nothing was lost, everything opens, and every mistake that was made was found."""
        return not self.faults and all(made == found for made, found in self.slips.values())


def check_province(campaign: Campaign, province: Province) -> Checked:
    """Look for every project and every mistake of the province in the result, and open all outputs."""
    listed, expected = _list_projects(province)
    parts = open_parts(campaign.folder("审核"))
    faults: list[str] = []
    made: Counter[str] = Counter()
    found: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    rest = parts.read_rest()
    strangers = [(row.file, row.code) for row in rest.findings]
    for department, budgets in listed.items():
        part = parts.read(department)
        counts.update(
            项目=len(part.projects), 未报=len(part.missing), 指标=len(part.indicators), 问题=len(part.findings)
        )
        codes = {row.code for row in part.projects} | {row.code for row in part.missing}
        if codes != set(budgets) or len(codes) != len(part.projects) + len(part.missing):
            faults.append(
                f"{department}：清单 {len(budgets)} 个，结果 {len(part.projects)} 个，未报 {len(part.missing)} 个"
            )
        for row in part.projects:
            stated = row.funding[Measure.ANNUAL_BUDGET].get(FundingSource.TOTAL) or 0
            if abs(stated - budgets.get(row.code, 0)) > _CENT:
                faults.append(f"{row.code}：清单的预算 {budgets.get(row.code)}，结果 {stated}")
        have = {(row.project_code, row.code) for row in part.findings}
        have |= {(code, one) for file, one in strangers for code in budgets if code in file}
        for code in budgets:
            for what in expected.get(code, ()):
                made[what] += 1
                found[what] += any((code, one) in have for one in FOUND_BY[what])
    counts["其他问题"] = len(rest.findings)
    if set(parts.sizes) - set(listed):
        faults.append(f"结果里有清单没有的部门：{'、'.join(set(parts.sizes) - set(listed))}")
    opened, sizes = _open_outputs(campaign, faults)
    slips = {what: (number, found[what]) for what, number in made.items()}
    return Checked(faults, dict(counts), slips, dict(opened), sizes)


def _list_projects(province: Province) -> tuple[dict[str, dict[str, float]], dict[str, list[Slip | Return]]]:
    """Department → code → budget in 万元; code → what went wrong with it."""
    listed: dict[str, dict[str, float]] = {}
    expected: dict[str, list[Slip | Return]] = {}
    for number, project in enumerate(province.projects()):
        listed.setdefault(project.department, {})[project.code] = sum(project.annual_budget.values())
        answers = Answers(province, number)
        if answers.how in (Return.ONCE, Return.TWICE):
            expected[project.code] = [*answers.slips]
        if answers.how in FOUND_BY:
            expected.setdefault(project.code, []).append(answers.how)
    return listed, expected


def _open_outputs(campaign: Campaign, faults: list[str]) -> tuple[Counter[str], dict[str, tuple[int, int]]]:
    """Every workbook by calamine, every document by python-docx; kind → how many. Folder → files and bytes."""
    opened: Counter[str] = Counter()
    sizes: dict[str, tuple[int, int]] = {}
    for name in _OUTPUTS:
        paths = [path for path in campaign.folder(name).rglob("*") if path.is_file()]
        sizes[name] = len(paths), sum(path.stat().st_size for path in paths)
        for path in paths:
            try:
                if path.suffix == ".xlsx":
                    book = CalamineWorkbook.from_path(str(path))
                    rows = sum(book.get_sheet_by_name(title).height for title in book.sheet_names)
                    opened["xlsx"] += bool(rows)
                elif path.suffix == ".docx":
                    opened["docx"] += bool(Document(str(path)).paragraphs)
                elif path.suffix == ".json":
                    opened["json"] += 1
            except Exception as exc:
                faults.append(f"打不开 {path.relative_to(campaign.root)}：{exc}")
    return opened, sizes


def main() -> None:
    """``province_check.py FOLDER SIZE SEED``: prints what was found as JSON."""
    folder, size, seed = sys.argv[1:]
    checked = check_province(Campaign.open(Path(folder)), Province(int(size), int(seed)))
    print(json.dumps(asdict(checked), ensure_ascii=False))


if __name__ == "__main__":
    main()
