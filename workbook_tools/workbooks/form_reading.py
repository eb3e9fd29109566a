"""An opened workbook and the layout that was issued → every answer with its cell, and what of the form was found changed.

A form whose frame is known (``known_forms.py``) is read by what its cells hold; any other is walked, field by field and sheet by sheet.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path

from workbook_tools.core.cells import Place
from workbook_tools.core.findings import Finding, finding
from workbook_tools.core.model import Answer, Direction, Value
from workbook_tools.core.questions import is_answer
from workbook_tools.core.units import are_days_and_months, is_share, multiple_ratio, unit_ratio
from workbook_tools.core.values import (
    PERCENT,
    cell_number,
    is_number,
    number_text,
    parse_quantity,
    plain,
    unit_factor,
    unit_number,
)
from workbook_tools.core.visible_text import drop_invisible, show_invisible
from workbook_tools.excel.formulas import normalise_formula, reaches_outside, restore_formula
from workbook_tools.excel.reading import RawWorkbook
from workbook_tools.excel.writing import MAX_TEXT
from workbook_tools.form.fields import Field, Kind, Layout, Role
from workbook_tools.form.rows import indicator_name
from workbook_tools.form.submission import OPPOSITE_SIGN, Submission
from workbook_tools.workbooks import known_forms
from workbook_tools.workbooks.cell_text import is_same, show_value
from workbook_tools.workbooks.comments import find_comment, find_written_comments
from workbook_tools.workbooks.known_forms import KnownForm
from workbook_tools.workbooks.sight import FormSight, find_lookalikes

_INPUT, _FIXED, _FORMULA = Role.INPUT, Role.FIXED, Role.FORMULA
"""By names of their own: to look one up in its class takes ten times as long, and hundreds of fields are asked."""
_NUMBERS = (Kind.NUMBER, Kind.AMOUNT, Kind.PERCENT)
_TEXTS = (Kind.TEXT, Kind.PARAGRAPH)
_FORMULA_START = re.compile(r"(?s)[=+\-@].")
_SIGNED_NUMBER = re.compile(r"[=+-]\s*[0-9][0-9\s.,()%+\-]*[^\W\d_]{0,12}")
"""-5万元, +86 350 1234567: as a formula it would do no harm."""


_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:.]+)?")
"""What a cell of a date format holds: 1-2 was typed there, or its format came with what was pasted."""
_OF_A_DATE = (
    "多为从别处粘贴带来了日期格式，或者填了“1-2”“3/5”这样的写法：请复制一个正常的黄色单元格粘贴到这里，再填数字。"
)

_ONE, _OF_ONE = "可以是 1%，也可以是 100%，不知道是哪一个", "请带上百分号填：1% 或 100%。"


class FormReader:
    """Walks the layout over an opened workbook."""

    def __init__(
        self, raw: RawWorkbook, layout: Layout, file: str, findings: list[Finding], texts: Mapping[str, str]
    ) -> None:
        """``findings`` takes what is found, also if the workbook then cannot be read; ``texts``: sheet of the layout → the digest of its texts as
        they were issued."""
        self.raw = raw
        self.layout = layout
        self.texts = texts
        self.findings = findings
        self.submission = Submission(file, layout.project, layout.scheme, layout)
        self.titles: dict[str, str] = {}
        """Sheet of the layout → its title in the workbook."""
        self.moved: dict[str, dict[str, str]] = {}
        """Title in the workbook → the cells that have moved there → where they were issued."""
        self.spoilt: dict[str, list[Field]] = {}
        """Sheet → fields whose formula has lost the sheet that it pointed to."""

    def read(self) -> Submission:
        """What was typed. Raises UnreadableWorkbook."""
        key = known_forms.find_key(self.raw, self.layout, bool(self.texts))
        known = known_forms.KNOWN.find(key) if key else None
        if (
            known
            and known.has_issued_texts(self.raw, self.texts)
            and not self.raw.has_faint_texts
            and not any(map(self.raw.draws, known.titles.values()))
        ):
            self._read_contents(known)
        else:
            self._walk(key)
        for row in self.layout.rows:
            if row.open:
                self._read_open_row(row.name)
        if self.layout.blank:
            self._read_project()
        self._read_comments()
        return self.submission

    def _read_comments(self) -> None:
        """What was written beside cells that were left blank: people answer there, where nothing counts."""
        written = {title: find_written_comments(self.raw, title) for title in self.titles.values()}
        for name, answer in self.submission.answers.items() if any(written.values()) else ():
            if answer.value is None and (found := find_comment(written.get(answer.sheet, {}), answer.cell)):
                self.submission.comments[name] = found

    def _walk(self, key: Hashable) -> None:
        """Look at all of the form; what is known of it then is kept under the key."""
        before = len(self.findings)
        self._find_sheets()
        cells = self._find_cells()
        keys = self._find_sheet_keys(cells)
        found = {title: known_forms.KNOWN_SHEETS.find(sheet_key) for title, sheet_key in keys.items()}
        known = {
            title
            for title, sheet in found.items()
            if sheet
            and not self.raw.has_faint_texts
            and sheet.has_issued_texts(self.raw, title, self.texts.get(title, ""))
        }
        self._compare_formats([(item, place) for item, place in cells if place.sheet not in known])
        sight = FormSight(self.raw, self.layout, self.titles, cells, self.texts, known)
        self.findings += sight.compare()
        for item, place in cells:
            if place.sheet in known:
                self._read_content(item, known_forms.show(self.raw.value(place)), place)
            else:
                self._read_field(item, place)
        for items in self.spoilt.values():
            message = f"“{items[0].label}”等 {len(items)} 个公式引用的工作表已被删除，公式失效"
            self._report("TAMPER03", items[0], message, found="#REF!")
        findings = self.findings[before:]
        for title in keys.keys() - known - sight.asks_values:
            if sheet := known_forms.know_sheet(self.raw, self.layout, title, cells, findings):
                known_forms.KNOWN_SHEETS.keep(keys[title], sheet)
        if key and not sight.asks_values:
            form = known_forms.know(self.raw, self.layout, self.titles, cells, findings)
            if form:
                known_forms.KNOWN.keep(key, form)

    def _find_sheet_keys(self, cells: Sequence[tuple[Field, Place]]) -> dict[str, Hashable]:
        """The sheets of which it can be known that their frame is as it was issued."""
        if self.moved or self._lost_sheets or len(cells) < len(self.layout.fields):
            return {}
        keys = ((title, known_forms.find_sheet_key(self.raw, self.layout, title)) for title in self.titles)
        return {title: key for title, key in keys if key}

    def _read_contents(self, known: KnownForm) -> None:
        """Look at what the cells hold of a form whose frame is as it was issued."""
        self.titles = dict(known.titles)
        self.findings += find_lookalikes(self.raw, self.layout, self.titles)
        contents = {title: self.raw.contents(title) or [] for title in known.titles.values()}
        fields = self.layout.fields
        for name, place, number in known.formulas:
            self.submission.shown[name] = known_forms.show(contents[place.sheet][number])
        for name, place, number in known.fields:
            self._read_content(fields[name], known_forms.show(contents[place.sheet][number]), place)

    def _read_content(self, item: Field, value: Value, place: Place) -> None:
        """What a cell holds where all around it is as it was issued."""
        if item.role is _FORMULA:
            self.submission.shown[item.name] = value
        elif item.role is _INPUT:
            self._read_input(item, value, place, value is None and bool(self.raw.errors(place.sheet)))
        elif not is_same(value, item.value):
            self._read_field(item, place)

    def _read_project(self) -> None:
        """In the blank form the unit types which project it is; without a code its name stands in for it."""

        def typed(name: str) -> str:
            answer = self.submission.answers.get(name)
            return str(answer.value or "").strip() if answer else ""

        year = typed("year")
        name = typed("project_name") or Path(self.submission.file).stem
        self.submission.project = self.layout.project.model_copy(
            update={
                "code": typed("project_code") or name,
                "name": name,
                "department": typed("department") or "（未填主管部门）",
                "unit": typed("unit"),
                "year": int(year) if year.isascii() and year.isdigit() and len(year) == 4 else 0,
            }
        )

    def _find_sheets(self) -> None:
        """A sheet is where the names of its cells say, or else the one that has its title."""
        names = self.raw.names
        for title, plan in self.layout.sheets.items():
            named = Counter([names[item.name].sheet for item in plan.fields if item.name in names])
            (found, _), *_ = [*named.most_common(1), (title, 0)]
            if found in self.raw.sheets and found not in self.titles.values():
                self.titles[title] = found
            elif any(f.name for f in plan.fields):
                self.findings.append(finding("TAMPER04", sheet=title, expected=title))
        for title, found in self.titles.items():
            if found != title:
                self.findings.append(finding("TAMPER05", sheet=title, found=found, expected=title))
            if not self.raw.protected(found):
                self.findings.append(finding("TAMPER06", sheet=found))

    def _find_cells(self) -> list[tuple[Field, Place]]:
        """Where each field is: its name says it, wherever rows were inserted; without a name, where it was issued."""
        names = self.raw.names
        found: list[tuple[Field, Place]] = []
        nameless: list[tuple[Field, Place]] = []
        moves: dict[str, list[tuple[Field, Place]]] = {}
        for item in self.layout.fields.values():
            title = self.titles.get(item.sheet)
            if title is None:
                continue
            issued = Place(title, item.span.row, item.span.col)
            named = names.get(item.name)
            if named is None or named.sheet != title:
                nameless.append((item, issued))
                continue
            found.append((item, named))
            if named != issued:
                moves.setdefault(title, []).append((item, named))
        self.moved = {title: {place.cell: item.cell for item, place in items} for title, items in moves.items()}
        for items in moves.values():
            item, place = items[0]
            self._report(
                "TAMPER09", item, found=f"{item.cell} 移到了 {place.cell}，共移动 {len(items)} 处", at=place.cell
            )
        # Where cells have moved, another one may stand where a nameless field was issued.
        gone = [item for item, place in nameless if item.name in self.raw.broken_names or place.sheet in self.moved]
        lost = [(item, place) for item, place in nameless if item not in gone]
        for code, fields in (("TAMPER11", gone), ("TAMPER07", [item for item, _ in lost])):
            if fields:
                self._report(code, fields[0], found=f"{len(fields)}个，如 {fields[0].label}")
        return found + lost

    def _compare_formats(self, cells: list[tuple[Field, Place]]) -> None:
        """Pasting brings the format of where it was copied: locked, and without the list or the limits."""
        spoilt: dict[str, list[tuple[Field, Place]]] = {}
        for item, place in cells:
            if item.role is _INPUT:
                if self.raw.locked(place) or (item.guarded and not self.raw.validated(place)):
                    spoilt.setdefault(place.sheet, []).append((item, place))
        for items in spoilt.values():
            item, place = items[0]
            self._report("TAMPER10", item, found=f"{len(items)}处，如 {item.label}", at=place.cell)

    def _report(
        self,
        code: str,
        item: Field,
        message: str = "",
        found: object = "",
        expected: object = "",
        at: str = "",
        advice: str = "",
    ) -> None:
        self.findings.append(
            finding(
                code,
                message,
                sheet=self.titles.get(item.sheet, item.sheet),
                cell=at or item.cell,
                field=item.label,
                found=found,
                expected=expected,
                advice=advice,
            )
        )

    def _read_field(self, item: Field, place: Place) -> None:
        value = self.raw.value(place)
        if isinstance(value, bool):
            value = "TRUE" if value else "FALSE"
        if item.role is _INPUT:
            self._read_input(item, value, place)
        elif item.role is _FIXED:
            self._check_fixed(item, value, place)
        elif item.role is _FORMULA:
            self._check_formula(item, value, place)

    def _read_input(self, item: Field, value: Value, place: Place, computed: bool = True) -> None:
        """What was typed; a cell that is not ``computed`` holds neither a formula nor an error."""
        if isinstance(value, str) and len(value) > MAX_TEXT:
            self._report("FILL19", item, found=f"{len(value)}个字", at=place.cell)
            value = value[:MAX_TEXT]
        broken = self._formula_or_error(item, value, place) if computed else None
        self.submission.answers[item.name] = broken or self._read_answer(item, value, place)

    def _check_fixed(self, item: Field, value: Value, place: Place) -> None:
        """What is fixed holds what was issued: a formula may show it today and something else tomorrow."""
        formula = self.raw.filling_formula(place)
        expected = show_value(item.value, item)
        if formula:
            message = f"锁定的内容“{item.label}”被换成了公式"
            self._report("TAMPER02", item, message, f"={formula}", expected, place.cell)
        elif not is_same(value, item.value):
            message = f"锁定的内容“{item.label}”被改动"
            self._report("TAMPER02", item, message, show_value(value, item), expected, place.cell)

    def _check_formula(self, item: Field, value: Value, place: Place) -> None:
        formula = self.raw.formula(place)
        expected = self.layout.formula(item)
        if formula is not None and "#REF!" in formula and any(f"{title}!" in expected for title in self._lost_sheets):
            self.spoilt.setdefault(item.sheet, []).append(item)
        elif formula is None:
            self._report(
                "TAMPER03",
                item,
                f"“{item.label}”的公式被换成了固定内容",
                show_value(value, item) or "空白",
                "=" + expected,
                place.cell,
            )
        elif not self._is_issued_formula(formula, expected, place.sheet):
            self._report("TAMPER03", item, f"“{item.label}”的公式被改动", "=" + formula, "=" + expected, place.cell)
        else:
            self.submission.shown[item.name] = value

    @cached_property
    def _renamed(self) -> dict[str, str]:
        """Title in the workbook → title in the layout, where they differ."""
        return {found: title for title, found in self.titles.items() if found != title}

    @cached_property
    def _lost_sheets(self) -> list[str]:
        """Sheets that were deleted, or replaced by a copy: what pointed to them points to nothing."""
        return [title for title in self.layout.sheets if self.titles.get(title) != title]

    def _is_issued_formula(self, formula: str, expected: str, sheet: str) -> bool:
        """The formula is the issued one, but for sheets renamed, cells moved, and the spelling of other programs."""
        if self._renamed or self.moved:
            formula = restore_formula(formula, sheet, self._renamed, self.moved)
        return formula == expected or normalise_formula(formula) == normalise_formula(expected)

    # -- what was typed -------------------------------------------------------------------------------------------

    def _formula_or_error(self, item: Field, value: Value, place: Place) -> Answer | None:
        """Report a formula in an input; the answer if nothing but an error came of it (a number then is not blank)."""
        formula = self.raw.filling_formula(place)
        error = self.raw.error(place) if value is None else None
        if error:
            self._report("FILL18", item, found=f"{error}（公式 ={formula}）" if formula else error, at=place.cell)
            return Answer(None if item.kind in _TEXTS else error, error, place.sheet, place.cell)
        if formula:
            code = "FILL17" if reaches_outside(formula) else "FILL16"
            self._report(code, item, found=f"={formula}", at=place.cell)
        return None

    def _read_answer(self, item: Field, raw: Value, place: Place) -> Answer:
        if raw is None:
            return _blank_answer(place)
        if isinstance(raw, str) and (seen := drop_invisible(raw)) != raw:
            self._report("FILL41", item, found=show_invisible(raw), at=place.cell)
            raw = seen
        value: Value = raw
        if isinstance(raw, str) and not raw.strip("\u3000 \t\r\n\xa0"):
            value = None
        elif item.kind in _NUMBERS:
            value = self._read_number(item, raw, item.unit, place.cell)
        elif item.kind is Kind.CHOICE:
            value = raw.strip() if isinstance(raw, str) else raw
            if value is not None and value not in item.choices:
                self._report("FILL04", item, found=value, expected="、".join(item.choices), at=place.cell)
        elif not self._may_be_number(item) and is_number(raw) and isinstance(raw, float):
            value = number_text(raw)
        elif isinstance(value, str) and _FORMULA_START.match(value) and not _SIGNED_NUMBER.fullmatch(value):
            self._report("FILL12", item, found=value, at=place.cell)
        return Answer(value, raw, place.sheet, place.cell)

    def _may_be_number(self, item: Field) -> bool:
        """In an open row the direction, typed beside it, decides whether target and actual are numbers."""
        return self.layout.open and item.part in ("actual", "target")

    def _read_number(self, item: Field, raw: Value, unit: str, cell: str) -> Value:
        """A number as its cell should hold it; what cannot be read stays the text that it is."""
        if isinstance(raw, float):
            return self._percent_points(item, raw, unit, cell)
        if raw is None or not isinstance(raw, str):
            return None
        typed = parse_quantity(raw)
        if typed is None:
            message, advice = ("里面是日期，不是数字", _OF_A_DATE) if _DATE.fullmatch(raw) else ("", "")
            if item.kind is Kind.AMOUNT and not is_answer(raw):
                advice = "没有的填 0，不写“无”、横线等。"
            self._report("FILL02", item, message, raw, at=cell, advice=advice)
            return raw
        if is_share(typed.unit) and unit and not is_share(plain(unit)):
            self._report("FILL02", item, f"应以“{unit}”计，写的是百分数，换算不出来", raw, unit, cell)
            return raw
        if are_days_and_months(typed.unit, plain(unit)):
            self._report("FILL02", item, f"应以“{unit}”计，写的单位是“{typed.unit}”，换算不出准数", raw, unit, cell)
            return raw
        if item.part == "actual" and typed.direction and typed.direction.is_opposite(self._direction_of(item)):
            self._report("FILL02", item, OPPOSITE_SIGN, raw, at=cell)
            return raw
        factor = unit_factor(typed.unit, unit) or unit_ratio(typed.unit, plain(unit))
        number = typed.number * (multiple_ratio(typed.unit, plain(unit)) if factor is None else factor)
        if unit == PERCENT and not typed.unit and not self._is_points(item, number):
            if number == 1:  # a number 1 typed into the cell is 1%, one that is pasted 100%
                self._report("FILL02", item, _ONE, raw, at=cell, advice=_OF_ONE)
                return raw
            number = unit_number(number, PERCENT)
        read = f"按 {number_text(number)}{unit} 读取"
        if factor is None:
            names = self.layout.scheme.form.labels
            without = f"{names.target}没有单位，{names.actual}写了“{typed.unit}”"
            message = f"单位不一致：应以“{unit}”计" if unit else without
            advice = f"请核对，改填{unit}数。" if item.kind is Kind.AMOUNT else ""
            self._report("FILL06", item, f"{message}；{read}", raw, unit, cell, advice)
            if not unit and item.row and not self.layout.open:
                self.findings[-1] = self.findings[-1].blaming_the_list()
        elif typed.direction is not None and item.part != "target":
            self._report("FILL20", item, f"带有表示范围的符号；{read}", raw, at=cell)
        else:
            self._report("FILL05", item, read, raw, at=cell)
        return cell_number(number, unit)

    def _percent_points(self, item: Field, raw: float, unit: str, cell: str) -> float:
        """95 in a cell of percent format means 95%, unless the target says that 9500% is meant."""
        if unit != PERCENT or raw <= 1 or not self._is_points(item, raw):
            return raw
        self._report("FILL05", item, f"按 {number_text(raw)}% 读取", f"{number_text(raw * 100)}%", at=cell)
        return cell_number(raw, PERCENT)

    def _is_points(self, item: Field, number: float) -> bool:
        """A number without its percent sign is nearer to the target as points (95) than as a fraction (0.95)."""
        target = self._target_of(item)
        return _distance(number / 100, target) < _distance(number, target)

    def _direction_of(self, item: Field) -> Direction | None:
        """That of the indicator, which in an open row is typed."""
        typed = self.submission.answers.get(indicator_name(item.row, "direction"))
        approved = next(
            (row.indicator.direction for row in self.layout.rows if row.number == item.row and not row.open), None
        )
        return approved or Direction.from_symbol(str(typed.value or "") if typed else "")

    def _target_of(self, item: Field) -> float:
        target = self.layout.fields.get(indicator_name(item.row, "target"))
        if item.part == "actual" and target is not None and isinstance(target.value, float) and target.value > 0:
            return target.value
        return item.high or 1.0

    def _read_open_row(self, name: Callable[[str], str]) -> None:
        """Target and actual of a proposed indicator, once its direction and unit are known."""
        answers = self.submission.answers
        direction = answers.get(name("direction"))
        unit = answers.get(name("unit"))
        qualitative = direction is not None and direction.value == Direction.QUALITATIVE.symbol
        for part in ("target", "actual"):
            answer = answers.get(name(part))
            if answer is None or answer.blank:
                continue
            item = self.layout.fields[name(part)]
            if qualitative:
                value: Value = number_text(answer.value) if isinstance(answer.value, float) else answer.value
            elif isinstance(answer.raw, str):
                wanted = str(unit.value or "") if unit else ""
                value = self._read_number(item, answer.raw, wanted, answer.cell)
                value = unit_number(value, wanted) if isinstance(value, float) else value
            else:
                continue
            answers[name(part)] = replace(answer, value=value)


@lru_cache(maxsize=1 << 12)
def _blank_answer(place: Place) -> Answer:
    """Where nothing was typed."""
    return Answer(None, None, place.sheet, place.cell)


def _distance(value: float, target: float) -> float:
    """How many times one is the other, as a ratio of at least 1."""
    return max(value / target, target / value) if value > 0 else float("inf")
