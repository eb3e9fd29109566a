"""核定: what finance types into 审核结果.xlsx is taken where it may be, refused where not, and never lost."""

from __future__ import annotations

import json
import os
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest
from builders import KEYS, MET, answers, filled
from docx import Document
from judging import carry_over
from judging import judge_beside as judge
from office import (
    fill_with_libreoffice,
    ooxml_errors_of,
    recalculate_with_libreoffice,
    requires_libreoffice,
    requires_ooxml_validator,
    requires_uno,
)
from recalculated import differences, formula_cells
from result_builder import HOSTILE, hostile, project, result

from workbook_tools.core.findings import Finding
from workbook_tools.core.model import Direction, IndicatorAnswer
from workbook_tools.core.review_result import IndicatorRow, Judgement, ReviewResult
from workbook_tools.reports import write_reports
from workbook_tools.results.facts import indicator_entries
from workbook_tools.results.json_file import json_schema, read_json, write_json
from workbook_tools.results.judgement import (
    ReadJudgements,
    apply_judgements,
    keep_times,
    list_judgements,
    read_judgements,
)
from workbook_tools.results.judging_cells import INDICATORS, UNUSED
from workbook_tools.results.workbook import write_workbook
from workbook_tools.review import review_folder
from workbook_tools.rules.scheme import load_scheme
from workbook_tools.summary.workbooks import write_summaries

NAME = "审核结果"
MILES, COST, EXECUTION = "养护里程", "每公里成本", "预算执行率"
SCORE, REASON, BY = "核定得分", "核定理由", "核定人"


def review(folder: Path) -> ReviewResult:
    return review_folder(folder, keys=KEYS, authority="示例县财政局").result


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> ReviewResult:
    """One project with all points: 10 for the execution rate, 90 for five indicators."""
    folder = tmp_path_factory.mktemp("回收")
    filled(folder)
    return review(folder)


@pytest.fixture
def book(reviewed: ReviewResult, tmp_path: Path) -> Path:
    """Its 审核结果.xlsx, with the .json beside it."""
    write_json(reviewed, tmp_path / f"{NAME}.json")
    write_workbook(reviewed, tmp_path / f"{NAME}.xlsx")
    return tmp_path / f"{NAME}.xlsx"


def heading(sheet: Any) -> dict[str, int]:
    row = next(row for row in sheet.iter_rows() if SCORE in [cell.value for cell in row])
    return {cell.value: cell.column for cell in row}


def row_of(sheet: Any, indicator: str) -> int:
    column = heading(sheet)["三级指标"]
    return next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, column).value == indicator)


def type_in(path: Path, indicator: str, sheet: str = INDICATORS, **cells: object) -> str:
    """Type into an indicator's yellow cells and save; the address of its score."""
    workbook = openpyxl.load_workbook(path)
    page = workbook[sheet]
    row = row_of(page, indicator)
    for name, value in cells.items():
        cell = page.cell(row, heading(page)[{"score": SCORE, "reason": REASON, "by": BY}[name]])
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"
    workbook.properties.lastModifiedBy = "王股长"
    workbook.save(path)
    return str(page.cell(row, heading(page)[SCORE]).coordinate)


def shown(path: Path, indicator: str, sheet: str = INDICATORS) -> dict[str, Any]:
    page = openpyxl.load_workbook(path, data_only=True)[sheet]
    row = row_of(page, indicator)
    return {name: page.cell(row, column).value for name, column in heading(page).items()}


def row(content: ReviewResult, indicator: str) -> IndicatorRow:
    return next(r for r in content.indicators if r.name == indicator)


def places(findings: list[Finding] | tuple[Finding, ...]) -> list[tuple[str, str, str]]:
    return [(f.code, f.sheet, f.cell) for f in findings]


# -- accepted ---------------------------------------------------------------------------------------------------------


