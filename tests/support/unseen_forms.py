"""Workbooks of forms that nobody has seen, with what they truly say: layouts and typing habits composed at random, words
from ``unseen_words``. The same seed gives the same workbook.

What is meant is made first (:func:`_invent_form`), then drawn; each drawn value is noted as a :class:`Fact` with its cell.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import unseen_words as words
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

Value = float | str | None


@dataclass(frozen=True, slots=True)
class Fact:
    """What a form says at a place, and the heading that it stands under."""

    value: Value
    cell: str
    heading: str = ""


@dataclass
class TrueForm:
    """What one form truly says: facts of the whole, and of each indicator."""

    sheet: str = ""
    facts: dict[str, Fact] = field(default_factory=dict)
    rows: list[dict[str, Fact]] = field(default_factory=list)


@dataclass
class UnseenWorkbook:
    """A workbook, its forms, and how it was composed."""

    seed: int
    data: bytes
    forms: list[TrueForm]
    layout: str


@dataclass
class _Meant:
    """An indicator as it is meant, before it is drawn."""

    about: str
    kind: str
    level1: str
    level2: str
    name: str
    target: Value
    unit: str
    sign: str
    actual: Value
    weight: float
    score: float
    reason: str


@dataclass
class _MeantForm:
    project: str
    unit: str
    department: str
    year: int
    indicators: list[_Meant]
    execution: float
    """Points of the execution rate; 0 where the form has none."""
    budget: float = 0.0
    executed: float = 0.0
    other: float = 0.0


# -- what is meant

_DIRECTIONS = {"≥": "at_least", "≤": "at_most", "=": "equal", "": "qualitative"}


def _split_points(rng: random.Random, whole: int, count: int) -> list[float]:
    """Points of ``count`` indicators that add up to the whole."""
    points = [whole // count] * count
    for index in range(whole - sum(points)):
        points[index] += 1
    for _ in range(count):
        one, other = rng.randrange(count), rng.randrange(count)
        if one != other and points[one] > 4:
            points[one], points[other] = points[one] - 2, points[other] + 2
    return [float(number) for number in points]


def _invent_indicator(rng: random.Random, about: str, kind: str, levels: tuple[str, str], taken: set[str]) -> _Meant:
    while True:
        thing, deed = rng.choice(words.THINGS), rng.choice(words.DEEDS)
        name = f"{rng.choice(words.PLACES) if rng.random() < 0.3 else ''}{thing}{deed}"
        unit, sign, reached = "", "≥", rng.random() < 0.75
        target: Value
        actual: Value
        if kind == "count":
            target, unit = float(rng.choice([3, 5, 8, 12, 30, 60, 120, 350, 1500])), rng.choice(words.UNITS)
            name += rng.choice(("数量", "个数", "处数", "规模"))
            actual = target if rng.random() < 0.5 else target + rng.randrange(3)
            actual = actual if reached else float(max(1, round(target * rng.uniform(0.6, 0.95))))
        elif kind == "share":
            name += "满意率" if about == "满意" else rng.choice(("合格率", "覆盖率", "到位率"))
            target, unit = float(rng.choice([80, 85, 90, 95, 98, 100])), "%"
            actual = min(100.0, target + rng.randrange(4)) if reached else target - rng.randrange(1, 9)
        elif kind == "days":
            name += rng.choice(("用时", "办理天数"))
            target, unit, sign = float(rng.choice([5, 10, 15, 30, 60])), "天", "≤"
            actual = target - rng.randrange(3) if reached else target + rng.randrange(1, 5)
        elif kind == "money":
            name += rng.choice(("花费", "单价"))
            target, unit, sign = float(rng.choice([2, 3.5, 8, 12.6, 40])), "万元", "≤"
            actual = round(target * (rng.uniform(0.9, 1) if reached else rng.uniform(1.05, 1.2)), 2)
        elif kind == "less":
            name = f"{thing}{rng.choice(words.LESS)}次数"
            target, unit, sign = float(rng.choice([0, 1, 2, 3, 5])), "次", "≤"
            actual = float(rng.randrange(int(target) + 1)) if reached else target + rng.randrange(1, 3)
        else:
            label, good = rng.choice(words.WORDS)
            name, target, sign, actual = f"{name}{label}", label, "", good if reached else "基本做到"
        if name not in taken:
            taken.add(name)
            return _Meant(about, kind, *levels, name, target, unit, sign, actual, 0.0, 0.0, "" if reached else "?")


def _invent_form(rng: random.Random) -> _MeantForm:
    place = rng.choice(words.PLACES)
    project = f"{place}{rng.choice(words.THINGS)}{rng.choice(words.DEEDS)}项目"
    execution = rng.choice([0.0, 10.0, 10.0, 10.0, 20.0])
    indicators: list[_Meant] = []
    taken: set[str] = set()
    for about, (wordings, kinds) in words.LEVELS.items():
        level1 = rng.choice(wordings)
        count = {"产出": rng.randrange(2, 7), "效益": rng.randrange(1, 4), "满意": rng.randrange(1, 3)}[about]
        chosen = sorted(rng.choices(list(kinds), k=count), key=list(kinds).index)
        level2 = {kind: rng.choice(wordings_2) for kind, wordings_2 in kinds.items()}
        indicators += [_invent_indicator(rng, about, kind, (level1, level2[kind]), taken) for kind in chosen]
    for meant, points in zip(indicators, _split_points(rng, int(100 - execution), len(indicators)), strict=True):
        lost = bool(meant.reason)
        meant.weight = points
        meant.score = points if not lost else max(0.0, points - rng.choice([0.5, 1.0, 2.0]))
        meant.reason = rng.choice(words.REASONS) if lost else ""
    budget = round(rng.uniform(5, 400), rng.choice([0, 1, 2]))
    executed = budget if rng.random() < 0.4 else round(budget * rng.uniform(0.6, 0.99), 2)
    other = round(budget * 0.2, 2) if rng.random() < 0.3 else 0.0
    unit = f"{place}县{rng.choice(('水务', '交通', '农业', '教育', '林业', '民政'))}局"
    return _MeantForm(
        project,
        unit,
        unit.removesuffix("局") + "主管局",
        rng.choice([2022, 2023, 2024]),
        indicators,
        execution,
        budget,
        executed,
        other,
    )


# -- habits of an office, the same through one workbook


@dataclass
class _Habits:
    rng: random.Random
    far: float
    """How often a heading is a far word."""
    signed: bool
    """Targets are written with their sign."""
    text_numbers: bool
    percent_cells: bool
    fold_sign: str
    """How a sign is written: a glyph, two characters, words."""
    money_unit: str
    money_unit_at: str
    actual_in_words: bool
    blanks: bool
    chosen: dict[tuple[int, str], str] = field(default_factory=dict)

    def heading(self, of: str, table: words.Lists | None = None) -> str:
        """The office's word for a meaning, always the same."""
        lists = words.HEADERS if table is None else table
        key = (id(lists), of)
        if key not in self.chosen:
            self.chosen[key] = words.choose(lists[of], self.rng, self.far)
        return self.chosen[key]

    def typed(self, number: float) -> Value:
        """A number as it is typed into a cell."""
        if self.text_numbers:
            return f"{number:,.15g}" if number >= 1000 and self.rng.random() < 0.5 else f"{number:.15g}"
        return number


