"""The column 佐证材料 of a form of today is the list of its submission, compared with what came as any other."""

from __future__ import annotations

import pytest
from builders import MOF
from checking import variant
from drawn_sheets import read, workbook
from evidence_folders import put, review, states, told, zipped

from workbook_tools.core.model import Material
from workbook_tools.legacy.conversion.evidence_column import read_materials
from workbook_tools.legacy.conversion.submission import convert
from workbook_tools.legacy.words.records import Stated, Where
from workbook_tools.review.checks import check
from workbook_tools.review.scoring import score_all

HEAD = "项目支出绩效自评表（2024年度）|<|<|<|<|<|<|<\n项目名称|村道养护|<|<|实施单位|公路站|<|<"
HEADER = "一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|佐证材料"
FORM = f"""{HEAD}
{HEADER}
产出指标|数量指标|养护里程|≥100公里|102公里|50|50|1.验收报告（12页）\\n2.照片.zip
产出指标|质量指标|合格率|≥95%|96%|20|20|/
效益指标|社会效益指标|通行条件|改善|改善|20|20|回访记录.pdf
满意度指标|满意度指标|群众满意度|≥90%|92%|10|10|^
"""


@pytest.mark.parametrize(
    ("cell", "materials"),
    [
        ("验收报告", [Material(name="验收报告")]),
        (
            "验收报告、问卷（共3页）；照片",
            [Material(name="验收报告"), Material(name="问卷", pages="3"), Material(name="照片")],
        ),
        ("1.合同 12页 2.验收单", [Material(name="合同", pages="12"), Material(name="验收单")]),
        ("①合同\n②验收单.PDF", [Material(name="合同"), Material(name="验收单", file="验收单.PDF")]),
        ("附件2.pdf", [Material(name="附件2", file="附件2.pdf")]),
        ("通知（含附件1、附件2）", [Material(name="通知(含附件1、附件2)")]),
        ("见附件3", [Material(name="见附件3")]),
        ("无", []),
        ("—", [Material(name="—")]),
    ],
)
def test_a_cell_is_split_into_materials(cell, materials):
    assert list(read_materials(Stated("", cell, Where("表1", "H3")))) == materials


def test_the_column_is_listed_and_compared_at_its_cells(tmp_path):
    put(
        tmp_path,
        {
            "养护.xlsx": workbook(FORM),
            "养护.佐证/验收报告.pdf": b"x",
            "养护.佐证/照片.zip": zipped(["路面.jpg"]),
            "养护.佐证/会议.pdf": b"x",
        },
    )
    done = review(tmp_path)
    (project,) = done.result.projects
    rows = [(row.state.value, row.indicator, row.file or row.name, row.cell) for row in done.result.evidence]
    assert rows == [
        ("已收到", "养护里程", "验收报告", "H4"),
        ("已收到", "养护里程", "照片.zip", "H4"),
        ("未收到", "通行条件、群众满意度", "回访记录.pdf", "H6"),
        ("没有列出", "", "", ""),
    ]
    assert told(done) == [
        ("EVID01", project.code, "表1!H6"),
        ("EVID03", project.code, ""),
    ]
    assert (project.evidence.listed, project.evidence.found) == (3, 2)


def test_names_without_pages_in_a_column_that_asks_for_names_are_not_asked_for_more(tmp_path):
    put(tmp_path, {"养护.xlsx": workbook(FORM.replace("回访记录.pdf", "回访记录").replace("2.照片.zip", "2.照片"))})
    done = review(tmp_path)
    assert (told(done), [state for state, _ in states(done)]) == ([], ["纸质", "没有写明", "没有写明"])


@pytest.mark.parametrize(("evidence", "cells"), [("required", ["H5"]), ("optional", []), ("none", [])])
def test_only_where_it_is_required_a_blank_cell_is_a_blank(evidence, cells):
    [made] = read(FORM).forms
    (scored,) = score_all([convert(made, variant(MOF, form={"evidence": evidence}), 2024).submission])
    blank = [one.cell for one in check(scored) if one.code == "FILL01"]
    assert [cell for cell in blank if cell.startswith("H")] == cells
    assert len(scored.submission.materials) == 3


def test_a_form_without_the_column_lists_nothing_and_is_asked_for_nothing():
    [made] = read("\n".join(line.rpartition("|")[0] for line in FORM.splitlines())).forms
    (scored,) = score_all([convert(made, variant(MOF, form={"evidence": "required"}), 2024).submission])
    assert scored.submission.materials == []
    assert [one.field for one in check(scored) if "佐证" in one.field or "材料" in one.field] == []


def test_the_project_list_that_is_made_of_it_carries_the_materials():
    [made] = read(FORM).forms
    answers = convert(made, MOF, 2024).project.answers
    assert answers is not None
    assert [[one.name for one in row.materials] for row in answers.indicators] == [
        ["验收报告", "照片"],
        [],
        ["回访记录"],
        ["回访记录"],
    ]