def test_a_judgement_replaces_the_score_and_total_and_grade_follow(reviewed: ReviewResult, book: Path) -> None:
    type_in(book, MILES, score=5, reason="三成里程没有养护记录", by="王股长")
    judged = judge(reviewed, book)
    mine = row(judged.result, MILES)
    assert (mine.score, mine.reviewed_score, mine.final_score) == (20, 5, 5)
    assert (mine.review_reason, mine.reviewed_by, mine.reviewed_from) == ("三成里程没有养护记录", "王股长", 20)
    assert len(mine.reviewed_at) == len("2025-03-10 14:05")
    (changed,) = judged.result.projects
    assert (changed.total_score, changed.grade) == (100, "优")
    assert (changed.reviewed_total, changed.reviewed_grade) == (85, "良")
    assert changed.reviewed_scores == {"产出指标": 35, "效益指标": 30, "满意度指标": 10}
    assert judged.findings == ()
    assert row(judged.result, COST).final_score == 10


def test_the_execution_rate_is_judged_like_an_indicator(reviewed: ReviewResult, book: Path) -> None:
    type_in(book, EXECUTION, score=4.5, reason="年末突击支付", by="王股长")
    (changed,) = judge(reviewed, book).result.projects
    assert (changed.execution_score, changed.final_execution_score) == (10, 4.5)
    assert (changed.execution_review.review_reason, changed.execution_review.reviewed_by) == ("年末突击支付", "王股长")
    assert (changed.reviewed_total, changed.reviewed_grade) == (94.5, "优")


@pytest.mark.parametrize("typed", [18, "18", " 18 分", "１８", "18.0"])
def test_a_number_may_be_typed_as_text(typed: object, reviewed: ReviewResult, book: Path) -> None:
    type_in(book, MILES, score=typed, reason="略有不足", by="王")
    assert row(judge(reviewed, book).result, MILES).reviewed_score == 18


@pytest.mark.parametrize("typed", [0, 20])
def test_nothing_and_the_whole_weight_are_allowed(typed: float, reviewed: ReviewResult, book: Path) -> None:
    type_in(book, MILES, score=typed, reason="核实", by="王")
    judged = judge(reviewed, book)
    assert (row(judged.result, MILES).reviewed_score, judged.findings) == (typed, ())


@pytest.mark.parametrize("name", ["mof-2020", "quwo", "zhangye"])
def test_the_total_with_unchanged_scores_is_the_computed_total(name: str, tmp_path: Path) -> None:
    scheme = load_scheme(name)
    given = list(answers().indicators)
    given[0], given[4] = IndicatorAnswer(actual=71.3), IndicatorAnswer(actual=77.7)
    filled(tmp_path, scheme, answers=answers(scheme, indicators=tuple(given)))
    content = review(tmp_path)
    (before,) = content.projects
    key = ("P001", "产出指标", "数量指标", MILES, 1)
    judgement = Judgement(key=key, score=row(content, MILES).score, reason="核实无误", by="王", computed=1)
    (after,) = apply_judgements(content, [judgement])[0].projects
    assert after.reviewed
    assert (after.reviewed_total, after.reviewed_grade) == (before.total_score, before.grade)
    assert after.reviewed_scores == before.scores


def test_an_indicator_that_does_not_apply_stays_out_of_the_total(tmp_path: Path) -> None:
    """Where the scheme re-bases the total on the weights that apply."""
    toml = files("workbook_tools.rules.schemes").joinpath("mof-2020.toml").read_text("utf-8")
    (tmp_path / "own.toml").write_text(toml.replace('"mof-2020"', '"own"') + "\n[total]\nrebase = true\n", "utf-8")
    scheme = load_scheme("own", [tmp_path])
    given = list(answers().indicators)
    given[0], given[2] = IndicatorAnswer(actual=71.3), IndicatorAnswer(applicable=False)
    filled(tmp_path, scheme, answers=answers(scheme, indicators=tuple(given)))
    content = review(tmp_path)
    assert [r.name for r in content.indicators if not r.applicable] == [COST]
    same = Judgement(
        key=("P001", "产出指标", "数量指标", MILES, 1), score=14.26, reason="核实", by="王", computed=14.26
    )
    none = Judgement(key=("P001", "产出指标", "成本指标", COST, 1), score=10.0, reason="应计", by="王")
    judged, findings = apply_judgements(content, [same, none])
    assert [(f.code, f.field) for f in findings] == [("REVIEW01", COST)]
    assert judged.projects[0].reviewed_total == judged.projects[0].total_score == 93.62