def _make_habits(rng: random.Random) -> _Habits:
    return _Habits(
        rng,
        rng.choice([0.0, 0.0, 0.1, 0.3]),
        rng.random() < 0.7,
        rng.random() < 0.3,
        rng.random() < 0.4,
        rng.choice(["glyph", "glyph", "pair", "words"]),
        rng.choice(["万元", "万元", "万元", "元", "千元"]),
        rng.choice(["above", "heading", "block"]),
        rng.random() < 0.2,
        rng.random() < 0.2,
    )


_SIGNS = {
    "glyph": {"≥": "≥{}", "≤": "≤{}", "=": "={}"},
    "pair": {"≥": ">={}", "≤": "<={}", "=": "{}"},
    "words": {"≥": "不少于{}", "≤": "不超过{}", "=": "{}"},
}


# -- the sheet


class _Canvas:
    """Cells, put one by one; ``put`` gives the address."""

    def __init__(self, ws: Worksheet) -> None:
        self.ws, self.row = ws, 1

    def put(self, row: int, col: int, value: Value, *, rows: int = 1, cols: int = 1, percent: bool = False) -> str:
        cell = self.ws.cell(row, col)
        cell.value = value
        if percent:
            cell.number_format = "0%" if isinstance(value, float) and round(value * 100, 6) % 1 == 0 else "0.00%"
        if rows > 1 or cols > 1:
            self.ws.merge_cells(start_row=row, start_column=col, end_row=row + rows - 1, end_column=col + cols - 1)
        return f"{get_column_letter(col)}{row}"


@dataclass
class _Column:
    key: str
    heading: str
    col: int = 0
    cell: str = ""


