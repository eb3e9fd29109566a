"""One cell of the list at a time: texts, numbers and targets, as people type them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from workbook_tools.core.model import Direction, Value
from workbook_tools.core.values import (
    MAX_AMOUNT,
    PERCENT,
    TypedQuantity,
    is_number,
    number_text,
    parse_quantity,
    plain,
    target_text,
    unit_factor,
    unit_number,
)
from workbook_tools.projects.columns import INDICATOR_COLUMN, ListColumn
from workbook_tools.projects.rows import ListRow, Notes, code_text, is_blank
from workbook_tools.rules.direction_words import parse_signed
from workbook_tools.rules.directions import DirectionGuess, guess_direction

_DASHES = {"-", "--", "—", "——", "/"}
"""What people type into a money column for "none"."""
_PERCENT_WORDS = {"％", "百分比"}
_FIGURE = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def read_text(row: ListRow, column: ListColumn) -> str:
    """The cell as a text; a line break inside a name or a code is none that somebody meant."""
    text = code_text(row.values.get(column.key))
    if column.kind == "paragraph":
        return text.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"\s*[\r\n]+\s*", "", text) if "\n" in text or "\r" in text else text


def read_number(row: ListRow, column: ListColumn, notes: Notes) -> float | None:
    """An amount or a weight in the column's unit; ``None`` if blank or, with a finding, if it is none."""
    raw = row.values.get(column.key)
    if is_blank(raw):
        return None
    number = as_number(raw)
    if isinstance(raw, str):
        if column.kind == "amount" and raw.strip() in _DASHES:
            notes.at(row, column, "LIST11", "短横按空白处理", found=raw)
            return None
        typed = parse_quantity(raw)
        factor = unit_factor(typed.unit, column.unit) if typed and not typed.direction else None
        if typed and factor is not None:
            number = float(f"{typed.number * factor:.15g}")
            if not _FIGURE.fullmatch(raw.strip()):
                notes.at(row, column, "LIST11", f"已按 {number_text(number)} {column.unit}读取", found=raw)
    if number is None:
        notes.at(row, column, "LIST04", found=raw)
    elif not 0 <= number <= MAX_AMOUNT:
        notes.at(row, column, "LIST16", found=number)
        return None
    return number


def as_number(value: Value) -> float | None:
    """A value that is a number already."""
    return float(value) if isinstance(value, (int, float)) and is_number(value) else None


@dataclass(frozen=True, slots=True)
class Target:
    """What an indicator aims at: 95 with the unit %, or a text."""

    direction: Direction
    value: float | str | None
    unit: str


def read_target(row: ListRow, name: str, cost: bool, notes: Notes) -> Target:
    """指标性质, 目标值 and 计量单位; taken apart where they were typed together (≥95%, 控制在5%以内).

    What has a column of its own wins. Where neither column nor sign says a direction, it is guessed by the ``name``, and
    whether it is a ``cost``; LIST41 asks for it where both are likely.
    """
    word = read_text(row, INDICATOR_COLUMN["direction"])
    given = Direction.from_symbol(plain(word).removesuffix("指标"))
    if word and given is None:
        notes.at(
            row, INDICATOR_COLUMN["direction"], "LIST07", found=word, expected="、".join(d.symbol for d in Direction)
        )
    raw, text = row.values.get("target"), read_text(row, INDICATOR_COLUMN["target"])
    number = as_number(raw)
    typed = TypedQuantity(number) if number is not None else parse_quantity(text) or parse_signed(text)[0]
    unit = read_text(row, INDICATOR_COLUMN["unit"])
    if given is Direction.QUALITATIVE or (typed is None and text and not word):
        return _read_quality(row, typed, text, unit, notes)
    if typed is None:
        notes.at(row, INDICATOR_COLUMN["target"], "LIST13", found=text)
        return Target(given or _usual_direction(cost), text or None, unit)
    share = PERCENT in (unit, typed.unit) or not {unit, typed.unit}.isdisjoint(_PERCENT_WORDS)
    guess = guess_direction(name, typed.number, cost=cost, unit=unit or typed.unit, share=share)
    return _read_quantity(row, typed, given, guess, unit, notes)