# -- refused ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "codes"),
    [
        ({"score": 20.01, "reason": "好", "by": "王"}, ["REVIEW01"]),
        ({"score": -1, "reason": "差", "by": "王"}, ["REVIEW01"]),
        ({"score": "二十", "reason": "好", "by": "王"}, ["REVIEW02"]),
        ({"score": "18%", "reason": "好", "by": "王"}, ["REVIEW02"]),
        ({"score": "≥18", "reason": "好", "by": "王"}, ["REVIEW02"]),
        ({"reason": "只写了理由"}, ["REVIEW02"]),
        ({"by": "王"}, ["REVIEW02"]),
        ({"score": 18, "by": "王"}, ["REVIEW03"]),
        ({"score": 18, "reason": "　 ", "by": "王"}, ["REVIEW03"]),
    ],
)
def test_what_is_refused_changes_nothing_and_is_told_with_its_cell(
    cells: dict[str, object], codes: list[str], reviewed: ReviewResult, book: Path
) -> None:
    at = type_in(book, MILES, **cells)
    type_in(book, COST, score=9, reason="核实", by="王")
    judged = judge(reviewed, book)
    assert places(judged.findings) == [(code, INDICATORS, at) for code in codes]
    assert judged.findings[0].file == f"{NAME}.xlsx"
    assert row(judged.result, MILES) == row(reviewed, MILES)
    assert judged.result.projects[0].reviewed_total == 99, "the good one beside it counts"
    assert [(f.code, f.project_code) for f in judged.result.findings if f.code.startswith("REVIEW")] == [
        (code, "P001") for code in codes
    ]


def test_without_a_name_it_counts_but_is_told(reviewed: ReviewResult, book: Path) -> None:
    at = type_in(book, MILES, score=18, reason="核实")
    judged = judge(reviewed, book)
    assert places(judged.findings) == [("REVIEW04", INDICATORS, at)]
    assert row(judged.result, MILES).reviewed_score == 18


def test_the_findings_go_when_the_entry_is_corrected(reviewed: ReviewResult, book: Path) -> None:
    type_in(book, MILES, score=30, reason="好", by="王")
    first = judge(reviewed, book).result
    type_in(book, MILES, score=19)
    second = judge(first, book)
    assert second.findings == ()
    assert [f for f in second.result.findings if f.code.startswith("REVIEW")] == []


def test_an_entry_that_is_erased_is_out_of_force(reviewed: ReviewResult, book: Path) -> None:
    type_in(book, MILES, score=18, reason="核实", by="王")
    first = judge(reviewed, book).result
    type_in(book, MILES, score=None, reason=None, by=None)
    assert judge(first, book).result == reviewed


# -- a new review -----------------------------------------------------------------------------------------------------


def again(content: ReviewResult, folder: Path) -> Any:
    """What the review command does."""
    judged = carry_over(content, folder / f"{NAME}.xlsx")
    write_json(judged.result, folder / f"{NAME}.json")
    write_workbook(judged.result, folder / f"{NAME}.xlsx", judgements=judged.judgements)
    return judged