class _FormDrawer:
    """One form on a sheet, from a row and a column on."""

    def __init__(self, canvas: _Canvas, meant: _MeantForm, habits: _Habits, first_col: int, plan: _Plan) -> None:
        self.canvas, self.meant, self.habits, self.rng, self.plan = canvas, meant, habits, habits.rng, plan
        self.left = first_col
        self.true = TrueForm(canvas.ws.title)
        self.drawn: dict[int, dict[str, Fact]] = {}
        """Row → the facts of the indicator in it."""
        self.columns = self._choose_columns()
        self.width = max(len(self.columns), 6)
        self.first_row = canvas.row

    def draw(self) -> TrueForm:
        self._draw_title()
        self._draw_head()
        if self.plan.money in ("above", "beside"):
            self._draw_money()
        if self.plan.goals:
            self._draw_goals()
        if self.plan.notes:
            self._draw_note()
        self._draw_table()
        if self.plan.money == "below":
            self._draw_money()
        if self.plan.notes:
            self._draw_note()
        return self.true

    # -- head

    def _next(self, rows: int = 1) -> int:
        row = self.canvas.row
        self.canvas.row += rows
        return row

    def _fact(self, name: str, value: Value, cell: str, heading: str = "") -> None:
        self.true.facts[name] = Fact(value, cell, heading)

    def _draw_title(self) -> None:
        title = self.rng.choice(words.FAR_TITLES if self.habits.far > 0.2 else words.TITLES)
        year = self.meant.year
        if self.plan.year == "title":
            cell = self.canvas.put(self._next(), self.left, f"{year}年度{title}", cols=self.width)
            self._fact("year", float(year), cell)
        else:
            self.canvas.put(self._next(), self.left, title, cols=self.width)
        if self.plan.year == "below":
            cell = self.canvas.put(self._next(), self.left, f"（{year}年度）", cols=self.width)
            self._fact("year", float(year), cell)
        if self.habits.money_unit_at == "above" and self.plan.money not in ("none", "row"):
            self.canvas.put(self._next(), self.left, f"单位：{self.habits.money_unit}", cols=self.width)

    def _draw_head(self) -> None:
        pairs = [("project", self.meant.project), ("unit", self.meant.unit)]
        if self.rng.random() < 0.7:
            pairs.append(("department", self.meant.department))
        if self.plan.year == "label":
            pairs.append(("year", str(self.meant.year)))
        self.rng.shuffle(pairs)
        per_row = self.rng.choice([1, 2])
        for at in range(0, len(pairs), per_row):
            row = self._next()
            for place, (key, value) in enumerate(pairs[at : at + per_row]):
                label, col = self.habits.heading(key, words.FACTS), self.left + place * 3
                if self.plan.colons:
                    cell = self.canvas.put(row, col, f"{label}：{value}", cols=3)
                else:
                    self.canvas.put(row, col, label)
                    cell = self.canvas.put(row, col + 1, value, cols=2)
                self._fact(key, float(value) if key == "year" else value, cell)

    def _draw_goals(self) -> None:
        half = self.width // 2
        row = self._next(2)
        self.canvas.put(row, self.left, self.rng.choice(words.GOALS), cols=half)
        self.canvas.put(row, self.left + half, self.rng.choice(words.RESULTS), cols=self.width - half)
        text = f"全年完成{self.meant.indicators[0].name}，群众得到实惠。"
        self.canvas.put(row + 1, self.left, text, cols=half)
        self.canvas.put(row + 1, self.left + half, "已按年初安排办完。", cols=self.width - half)

    def _draw_note(self) -> None:
        self.canvas.put(self._next(), self.left, self.rng.choice(words.NOTES), cols=self.width)

    # -- money

    def _amount(self, ten_thousands: float) -> Value:
        factor = {"万元": 1, "元": 10_000, "千元": 10}[self.habits.money_unit]
        return self.habits.typed(float(f"{ten_thousands * factor:.12g}"))

    def _draw_money(self) -> None:
        lines = [(self.rng.choice(words.TOTAL_MONEY), self.meant.budget, self.meant.executed)]
        if self.meant.other:
            own = self.meant.budget - self.meant.other
            lines += [
                (self.rng.choice(words.FISCAL_MONEY), round(own, 2), round(self.meant.executed - self.meant.other, 2)),
                (self.rng.choice(words.OTHER_MONEY), self.meant.other, self.meant.other),
            ]
        rate = self.meant.executed / self.meant.budget
        unit = f"（{self.habits.money_unit}）" if self.habits.money_unit_at == "heading" else ""
        block = self.rng.choice(words.BLOCK_OF_MONEY)
        block += f"（{self.habits.money_unit}）" if self.habits.money_unit_at == "block" else ""
        if self.plan.money == "beside" and len(lines) == 1:
            self._draw_money_in_pairs(
                lines[0], rate, unit or (f"（{self.habits.money_unit}）" if "（" in block else "")
            )
            return
        keys = ["initial"] * (self.rng.random() < 0.5) + ["budget", "executed"]
        points = ["weight", "score"] if self.meant.execution else []
        keys += self.rng.choice([["rate", *points], [*points[:1], "rate", *points[1:]]])
        margin = int(self.rng.random() < 0.5 or self.habits.money_unit_at == "block")
        top = self._next(1 + len(lines))
        if margin:
            self.canvas.put(top, self.left, block, rows=1 + len(lines))
        self.canvas.put(top, self.left + margin, self.habits.heading("sources", words.MONEY))
        heads = {}
        for place, key in enumerate(keys, 1):
            table = words.HEADERS if key in ("weight", "score") else words.MONEY
            label = self.habits.heading(key, table) + (unit if key in ("initial", "budget", "executed") else "")
            heads[key] = self.canvas.put(top, self.left + margin + place, label)
        for at, (label, budget, executed) in enumerate(lines, 1):
            self.canvas.put(top + at, self.left + margin, label)
            for place, key in enumerate(keys, 1):
                value = self._money_value(key, budget, executed, first=at == 1)
                percent = key == "rate" and isinstance(value, float)
                cell = self.canvas.put(top + at, self.left + margin + place, value, percent=percent)
                if at == 1:
                    self._note_money(key, cell, heads[key])

    def _money_value(self, key: str, budget: float, executed: float, *, first: bool) -> Value:
        if key in ("initial", "budget"):
            return self._amount(budget)
        if key == "executed":
            return self._amount(executed)
        if key == "rate":
            rate = round(executed / budget, 4)
            return rate if self.habits.percent_cells else f"{rate * 100:.2f}%"
        if not first:
            return "—"
        return self.habits.typed(self.meant.execution if key == "weight" else self._execution_score())

    def _execution_score(self) -> float:
        return round(self.meant.execution * min(1.0, self.meant.executed / self.meant.budget), 2)

    def _note_money(self, key: str, cell: str, heading: str) -> None:
        name, value = {
            "initial": ("initial_budget", self.meant.budget),
            "budget": ("annual_budget", self.meant.budget),
            "executed": ("executed", self.meant.executed),
            "rate": ("rate", round(self.meant.executed / self.meant.budget, 4)),
            "weight": ("execution_weight", self.meant.execution),
            "score": ("execution_score", self._execution_score()),
        }[key]
        self._fact(name, value, cell, heading)

    def _draw_money_in_pairs(self, line: tuple[str, float, float], rate: float, unit: str) -> None:
        row = self._next(2)
        keys = ["budget", "executed", "rate"] + (["weight", "score"] if self.meant.execution else [])
        for place, key in enumerate(keys):
            table = words.HEADERS if key in ("weight", "score") else words.MONEY
            label = self.habits.heading(key, table) + (unit if key in ("budget", "executed") else "")
            at, col = row + place // 3, self.left + place % 3 * 2
            head = self.canvas.put(at, col, label)
            value = self._money_value(key, line[1], line[2], first=True)
            cell = self.canvas.put(at, col + 1, value, percent=key == "rate" and isinstance(value, float))
            self._note_money(key, cell, head)

    # -- the table of indicators

    def _choose_columns(self) -> list[_Column]:
        rng, plan = self.rng, self.plan
        levels = {"two": ["level1", "level2"], "one": ["level1"], "joined": ["levels"], "rows": ["level2"]}[plan.levels]
        figures = ["target", "actual"] + ["weight"] * (plan.points == "column") + ["score"]
        if plan.points == "level2":
            figures = ["target", "actual", "score"]
        usual = [
            ["weight", "target", "actual", "score"],
            ["target", "actual", "weight", "score"],
            ["target", "weight", "actual", "score"],
        ]
        order = rng.choice(usual) if rng.random() < 0.85 else rng.sample(usual[0], 4)
        figures = [key for key in order if key in figures]
        keys = [*levels, *(["points2"] if plan.points == "level2" else []), "name", *figures]
        if plan.sign_column:
            keys.insert(keys.index("target"), "sign")
        if plan.unit_column:
            keys.insert(keys.index("target") + 1, "unit")
        if rng.random() < 0.25:
            keys.insert(0, "serial")
        for extra, chance in (
            ("deduction", 0.12),
            ("completion", 0.15),
            ("method", 0.15),
            ("reason", 0.75),
            ("note", 0.1),
        ):
            if rng.random() < chance:
                keys.insert(keys.index("score") if extra == "deduction" else len(keys), extra)
        return [_Column(key, self.habits.heading("weight" if key == "points2" else key)) for key in keys]

    def _draw_table(self) -> None:
        margin = int(self.plan.margin)
        for place, column in enumerate(self.columns):
            column.col = self.left + margin + place
        top = self._next(2 if self.plan.grouped else 1)
        self._draw_header(top)
        first = self.canvas.row
        groups = {about: [m for m in self.meant.indicators if m.about == about] for about in words.LEVELS}
        serial = 0
        for members in groups.values():
            if self.plan.levels == "rows":
                points = f"（{sum(m.weight for m in members):g}分）" if self.rng.random() < 0.5 else ""
                self.canvas.put(
                    self._next(), self.left + margin, f"{members[0].level1}{points}", cols=len(self.columns)
                )
            start = self.canvas.row
            for meant in members:
                serial += 1
                self._draw_indicator(meant, self._next(), serial)
            self._merge_levels(members, start)
            if self.plan.part_sums:
                self._draw_sum(members, self.rng.choice(words.PART_SUM_ROWS))
        if self.plan.money == "row":
            self._draw_execution_row()
        if margin:
            self.canvas.put(first, self.left, words.BLOCK_OF_INDICATORS[0], rows=self.canvas.row - first)
        if self.plan.total:
            self._draw_total()

    def _draw_header(self, top: int) -> None:
        grouped = self.plan.grouped
        values = [c for c in self.columns if c.key in ("sign", "target", "unit")] if grouped else []
        together = len(values) > 1 and values[-1].col - values[0].col == len(values) - 1
        for column in self.columns:
            label = self._spaced(column.heading)
            if together and column in values:
                column.cell = self.canvas.put(top + 1, column.col, label)
            else:
                column.cell = self.canvas.put(top, column.col, label, rows=2 if grouped else 1)
        if together:
            self.canvas.put(top, values[0].col, "年初任务", cols=len(values))
        if self.plan.margin:
            self.canvas.put(top, self.left, "项别", rows=2 if grouped else 1)

    def _spaced(self, text: str) -> str:
        if not self.habits.blanks or len(text) < 2:
            return text
        return self.rng.choice([f" {text} ", f"{text[:2]}\n{text[2:]}", " ".join(text)])

    def _draw_indicator(self, meant: _Meant, row: int, serial: int) -> None:
        facts: dict[str, Fact] = {}
        label = self._name_of(meant)
        for column in self.columns:
            value, percent = self._cell_of(column.key, meant, serial, label)
            if value is None:
                continue
            cell = self.canvas.put(row, column.col, value, percent=percent)
            truth = self._truth_of(column.key, meant)
            if truth is not None:
                facts[column.key] = Fact(truth, cell, column.cell)
        name = facts["name"]
        facts["direction"] = Fact(_DIRECTIONS[meant.sign], facts["target"].cell, facts["target"].heading)
        facts["level1"] = Fact(meant.level1, name.cell)
        facts["about"] = Fact(meant.about, name.cell)
        if self.plan.levels != "one":
            facts["level2"] = Fact(meant.level2, name.cell)
        if self.plan.points in ("label", "level2"):
            facts["weight"] = Fact(meant.weight, name.cell)
        if meant.unit:
            facts["unit"] = facts.get("unit", Fact(meant.unit, facts["target"].cell, facts["target"].heading))
        self.true.rows.append(facts)
        self.drawn[row] = facts

    def _name_of(self, meant: _Meant) -> str:
        points = f"（{meant.weight:g}分）" if self.plan.points == "label" else ""
        unit = f"（{meant.unit}）" if self.plan.unit_in_name and meant.unit and not points else ""
        return meant.name + unit + points

    def _cell_of(self, key: str, meant: _Meant, serial: int, name: str) -> tuple[Value, bool]:
        joined = f"{meant.level1}{self.plan.joint}{meant.level2}"
        plain: dict[str, Value] = {
            "serial": float(serial),
            "levels": joined,
            "name": name,
            "sign": meant.sign or "定性",
            "unit": meant.unit,
            "weight": self.habits.typed(meant.weight),
            "score": self.habits.typed(meant.score),
            "reason": meant.reason or None,
            "method": "达到得满分，未达到按比例扣分",
            "note": None,
            "deduction": self.habits.typed(meant.weight - meant.score),
        }
        if key in ("target", "actual"):
            return self._figure(meant.target if key == "target" else meant.actual, meant, key)
        if key == "completion":
            return (1.0 if meant.score == meant.weight else 0.9, True)
        return plain.get(key), False

    def _figure(self, value: Value, meant: _Meant, key: str) -> tuple[Value, bool]:
        """A target or an actual as it is typed: with its sign and unit, or with these in other places."""
        if not isinstance(value, float):
            return value, False
        apart = self.plan.unit_column or (self.plan.unit_in_name and self.plan.points != "label")
        percent = meant.unit == "%"
        sign = meant.sign if key == "target" and self.habits.signed and not self.plan.sign_column else ""
        if percent and self.habits.percent_cells and not sign:
            return float(f"{value / 100:.6g}"), True
        unit = "" if apart and not (percent and not self.plan.unit_column) else meant.unit
        number = f"{value:,.15g}" if self.habits.text_numbers and value >= 1000 else f"{value:.15g}"
        if sign:
            return _SIGNS[self.habits.fold_sign][sign].format(number + unit), False
        if key == "actual" and self.habits.actual_in_words:
            return self.rng.choice(["完成{}", "{}", "已达{}"]).format(number + unit), False
        if unit and not (key == "actual" and not percent and self.rng.random() < 0.4):
            return number + unit, False
        return self.habits.typed(value), False

    def _truth_of(self, key: str, meant: _Meant) -> Value:
        if key in ("name", "target", "actual", "weight", "score", "reason"):
            value: Value = getattr(meant, key)
            return value if value != "" else None
        return meant.unit or None if key == "unit" else None

    def _merge_levels(self, members: Sequence[_Meant], start: int) -> None:
        ends: dict[str, Callable[[_Meant], str]] = {
            "level1": lambda m: m.level1,
            "level2": lambda m: m.level2,
            "points2": lambda m: m.level2,
        }
        for column in self.columns:
            if column.key not in ends:
                continue
            at = 0
            while at < len(members):
                depth = 1
                while at + depth < len(members) and ends[column.key](members[at + depth]) == ends[column.key](
                    members[at]
                ):
                    depth += 1
                self._put_level(column, members[at : at + depth], start + at)
                at += depth

    def _put_level(self, column: _Column, members: Sequence[_Meant], row: int) -> None:
        if column.key == "points2":
            cell = self.canvas.put(row, column.col, round(sum(m.weight for m in members), 6), rows=len(members))
            share = sum(m.weight for m in members) / len(members)
            for offset in range(len(members)):
                self.drawn[row + offset]["weight"] = Fact(share, cell, column.cell)
            return
        text = getattr(members[0], column.key)
        if column.key == "level1" and self.plan.points_in_levels:
            text = f"{text}（{sum(m.weight for m in members):g}分）"
        if self.plan.repeat_levels:
            for offset in range(len(members)):
                self.canvas.put(row + offset, column.col, text)
        else:
            self.canvas.put(row, column.col, text, rows=len(members))

    # -- rows that are no indicators

    def _column(self, key: str) -> _Column | None:
        return next((column for column in self.columns if column.key == key), None)

    def _draw_sum(self, members: Sequence[_Meant], label: str) -> None:
        row = self._next()
        self.canvas.put(row, self.columns[0].col, label)
        for key in ("weight", "score", "deduction"):
            if column := self._column(key):
                sums = {"weight": sum(m.weight for m in members), "score": sum(m.score for m in members)}
                sums["deduction"] = sums["weight"] - sums["score"]
                self.canvas.put(row, column.col, self.habits.typed(round(sums[key], 2)))

    def _draw_total(self) -> None:
        row, at_end = self._next(), self.rng.random() < 0.5
        name, score, weight = self._column("name"), self._column("score"), self._column("weight")
        assert name is not None
        assert score is not None
        execution = self._execution_score() if self.meant.execution else 0.0
        points = sum(m.weight for m in self.meant.indicators)
        total = round(sum(m.score for m in self.meant.indicators) + execution, 2)
        last = min(c.col for c in self.columns if c.key in ("weight", "target", "actual", "score", "sign", "unit")) - 1
        first = self.columns[0].col
        self.canvas.put(row, first, self.rng.choice(words.SUM_ROWS), cols=max(1, last - first + 1) if at_end else 1)
        if weight is not None:
            self.canvas.put(row, weight.col, self.habits.typed(points + self.meant.execution))
        self._fact("total", total, self.canvas.put(row, score.col, self.habits.typed(total)))

    def _draw_execution_row(self) -> None:
        row = self._next()
        name, rate = self._column("name"), round(self.meant.executed / self.meant.budget, 4)
        assert name is not None
        self.canvas.put(row, name.col, self.rng.choice(words.EXECUTION_NAMES))
        values: dict[str, tuple[Value, bool]] = {
            "target": ("100%", False),
            "actual": (f"{rate * 100:.2f}%", False),
            "weight": (self.meant.execution, False),
            "score": (self._execution_score(), False),
        }
        for key, (value, percent) in values.items():
            if column := self._column(key):
                cell = self.canvas.put(row, column.col, value, percent=percent)
                if key in ("weight", "score"):
                    self._fact(f"execution_{key}", values[key][0], cell, column.cell)


