"""No cell of a workbook holds a text that is wider or higher than the cell, in the font that the cell names."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from builders import KEY, MET, answers, project
from long_run import thin
from quick_loading import load_quickly

from workbook_tools.core.cells import MAX_HEIGHT, Place
from workbook_tools.core.model import Answers, Direction, Indicator, IndicatorAnswer, Project, Value
from workbook_tools.excel.number_formats import format_value
from workbook_tools.excel.reading import open_workbook
from workbook_tools.excel.styles import StyleSpec
from workbook_tools.excel.text_extent import CELL_EDGES, DIGIT_WIDTH, exact_height, measure_text
from workbook_tools.form import evaluation
from workbook_tools.form.fields import Field, Role
from workbook_tools.form.identity import Seal
from workbook_tools.form.layout import build_layout
from workbook_tools.rules.scheme import Scheme, builtin_schemes, load_scheme
from workbook_tools.workbooks.writing import Return, build_workbook, draw_workbook

SCHEMES = thin(sorted(builtin_schemes()))
LONG_NAME = "农村公路日常养护及安全生命防护工程配套资金（含桥梁、涵洞、隧道、标志标线、绿化和应急抢险等）" * 3
REASON = "受汛期连续强降雨影响，部分路段路基沉陷，施工推迟到十月，年底前只完成了路面铺设；" * 8
TEXT = "全县农村公路日常养护由公路段组织实施，涉及十二个乡镇，2024年处理病害1,250处。" * 60


def _indicators(scheme: Scheme, count: int, name: str) -> tuple[Indicator, ...]:
    places = [(d.name, category) for d in scheme.dimensions for category in d.categories]
    kinds: tuple[dict[str, Any], ...] = (
        {"target": 95.0, "unit": "%"},
        {"target": 1234567.5, "unit": "平方米", "direction": Direction.AT_MOST},
        {"target": "有效改善沿线群众出行条件和农产品运输条件", "direction": Direction.QUALITATIVE},
    )
    return tuple(
        Indicator(
            dimension=places[i % len(places)][0],
            category=places[i % len(places)][1],
            name=f"{name}{i}"[-100:],
            weight=3.0,
            **kinds[i % 3],
        )
        for i in range(count)
    )


def _answers(scheme: Scheme, count: int, actual: str, reason: str, text: str) -> Answers:
    stated: tuple[dict[str, Any], ...] = (
        {"actual": 61.25},
        {"actual": 1987654.5},
        {"actual": actual, "tier": scheme.tiers[-1].name, "completion": 0.4},
    )
    return answers(
        scheme,
        indicators=tuple(IndicatorAnswer(deviation_reason=reason, **stated[i % 3]) for i in range(count)),
        texts={section.key: text for section in scheme.texts},
        execution_reason=reason,
    )


def usual(scheme: Scheme) -> Project:
    return project(scheme=scheme.id, answers=answers(scheme, indicators=MET))


def short(scheme: Scheme) -> Project:
    return project(scheme=scheme.id, name="修路", department="局", unit="站", indicators=_indicators(scheme, 3, "路"))


def long(scheme: Scheme) -> Project:
    name, rows = LONG_NAME[:100], 30
    return project(
        scheme=scheme.id,
        name=name,
        department=name,
        unit=name,
        annual_goal=TEXT[:2000],
        indicators=_indicators(scheme, rows, name),
        answers=_answers(scheme, rows, REASON[:100], REASON[:300], TEXT[:2000]),
    )


def reasons(scheme: Scheme) -> Project:
    """Reasons as long as reports, beside narrow columns."""
    given = _answers(scheme, 3, REASON[:300], "", TEXT[:4000])
    lengths = (401, 1000, 2000)
    rows = tuple(
        row.model_copy(update={"deviation_reason": TEXT[:n]}) for row, n in zip(given.indicators, lengths, strict=True)
    )
    given = given.model_copy(update={"indicators": rows, "execution_reason": TEXT[:1000]})
    return project(scheme=scheme.id, indicators=_indicators(scheme, 3, "公路养护里程"), answers=given)


def proposed(scheme: Scheme) -> Project:
    """Indicators that the unit drafted itself."""
    given = _answers(scheme, 30, REASON[:60], REASON[:300], TEXT[:300])
    drafts = _indicators(scheme, 30, "农村公路养护里程和质量")
    return project(scheme=scheme.id, indicators=(), answers=given.model_copy(update={"proposed": drafts}))


def issued(given: Project, scheme: Scheme) -> bytes:
    return build_workbook(given, scheme, KEY)


def returned(given: Project, scheme: Scheme) -> bytes:
    """Drawn from what was issued, with what the unit typed since."""
    filled = build_layout(given, scheme)
    typed: dict[str, Value] = {item.name: item.value for item in filled.role(Role.INPUT)}
    layout = build_layout(given.model_copy(update={"answers": None}), scheme)
    return draw_workbook(layout, Seal.on(layout, KEY), Return(typed))


def find_cut_texts(data: bytes) -> list[str]:
    """Sheet, cell and text of what does not fit."""
    book, values = load_quickly(data), open_workbook(Path("表.xlsx"), data=data)
    cut = []
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        cut += [
            f"{sheet.title}!{row} too high"
            for row, found in sheet.row_dimensions.items()
            if (found.height or 0) > MAX_HEIGHT
        ]
        merged = {area.start_cell.coordinate: area for area in sheet.merged_cells.ranges}
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value is not None):
            area = merged.get(cell.coordinate)
            columns = range(cell.column, (area.max_col if area else cell.column) + 1)
            rows = range(cell.row, (area.max_row if area else cell.row) + 1)
            letters = [openpyxl.utils.get_column_letter(column) for column in columns]
            pixels = sum(sheet.column_dimensions[letter].width * DIGIT_WIDTH - CELL_EDGES for letter in letters)
            points = sum(sheet.row_dimensions[row].height or 18 for row in rows)
            style = StyleSpec(
                size=cell.font.sz,
                bold=bool(cell.font.b),
                wrap=bool(cell.alignment.wrap_text),
                indent=int(cell.alignment.indent or 0),
            )
            value = values.value(Place(sheet.title, cell.row - 1, cell.column - 1))
            text = format_value(value, cell.number_format) if value is not None else ""
            too_wide = (
                not style.wrap
                and not _runs_over(sheet, cell, area)
                and measure_text(text, style.size) > pixels + CELL_EDGES
            )
            if text and (too_wide or exact_height(text, pixels / DIGIT_WIDTH, style) > points):
                cut.append(f"{sheet.title}!{cell.coordinate} {text[:20]}")
    return cut


def _runs_over(sheet: Any, cell: Any, area: Any) -> bool:
    """A text of one line shows over the blank cells beside it; a number does not."""
    beside = sheet.cell(cell.row, (area.max_col if area else cell.column) + 1)
    return isinstance(cell.value, str) and not cell.value.startswith("=") and beside.value is None


@pytest.mark.parametrize("draw", [issued, returned])
@pytest.mark.parametrize("content", [short, usual, long, reasons, proposed])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_no_text_is_wider_or_higher_than_its_cell(scheme: str, content: Any, draw: Any) -> None:
    loaded = load_scheme(scheme)
    assert find_cut_texts(draw(content(loaded), loaded)) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_was_reached_the_year_before_fits_too(scheme: str) -> None:
    """As long as the list of the next year has it."""
    loaded = load_scheme(scheme)
    asking = loaded.model_copy(update={"form": loaded.form.model_copy(update={"last_actual": True})})
    given = reasons(asking)
    rows = tuple(
        row.model_copy(update={"last_actual": TEXT[:length]})
        for row, length in zip(given.indicators, (9, 100, 287), strict=True)
    )
    assert find_cut_texts(issued(given.model_copy(update={"indicators": rows}), asking)) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_an_issued_form_has_room_for_the_goals_to_come_and_the_longest_word_of_a_list(scheme: str) -> None:
    loaded = load_scheme(scheme)
    layout = build_layout(project(scheme=scheme), loaded)
    book = load_quickly(build_workbook(project(scheme=scheme), loaded, KEY))
    sheet = book[evaluation.TITLE]

    def room(item: Field) -> tuple[float, float]:
        letters = [openpyxl.utils.get_column_letter(1 + col) for col in range(item.span.col, item.span.last_col + 1)]
        width = sum(sheet.column_dimensions[letter].width - CELL_EDGES / DIGIT_WIDTH for letter in letters)
        return width, sheet.row_dimensions[item.span.row + 1].height

    style = StyleSpec(wrap=True)
    tier = layout.fields["indicator_004_tier"]
    texts = [(tier, max(tier.choices, key=len))]
    if loaded.form.goals:
        texts.append((layout.fields[f"form_text_{loaded.form.goals.actual}"], TEXT[:200]))
    short = [item.name for item, text in texts if exact_height(text, room(item)[0], style) > room(item)[1]]
    assert short == []


def test_a_text_that_does_not_fit_is_found() -> None:
    """What the measure itself is worth."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"], sheet["A2"], sheet["A3"] = "其中：当年财政拨款", 1234567.89, "长" * 40
    sheet["A1"].alignment = sheet["A3"].alignment = openpyxl.styles.Alignment(wrap_text=True)
    sheet.column_dimensions["A"].width = 8.6
    sheet.row_dimensions[1].height, sheet.row_dimensions[3].height = 20, 200
    data = BytesIO()
    book.save(data)
    assert [line.split()[0] for line in find_cut_texts(data.getvalue())] == ["Sheet!A1", "Sheet!A2"]