def test_reviewing_again_keeps_what_was_typed_also_what_was_refused(reviewed: ReviewResult, book: Path) -> None:
    type_in(book, MILES, score=18, reason="=1+1", by="王股长")
    type_in(book, COST, score="九分多", reason="说不清", by="李")
    type_in(book, EXECUTION, score=4.5, reason="突击支付", by="王股长")
    judged = again(reviewed, book.parent)
    assert [f.code for f in judged.findings] == ["REVIEW02"]
    assert [shown(book, name)[column] for name in (MILES, COST, EXECUTION) for column in (SCORE, REASON, BY)] == [
        18,
        "=1+1",
        "王股长",
        "九分多",
        "说不清",
        "李",
        4.5,
        "突击支付",
        "王股长",
    ]
    assert shown(book, MILES)["核定情况"] == "已采用"
    assert shown(book, COST)["核定情况"] == "未采用，见问题清单"
    assert shown(book, "群众满意度")["核定情况"] is None
    assert (book.parent / f"{NAME}（手工修改稿1）.xlsx").is_file()
    bytes_after = book.read_bytes(), (book.parent / f"{NAME}.json").read_bytes()
    again(reviewed, book.parent)
    assert (book.read_bytes(), (book.parent / f"{NAME}.json").read_bytes()) == bytes_after


def test_findings_of_a_new_review_name_the_cells_of_the_new_workbook(
    reviewed: ReviewResult, book: Path, tmp_path: Path
) -> None:
    type_in(book, COST, score=99, reason="好", by="王")
    before = tmp_path / "回收二"
    before.mkdir()
    filled(before, name="A.xlsx", code="A001")
    filled(before, name="P.xlsx")
    judged = again(review(before), book.parent)
    (found,) = judged.findings
    page = openpyxl.load_workbook(book)[found.sheet]
    assert (found.code, page[found.cell].value) == ("REVIEW01", 99)


def test_who_and_when_stay_until_the_entry_changes(reviewed: ReviewResult, book: Path) -> None:
    key = ("P001", "产出指标", "数量指标", MILES, 1)
    entry = Judgement(key=key, score=18.0, reason="核实", by="王", at="2025-03-01 09:00", computed=20)
    first, _ = apply_judgements(reviewed, [entry])
    in_force = {item.key: item for item in list_judgements(first)}
    later = Judgement(key=key, score=18.0, reason="核实", by="王", at="2025-04-01 09:00", computed=20)
    second, _ = apply_judgements(reviewed, keep_times([later], in_force))
    assert row(second, MILES).reviewed_at == "2025-03-01 09:00"
    other = Judgement(key=key, score=18.0, reason="核实", by="李", at="2025-04-01 09:00", computed=20)
    third, _ = apply_judgements(reviewed, keep_times([other], in_force))
    assert (row(third, MILES).reviewed_by, row(third, MILES).reviewed_at) == ("李", "2025-04-01 09:00")


def test_a_changed_computed_score_is_told_until_somebody_looks(
    reviewed: ReviewResult, book: Path, tmp_path: Path
) -> None:
    type_in(book, MILES, score=12, reason="核实", by="王")
    resent = tmp_path / "回收二"
    resent.mkdir()
    given = (IndicatorAnswer(actual=80.0, deviation_reason="汛期停工；已复工。"), *answers().indicators[1:])
    filled(resent, answers=answers(indicators=given))
    for _ in range(2):
        judged = again(review(resent), book.parent)
        assert [f.code for f in judged.findings] == ["REVIEW05"]
        mine = row(judged.result, MILES)
        assert (mine.score, mine.reviewed_score, mine.reviewed_from) == (16, 12, 20)
        assert shown(book, MILES)["核定情况"] == "已采用，请复核"
    type_in(book, MILES, reason="核实；重新报送后仍按12分")
    assert again(review(resent), book.parent).findings == ()


def test_a_judgement_whose_indicator_has_gone_is_kept_and_comes_back(
    reviewed: ReviewResult, book: Path, tmp_path: Path
) -> None:
    type_in(book, MILES, score=12, reason="核实", by="王")
    type_in(book, COST, score=9, reason="核实", by="王")
    empty = reviewed.model_copy(update={"projects": (), "indicators": ()})
    os.utime(book, (typed_at := datetime(2025, 3, 9, 14, 5).timestamp(), typed_at))
    for _ in range(2):
        judged = again(empty, book.parent)
        assert [(f.code, f.sheet, f.field) for f in judged.findings] == [
            ("REVIEW06", UNUSED, MILES),
            ("REVIEW06", UNUSED, COST),
        ]
        assert openpyxl.load_workbook(book)[UNUSED][judged.findings[1].cell].value == 9
        assert shown(book, MILES, UNUSED)[REASON] == "核实"
    judged = again(reviewed, book.parent)
    assert judged.findings == ()
    assert (row(judged.result, MILES).reviewed_score, row(judged.result, MILES).reviewed_at) == (12, "2025-03-09 14:05")
    assert UNUSED not in openpyxl.load_workbook(book).sheetnames