# -- how a form is composed


@dataclass
class _Plan:
    levels: str
    money: str
    points: str
    year: str
    sign_column: bool
    unit_column: bool
    unit_in_name: bool
    grouped: bool
    margin: bool
    colons: bool
    goals: bool
    notes: bool
    total: bool
    part_sums: bool
    points_in_levels: bool
    repeat_levels: bool
    joint: str


def _make_plan(rng: random.Random, execution: float) -> _Plan:
    unit_column = rng.random() < 0.25
    return _Plan(
        levels=rng.choice(["two", "two", "two", "one", "joined", "rows"]),
        money=rng.choice(["above", "above", "below", "beside", "row" if execution else "above"]),
        points=rng.choice(["column"] * 7 + ["label", "level2"]),
        year=rng.choice(["title", "below", "label"]),
        sign_column=rng.random() < 0.25,
        unit_column=unit_column,
        unit_in_name=not unit_column and rng.random() < 0.2,
        grouped=rng.random() < 0.25,
        margin=rng.random() < 0.2,
        colons=rng.random() < 0.3,
        goals=rng.random() < 0.4,
        notes=rng.random() < 0.3,
        total=rng.random() < 0.75,
        part_sums=rng.random() < 0.12,
        points_in_levels=rng.random() < 0.2,
        repeat_levels=rng.random() < 0.15,
        joint=rng.choice(["-", "/", "—", "："]),
    )


