"""Rows of hand-made forms that hold several indicators, a line of each cell for each: taken apart where that is sure, and told."""

from __future__ import annotations

import io

import docx
import openpyxl
import pytest
from drawn_reports import saved
from drawn_sheets import read_bytes

from workbook_tools.legacy.importing import Importing
from workbook_tools.legacy.intake import convert_form
from workbook_tools.legacy.words.records import FormIndicator, HandmadeForm, Stated

HEADER = ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"]
ABOVE = [["项目支出绩效自评表（2024年度）"], ["项目名称", "村道养护"]]
BELOW = [["产出指标", "质量指标", "验收合格率", "≥95%", "98%", 30, 30]]
NAMES, TARGETS, ACTUALS = "1.养护里程\n2.清扫次数", "1.≥100公里\n2.≥12次", "1.102公里\n2.11次"
ADVICE = "请单位分成几行填写"


def read_row(*cells: object, header: list[str] = HEADER) -> HandmadeForm:
    """A form with this row below 产出指标, 数量指标."""
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (*ABOVE, header, ["产出指标", "数量指标", *cells], *BELOW):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    (form,) = read_bytes(stream.getvalue()).forms
    return form


def figures(entry: FormIndicator) -> tuple[object, ...]:
    def value(stated: Stated | None) -> object:
        return stated.value if stated else None

    points = (value(entry.weight), value(entry.score))
    return entry.name.value, value(entry.target), value(entry.actual), entry.unit, *points


def told(form: HandmadeForm) -> list[tuple[str, str, str]]:
    """Of the row: code, cell, and what is said."""
    findings = convert_form(form, Importing()).findings
    return [(f.code, f.cell, f.message) for f in findings if f.cell.endswith("4") and f.code != "IMPORT08"]


SPLIT = ("IMPORT02", "C4", "读作“2个指标：养护里程、清扫次数”，也可以读作“一个指标，各格按文字”")


@pytest.mark.parametrize(
    ("names", "targets", "actuals"),
    [
        (NAMES, TARGETS, ACTUALS),
        ("①养护里程\n②清扫次数", "①≥100公里\n②≥12次", "①102公里\n②11次"),
        ("（1）养护里程\n（2）清扫次数", "≥100公里\n≥12次", "1、102公里\n\n2、11次"),
        ("养护里程\n清扫次数", "≥100公里\n≥12次", "102公里\n11次"),
    ],
)
def test_lines_that_belong_together_are_indicators(names: str, targets: str, actuals: str) -> None:
    form = read_row(names, targets, actuals, "20\n10", "20\n9")
    first, second, _ = map(figures, form.entries)
    assert first == ("养护里程", 100.0, 102.0, "公里", 20.0, 20.0)
    assert second == ("清扫次数", 12.0, 11.0, "次", 10.0, 9.0)
    assert told(form) == [SPLIT]


def test_points_that_stand_once_are_shared() -> None:
    form = read_row(NAMES, TARGETS, ACTUALS, 40, "")
    assert [figures(entry)[4] for entry in form.entries] == [20.0, 20.0, 30.0]
    assert [one[:2] for one in told(form)] == [("IMPORT02", "C4"), ("IMPORT02", "F4")]
    whole = read_row(NAMES, TARGETS, ACTUALS, 40, 38)
    assert told(whole) == [("IMPORT15", "C4", "2个指标合用一个得分，按分值分到各行"), SPLIT]


def test_an_actual_that_is_not_filled_in_yet_and_texts_that_are_numbered() -> None:
    form = read_row(NAMES, "1.全部养护\n2.每月一次", "", 40, "")
    assert [figures(entry)[:3] for entry in form.entries[:2]] == [
        ("养护里程", "全部养护", None),
        ("清扫次数", "每月一次", None),
    ]


def test_a_column_of_units_goes_with_its_lines() -> None:
    header = [*HEADER[:4], "计量单位", *HEADER[4:]]
    form = read_row(NAMES, "≥100\n≥12", "公里\n次", "102\n11", "20\n10", "20\n9", header=header)
    assert [figures(entry)[:4] for entry in form.entries[:2]] == [
        ("养护里程", 100.0, 102.0, "公里"),
        ("清扫次数", 12.0, 11.0, "次"),
    ]


@pytest.mark.parametrize(
    ("names", "targets", "actuals"),
    [
        (NAMES, TARGETS, "已全部完成"),
        (NAMES, TARGETS, "1.102公里\n2.11次\n3.另外3次"),
        (NAMES, "1.≥100公里\n3.≥12次", ACTUALS),
        ("1.养护里程；2.清扫次数", "1.≥100公里；2.≥12次", "1.102公里；2.11次"),
        ("养护里程\n清扫次数", "≥100公里\n≥12次", "已完成"),
    ],
)
def test_what_cannot_be_taken_apart_says_what_to_do(names: str, targets: str, actuals: str) -> None:
    form = read_row(names, targets, actuals, 40, 40)
    assert figures(form.entries[0])[:3] == (names, targets, actuals)
    (doubt,) = told(form)
    assert doubt[:2] == ("IMPORT02", "D4") and ADVICE in doubt[2]


def test_targets_within_the_names_say_what_to_do() -> None:
    (doubt,) = told(read_row("1.养护里程≥100公里\n2.清扫次数≥12次", "", ACTUALS, 40, 40))
    assert doubt[:2] == ("IMPORT02", "C4") and ADVICE in doubt[2]


def test_a_name_or_a_target_that_is_broken_over_lines_is_one() -> None:
    form = read_row("农村公路\n养护里程", "≥100\n公里", "102公里", 40, 40)
    assert figures(form.entries[0])[1:] == (100.0, 102.0, "公里", 40.0, 40.0)
    form = read_row("农村公路\n养护里程", "全面完成\n年度任务", "已经\n完成", 40, 40)
    assert len(form.entries) == 2


def test_figures_on_lines_of_their_own_are_not_joined() -> None:
    entry = read_row("养护里程", "≥100公里", "60\n42", "20\n20", 20).entries[0]
    assert figures(entry)[2:5] == ("60\n42", "公里", None)


def test_paragraphs_of_a_document_s_cells_are_lines_too() -> None:
    report = docx.Document()
    report.add_heading("村道养护项目支出绩效自评表", 0)
    rows = [HEADER, ["产出指标", "数量指标", NAMES, TARGETS, ACTUALS, "20\n10", "20\n9"], *BELOW]
    table = report.add_table(len(rows), 7)
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            first, *others = str(text).split("\n")
            table.cell(r, c).text = first
            for other in others:
                table.cell(r, c).add_paragraph(other)
    (form,) = read_bytes(saved(report), "自评表.docx").forms
    assert [figures(entry)[:3] for entry in form.entries[:2]] == [
        ("养护里程", 100.0, 102.0),
        ("清扫次数", 12.0, 11.0),
    ]
