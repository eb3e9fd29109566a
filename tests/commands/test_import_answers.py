"""An office answers the doubts of an import once: in 导入疑问.xlsx, kept per layout, withdrawn, and used by a review too."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from drawn_sheets import workbook
from office import convert_with_libreoffice, requires_libreoffice

from workbook_tools.campaign.doubt_workbook import KEPT, NAME, NUMBER, OPEN, PICK
from workbook_tools.results.json_file import read_json

FORM = """
项目支出绩效自评表（2024年度）|<|<|<|<|<|<
项目名称|{name}|<|<|实施单位|公路站|<
门类|细类|看什么|年头数|年终数|份量|拿到
产出指标|数量指标|养护里程|{first}公里|102公里|50|50
^|质量指标|平整|95%|96%|50|50
"""
SWAP = {"这一列是什么：年头数": "实际完成值", "这一列是什么：年终数": "目标值"}
BOOK, ANSWERS = f"{NAME}.xlsx", Path(".wbt") / "旧表读法.json"


@pytest.fixture
def office(wbt, monkeypatch, tmp_path):
    """A working folder that we stand in, with one doubtful form that was imported."""
    monkeypatch.chdir(tmp_path)
    assert wbt("init", "2024年自评", "--year", "2024")[0] == 0
    root = tmp_path / "2024年自评"
    monkeypatch.chdir(root)
    _put(root, "甲", 120)
    assert wbt("import", "回收")[0] == 0
    return root


def _put(root: Path, name: str, first: int, drawing: str = FORM) -> None:
    (root / "回收" / f"{name}.xlsx").write_bytes(workbook(drawing.format(name=f"{name}项目", first=first)))


def _columns(ws) -> dict[str, int]:
    row = next(r for r in ws.iter_rows(max_row=6) if any(cell.value == NUMBER for cell in r))
    return {cell.value: cell.column for cell in row if cell.value}


def _pick(root: Path, answers: dict[str, str | None], sheet: str = OPEN) -> None:
    """Type into the workbook as an officer does."""
    book = openpyxl.load_workbook(root / BOOK)
    ws = book[sheet]
    columns = _columns(ws)
    for row in range(1, ws.max_row + 1):
        if (asked := ws.cell(row, 1).value) in answers:
            ws.cell(row, columns[PICK]).value = answers[asked]
    book.save(root / BOOK)


def _asked(root: Path, sheet: str = OPEN) -> dict[str, object]:
    ws = openpyxl.load_workbook(root / BOOK)[sheet]
    columns = _columns(ws)
    return {
        row[0].value: row[columns[PICK] - 1].value for row in ws.iter_rows(min_row=4) if row[columns[NUMBER] - 1].value
    }


def _targets(root: Path) -> dict[str, object]:
    projects = json.loads((root / "项目清单.json").read_text("utf-8"))["projects"]
    return {project["name"]: project["indicators"][0]["target"] for project in projects}


def test_doubts_are_listed_with_a_pick_list_and_frozen_heads(office):
    ws = openpyxl.load_workbook(office / BOOK)[OPEN]
    assert SWAP.keys() <= _asked(office).keys()
    assert ws.freeze_panes is not None
    lists = {str(rule.sqref): rule.formula1 for rule in ws.data_validations.dataValidation}
    assert any("实际完成值" in formula and "别的内容" in formula for formula in lists.values())
    assert len(lists) == len(_asked(office))


def test_an_answer_holds_for_the_next_forms_of_the_layout_and_the_list_is_written_anew(wbt, office):
    assert _targets(office) == {"甲项目": 120}
    _pick(office, SWAP)
    _put(office, "乙", 80)
    code, said = wbt("import", "回收")
    assert (code, said.count("已收下答复")) == (0, 2)
    assert _targets(office) == {"甲项目": 102, "乙项目": 102}
    assert not _asked(office).keys() & SWAP.keys()
    assert _asked(office, KEPT) == SWAP


def test_the_account_of_each_form_names_the_answer_who_and_when(wbt, office):
    book = openpyxl.load_workbook(office / BOOK)
    columns = _columns(book[OPEN])
    for row in book[OPEN].iter_rows(min_row=4):
        if row[0].value in SWAP:
            row[columns[PICK] - 1].value, row[columns["答复人"] - 1].value = SWAP[row[0].value], "李四"
    book.save(office / BOOK)
    wbt("import", "回收")
    assert wbt("review", ".", "--out", "审核")[0] in (0, 1)
    told = [row for row in read_json(office / "审核" / "审核结果.json").findings if row.code == "IMPORT33"]
    assert [row.cell for row in told] == ["D3", "E3"]
    assert all("李四" in row.message and "这一列是什么" in row.message and "撤回" in row.advice for row in told)


def test_a_review_reads_forms_as_answered(wbt, office):
    _pick(office, SWAP)
    wbt("import", "回收")
    (office / "项目清单.json").unlink()
    wbt("review", ".")
    rows = read_json(office / "审核" / "审核结果.json").indicators
    assert [row.target for row in rows] == [102, 96]


def test_an_answer_is_withdrawn_by_clearing_it_or_deleting_its_row(wbt, office):
    _pick(office, SWAP)
    wbt("import", "回收")
    _pick(office, {"这一列是什么：年头数": None}, KEPT)
    book = openpyxl.load_workbook(office / BOOK)
    book[KEPT].delete_rows(next(row[0].row for row in book[KEPT].iter_rows() if row[0].value == "这一列是什么：年终数"))
    book.save(office / BOOK)
    code, said = wbt("import", "回收")
    assert (code, said.count("已撤回答复")) == (0, 2)
    assert _targets(office) == {"甲项目": 120}
    assert SWAP.keys() <= _asked(office).keys()


def test_an_answer_is_changed_in_its_row(wbt, office):
    _pick(office, SWAP)
    wbt("import", "回收")
    _pick(office, {"这一列是什么：年头数": "目标值", "这一列是什么：年终数": "实际完成值"}, KEPT)
    assert wbt("import", "回收")[1].count("已收下答复") == 2
    assert _targets(office) == {"甲项目": 120}


def test_an_older_copy_of_the_workbook_withdraws_nothing(wbt, office):
    older = (office / BOOK).read_bytes()
    _pick(office, SWAP)
    wbt("import", "回收")
    (office / BOOK).write_bytes(older)
    said = wbt("import", "回收", "--overwrite")[1]
    assert ("已收下" in said, "已撤回" in said) == (False, False)
    assert _asked(office, KEPT) == SWAP


def test_a_layout_that_differs_is_asked_again_and_says_what_differs(wbt, office):
    _pick(office, SWAP)
    wbt("import", "回收")
    _put(office, "丙", 70, FORM.replace("份量", "分量"))
    wbt("import", "回收", "--overwrite")
    ws = openpyxl.load_workbook(office / BOOK)[OPEN]
    remark = _columns(ws)["备注"]
    asked = {row[0].value: row[remark - 1].value for row in ws.iter_rows(min_row=4) if row[0].value in SWAP}
    assert asked.keys() == SWAP.keys()
    assert all("多了表头“分量”，少了表头“份量”" in text for text in asked.values())
    assert _targets(office)["丙项目"] == 70


def test_contradicting_rows_and_words_that_are_no_reading_are_told_and_not_taken(wbt, office):
    _pick(office, {"这一列是什么：年头数": "随便"})
    book = openpyxl.load_workbook(office / BOOK)
    ws = book[OPEN]
    columns = _columns(ws)
    [row] = [r for r in ws.iter_rows(min_row=4) if r[0].value == "这一列是什么：年终数"]
    row[columns[PICK] - 1].value = "目标值"
    copy = [cell.value for cell in row]
    copy[columns[PICK] - 1] = "得分"
    ws.append(copy)
    book.properties.lastModifiedBy = "李四"  # as every office program does
    book.save(office / BOOK)
    said = wbt("import", "回收", "--overwrite")[1]
    assert ("不在可选的读法里" in said, "答复不同" in said, "已收下" in said) == (True, True, False)
    assert [path.name for path in office.glob(f"{NAME}（*")] == [f"{NAME}（手工修改稿1）.xlsx"]
    assert _targets(office) == {"甲项目": 120}


def test_a_list_that_was_changed_by_hand_is_not_overwritten(wbt, office):
    (office / "项目清单.json").write_text((office / "项目清单.json").read_text("utf-8") + " ", "utf-8")
    _pick(office, SWAP)
    code, said = wbt("import", "回收")
    assert (code, "没有覆盖" in said) == (2, True)
    assert _targets(office) == {"甲项目": 120}


@pytest.mark.parametrize("damaged", [b"{", b'{"version": 1, "layouts": [{"cells": 3}]}', "不是".encode("gb18030")])
def test_damaged_answers_are_told_with_what_to_do(wbt, office, damaged):
    (office / ANSWERS).write_bytes(damaged)
    for words in (("import", "回收", "--overwrite"), ("review", ".")):
        code, said = wbt(*words)
        assert (code, "已损坏" in said, "从备份恢复" in said) == (2, True, True)


def test_a_damaged_workbook_is_told_with_what_to_do(wbt, office):
    (office / BOOK).write_bytes(b"PK\x03\x04 nothing")
    code, said = wbt("import", "回收", "--overwrite")
    assert (code, "重新运行 wbt import" in said) == (2, True)


def test_a_dry_run_takes_no_answers(wbt, office):
    _pick(office, SWAP)
    assert "已收下" not in wbt("import", "回收", "--dry-run")[1]
    assert not (office / ANSWERS).exists() or not json.loads((office / ANSWERS).read_text("utf-8"))["layouts"]


def test_outside_a_working_folder_nothing_is_kept(wbt, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "甲.xlsx").write_bytes(workbook(FORM.format(name="甲", first=120)))
    code, said = wbt("import", "甲.xlsx")
    assert (code, "wbt init" in said, (tmp_path / BOOK).exists()) == (0, True, False)


@requires_libreoffice
def test_picks_saved_by_libreoffice_are_read(wbt, office):
    _pick(office, SWAP)
    [saved] = convert_with_libreoffice([office / BOOK], office.parent / "另存", "xlsx")
    (office / BOOK).write_bytes(saved.read_bytes())
    assert wbt("import", "回收")[1].count("已收下答复") == 2
    assert _asked(office, KEPT) == SWAP
