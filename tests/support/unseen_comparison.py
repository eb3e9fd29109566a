"""What the importer makes of unseen forms, field by field: right, wrong and told, or wrong in silence.

A wrong field counts as told only where a finding stands at its own cell, at the heading of its column, or at the name of its
row and speaks of it; where a finding about the form's sums doubts fields of that kind; or where no form was recognised at all.

    python tests/support/unseen_comparison.py --forms 2000 --seed 1
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from unseen_forms import Fact, TrueForm, UnseenWorkbook, make_workbook

from workbook_tools.core.codes import Severity
from workbook_tools.core.findings import Finding
from workbook_tools.core.model import Direction
from workbook_tools.files.sources import SourceFile
from workbook_tools.legacy.chosen_sheets import TABLE_NOT_USED
from workbook_tools.legacy.conversion.submission import ConvertedForm
from workbook_tools.legacy.importing import Importing
from workbook_tools.legacy.intake import convert_form
from workbook_tools.legacy.reading import read_forms
from workbook_tools.legacy.words.label_text import label_key, without_blanks
from workbook_tools.legacy.words.records import HandmadeForm, Stated

# What a finding at the name of a row must speak of, to tell a wrong field of that row.
_SPOKEN_OF = {
    "target": "目标",
    "direction": "目标",
    "unit": "目标",
    "actual": "完成",
    "weight": "分值",
    "score": "得分",
    "level1": "一级",
    "level2": "二级",
    "about": "归入",
    "name": "三级",
}
# Findings about sums, and the fields that they doubt.
DOUBTED_BY_SUMS = {
    "IMPORT12": ("score", "total", "execution_score"),
    "IMPORT20": ("weight", "row", "execution_weight"),
    "IMPORT21": ("initial_budget", "annual_budget", "executed", "rate"),
    "IMPORT09": ("execution_weight", "scheme_points"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that was not read as it is meant."""

    seed: int
    field: str
    cell: str
    meant: object
    read: object
    told: bool
    layout: str


@dataclass
class Figures:
    """Counts over many forms."""

    fields: int = 0
    wrong: list[Difference] = field(default_factory=list)
    refused: int = 0
    forms: int = 0
    right_forms: int = 0
    """Forms without a wrong field."""
    doubts: int = 0
    """Warnings on these: each asks a person to look at what was read as it is meant."""

    @property
    def silent(self) -> list[Difference]:
        """The differences that nobody was told of."""
        return [difference for difference in self.wrong if not difference.told]

    @property
    def right_share(self) -> float:
        """Of all fields those read as they are meant."""
        return 1 - len(self.wrong) / max(self.fields, 1)

    @property
    def told_share(self) -> float:
        """Of the wrong fields those that were told."""
        return 1 - len(self.silent) / len(self.wrong) if self.wrong else 1.0

    @property
    def doubts_per_right_form(self) -> float:
        """How many warnings a form gets of which every field was read as it is meant."""
        return self.doubts / max(self.right_forms, 1)


@dataclass(frozen=True, slots=True)
class _Read:
    form: HandmadeForm
    converted: ConvertedForm

    @property
    def findings(self) -> Sequence[Finding]:
        return self.converted.findings


def measure(seeds: range) -> Figures:
    """Make, read and compare the workbooks of these seeds."""
    figures, importing = Figures(), Importing()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "自评表.xlsx"
        for seed in seeds:
            made = make_workbook(seed)
            path.write_bytes(made.data)
            forms = read_forms(SourceFile(path, path.name)).forms
            compare(made, [_Read(form, convert_form(form, importing)) for form in forms], figures)
    return figures


def compare(made: UnseenWorkbook, read: list[_Read], figures: Figures) -> None:
    """Add the comparison of one workbook."""
    rest = list(read)
    for true in made.forms:
        figures.forms += 1
        twin = max(rest, key=lambda one: _likeness(true, one), default=None)
        if twin is not None and (_likeness(true, twin) > 0 or len(rest) == len(made.forms)):
            rest.remove(twin)
        else:
            twin = None
        if twin is None:
            figures.refused += 1
        before = len(figures.wrong)
        for name, meant, got in _compare_form(true, twin):
            figures.fields += 1
            if not _same(name, meant.value, got):
                told = _is_told(name, meant, true, twin) if twin else not read or _is_listed(meant, true, read)
                figures.wrong.append(Difference(made.seed, name, meant.cell, meant.value, got, told, made.layout))
        if twin is not None and len(figures.wrong) == before:
            figures.right_forms += 1
            figures.doubts += sum(item.severity is Severity.WARNING for item in twin.findings)
    for one in rest:
        figures.fields += 1
        figures.wrong.append(Difference(made.seed, "form", "", None, one.form.title, told=False, layout=made.layout))


def _likeness(true: TrueForm, one: _Read) -> int:
    cells = {entry.name.where.cell for entry in one.form.entries}
    return sum(row["name"].cell in cells for row in true.rows) if one.form.sheet == true.sheet else 0


# -- fields