def test_equal_indicators_keep_their_own_judgements(reviewed: ReviewResult, book: Path) -> None:
    first = row(reviewed, MILES)
    double = reviewed.model_copy(update={"indicators": (first, first.model_copy(update={"cell": "G99"}))})
    write_workbook(double, book)
    workbook = openpyxl.load_workbook(book)
    page = workbook[INDICATORS]
    second = row_of(page, MILES) + 1
    for name, value in ((SCORE, 7), (REASON, "第二行"), (BY, "王")):
        page.cell(second, heading(page)[name]).value = value
    workbook.save(book)
    judged = again(double, book.parent)
    assert [r.reviewed_score for r in judged.result.indicators] == [None, 7]
    assert openpyxl.load_workbook(book)[INDICATORS].cell(second, heading(page)[SCORE]).value == 7


def test_sorted_columns_moved_and_rows_filtered_are_read_by_their_names(reviewed: ReviewResult, book: Path) -> None:
    type_in(book, MILES, score=18, reason="核实", by="王")
    workbook = openpyxl.load_workbook(book)
    page = workbook[INDICATORS]
    lines = [[cell.value for cell in line] for line in page.iter_rows(min_row=4)]
    head = [cell.value for cell in page[3]]
    order = sorted(range(len(head)), key=lambda i: str(head[i]))
    moved = workbook.create_sheet("新")
    moved.append([head[i] for i in order])
    for line in reversed(lines):
        moved.append([line[i] for i in order])
    del workbook[INDICATORS]
    moved.title = INDICATORS
    workbook.save(book)
    assert row(judge(reviewed, book).result, MILES).reviewed_score == 18


def test_hostile_names_find_their_rows_again(tmp_path: Path) -> None:
    texts = [text for text in HOSTILE if text != "_x0041_"]  # openpyxl would save it as an A
    content = result([hostile(text, i) for i, text in enumerate(texts)])
    path = tmp_path / f"{NAME}.xlsx"
    write_workbook(content, path)
    workbook = openpyxl.load_workbook(path)
    page = workbook[INDICATORS]
    columns = heading(page)
    for line in range(4, page.max_row + 1):
        if page.cell(line, columns["三级指标"]).value == "产出之1":
            for name, value in ((SCORE, 1), (REASON, HOSTILE[0]), (BY, "王")):
                page.cell(line, columns[name]).value = value
                page.cell(line, columns[name]).data_type = "n" if name == SCORE else "s"
    workbook.save(path)
    read = read_judgements(path)
    judgements = read.given
    assert (len(judgements), read.findings) == (len(texts), ())
    judged, problems = apply_judgements(content, judgements)
    assert [f.code for f in problems] == []
    assert [r.reviewed_score for r in judged.indicators if r.name == "产出之1"] == [1] * len(texts)
    assert {r.review_reason for r in judged.indicators if r.name == "产出之1"} == {"=1+1"}


# -- workbooks that cannot be read ------------------------------------------------------------------------------------


def test_without_a_workbook_there_are_no_judgements(tmp_path: Path) -> None:
    assert read_judgements(tmp_path / f"{NAME}.xlsx") == ReadJudgements()


def test_a_workbook_without_these_columns_has_no_judgements(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "旧.xlsx")
    assert read_judgements(tmp_path / "旧.xlsx") == ReadJudgements()


