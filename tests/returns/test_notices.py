"""退回通知: the note to a department on what is to be put right, and by when."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import openpyxl
from builders import KEYS, answers, filled
from docx import Document
from returned_files import DEPARTMENT, returns, review, table_of, text_of, wrong

from workbook_tools.core.codes import Severity
from workbook_tools.core.findings import Finding
from workbook_tools.form.asking import TITLE as COVER
from workbook_tools.returns import write_returns
from workbook_tools.returns.returned import OTHER_FILES


def test_the_note_lists_what_to_fix_by_when(inbox: Path, tmp_path: Path) -> None:
    filled(inbox, answers=wrong())
    note = returns(inbox, tmp_path / "退回")[0].notice
    assert note == tmp_path / "退回" / DEPARTMENT / "退回通知.docx"
    text = text_of(note)
    for words in (
        "关于退回2024年度",
        f"{DEPARTMENT}：",
        "其中1个项目的自评工作簿有错误需要更正，或有提醒需要说明",
        "于2025年3月10日前改正、说明后重新报送",
        "没有填错的，在该表黄色的“单位说明”栏写明情况",
        "绩效股 0350-1234567",
        "示例县财政局",
    ):
        assert words in text
    assert list(table_of(note)) == [
        "序号|项目|单位|报送的文件|错误数|待说明|错误和提醒|退回的文件",
        "1|农村道路养护经费（P001）|示例县公路段|P001.xlsx|2|1|应填数字\n失分未说明原因\n另有提醒1处待说明，列在“退回意见”表里|"
        "P001.xlsx",
    ]


def test_a_note_on_errors_alone_does_not_speak_of_answers(inbox: Path, tmp_path: Path) -> None:
    filled(inbox, answers=wrong(info=answers().info))
    text = text_of(returns(inbox, tmp_path / "退回")[0].notice)
    assert "其中1个项目的自评工作簿存在错误" in text and "于2025年3月10日前改正后重新报送" in text
    assert "单位说明" not in text


def test_what_is_explained_is_not_in_the_note(inbox: Path, tmp_path: Path) -> None:
    filled(inbox, answers=wrong())
    result = review(inbox)
    told = tuple(replace(f, answer="总机转") if f.code == "FILL13" else f for f in result.findings)
    (item,) = write_returns(result.model_copy(update={"findings": told}), inbox, tmp_path / "退回", KEYS)
    assert "联系电话" not in text_of(item.notice)
    assert (item.to_answer, item.answered) == (0, 1)


def test_without_a_date_the_note_says_soon(inbox: Path, tmp_path: Path) -> None:
    filled(inbox, answers=wrong())
    (item,) = returns(inbox, tmp_path / "退回", by="")
    assert item.path is not None
    assert "请督促有关单位尽快改正、说明后重新报送" in text_of(item.notice)
    assert "请直接在本文件中改正" in str(openpyxl.load_workbook(item.path)[COVER]["A2"].value)


def test_files_that_are_no_workbook_of_ours_get_a_line_in_a_note(inbox: Path, tmp_path: Path) -> None:
    filled(inbox, answers=wrong())
    filled(inbox, name="P001的复制件.xlsx", answers=wrong())
    (inbox / DEPARTMENT).mkdir()
    (inbox / DEPARTMENT / "自制.xlsx").write_bytes(openpyxl_bytes())
    (inbox / "空.xlsx").write_bytes(b"")
    (inbox / "说明.txt").write_text("x")
    items = returns(inbox, tmp_path / "退回")
    assert [(item.department, item.file, bool(item.path)) for item in items] == [
        (DEPARTMENT, "P001.xlsx", True),
        (DEPARTMENT, f"{DEPARTMENT}/自制.xlsx", False),
        (OTHER_FILES, "空.xlsx", False),
    ]
    second = list(table_of(items[0].notice))[2:]
    assert second[0] == "序号|文件|问题|怎样改"
    assert second[1].startswith(f"1|{DEPARTMENT}/自制.xlsx|不是本工具下发的自评工作簿，也没有认出自评表|")
    other = text_of(items[2].notice)
    assert items[2].notice.parent.name == OTHER_FILES
    assert "各有关单位：" in other
    assert "1|空.xlsx|文件是空的（0 字节）|请让单位重新发送。" in other


def openpyxl_bytes() -> bytes:
    buffer = BytesIO()
    openpyxl.Workbook().save(buffer)
    return buffer.getvalue()


def test_many_kinds_of_errors_are_cut_short_in_the_note(inbox: Path, tmp_path: Path) -> None:
    filled(inbox, answers=wrong())
    result = review(inbox)
    row = next(f for f in result.findings if f.code == "FILL02")
    more = tuple(replace(row, message=f"错误{i}") for i in range(20))
    (item,) = write_returns(result.model_copy(update={"findings": (row, row, *more)}), inbox, tmp_path, KEYS)
    cell = Document(str(item.notice)).tables[0].rows[1].cells[6].text.split("\n")
    assert (cell[0], len(cell), cell[-1]) == ("应填数字（2处）", 16, "……共21类，详见退回的文件")


def test_findings_about_finances_own_judgement_do_not_return_a_workbook(inbox: Path, tmp_path: Path) -> None:
    filled(inbox)
    own = Finding(code="REVIEW01", severity=Severity.ERROR, project_code="P001", file="审核结果.xlsx", message="x")
    result = review(inbox).model_copy(update={"findings": (own,)})
    assert write_returns(result, inbox, tmp_path, KEYS) == []