# -- other layouts


def _draw_wide(ws: Worksheet, meant: list[_MeantForm], habits: _Habits) -> list[TrueForm]:
    """A project in each row, with a group of columns for each indicator."""
    canvas = _Canvas(ws)
    heads = ["serial", "project", "unit", "budget", "executed"]
    groups = len(meant[0].indicators)
    parts = ["name", "target", "actual", "weight", "score"]
    canvas.put(1, 1, f"{meant[0].year}年度项目支出绩效自评一览表", cols=len(heads) + groups * len(parts) + 1)
    top, headings = 2, {}
    for col, key in enumerate(heads, 1):
        table = {"serial": words.HEADERS, "budget": words.MONEY, "executed": words.MONEY}.get(key, words.FACTS)
        label = habits.heading(key, table) + (f"（{habits.money_unit}）" if key in ("budget", "executed") else "")
        headings[key] = canvas.put(top, col, label, rows=2)
    for group in range(groups):
        col = len(heads) + 1 + group * len(parts)
        canvas.put(top, col, f"指标{'一二三四五六七八九十十一'[group] if group < 10 else group + 1}", cols=len(parts))
        for place, key in enumerate(parts):
            headings[f"{key}{group}"] = canvas.put(top + 1, col + place, habits.heading(key))
    total_col = len(heads) + groups * len(parts) + 1
    headings["total"] = canvas.put(top, total_col, habits.heading("total", words.FACTS), rows=2)
    forms = []
    factor = {"万元": 1, "元": 10_000, "千元": 10}[habits.money_unit]
    for row, form in enumerate(meant, top + 2):
        true = TrueForm(ws.title)
        canvas.put(row, 1, float(row - top - 1))
        given: list[tuple[str, str, Value, Value]] = [
            ("project", "project", form.project, form.project),
            ("unit", "unit", form.unit, form.unit),
            ("budget", "annual_budget", float(f"{form.budget * factor:.12g}"), form.budget),
            ("executed", "executed", float(f"{form.executed * factor:.12g}"), form.executed),
        ]
        for col, (key, name, value, truth) in enumerate(given, 2):
            true.facts[name] = Fact(truth, canvas.put(row, col, value), headings[key])
        for group, one in enumerate(form.indicators):
            col = len(heads) + 1 + group * len(parts)
            values: list[Value] = [one.name, _signed(one), _with_unit(one.actual, one), one.weight, one.score]
            facts = {
                key: Fact(getattr(one, key), canvas.put(row, col + place, value), headings[f"{key}{group}"])
                for place, (key, value) in enumerate(zip(parts, values, strict=True))
            }
            facts["direction"] = Fact(_DIRECTIONS[one.sign], facts["target"].cell, facts["target"].heading)
            if one.unit:
                facts["unit"] = Fact(one.unit, facts["target"].cell, facts["target"].heading)
            true.rows.append(facts)
        total = round(sum(one.score for one in form.indicators), 2)
        true.facts["total"] = Fact(total, canvas.put(row, total_col, total), headings["total"])
        forms.append(true)
    return forms