def test_a_column_that_was_renamed_is_told(reviewed: ReviewResult, book: Path) -> None:
    type_in(book, MILES, score=18, reason="核实", by="王")
    workbook = openpyxl.load_workbook(book)
    page = workbook[INDICATORS]
    page.cell(3, heading(page)[REASON]).value = "理由"
    workbook.save(book)
    read = read_judgements(book)
    assert (read.given, [(f.code, f.expected) for f in read.findings]) == ((), [("REVIEW07", REASON)])


def test_a_damaged_workbook_is_told_and_the_last_judgements_stay(reviewed: ReviewResult, book: Path) -> None:
    type_in(book, MILES, score=18, reason="核实", by="王")
    first = again(reviewed, book.parent).result
    book.write_bytes(book.read_bytes()[:2000])
    assert [f.code for f in judge(first, book).findings] == ["REVIEW07"]
    assert row(judge(first, book).result, MILES).reviewed_score == 18
    judged = again(reviewed, book.parent)
    assert [f.code for f in judged.findings] == ["REVIEW07"]
    assert row(judged.result, MILES) == row(first, MILES)
    assert shown(book, MILES)[SCORE] == 18
    assert again(reviewed, book.parent).findings == ()


# -- what is shown ----------------------------------------------------------------------------------------------------


def test_the_yellow_cells_are_unlocked_and_limited(book: Path) -> None:
    page = openpyxl.load_workbook(book)[INDICATORS]
    columns, line = heading(page), row_of(page, MILES)
    for name, column in columns.items():
        yellow = name in (SCORE, REASON, BY)
        assert page.cell(line, column).protection.locked is not yellow
        assert (page.cell(line, column).fill.fgColor.rgb == "FFFFF9DB") is yellow
    (rule,) = page.data_validations.dataValidation
    letter = page.cell(line, columns[SCORE]).column_letter
    weight = page.cell(4, columns["权重"]).coordinate
    assert (str(rule.sqref), rule.type, rule.formula1, rule.formula2) == (
        f"{letter}4:{letter}9",
        "decimal",
        "0",
        f"{weight}+0.005",
    ), "a weight of 12.857 may be typed as it is printed, 12.86"


def test_the_summary_shows_both_scores_and_both_totals(reviewed: ReviewResult, book: Path, tmp_path: Path) -> None:
    type_in(book, MILES, score=5, reason="核实", by="王股长")
    judged = judge(reviewed, book).result
    path = write_summaries(judged, tmp_path / "汇总")[0]
    mine = shown(path, MILES, "指标明细")
    assert (mine["得分"], mine[SCORE], mine[REASON], mine[BY]) == (20, 5, "核实", "王股长")
    assert mine["核定时间"] == row(judged, MILES).reviewed_at
    page = openpyxl.load_workbook(path, data_only=True)["汇总"]
    head = {(page.cell(3, c).value or group, page.cell(4, c).value): c for c, group in groups(page)}
    line = [page.cell(5, c).value for c in (head["得分（分）", "总分"], head["核定后", "总分"], head["核定后", "等级"])]
    assert line == [100, 85, "良"]
    counts = {r[0].value: r[1].value for r in openpyxl.load_workbook(path, data_only=True)["概览"].iter_rows()}
    assert (counts["优"], counts["良"]) == (0, 1)


def groups(page: Any) -> list[tuple[int, str]]:
    last, found = "", []
    for column in range(1, page.max_column + 1):
        last = page.cell(3, column).value or last
        found.append((column, last))
    return found


def test_without_judgements_the_tables_have_no_such_columns(reviewed: ReviewResult, tmp_path: Path) -> None:
    path = write_summaries(reviewed, tmp_path)[0]
    workbook = openpyxl.load_workbook(path)
    words = {cell.value for name in ("汇总", "指标明细") for line in workbook[name].iter_rows() for cell in line}
    assert not words & {SCORE, REASON, BY, "核定后"}


