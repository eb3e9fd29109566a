"""What a unit has listed on 佐证材料, as it came back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from workbook_tools.core.model import ListedMaterial
from workbook_tools.core.values import number_text
from workbook_tools.form.evidence import EvidenceLine, evidence_lines
from workbook_tools.form.rows import FormRow
from workbook_tools.form.submission import Submission

_PAGES = re.compile(r"共?\s*[1-9]\d*\s*[页张份]?")
"""共12页, 3张."""


def read_materials(submission: Submission) -> list[ListedMaterial]:
    """The materials that a unit has listed, from above to below; none in a form that has no such sheet or column."""
    if submission.partial:
        return list(submission.materials)
    layout, names = submission.layout, [_name_of(row, submission) for row in submission.layout.rows]
    found = []
    for line in evidence_lines(layout):
        typed = {part: _text(submission, line.name(part)) for part in ("name", "pages", "file", "used_for")}
        if not any(typed.values()):
            continue
        spot = next(
            (line.name(part) for part in ("file", "name", "pages", "used_for") if typed[part]), line.name("name")
        )
        sheet, cell = submission.place_of(spot)
        numbers = [int(number) for number in re.findall(r"\d+", unicodedata.normalize("NFKC", typed["used_for"]))]
        known = [names[number - 1] for number in numbers if 0 < number <= len(names)]
        indicator = names[line.row.number - 1] if line.row else "、".join(known) or typed["used_for"]
        found.append(
            ListedMaterial(
                number=line.row.number if line.row else 0,
                indicator=indicator,
                name=typed["name"],
                pages=typed["pages"],
                file=typed["file"],
                sheet=sheet,
                cell=cell,
                label=layout.fields[spot].label,
                unclear=_find_unclear(line, typed, len(known) == len(numbers)),
            )
        )
    return found


def _find_unclear(line: EvidenceLine, typed: Mapping[str, str], numbers_known: bool) -> str:
    if typed["pages"] and not _PAGES.fullmatch(unicodedata.normalize("NFKC", typed["pages"])):
        return f"页数“{typed['pages']}”不是数字"
    if not typed["name"] and not typed["file"]:
        return "没有写材料名称"
    if line.row is None and not numbers_known:
        return f"表中没有“{typed['used_for']}”这个序号的指标"
    return ""


def _text(submission: Submission, name: str) -> str:
    answer = submission.answers.get(name)
    value = answer.value if answer else None
    return number_text(value) if isinstance(value, float) else (value or "").strip()


def _name_of(row: FormRow, submission: Submission) -> str:
    return _text(submission, row.name("indicator")) if row.open else row.indicator.name