def _with_unit(value: Value, meant: _Meant) -> Value:
    return f"{value:.15g}{meant.unit}" if isinstance(value, float) else value


def _signed(meant: _Meant) -> Value:
    return f"{meant.sign}{_with_unit(meant.target, meant)}" if meant.sign else meant.target


def _add_other_sheets(book: Workbook, rng: random.Random, meant: _MeantForm) -> None:
    """Sheets that are no self-evaluation: statistics, goals, a hidden list, instructions."""
    statistics = book.create_sheet("统计")
    lines: list[list[Value]] = [["情况统计表", None, None], ["序号", "地点", "次数"]]
    lines += ([float(n), rng.choice(words.PLACES), float(rng.randrange(30))] for n in range(1, 6))
    for row, line in enumerate(lines, 1):
        for col, value in enumerate(line, 1):
            statistics.cell(row, col).value = value
    if rng.random() < 0.5:
        hidden = book.create_sheet("代码")
        hidden.sheet_state = "hidden"
        for row in range(1, 8):
            hidden.cell(row, 1).value, hidden.cell(row, 2).value = float(row), rng.choice(words.THINGS)
    if rng.random() < 0.5:
        guide = book.create_sheet("怎样填")
        for row, note in enumerate((*words.NOTES, *words.HINTS), 1):
            guide.cell(row, 1).value = note