def test_the_report_uses_the_reviewed_score_and_says_so(reviewed: ReviewResult, book: Path, tmp_path: Path) -> None:
    type_in(book, MILES, score=5, reason="三成里程没有记录", by="王")
    type_in(book, EXECUTION, score=9, reason="突击支付", by="王")
    judged = judge(reviewed, book).result
    single, department, _ = write_reports(judged, tmp_path / "报告")
    text = "\n".join(p.text for p in Document(str(single)).paragraphs)
    assert "自评总得分84分，评价等级为“良”" in text
    note = "养护里程原计20分，核定5分（三成里程没有记录）；总分原计100分，核定后84分。"
    assert f"注：本报告的得分经财政部门核定。预算执行率原计10分，核定9分（突击支付）；{note}" in text
    cells = [[c.text for c in line.cells] for table in Document(str(single)).tables for line in table.rows]
    assert ["产出指标", "50", "35"] in cells
    assert ["合计", "100", "84"] in cells
    summary = Document(str(department))
    assert "得分经财政部门核定，按核定后的得分计。" in "\n".join(p.text for p in summary.paragraphs)
    plain = write_reports(reviewed, tmp_path / "原样")[0]
    assert "核定" not in "\n".join(p.text for p in Document(str(plain)).paragraphs)


def test_the_json_keeps_who_and_when_and_an_older_one_still_reads(
    reviewed: ReviewResult, book: Path, tmp_path: Path
) -> None:
    type_in(book, MILES, score=5, reason="核实", by="王股长")
    judged = judge(reviewed, book).result
    path = tmp_path / "新.json"
    write_json(judged, path)
    assert read_json(path) == judged
    data = json.loads(path.read_text("utf-8"))
    jsonschema.Draft202012Validator(json_schema()).validate(data)
    new = {"reviewed_score", "review_reason", "reviewed_by", "reviewed_at", "reviewed_from", "applicable"}
    new |= {"execution_review", "reviewed_scores", "reviewed_total", "reviewed_grade"}
    for part in (*data["projects"], *data["indicators"]):
        for name in new & set(part):
            del part[name]
    path.write_text(json.dumps(data), "utf-8")
    assert read_json(path) == reviewed


def test_an_indicator_without_a_computed_score_can_be_given_one() -> None:
    content = result([project(1)], findings=())
    rows = (content.indicators[0].model_copy(update={"score": None}), *content.indicators[1:])
    content = content.model_copy(update={"indicators": rows})
    first = rows[0]
    key = (first.project_code, first.dimension, first.category, first.name, 1)
    judged, findings = apply_judgements(content, [Judgement(key=key, score=20.0, reason="补证", by="王")])
    assert (findings, judged.indicators[0].final_score) == ([], 20)
    unweighted = content.model_copy(update={"indicators": (first.model_copy(update={"weight": None}), *rows[1:])})
    judged, findings = apply_judgements(unweighted, [Judgement(key=key, score=20.0, reason="补证", by="王")])
    assert ([f.code for f in findings], judged.indicators[0].reviewed_score) == (["REVIEW01"], None)


def test_directions_do_not_matter_to_a_judgement(reviewed: ReviewResult, book: Path) -> None:
    qualitative = next(r for r in reviewed.indicators if r.direction is Direction.QUALITATIVE)
    type_in(book, qualitative.name, score=21.5, reason="证据不足", by="王")
    assert judge(reviewed, book).result.projects[0].reviewed_total == 91.5


# -- other programs ---------------------------------------------------------------------------------------------------


@requires_ooxml_validator
def test_the_workbooks_and_reports_are_valid_open_xml(reviewed: ReviewResult, book: Path, tmp_path: Path) -> None:
    type_in(book, MILES, score=5, reason="<&>\"'", by="王")
    type_in(book, COST, score="x", reason="=1+1", by="王")
    judged = again(reviewed, book.parent)
    orphan = tmp_path / "少一个.xlsx"
    write_workbook(
        judged.result.model_copy(update={"projects": (), "indicators": ()}), orphan, judgements=judged.judgements
    )
    written = [book, orphan, *write_summaries(judged.result, tmp_path / "汇总")]
    written += write_reports(judged.result, tmp_path / "报告")
    assert [errors for errors in ooxml_errors_of(written).values() if errors] == []


