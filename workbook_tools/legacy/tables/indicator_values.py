"""A row of the table of indicators → an entry: target, unit, sign and direction, figures, texts.

Direction: the printed sign; else of a number as :mod:`workbook_tools.rules.directions` guesses; a text is qualitative.
What can fairly be read otherwise gets a remark with both readings.
"""

from __future__ import annotations

import re
from dataclasses import replace

from workbook_tools.core.model import Direction
from workbook_tools.core.tolerances import PRINTED
from workbook_tools.core.units import are_days_and_months, multiple_ratio, unit_ratio
from workbook_tools.core.values import PERCENT, parse_quantity
from workbook_tools.legacy.tables.column_meanings import HeaderColumn
from workbook_tools.legacy.tables.composite_cells import split_composite_cells
from workbook_tools.legacy.tables.found_indicators import FoundIndicators
from workbook_tools.legacy.tables.several_lines import numbers_several
from workbook_tools.legacy.words.figures import has_several_figures, read_points, read_rate
from workbook_tools.legacy.words.grid import Grid, GridCell
from workbook_tools.legacy.words.label_text import label_key, stated_points, without_blanks
from workbook_tools.legacy.words.quantities import (
    Quantity,
    find_misread_sign,
    is_per_cent,
    read_direction,
    read_done_figure,
    read_quantity,
    says_nothing,
)
from workbook_tools.legacy.words.records import FormIndicator, Stated
from workbook_tools.legacy.words.vocabulary import Vocabulary
from workbook_tools.rules.directions import DirectionGuess, ScoredPair, guess_direction, names_cost