def make_workbook(seed: int) -> UnseenWorkbook:
    """A workbook of one or several unseen forms."""
    rng = random.Random(seed)
    habits = _make_habits(rng)
    layout = rng.choices(["single", "sheets", "stacked", "beside", "wide"], [62, 12, 9, 9, 8])[0]
    book = Workbook()
    ws = book.worksheets[0]
    ws.title = "自评" if rng.random() < 0.5 else "Sheet1"
    forms: list[TrueForm] = []
    first = _invent_form(rng)
    if layout == "wide":
        meant = [_without_execution(_invent_form(rng)) for _ in range(rng.randrange(2, 6))]
        count = min(len(form.indicators) for form in meant)
        forms = _draw_wide(ws, [_cut_to(form, count) for form in meant], habits)
    elif layout == "beside":
        plan, canvas = _make_plan(rng, 10.0), _Canvas(ws)
        plan.points = "column"
        left = 1
        for _ in range(2):
            canvas.row = 1
            drawer = _FormDrawer(canvas, _with_execution(_invent_form(rng)), habits, left, plan)
            forms.append(drawer.draw())
            left += drawer.width + int(plan.margin) + 1
    else:
        canvas = _Canvas(ws)
        if rng.random() < 0.2:
            canvas.row = 2
        for number in range(2 if layout == "stacked" else 1):
            form = first if number == 0 else _invent_form(rng)
            forms.append(_draw_one(canvas, form, habits, rng.choice([1, 1, 2])))
            canvas.row += 2
        if layout == "sheets":
            _add_other_sheets(book, rng, first)
    stream = io.BytesIO()
    book.save(stream)
    return UnseenWorkbook(seed, stream.getvalue(), forms, layout)