def _usual_direction(cost: bool) -> Direction:
    return Direction.AT_MOST if cost else Direction.AT_LEAST


def _read_quality(row: ListRow, typed: TypedQuantity | None, text: str, unit: str, notes: Notes) -> Target:
    """A target in words: 有效."""
    if not read_text(row, INDICATOR_COLUMN["direction"]):
        message = "指标性质未填；目标值是文字，已作为定性指标"
        notes.at(row, INDICATOR_COLUMN["direction"], "LIST11", message, found=text, advice="请核对指标性质。")
    elif typed and typed.direction:
        found = f"{Direction.QUALITATIVE.symbol}；{text}"
        notes.at(row, INDICATOR_COLUMN["target"], "LIST07", "目标值的符号与指标性质矛盾", found=found)
    elif typed or not text:
        advice = "定性指标请用文字写目标；有数字目标的，请把指标性质改为 ≥、≤ 或 ＝。"
        notes.at(row, INDICATOR_COLUMN["target"], "LIST13", found=text, advice=advice)
    return Target(Direction.QUALITATIVE, text or None, unit)


def _read_quantity(
    row: ListRow, typed: TypedQuantity, given: Direction | None, guess: DirectionGuess, unit: str, notes: Notes
) -> Target:
    """A target in figures: 95, ≥95%, 0.95 in a percent cell."""
    text = read_text(row, INDICATOR_COLUMN["target"])
    word = read_text(row, INDICATOR_COLUMN["direction"])
    direction = given or typed.direction or guess.direction
    done = []
    if given and typed.direction not in (None, given):
        notes.at(row, INDICATOR_COLUMN["target"], "LIST07", "目标值的符号与指标性质矛盾", found=f"{word}；{text}")
    elif not word and not typed.direction and guess.doubtful:
        message = f"指标性质未填，≥ 和 ≤ 都可能（{guess.reason}）"
        notes.at(row, INDICATOR_COLUMN["direction"], "LIST41", message, found=text)
    elif not word and not typed.direction:
        done.append(f"指标性质未填，按“{direction.symbol}”（{guess.reason}）")
    number, unit = _convert(row, typed, unit, direction, notes, done)
    if typed.direction or typed.unit not in ("", unit):
        done.append("目标值与符号、单位写在一起")
    if done:
        target = target_text(number, unit, direction)
        notes.at(row, INDICATOR_COLUMN["target"], "LIST11", f"{'；'.join(done)}，已读作“{target}”", found=text)
    if not unit:
        notes.at(row, INDICATOR_COLUMN["unit"], "LIST14", found=text)
    return Target(direction, number, unit)


def _convert(
    row: ListRow, typed: TypedQuantity, unit: str, direction: Direction, notes: Notes, done: list[str]
) -> tuple[float, str]:
    """The number in the unit of 计量单位, or in its own where that is blank; ``done`` says what was changed."""
    number, own = typed.number, typed.unit
    if unit in _PERCENT_WORDS:
        unit = PERCENT
        done.append("单位统一为 %")
    if not unit:
        return number, PERCENT if own in _PERCENT_WORDS else own
    factor = unit_factor(own, plain(unit))
    if factor is None:
        found = f"{number_text(number)}{own}；{unit}"
        notes.at(
            row,
            INDICATOR_COLUMN["target"],
            "LIST07",
            "目标值里的单位与计量单位矛盾",
            found=found,
            advice="请改为同一单位。",
        )
    elif factor != 1:
        number = float(f"{number * factor:.15g}")
    elif row.typed and unit == PERCENT and not own and _is_fraction(number, direction):
        number = unit_number(number, PERCENT)
        done.append("百分数以小数表示")
    return number, unit


def _is_fraction(number: float, direction: Direction) -> bool:
    """A percentage that the cell holds as a fraction (0.95). ≤1 with the unit % is one per cent: ≤100% says nothing."""
    return 0 < abs(number) < 1 or (number == 1 and direction is not Direction.AT_MOST)
