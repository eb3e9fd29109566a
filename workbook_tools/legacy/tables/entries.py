"""A row of the table of indicators → an entry: target, unit, sign and direction, figures, texts.

Direction: the printed sign; else a number is to be reached, or under 成本指标 kept to; a text is qualitative.
What can fairly be read otherwise gets a remark with both readings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from workbook_tools.core.model import Direction
from workbook_tools.core.values import PERCENT
from workbook_tools.legacy.tables.columns import Header, HeaderColumn
from workbook_tools.legacy.words.figures import read_points, read_rate
from workbook_tools.legacy.words.grid import Grid, GridCell
from workbook_tools.legacy.words.label_text import label_key, stated_points, without_blanks
from workbook_tools.legacy.words.quantities import (
    Quantity,
    find_misread_sign,
    read_direction,
    read_quantity,
    says_nothing,
    unit_ratio,
)
from workbook_tools.legacy.words.records import Concern, FormIndicator, Remark, Stated
from workbook_tools.legacy.words.vocabulary import Vocabulary

_Figure = tuple[Quantity | None, GridCell | None]
_WHOLE = 50
"""Beside a share of so many per cent, 1 means the whole."""
_REMARKS = (
    "description",
    "state",
    "method",
    "note",
    "other",
    "coefficient",
    "share",
    "last_year",
    "serial",
    "actual_unit",
)
_LABELLED = ("state", "coefficient", "share", "last_year", "other")
"""Columns whose label is told with the text: 得分系数：100."""


@dataclass
class FoundIndicators:
    """What the rows of one table say."""

    header: Header
    entries: list[FormIndicator] = field(default_factory=list)
    template_rows: list[Stated] = field(default_factory=list)
    total: Stated | None = None
    total_weight: Stated | None = None
    grade: Stated | None = None
    remarks: list[Remark] = field(default_factory=list)
    understood: set[tuple[int, int]] = field(default_factory=set)
    points: dict[str, Stated] = field(default_factory=dict)
    """Label of a level or goal → the points that it states."""
    levels: dict[str, str] = field(default_factory=lambda: {"level1": "", "level2": ""})
    """一级指标 and 二级指标 as they stand at the row that is read."""

    def keep(self, *cells: GridCell) -> None:
        """These cells were understood."""
        self.understood.update((cell.row, cell.col) for cell in cells)

    def doubt(self, concern: Concern, cell: GridCell, what: str, taken: str = "", other: str = "") -> None:
        """A remark about a cell."""
        self.remarks.append(
            Remark(concern=concern, where=cell.where, field=what, printed=cell.shown, taken=taken, other=other)
        )


class EntryMaker:
    """Makes the entries of one table; remarks and understood cells go to ``found``."""

    def __init__(self, grid: Grid, vocabulary: Vocabulary, found: FoundIndicators) -> None:
        self.grid, self.header, self.words, self.found = grid, found.header, vocabulary, found

    def entry(self, row: int, name: GridCell, values: dict[str, GridCell], extra: list[GridCell]) -> FormIndicator:
        """The indicator of a row: its name, its figures by meaning, and further cells below the header of the name."""
        self.found.keep(*values.values())
        target_cell = self._target_cell(name, values)
        weight, score = self._points("weight", values), self._points("score", values)
        target = self._quantity(target_cell)
        actual = self._quantity(values.get("actual"))
        sign, unit_cell = self._beside("sign", row), self._beside("unit", row)
        target, sign_text = self._signed(target, sign)
        unit = self._unit(name, target, unit_cell, actual)
        target, actual = self._in_unit(name, unit, (target, target_cell), (actual, values.get("actual")))
        unit = unit or (target.unit if target else "")
        actual = self._converted(name, actual, values.get("actual"), unit)
        direction = self._direction(target, sign)
        self._doubts(name, target, target_cell, direction, unit, sign_text)
        if weight is None and self.header.column("weight") is None and (own := stated_points(name.shown)) is not None:
            weight = name.as_stated(own)
        return FormIndicator(
            dimension=self.found.levels["level1"],
            category=self.found.levels["level2"],
            name=name.as_stated(name.shown),
            direction=direction,
            sign=sign_text,
            target=target_cell.as_stated(target.value) if target_cell and target else None,
            unit=unit,
            actual=values["actual"].as_stated(actual.value) if actual else None,
            completion=self._completion(values.get("completion")),
            weight=weight,
            score=score,
            folded_score=self._points("folded", values),
            reason=self._reason(row),
            remark=self._remark(row, extra),
            is_part=without_blanks(name.shown).startswith(self.words.words("rows", "part")),
            is_execution_rate=self.words.rows.find_exact(name.shown) == "execution",
        )

    def _target_cell(self, name: GridCell, values: dict[str, GridCell]) -> GridCell | None:
        """The target, or what it was adjusted to."""
        target, adjusted = values.get("target"), values.get("adjusted_target")
        if adjusted is None:
            return target
        if target is not None and adjusted.shown != target.shown:
            what = f"目标值：{without_blanks(name.shown)}"
            self.found.doubt(Concern.AMBIGUOUS, adjusted, what, f"调整后的 {adjusted.shown}", f"年初的 {target.shown}")
        return adjusted

    def _points(self, meaning: str, values: dict[str, GridCell]) -> Stated | None:
        cell = values.get(meaning)
        if cell is None or says_nothing(cell.shown):
            return None
        number = read_points(cell)
        if number is None:
            self.found.doubt(Concern.UNKNOWN, cell, {"weight": "分值", "folded": "折算得分"}.get(meaning, "得分"))
            return None
        return cell.as_stated(number)

    def _quantity(self, cell: GridCell | None) -> Quantity | None:
        if cell is None or says_nothing(cell.shown):
            return None
        return read_quantity(cell, self.words)

    def _beside(self, meaning: str, row: int) -> GridCell | None:
        """A cell of a column of texts that may be merged over rows."""
        column = self.header.column(meaning)
        cell = next(self.grid.across(row, column.first, column.last), None) if column else None
        if cell is not None:
            self.found.keep(cell)
        return cell if cell is not None and not says_nothing(cell.shown) else self._glyph(cell)

    def _glyph(self, cell: GridCell | None) -> GridCell | None:
        """Signs are marks too, but they say something."""
        return cell if cell is not None and read_direction(cell.shown, self.words) else None

    def _signed(self, target: Quantity | None, sign: GridCell | None) -> tuple[Quantity | None, str]:
        if sign is None:
            return target, target.sign if target else ""
        if target is not None and read_direction(sign.shown, self.words) is None:
            self.found.doubt(Concern.UNKNOWN, sign, "指标性质")
        return target, without_blanks(sign.shown)

    def _unit(self, name: GridCell, target: Quantity | None, unit: GridCell | None, actual: Quantity | None) -> str:
        """As printed: in its column, behind the target, in the name, behind the actual."""
        if unit is not None:
            return without_blanks(unit.shown)
        if target is not None and target.unit:
            return target.unit
        if target is None or target.number is None:
            return ""
        named = re.search(r"[(（]([^()（）\d]{1,8})[)）]\s*$", name.shown)
        if (
            named
            and (named[1] in ("%", "％", "‰") or actual is None or actual.unit in ("", named[1]))
            and _is_unit(named[1])
        ):
            return "%" if named[1] == "％" else without_blanks(named[1])
        return actual.unit if actual is not None else ""

    def _in_unit(
        self, name: GridCell, unit: str, target: _Figure, actual: _Figure
    ) -> tuple[Quantity | None, Quantity | None]:
        """Shares of a hundred that cells hold as 0.95 without showing it, brought to the unit of the other cells."""
        share = unit.startswith((PERCENT, "百分")) or (unit == "" and self._is_share(name))
        if not share:
            return target[0], actual[0]
        return self._hundredfold(name, target, actual[0]), self._hundredfold(name, actual, target[0])

    def _is_share(self, name: GridCell) -> bool:
        return label_key(name.shown).endswith(self.words.words("marks", "shares"))

    def _hundredfold(self, name: GridCell, figure: _Figure, partner: Quantity | None) -> Quantity | None:
        """A number below 1 is a share of one; so is 1 itself beside another share."""
        found, cell = figure
        if found is None or cell is None or found.number is None or found.unit:
            return found
        beside = partner.number if partner is not None else None
        if not cell.is_number and (beside is None or beside < _WHOLE):
            return found
        whole = found.number == 1 and beside is not None and (beside <= 1 or beside >= _WHOLE)
        if not (0 < found.number < 1 or whole):
            return found
        percent = float(f"{found.number * 100:.12g}")
        self.found.doubt(Concern.AMBIGUOUS, cell, without_blanks(name.shown), f"{percent:g}%", cell.shown)
        return replace(found, value=percent, unit=PERCENT)

    def _converted(self, name: GridCell, actual: Quantity | None, cell: GridCell | None, unit: str) -> Quantity | None:
        """An actual in another unit than the target (15000人 beside 1.5万人) in the unit of the target."""
        if (
            actual is None
            or cell is None
            or actual.number is None
            or not actual.unit
            or not unit
            or actual.unit == unit
        ):
            return actual
        ratio = unit_ratio(actual.unit, unit)
        if ratio is None or ratio == 1:
            return actual
        number = float(f"{actual.number * ratio:.12g}")
        what = f"完成值：{without_blanks(name.shown)}"
        self.found.doubt(Concern.AMBIGUOUS, cell, what, f"换算为 {number:.12g}{unit}", cell.shown)
        return replace(actual, value=number, unit=unit)

    def _direction(self, target: Quantity | None, sign: GridCell | None) -> Direction:
        """The printed sign; else a number is to be reached, or under 成本指标 kept to; a text is qualitative."""
        printed = read_direction(sign.shown, self.words) if sign else None
        if target is None or target.number is None:
            return Direction.QUALITATIVE
        if printed is not None:
            return printed
        if target.direction is not None:
            return target.direction
        cost = any(word in self.found.levels["level2"] for word in self.words.words("marks", "cost"))
        return Direction.AT_MOST if cost else Direction.AT_LEAST

    def _doubts(
        self, name: GridCell, target: Quantity | None, cell: GridCell | None, direction: Direction, unit: str, sign: str
    ) -> None:
        """What a person may fairly read otherwise."""
        what = f"目标值：{without_blanks(name.shown)}"
        if target is None or cell is None:
            if self.header.column("target") is not None or self.header.column("adjusted_target") is not None:
                self.found.doubt(Concern.AMBIGUOUS, cell or name, what, "没有目标值，按定性指标", "目标写在指标名称里")
            return
        if misread := find_misread_sign(cell.shown, unit, self.words):
            self.found.doubt(Concern.AMBIGUOUS, cell, what, cell.shown, f"≥{misread.number:g}{misread.unit}")
        elif target.spelled:
            taken = f"按数字 {target.number:g}{target.unit}"
            self.found.doubt(Concern.AMBIGUOUS, cell, what, taken, "按文字（定性指标）")
        elif target.hides_number:
            self.found.doubt(Concern.AMBIGUOUS, cell, what, "按文字（定性指标）", "按其中的数字（定量指标）")
        if target.number is not None and direction is Direction.QUALITATIVE:
            self.found.doubt(Concern.AMBIGUOUS, cell, what, "指标性质写的是定性", "目标值是数字（定量指标）")
        if target.number is None or sign:
            return
        less = any(word in name.shown for word in self.words.words("marks", "less"))
        if direction is Direction.AT_MOST and (unit.startswith(PERCENT) or self._is_share(name)):
            self.found.doubt(Concern.AMBIGUOUS, cell, what, "未写符号，成本指标按 ≤", "按 ≥")
        elif direction is Direction.AT_LEAST and (target.number == 0 or less):
            self.found.doubt(Concern.AMBIGUOUS, cell, what, "未写符号，按 ≥", "按 ≤")

    def _completion(self, cell: GridCell | None) -> Stated | None:
        if cell is None or says_nothing(cell.shown):
            return None
        rate = read_rate(cell)
        return cell.as_stated(rate if rate is not None else cell.shown)

    def _reason(self, row: int) -> Stated | None:
        cells: list[GridCell] = []
        for column in self.header.columns:
            if column.meaning == "reason":
                cells += [
                    c for c in self.grid.across(row, column.first, column.last) if c.row == row and c not in cells
                ]
        self.found.keep(*cells)
        texts = [cell for cell in cells if not says_nothing(cell.shown)]
        if not texts:
            return None
        joined = "；".join(cell.shown for cell in texts)
        return replace(texts[0].as_stated(joined), printed=joined)

    def _remark(self, row: int, extra: list[GridCell]) -> str:
        """What the other columns say about the row."""
        texts = [cell.shown for cell in extra]
        for column in self.header.columns:
            if column.meaning not in _REMARKS:
                continue
            cells = [*self.grid.across(row, column.first, column.last)]
            self.found.keep(*cells)
            texts += [
                _labelled(column, cell) for cell in cells if column.meaning != "serial" and not says_nothing(cell.shown)
            ]
        return "；".join(texts)


def _labelled(column: HeaderColumn, cell: GridCell) -> str:
    return f"{without_blanks(column.label)}：{cell.shown}" if column.meaning in _LABELLED else cell.shown


def _is_unit(text: str) -> bool:
    """What stands in brackets behind a name may be a unit; a longer remark is none."""
    return len(without_blanks(text)) <= 4 and not re.search(r"[一-鿿]{3,}", without_blanks(text))