def _compare_form(true: TrueForm, twin: _Read | None) -> Iterator[tuple[str, Fact, object]]:
    read = _read_facts(twin) if twin else {}
    for name, meant in true.facts.items():
        yield name, meant, read.get(name)
    rows = {row["name"]: row for row in _read_rows(twin)} if twin else {}
    for facts in true.rows:
        row = rows.pop(facts["name"].cell, None)
        for name, meant in facts.items():
            yield (name, meant, row and row[f"{name}_value"]) if row else ("row", meant, None)
    for cell in rows:
        yield "extra row", Fact(None, cell), cell


def _read_facts(twin: _Read) -> dict[str, object]:
    project, form, shown = twin.converted.project, twin.form, twin.converted.submission.shown
    answers = project.answers
    execution = twin.converted.submission.scheme.execution.weight
    return {
        "project": project.name,
        "unit": project.unit,
        "department": project.department,
        "year": float(project.year),
        "initial_budget": sum(project.initial_budget.values()) if project.initial_budget else None,
        "annual_budget": sum(project.annual_budget.values()) if project.annual_budget else None,
        "executed": sum(answers.executed.values()) if answers and answers.executed else None,
        "rate": _value(form.execution_rate) or _value(form.total_line.rate if form.total_line else None),
        "execution_weight": _value(form.execution_weight) or (execution if not form.execution_weight else 0.0),
        "execution_score": shown.get("execution_score"),
        "total": shown.get("total_score"),
    }


def _read_rows(twin: _Read) -> Iterator[dict[str, Any]]:
    submission, answers = twin.converted.submission, twin.converted.project.answers
    entries = {entry.name.where.cell: entry for entry in twin.form.entries}
    assert answers is not None
    for row, answer in zip(submission.layout.rows, answers.indicators, strict=True):
        cell, indicator = submission.answers[row.name("indicator")].cell, row.indicator
        entry = entries[cell]
        yield {
            "name": cell,
            "name_value": indicator.name,
            "level1_value": entry.dimension,
            "level2_value": entry.category,
            "about_value": indicator.dimension,
            "direction_value": indicator.direction.value,
            "target_value": indicator.target,
            "unit_value": indicator.unit,
            "actual_value": answer.actual,
            "weight_value": indicator.weight,
            "score_value": _value(entry.score),
            "reason_value": answer.deviation_reason,
        }


def _value(stated: Stated | None) -> object:
    return stated.value if stated is not None else None


_ABOUT = {"产出": ("产出", "成本"), "效益": ("效益", "效果"), "满意": ("满意",)}


def _same(name: str, meant: object, got: object) -> bool:
    if isinstance(meant, float):
        if name in ("weight", "score", "total", "execution_score"):
            return isinstance(got, float) and abs(meant - got) < 0.006
        return isinstance(got, float) and abs(meant - got) <= 1e-4 * max(abs(meant), 1)
    if name == "about":
        return any(word in str(got) for word in _ABOUT[str(meant)])
    if name in ("level1", "level2"):
        return label_key(str(meant)) == label_key(str(got))
    if name == "name":
        return without_blanks(str(got)).startswith(str(meant))
    return without_blanks(str(meant)) == without_blanks(str(got or ""))


# -- told


def _is_told(name: str, meant: Fact, true: TrueForm, twin: _Read) -> bool:
    if name == "direction" and meant.value == Direction.QUALITATIVE.value:
        name = "target"
    for item in twin.findings:
        if name in DOUBTED_BY_SUMS.get(item.code, ()):
            return True
        if item.code == "IMPORT01" or item.sheet != true.sheet or not item.cell:
            continue
        if item.cell in (meant.cell, meant.heading):
            return True
    row = next((row for row in true.rows if meant in row.values()), None)
    spoken = _SPOKEN_OF.get(name)
    return bool(
        row and spoken and any(f.cell == row["name"].cell and spoken in f.field + f.message for f in twin.findings)
    )


def _is_listed(meant: Fact, true: TrueForm, read: Sequence[_Read]) -> bool:
    """A form that was not recognised beside others: its cell is listed among what was not understood, or it as a whole."""
    names = {row["name"].cell for row in true.rows}
    for item in (item for one in read for item in one.findings if item.sheet == true.sheet):
        if item.cell == meant.cell or (item.field == TABLE_NOT_USED and item.cell in names):
            return True
    return False


def main() -> None:
    """Print both figures, and the differences by field."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--forms", type=int, default=300, help="workbooks")
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--list", type=int, default=0, help="so many silent differences are listed")
    given = parser.parse_args()
    figures = measure(range(given.seed, given.seed + given.forms))
    wrong, silent = (Counter(d.field for d in some) for some in (figures.wrong, figures.silent))
    lines = [
        f"{given.forms} workbooks, {figures.forms} forms, {figures.fields} fields, {figures.refused} not recognised",
        f"right {figures.right_share:.2%}; of {len(figures.wrong)} wrong, told {figures.told_share:.2%}",
        f"{figures.right_forms} forms all right, {figures.doubts_per_right_form:.2f} warnings on each",
        *(f"  {name:18} wrong {count:5}  silent {silent[name]:5}" for name, count in wrong.most_common()),
        f"silent by layout: {dict(Counter(d.layout for d in figures.silent))}",
        f"silent by seed: {Counter(d.seed for d in figures.silent).most_common(12)}",
        *map(str, figures.silent[: given.list]),
    ]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