def _draw_one(canvas: _Canvas, form: _MeantForm, habits: _Habits, left: int) -> TrueForm:
    plan = _make_plan(habits.rng, form.execution)
    if plan.points == "level2":
        plan.levels = "two"
        _share_points(form.indicators)
    if plan.points != "column" and plan.money == "row":
        plan.money = "above"
    drawn = _FormDrawer(canvas, form, habits, left, plan).draw()
    drawn.facts.setdefault("execution_weight", Fact(0.0, ""))
    return drawn


def _share_points(indicators: list[_Meant]) -> None:
    """Points that are stated for a level 2 belong to its indicators in equal parts."""
    for group in {(one.about, one.level2) for one in indicators}:
        members = [one for one in indicators if (one.about, one.level2) == group]
        share = sum(one.weight for one in members) / len(members)
        for one in members:
            lost = one.weight - one.score
            one.weight, one.score = share, round(max(0.0, share - lost), 2) if lost else share


def _without_execution(form: _MeantForm) -> _MeantForm:
    extra = form.execution
    form.execution = 0.0
    form.indicators[0].weight += extra
    form.indicators[0].score += extra
    return form


def _with_execution(form: _MeantForm) -> _MeantForm:
    """Two forms side by side have the same columns, so that both have ten points for the execution rate."""
    form.indicators[0].weight += form.execution - 10.0
    form.indicators[0].score = (
        form.indicators[0].weight if not form.indicators[0].reason else form.indicators[0].weight - 1
    )
    form.execution = 10.0
    return form


def _cut_to(form: _MeantForm, count: int) -> _MeantForm:
    lost = form.indicators[count:]
    form.indicators = form.indicators[:count]
    form.indicators[0].weight += sum(one.weight for one in lost)
    form.indicators[0].score += sum(one.weight for one in lost)
    return form