# Beside a share of so many per cent, 1 means the whole: target 95, actual 1 is 100%; beside 3 it may be 1%.
_WHOLE_PER_CENT = 50
# Units of shares; in brackets behind the name they hold whatever the actual says (合格率（%）: 0.95).
_SHARES = ("%", "％", "‰")
# 养护里程（公里）, 合格率（%）: a unit in brackets behind the name.
_BEHIND_NAME = re.compile(r"[(（]([^()（）\d]{1,8})[)）]\s*$")
# Such a unit is short, and of two Chinese characters at most (培训（含线上）, 补助（低保户） say more of the name), or a known
# one behind a multiple (万人次, 平方米).
_LONGEST_UNIT, _MORE_THAN_UNIT = 4, re.compile(r"[一-鿿]{3,}")
_MULTIPLES = "十百千万亿"
# Columns that hold no value of the indicator; what they say is told with it.
_NO_VALUES = (
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
# Of these, the number of the row says nothing, and
_NOT_TOLD = ("serial",)
# these say nothing without their label: 得分系数：100.
_TOLD_WITH_LABEL = ("state", "coefficient", "share", "last_year", "other")

# What Excel makes of =30辆: no target.
_ERRORS = ("#NAME?", "#VALUE!", "#REF!", "#DIV/0!", "#N/A", "#NUM!", "#NULL!")
# √ or × in the column of actuals.
_TICK = re.compile("[√✓✔☑×✗✘☒]")

# Of a row that holds several indicators and cannot be taken apart.
_TO_DIVIDE = "（请单位分成几行填写，一行一个指标，再报送）"

_Figure = tuple[Quantity | None, GridCell | None]


class IndicatorReader:
    """Reads the indicators of one table; remarks and understood cells go to ``found``."""

    def __init__(self, grid: Grid, words: Vocabulary, found: FoundIndicators) -> None:
        self.grid, self.header, self.words, self.found = grid, found.header, words, found

    def read(self, row: int, name: GridCell, values: dict[str, GridCell], extra: list[GridCell]) -> FormIndicator:
        """The indicator of a row: its name, its figures by meaning, and further cells below the header of the name.

        Of a row that was taken apart ``values`` has the sign and the unit, too.
        """
        self.found.take(*values.values())
        values = split_composite_cells(values, self.words, self.found)
        target_cell = self._choose_target(name, values)
        weight = self._read_points("weight", values)
        score = self._read_score(name, values, weight)
        target = None if target_cell and target_cell.shown in _ERRORS else self._read_quantity(target_cell)
        actual = self._read_actual(name, values.get("actual"), target)
        sign_cell, unit_cell = (values.get(one) or self.find_text(one, row) for one in ("sign", "unit"))
        sign = self._read_sign(target, sign_cell)
        unit = self._find_unit(name, target, unit_cell, actual)
        actual = self._read_done(name, actual, target, unit)
        if is_per_cent(unit) or (unit == "" and self._is_share(name)):
            read_target, read_actual = (target, target_cell), (actual, values.get("actual"))
            target = self._read_as_per_cent(name, read_target, read_actual)
            actual = self._read_as_per_cent(name, read_actual, read_target)
        unit = unit or (target.unit if target else "")
        actual = self._convert_to_unit(name, actual, values.get("actual"), unit)
        stated = self._stated_direction(target, sign_cell)
        guess = None
        if stated is None and target is not None and target.number is not None:
            misread = target_cell and find_misread_sign(target_cell.shown, unit, self.words)
            alone = not misread and not _is_shared(values.get("score"))
            pair = _scored_pair(target, actual, weight, score) if alone else None
            guess = self._guess_direction(name, target.number, unit, pair)
        direction = stated or Direction.QUALITATIVE
        if guess and target_cell:
            direction, guess = self._choose_direction(name, target_cell, guess)
        self._doubt_target(name, target, target_cell, direction, unit)
        if actual and actual.wrapped and direction is not Direction.QUALITATIVE:
            what = f"完成值：{without_blanks(name.shown)}"
            self.found.doubt(values["actual"], what, f"{actual.number:g}{actual.unit}", values["actual"].shown)
        if weight is None and self.header.column("weight") is None and (own := stated_points(name.shown)) is not None:
            weight = name.as_stated(own)
        return FormIndicator(
            dimension=self.found.levels["level1"],
            category=self.found.levels["level2"],
            name=name.as_stated(name.shown),
            direction=direction,
            direction_from=guess.reason if guess and not guess.doubtful else "",
            sign=sign,
            target=target_cell.as_stated(target.value) if target_cell and target else None,
            unit=unit,
            actual=values["actual"].as_stated(actual.value) if actual else None,
            completion=self._read_completion(values.get("completion")),
            weight=weight,
            score=score,
            folded_score=self._read_points("folded", values),
            reason=self._read_reason(row),
            evidence=self._read_evidence(row),
            remark=self._join_remarks(row, extra),
            is_part=without_blanks(name.shown).startswith(self.words.words("rows", "part")),
            is_execution_rate=self.words.rows.find_exact(name.shown) == "execution",
        )

    # -- single cells

    def _choose_target(self, name: GridCell, values: dict[str, GridCell]) -> GridCell | None:
        """The target, or what it was adjusted to."""
        target, adjusted = values.get("target"), values.get("adjusted_target")
        if adjusted is None:
            return target
        if target is not None and adjusted.shown != target.shown:
            what = f"目标值：{without_blanks(name.shown)}"
            readings = {"调整后的": f"调整后的 {adjusted.shown}", "年初的": f"年初的 {target.shown}"}
            if self.found.choose(adjusted, what, "目标值调整过，用哪一个", readings) == "年初的":
                return target
        return adjusted

    def _read_points(self, meaning: str, values: dict[str, GridCell]) -> Stated | None:
        cell = values.get(meaning)
        if cell is None or says_nothing(cell.shown):
            return None
        number = read_points(cell)
        if number is None:
            self.found.leave(cell, {"weight": "分值", "folded": "折算得分", "deduction": "扣分"}.get(meaning, "得分"))
            return None
        return cell.as_stated(number)

    def _read_score(self, name: GridCell, values: dict[str, GridCell], weight: Stated | None) -> Stated | None:
        """The score; where the table has only a column of deductions, what these leave of the points."""
        cell = values.get("score")
        if (
            weight is not None
            and cell is not None
            and without_blanks(cell.shown) in self.words.words("marks", "all_points")
        ):
            return cell.as_stated(weight.value)
        score, less = self._read_points("score", values), self._read_points("deduction", values)
        if less is None or weight is None or not isinstance(less.value, float) or not isinstance(weight.value, float):
            return score
        left = float(f"{weight.value - less.value:.12g}")
        if score is not None:
            if isinstance(score.value, float) and not PRINTED.same(score.value, left):
                what = f"得分：{without_blanks(name.shown)}"
                self.found.doubt(values["deduction"], what, f"{score.value:g}分", f"{left:g}分（分值－扣分）")
            return score
        if self.header.column("score") is not None:
            return None
        readings = {"分值减扣分": f"{left:g}分（分值{weight.value:g}－扣分{less.value:g}）", "没有得分": "没有得分"}
        chosen = self.found.choose(values["deduction"], "得分", "只有扣分一栏，没有得分", readings)
        return replace(less, value=left) if chosen == "分值减扣分" else None

    def _read_quantity(self, cell: GridCell | None) -> Quantity | None:
        return None if cell is None or says_nothing(cell.shown) else read_quantity(cell, self.words)

    def _read_actual(self, name: GridCell, cell: GridCell | None, target: Quantity | None) -> Quantity | None:
        """The actual; a tick alone does not say how much."""
        if cell is not None and _TICK.fullmatch(without_blanks(cell.shown)):
            self.found.leave(cell, f"完成值：{without_blanks(name.shown)}")
        found = self._read_quantity(cell)
        if found is None or cell is None or found.number is not None or target is None or target.number is None:
            return found
        typed = parse_quantity(cell.shown)
        if typed is None or typed.direction is not None or typed.unit != target.unit:
            return found
        self.found.doubt(
            cell, f"完成值：{without_blanks(name.shown)}", f"按数字 {typed.number:g}{typed.unit}", "按文字"
        )
        return Quantity(typed.number, typed.unit)  # 11月 is a date, but a number beside ≤12月

    def _read_done(
        self, name: GridCell, actual: Quantity | None, target: Quantity | None, unit: str
    ) -> Quantity | None:
        """An actual whose figure stands behind a word of completion (已完成，96%), where the target is a number."""
        if actual is None or not isinstance(actual.value, str) or target is None or target.number is None:
            return actual
        wanted = PERCENT if not unit and self._is_share(name) else unit
        return read_done_figure(actual.value, wanted, self.words) or actual

    def find_text(self, meaning: str, row: int) -> GridCell | None:
        """The cell of a column of texts that may be merged over rows; a sign (≥) says something too."""
        column = self.header.column(meaning)
        cell = next(self.grid.across(row, column.first, column.last), None) if column else None
        if cell is None:
            return None
        self.found.take(cell)
        return None if says_nothing(cell.shown) and read_direction(cell.shown, self.words) is None else cell

    def _read_completion(self, cell: GridCell | None) -> Stated | None:
        if cell is None or says_nothing(cell.shown):
            return None
        rate = read_rate(cell)
        return cell.as_stated(rate if rate is not None else cell.shown)

    # -- sign and direction

    def _read_sign(self, target: Quantity | None, cell: GridCell | None) -> str:
        """The sign as printed, in its own column or before the target."""
        if cell is None:
            return target.sign if target else ""
        if without_blanks(cell.shown) in self.words.words("signs", "quantitative"):
            return target.sign if target else ""
        if target is not None and read_direction(cell.shown, self.words) is None:
            self.found.leave(cell, "指标性质")
        return without_blanks(cell.shown)

    def _stated_direction(self, target: Quantity | None, sign: GridCell | None) -> Direction | None:
        """What the printed sign says; a text is qualitative."""
        if target is None or target.number is None:
            return Direction.QUALITATIVE
        return (read_direction(sign.shown, self.words) if sign else None) or target.direction

    def _guess_direction(self, name: GridCell, target: float, unit: str, pair: ScoredPair | None) -> DirectionGuess:
        """The direction of a number without a sign."""
        level2 = self.found.levels["level2"]
        cost = names_cost(level2) or any(word in level2 for word in self.words.words("marks", "cost"))
        share = is_per_cent(unit) or self._is_share(name)
        less = self.words.words("marks", "less")
        return guess_direction(name.shown, target, cost=cost, unit=unit, share=share, pair=pair, less=less)

    def _doubt_target(
        self, name: GridCell, target: Quantity | None, cell: GridCell | None, direction: Direction, unit: str
    ) -> None:
        """Tell what a person may fairly read otherwise."""
        what = f"目标值：{without_blanks(name.shown)}"
        if target is None or cell is None:
            if self.header.column("target") is not None or self.header.column("adjusted_target") is not None:
                other = "几个指标的目标写在指标名称里" if numbers_several(name.shown) else "目标写在指标名称里"
                other += _TO_DIVIDE if numbers_several(name.shown) else ""
                self.found.doubt(cell or name, what, "没有目标值，按定性指标", other)
            return
        if misread := find_misread_sign(cell.shown, unit, self.words):
            self.found.doubt(cell, what, cell.shown, f"≥{misread.number:g}{misread.unit}")
        elif target.spelled or target.wrapped:
            self.found.doubt(cell, what, f"按数字 {target.number:g}{target.unit}", "按文字（定性指标）")
        elif target.hides_number and (numbers_several(cell.shown) or has_several_figures(cell.shown)):
            self.found.doubt(cell, what, "按文字（定性指标）", f"一格里的几个目标值{_TO_DIVIDE}")
        elif target.hides_number:
            self.found.doubt(cell, what, "按文字（定性指标）", "按其中的数字（定量指标）")
        if target.number is None:
            return
        if direction is Direction.QUALITATIVE:
            self.found.doubt(cell, what, "指标性质写的是定性", "目标值是数字（定量指标）")

    def _choose_direction(
        self, name: GridCell, cell: GridCell, guess: DirectionGuess
    ) -> tuple[Direction, DirectionGuess | None]:
        """The direction, and the guess where it was taken: what the office has said of the indicator goes first, and where
        the other direction is as likely both are told."""
        key = f"没有写符号的目标值：{label_key(name.shown)}"
        if not guess.doubtful and key not in self.found.kept:
            return guess.direction, guess
        other = Direction.AT_LEAST if guess.direction is Direction.AT_MOST else Direction.AT_MOST
        readings = {guess.direction.symbol: f"未写符号，按 {guess.direction.symbol}（{guess.reason}）"}
        readings |= {one.symbol: f"按 {one.symbol}" for one in (other, Direction.EQUAL)}
        symbol = self.found.choose(cell, f"目标值：{without_blanks(name.shown)}", key, readings)
        chosen = next(one for one in Direction if one.symbol == symbol)
        return chosen, guess if chosen is guess.direction and key not in self.found.kept else None

    # -- unit

    def _find_unit(
        self, name: GridCell, target: Quantity | None, unit: GridCell | None, actual: Quantity | None
    ) -> str:
        """As printed: in its column, behind the target, in the name, behind the actual."""
        if unit is not None:
            return without_blanks(unit.shown)
        if target is not None and target.unit:
            return target.unit
        if target is None or target.number is None:
            return ""
        named = _unit_in_name(name.shown, self.words)
        if named and (named in _SHARES or actual is None or actual.unit in ("", named)):
            return PERCENT if named == "％" else named
        return actual.unit if actual is not None else ""

    def _is_share(self, name: GridCell) -> bool:
        return label_key(name.shown).endswith(self.words.words("marks", "shares"))

    def _read_as_per_cent(self, name: GridCell, figure: _Figure, partner: _Figure) -> Quantity | None:
        """Of a share of a hundred that its cell holds as 0.95: 95%; so is 1 itself beside another share, and 0.95 typed as a
        text beside one that is read so."""
        found, cell = figure
        if found is None or cell is None or found.number is None or found.unit:
            return found
        beside, its_cell = partner
        other = beside.number if beside is not None else None
        is_share_beside = other is not None and its_cell is not None and its_cell.is_number and 0 < other < 1
        if not cell.is_number and not is_share_beside and (other is None or other < _WHOLE_PER_CENT):
            return found
        whole = found.number == 1 and other is not None and (other <= 1 or other >= _WHOLE_PER_CENT)
        if not (0 < found.number < 1 or whole):
            return found
        percent = float(f"{found.number * 100:.12g}")
        readings = {"百分数": f"{percent:g}%", "原数": cell.shown}
        key = f"小数是不是百分数：{label_key(name.shown)}"
        if self.found.choose(cell, without_blanks(name.shown), key, readings) == "原数":
            return found
        return replace(found, value=percent, unit=PERCENT)

    def _convert_to_unit(
        self, name: GridCell, actual: Quantity | None, cell: GridCell | None, unit: str
    ) -> Quantity | None:
        """An actual in another unit than the target (15000人 beside 1.5万人) in the unit of the target."""
        if actual is None or cell is None or actual.number is None or not actual.unit or not unit:
            return actual
        if are_days_and_months(actual.unit, unit):
            return Quantity(cell.shown)  # 1个月 is not 1天, and nobody knows how many days it is
        ratio = unit_ratio(actual.unit, unit) or multiple_ratio(actual.unit, unit)
        if ratio == 1:
            return actual
        number = float(f"{actual.number * ratio:.12g}")
        what = f"完成值：{without_blanks(name.shown)}"
        readings = {"换算": f"换算为 {number:.12g}{unit}", "照原数": cell.shown}
        key = f"完成值的单位与目标值不同：{label_key(name.shown)}"
        if self.found.choose(cell, what, key, readings) == "照原数":
            return actual
        return replace(actual, value=number, unit=unit)

    # -- texts

    def _read_reason(self, row: int) -> Stated | None:
        cells: list[GridCell] = []
        for column in self.header.columns:
            if column.meaning == "reason":
                cells += [
                    c for c in self.grid.across(row, column.first, column.last) if c.row == row and c not in cells
                ]
        self.found.take(*cells)
        texts = [cell for cell in cells if not says_nothing(cell.shown)]
        if not texts:
            return None
        joined = "；".join(cell.shown for cell in texts)
        return replace(texts[0].as_stated(joined), printed=joined)

    def _read_evidence(self, row: int) -> Stated | None:
        """佐证材料 beside the row, also those of several rows together."""
        columns = [column for column in self.header.columns if column.meaning == "evidence"]
        cells = list(dict.fromkeys(cell for c in columns for cell in self.grid.across(row, c.first, c.last)))
        self.found.take(*cells)
        texts = [cell for cell in cells if not says_nothing(cell.shown)]
        if not texts:
            return None
        return replace(texts[0].as_stated(""), printed="；".join(cell.shown for cell in texts))

    def _join_remarks(self, row: int, extra: list[GridCell]) -> str:
        """What the other columns say about the row."""
        texts = [cell.shown for cell in extra]
        for column in self.header.columns:
            if column.meaning in _NO_VALUES:
                cells = [*self.grid.across(row, column.first, column.last)]
                self.found.take(*cells)
                if column.meaning not in _NOT_TOLD:
                    texts += [_with_label(column, cell) for cell in cells if not says_nothing(cell.shown)]
        return "；".join(texts)


def _scored_pair(
    target: Quantity, actual: Quantity | None, weight: Stated | None, score: Stated | None
) -> ScoredPair | None:
    """The figures of a row that are all stated."""
    facts = (target.number, actual.number if actual else None, *(s.value if s else None for s in (weight, score)))
    numbers = [fact for fact in facts if isinstance(fact, float)]
    return ScoredPair(*numbers) if len(numbers) == len(facts) else None


def _is_shared(score: GridCell | None) -> bool:
    """The score is merged over several rows."""
    return score is not None and score.rows > 1


def _unit_in_name(name: str, words: Vocabulary) -> str:
    """The unit in brackets behind a name, or blank."""
    match = _BEHIND_NAME.search(name)
    unit = without_blanks(match[1]) if match else ""
    known = {*words.words("marks", "units"), *words.words("marks", "counters")}
    if not known.isdisjoint((unit, unit.lstrip(_MULTIPLES))):
        return unit
    return unit if len(unit) <= _LONGEST_UNIT and not _MORE_THAN_UNIT.search(unit) else ""


def _with_label(column: HeaderColumn, cell: GridCell) -> str:
    return f"{without_blanks(column.label)}：{cell.shown}" if column.meaning in _TOLD_WITH_LABEL else cell.shown
