"""Workbooks with macros: the buttons in LibreOffice, reading them back, and doing without them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from builders import KEY, KEYS, MOF, answers, project
from filling import fill, inputs
from locations import SUPPORT
from office import recalculate_with_libreoffice, requires_libreoffice, requires_uno, run_uno

from workbook_tools.files.sources import SourceFile as File
from workbook_tools.form import evaluation, evidence, funding, narrative, status
from workbook_tools.form.fields import Field
from workbook_tools.form.layout import build_layout
from workbook_tools.review.scoring import score_all
from workbook_tools.vba.packaged import STAFF, read_packaged_modules
from workbook_tools.vba.project import build_vba_project
from workbook_tools.workbooks import buttons
from workbook_tools.workbooks.buttons import BUTTONS
from workbook_tools.workbooks.reading import Reading, read_submission
from workbook_tools.workbooks.writing import build_workbook

LAYOUT = build_layout(project(), MOF)
_SCRIPT = "vnd.sun.star.script:VBAProject.{}?language=Basic&location=document"


def with_macros(path: Path, **changes: Any) -> Path:
    path.write_bytes(build_workbook(project(**changes), MOF, KEY, macros=True))
    return path


def read(path: Path) -> Reading:
    return read_submission(File(path, path.name), KEYS)


def work(workbook: Path, *steps: dict[str, Any]) -> list[Any]:
    """Do the steps in LibreOffice; the answers."""
    listed = workbook.with_suffix(".json")
    listed.write_text(json.dumps(steps), "utf-8")
    done: list[Any] = json.loads(run_uno((SUPPORT / "uno_macros.py"), workbook, listed))
    return done


def press(label: str) -> dict[str, str]:
    return {"press": label, "on": status.TITLE}


def at(item: Field) -> list[str]:
    return [item.sheet, item.cell]


# -- the buttons ------------------------------------------------------------------------------------------------------


@requires_uno
def test_each_button_does_what_it_says(tmp_path: Path) -> None:
    """校验, 恢复格式, 导出PDF and 清除填写 in turn on one filled workbook, as a unit would press them."""
    book = with_macros(tmp_path / "P001.xlsm", answers=answers())
    emptied, spoilt = LAYOUT.fields["indicator_001_actual"], LAYOUT.fields["received_county"]
    goal = LAYOUT.fields["text_goal_actual"]
    foreign = [status.TITLE, "F5"]
    saved = {name: tmp_path / f"{name}.xlsx" for name in ("repaired", "cleared")}
    saved["untouched"] = tmp_path / "untouched.xlsm"
    (
        buttons,
        _,
        refused,
        _,
        _,
        no_problem,
        issued,
        issued_goal,
        _,
        _,
        problem,
        selected,
        _,
        _,
        _,
        pasted,
        _,
        repaired,
        repaired_goal,
        locked,
        _,
        pdf,
        titles,
        _,
        _,
        _,
        cleared,
        after,
        _,
    ) = work(
        book,
        {"buttons": status.TITLE},
        press("清除填写"),  # asks, and nobody says yes
        {"look": at(spoilt)},
        {"unattended": True},
        {"save": str(saved["untouched"])},
        {"call": "StaffCheck.GoToFirstProblem"},
        {"look": at(spoilt)},
        {"look": at(goal)},
        {"type": at(emptied), "content": ""},
        press("校验"),
        {"call": "StaffCheck.GoToFirstProblem"},
        {"selected": True},
        {"paste": at(spoilt), "from": foreign},
        {"paste": at(goal), "from": foreign},
        {"lock": at(spoilt), "password": KEY.password(project())},
        {"look": at(spoilt)},
        press("恢复格式"),
        {"look": at(spoilt)},
        {"look": at(goal)},
        {"protected": spoilt.sheet},
        {"save": str(saved["repaired"])},
        {"call": "StaffPdf.PdfPath"},
        {"call": "StaffPdf.FormTitles"},
        press("导出PDF"),
        {"type": at(spoilt), "content": "120"},
        press("清除填写"),
        {"look": at(spoilt)},
        {"call": "StaffCheck.GoToFirstProblem"},
        {"save": str(saved["cleared"])},
    )
    assert buttons == [[label, _SCRIPT.format(macro)] for label, macro in BUTTONS]

    assert refused["content"] == "120"
    found = read(saved["untouched"])
    assert found.findings == [] and found.macros

    assert no_problem == "没有发现问题，可以报送。"
    assert problem == "自评表!E13（养护里程－实际完成值）：未填。请在该单元格填写或改正，再点“校验”。"
    assert selected == f"{emptied.sheet}.{emptied.cell}"

    assert issued["locked"] is False and issued["validation"] == "DECIMAL" and issued["conditions"] == 6
    assert (pasted["content"], pasted["locked"], pasted["validation"]) == ("一级指标", True, "ANY")
    assert repaired == {**issued, "content": "一级指标"}
    assert repaired_goal == {**issued_goal, "content": "一级指标"}
    assert locked is True
    found = read(saved["repaired"])
    assert [f.code for f in found.findings if f.code.startswith("TAMPER")] == []
    assert found.submission and found.submission.answers["received_county"].raw == "一级指标"

    assert pdf == str(tmp_path / "P001.pdf")
    assert titles == [narrative.BASICS, funding.TITLE, evaluation.TITLE, narrative.ANALYSIS, evidence.TITLE]

    assert cleared == {**issued, "content": ""}
    assert after.startswith("基本情况!B7（项目负责人）：未填。")
    found = read(saved["cleared"])
    assert found.submission and {a.raw for a in found.submission.answers.values()} == {None}
    assert [f.code for f in found.findings] == []


@requires_uno
def test_a_workbook_on_a_web_drive_has_no_folder_for_its_pdf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """OneDrive gives Excel an address; nobody is there to be asked where the file is to go."""
    modules = [
        replace(m, source=m.source.replace("ThisWorkbook.Path", '"https://d.docs.live.net/1/自评"'))
        for m in read_packaged_modules(STAFF)
    ]
    monkeypatch.setattr(buttons, "build_packaged_project", lambda _, sheets: build_vba_project(modules, sheets))
    path, told = work(
        with_macros(tmp_path / "P001.xlsm"),
        {"unattended": True},
        {"call": "StaffPdf.PdfPath"},
        {"call": "StaffPdf.ExportSheets"},
    )[1:]
    assert path == ""
    assert told.startswith("没有导出 PDF：本工作簿在 OneDrive、SharePoint 等网盘里")
    assert not list(tmp_path.glob("*.pdf"))


# -- without them -----------------------------------------------------------------------------------------------------


@requires_libreoffice
def test_a_workbook_stripped_of_its_macros_fills_reviews_and_scores(tmp_path: Path) -> None:
    issued = with_macros(tmp_path / "P001.xlsm")
    [stripped] = recalculate_with_libreoffice([issued], tmp_path / "stripped")
    wanted = build_layout(project(answers=answers()), MOF)
    fill(stripped, wanted, {item.name: item.value for item in inputs(wanted)})
    [filled] = recalculate_with_libreoffice([stripped], tmp_path / "filled")
    reading = read(filled)
    assert reading.findings == [] and not reading.macros and reading.submission
    [scored] = score_all([reading.submission])
    assert (scored.figures["total_score"], scored.figures["grade"]) == (100.0, "优")
    assert (reading.submission.shown["total_score"], reading.submission.shown["grade"]) == (100.0, "优")