@pytest.mark.slow
@requires_libreoffice
def test_formulas_of_a_reviewed_summary_show_what_libreoffice_computes(
    reviewed: ReviewResult, book: Path, tmp_path: Path
) -> None:
    type_in(book, MILES, score=5, reason="核实", by="王")
    path = write_summaries(judge(reviewed, book).result, tmp_path / "汇总")[0]
    (other,) = recalculate_with_libreoffice([path], tmp_path / "重算")
    assert formula_cells(path)
    assert differences(path, other) == []


@pytest.mark.slow
@requires_uno
def test_what_is_typed_in_libreoffice_is_read(reviewed: ReviewResult, book: Path, tmp_path: Path) -> None:
    page = openpyxl.load_workbook(book)[INDICATORS]
    line, columns = row_of(page, MILES), heading(page)
    cells = {name: str(page.cell(line, columns[name]).coordinate) for name in (SCORE, REASON, BY)}
    steps = [
        {"sheet": INDICATORS, "cell": cells[SCORE], "type": "value", "content": 18.5},
        {"sheet": INDICATORS, "cell": cells[REASON], "type": "text", "content": "核实"},
        {"sheet": INDICATORS, "cell": cells[BY], "type": "text", "content": "王"},
    ]
    saved = tmp_path / "另存.xlsx"
    assert fill_with_libreoffice(book, steps, saved) == []
    judged = judge(reviewed, saved)
    assert (row(judged.result, MILES).reviewed_score, judged.findings) == (18.5, ())


def test_a_weight_of_many_decimals_can_be_given_whole() -> None:
    content = result([project(1)], findings=())
    first = content.indicators[0].model_copy(update={"weight": 12.8571428571429, "score": 12.86})
    content = content.model_copy(update={"indicators": (first, *content.indicators[1:])})
    key = (first.project_code, first.dimension, first.category, first.name, 1)
    judged, findings = apply_judgements(
        content, [Judgement(key=key, score=12.86, reason="属实", by="王", computed=12.86)]
    )
    assert (findings, judged.indicators[0].reviewed_score) == ([], 12.86)


# -- forms that are not complete --------------------------------------------------------------------------------------


def incomplete(folder: Path, *blank: int) -> ReviewResult:
    """The project with all points, but for these rows that have no actual."""
    rows = [row if i not in blank else row.model_copy(update={"actual": None}) for i, row in enumerate(MET, 1)]
    filled(folder, answers=answers(indicators=tuple(rows)))
    return review(folder)


def given(content: ReviewResult, indicator: str, score: float) -> Judgement:
    key = next(e.key for e in indicator_entries(content) if e.row.name == indicator)
    return Judgement(key=key, score=score, reason="单位没有报完成值，按未完成计", by="王审核")


def test_a_judged_score_stands_in_for_a_missing_actual(tmp_path: Path) -> None:
    content = incomplete(tmp_path, 1, 3)
    [project] = content.projects
    assert (project.complete, project.final_grade, project.counted_total, project.total_score) == (False, "", None, 70)
    one, _ = apply_judgements(content, [given(content, MILES, 0.0)])
    assert (one.projects[0].final_total, one.projects[0].final_grade, one.projects[0].pending) == (70.0, "", True)
    both, _ = apply_judgements(one, [given(content, MILES, 0.0), given(content, COST, 5.0)])
    [project] = both.projects
    assert (project.final_total, project.final_grade, project.counted_total) == (75.0, "中", 75.0)
    assert not project.complete, "what was submitted is not"
    assert apply_judgements(both, [])[0].projects == content.projects


def test_a_judged_execution_stands_in_for_an_unknown_one(tmp_path: Path) -> None:
    filled(tmp_path, answers=answers(executed={}))
    content = review(tmp_path)
    assert content.projects[0].pending_reason == "没有填预算资金或执行资金"
    judged, _ = apply_judgements(content, [given(content, EXECUTION, 6.0)])
    assert (judged.projects[0].final_total, judged.projects[0].final_grade) == (96.0, "优")
