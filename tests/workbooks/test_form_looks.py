"""What a unit sees of a form: what it is to type, in which colour, when a reason is wanted, where one signs."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from builders import INDICATORS, KEY, MET, MOF, answers, project

from workbook_tools.core.model import Project
from workbook_tools.excel import styles
from workbook_tools.excel.styles import INPUT_FILL
from workbook_tools.form import evaluation, funding, guide, narrative, status
from workbook_tools.form.fields import Evaluation, Role
from workbook_tools.form.layout import build_layout
from workbook_tools.rules.describe import describe, describe_execution_reason, describe_reason
from workbook_tools.rules.scheme import builtin_schemes, load_scheme
from workbook_tools.workbooks.field_frames import EMPTY_TINT, REASON_TINT, WRONG_TINT
from workbook_tools.workbooks.writing import build_workbook

SCHEMES = tuple(sorted(builtin_schemes()))
NO_BUDGET = {"initial_budget": {}, "annual_budget": {}}
GOAL = "全年养护县乡道路一百公里，验收合格率达到95%以上。"


def book_of(given: Project, scheme: str = "mof-2020") -> Any:
    return openpyxl.load_workbook(BytesIO(build_workbook(given, load_scheme(scheme), KEY)))


@pytest.mark.parametrize("given", [project(), project(indicators=(), **NO_BUDGET)], ids=["approved", "open"])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_locked_cell_is_never_in_the_colour_of_inputs(scheme: str, given: Project) -> None:
    wrong = []
    for sheet in book_of(given, scheme).worksheets:
        if sheet.title == guide.TITLE:  # its legend shows the colours
            continue
        for row in sheet.iter_rows():
            wrong += [
                cell.coordinate
                for cell in row
                if cell.protection.locked and cell.fill.fgColor.rgb == "FF" + INPUT_FILL[1:]
            ]
        for area in sheet.conditional_formatting if sheet.title != status.TITLE else ():
            empty = any(
                rule.dxf.fill and rule.dxf.fill.bgColor.rgb == "FF" + EMPTY_TINT.fill[1:] for rule in area.rules
            )
            cells = [sheet[str(area.sqref).split(":", maxsplit=1)[0]]]
            wrong += [cell.coordinate for cell in cells if empty and cell.protection.locked]
    assert wrong == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_is_not_filled_in_leads_to_a_cell_that_can_be_filled_in(scheme: str) -> None:
    layout = build_layout(project(**NO_BUDGET), load_scheme(scheme))
    listed = [
        layout.fields[item.link] for item in layout.sheets[status.TITLE].fields if item.role is Role.LABEL and item.link
    ]
    assert [item.name for item in listed if item.role is not Role.INPUT] == []


def test_a_row_of_amounts_that_is_blank_is_asked_for_in_its_inputs() -> None:
    layout = build_layout(project(**NO_BUDGET), MOF)
    total = layout.fields["executed_total"]
    assert Evaluation(layout, {}).problem(total) == "未填"
    assert {name for name, lacking in layout.fillers.items() if total.name in lacking} == {*total.filled_by}
    assert {layout.fields[name].role for name in total.filled_by} == {Role.INPUT}
    sheet = book_of(project(**NO_BUDGET))[funding.TITLE]
    rules = {str(area.sqref): [rule.formula[0] for rule in area.rules] for area in sheet.conditional_formatting}
    assert all('check_executed_total="未填"' in rules[layout.fields[name].cell] for name in total.filled_by)


def test_what_the_live_checks_say_is_told_without_colours_too() -> None:
    marks = [(tint.bold, tint.italic, tint.edge) for tint in (EMPTY_TINT, WRONG_TINT, REASON_TINT)]
    assert len({(False, False, 0), *marks}) == 4
    assert all(tint.fill != styles.INPUT_FILL for tint in (EMPTY_TINT, WRONG_TINT, REASON_TINT))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_forms_are_printed_without_their_colours(scheme: str) -> None:
    sheets = [sheet for sheet in book_of(project(), scheme).worksheets if sheet.sheet_state == "visible"]
    assert all(sheet.page_setup.blackAndWhite for sheet in sheets)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_when_a_reason_is_wanted_is_said_once_and_in_the_same_words_everywhere(scheme: str) -> None:
    loaded = load_scheme(scheme)
    layout = build_layout(project(), loaded)
    told, execution = describe_reason(loaded), describe_execution_reason(loaded)
    sentences = [line for line in describe(loaded) if "写明原因" in line or "须说明原因" in line]
    assert sentences == [f"原因：{told}{execution}"]
    prompts = {item.prompt for item in layout.fields.values() if item.part == "deviation_reason"}
    assert [prompt.startswith(told) for prompt in prompts] == [True]
    assert execution in layout.fields["execution_reason"].prompt


@pytest.mark.parametrize("scheme", SCHEMES)
def test_an_approved_goal_is_shown_and_not_typed_again(scheme: str) -> None:
    loaded = load_scheme(scheme)
    layout = build_layout(project(annual_goal=GOAL), loaded)
    shown = [item for item in layout.sheets[narrative.BASICS].fields if item.value == GOAL]
    assert [item.role for item in shown] == [Role.FIXED]
    asked = [text.key for text in loaded.texts if text.approved == "annual_goal"]
    assert [layout.fields[f"text_{key}"].role for key in asked] == [Role.FIXED] * len(asked)
    if loaded.form.goals:
        figures = Evaluation(layout, {})
        assert figures[f"form_text_{loaded.form.goals.expected}"] == GOAL
        assert layout.fields[f"text_{loaded.form.goals.actual}"].role is Role.INPUT


def test_a_goal_that_the_list_does_not_have_is_written_by_the_unit() -> None:
    assert build_layout(project(), MOF).fields["text_goal_annual"].role is Role.INPUT


@pytest.mark.parametrize(
    ("scheme", "labels"),
    [
        ("quwo", ["填报人：", "联系电话：", "填报日期："]),
        ("mof-2020", ["填报人：", "联系电话：", "填报日期：", "单位负责人（签字）：", "单位（盖章）："]),
        ("sichuan", ["项目负责人：", "财务负责人：", "填报人：", "联系电话：", "填报日期：", "实施单位（盖章）："]),
        ("hubei", ["填报人：", "联系电话：", "填报日期：", "项目单位（盖章）："]),
    ],
)
def test_below_the_table_stand_the_places_to_sign_of_the_authority(scheme: str, labels: list[str]) -> None:
    layout = build_layout(project(), load_scheme(scheme))
    plan = layout.sheets[evaluation.TITLE]
    total = layout.fields["total_score"].span.row
    below = sorted(
        (item for item in plan.fields if item.span.row > total), key=lambda item: (item.span.row, item.span.col)
    )
    assert [item.label or item.value for item in below] == labels
    assert plan.print_last is not None
    assert plan.print_last[0] == max(item.span.row for item in below)


def test_the_checks_list_only_those_rows_that_the_unit_uses() -> None:
    layout = build_layout(project(indicators=()), MOF)
    typed = {"indicator_002_indicator": "验收合格率", "indicator_005_indicator": "每公里成本"}
    figures = Evaluation(layout, typed)
    lines = [
        item.name
        for item in layout.sheets[status.TITLE].fields
        if item.name.startswith("line_0") and item.name.endswith("_name")
    ]
    assert len(lines) == len(layout.rows)
    assert [name for name in lines if figures[name]] == ["line_002_name", "line_005_name"]
    assert "未填" in str(figures["line_002"])
    assert [name for name in lines if figures[name.removesuffix("_name")]] == ["line_002_name", "line_005_name"]


def test_a_form_of_few_drafted_indicators_is_printed_on_one_page() -> None:
    given = answers(MOF, indicators=MET[:3], proposed=INDICATORS[:3])
    assert book_of(project(indicators=(), answers=given))[evaluation.TITLE].sheet_properties.pageSetUpPr.fitToPage


def test_rows_in_which_a_unit_types_a_text_may_grow_and_others_keep_their_height() -> None:
    """Excel says of a height that nobody fixed nothing; LibreOffice fits such a row while one types."""
    layout = build_layout(project(), MOF)
    package = ZipFile(BytesIO(build_workbook(project(), MOF, KEY)))
    fixed = []
    for name in ("indicator_001_deviation_reason", "text_problems", "total_score"):
        item = layout.fields[name]
        xml = package.read(f"xl/worksheets/sheet{list(layout.sheets).index(item.sheet) + 1}.xml").decode()
        fixed.append("customHeight" in re.findall(f'<row r="{item.span.row + 1}"[^>]*>', xml)[0])
    assert fixed == [False, False, True]


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize("name", ["🚜" * 40, "养🚜护" * 30, "长" * 300])
def test_a_name_of_any_signs_can_be_issued(name: str) -> None:
    """Office programs count UTF-16 units: what they show at a cell is cut there, the name is not."""
    total = MOF.total.model_copy(update={"self_deduction": True})
    scheme = MOF.model_copy(update={"total": total})
    given = project(indicators=(INDICATORS[0].model_copy(update={"name": name}), *INDICATORS[1:]))
    book = openpyxl.load_workbook(BytesIO(build_workbook(given, scheme, KEY)))
    rules = [rule for sheet in book.worksheets for rule in sheet.data_validations.dataValidation]
    assert max(_units(rule.promptTitle or "") for rule in rules) in (31, 32)
    assert max(_units(text or "") for rule in rules for text in (rule.prompt, rule.error)) <= 255
    cell = build_layout(given, scheme).fields["indicator_001_indicator"].cell
    assert book[evaluation.TITLE][cell].value == name


def _brightness(colour: str) -> float:
    """Relative luminance, as WCAG 2 defines it: what is left of a colour in grey print."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(ink: str, ground: str) -> float:
    low, high = sorted((_brightness(ink), _brightness(ground)))
    return (high + 0.05) / (low + 0.05)


def _rgb(colour: Any, otherwise: str) -> str:
    return (
        str(colour.rgb)[-6:] if colour is not None and colour.type == "rgb" and colour.rgb != "00000000" else otherwise
    )


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_text_can_be_read_in_grey(scheme: str) -> None:
    """Some programs print the tints though the sheet asks for black and white: then text and ground still differ 4.5 times in brightness."""
    pale = set()
    for sheet in book_of(project(), scheme).worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            ground = _rgb(cell.fill.fgColor, "FFFFFF") if cell.fill.fill_type == "solid" else "FFFFFF"
            pale.add(
                (_contrast(_rgb(cell.font.color, "000000"), ground) < 4.5, _rgb(cell.font.color, "000000"), ground)
            )
        for rule in (rule for area in sheet.conditional_formatting for rule in area.rules):
            ink = _rgb(rule.dxf.font.color, "000000") if rule.dxf.font else "000000"
            ground = _rgb(rule.dxf.fill.bgColor, "FFFFFF") if rule.dxf.fill else "FFFFFF"
            pale.add((_contrast(ink, ground) < 4.5, ink, ground))
    assert [(ink, ground) for is_pale, ink, ground in pale if is_pale] == []
