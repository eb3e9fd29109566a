"""Forms of today in the flow of an office: review beside our own, merge, report, return, and next year's list."""

from __future__ import annotations

import io
import json
import os
import re
from pathlib import Path

import docx
import drawn_sheets
import openpyxl
import pytest
from builders import INDICATORS, KEYS, MOF, filled, project
from drawn_forms import CHECKLIST, drawn
from drawn_gallery import LAYOUTS, ROADS, draw, workbook
from drawn_web_pages import web_page
from hand_made_forms import FORM, hand_made
from legacy_page import PAGE, page, review, wrong
from office import convert_with_libreoffice, requires_libreoffice
from published_forms import FILES, GOLDEN

from workbook_tools.campaign.form_reading import choose_importing
from workbook_tools.campaign.importing import for_next_year
from workbook_tools.core.model import Project, ProjectList
from workbook_tools.core.questions import is_question
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.files.paths import AUTHOR
from workbook_tools.files.sources import SourceFile, find_sources
from workbook_tools.legacy.importing import Importing
from workbook_tools.legacy.intake import list_forms
from workbook_tools.projects import project_list_workbook
from workbook_tools.results.json_file import write_json
from workbook_tools.returns import write_returns
from workbook_tools.review import many_files
from workbook_tools.review.batches import review_files
from workbook_tools.review.folder import review_folder
from workbook_tools.review.many_files import review_batches
from workbook_tools.rules.scheme import load_scheme

ROSTER = """
职工花名册|<|<|<
姓名|性别|出生年月|职务
王强|男|1980年1月|主任
李敏|女|1985年3月|会计
"""

SHEET = openpyxl.load_workbook(io.BytesIO(drawn(ROSTER))).sheetnames[0]
"""What a drawing's sheet is called."""


def reviewed(folder: Path, expected: list[Project] | None = None) -> ReviewResult:
    """The review of a folder."""
    return review_folder(folder, keys=KEYS, projects=expected, year=2024).result


def codes(result: ReviewResult, file: str) -> list[str]:
    """The codes of a file, those of every hand-made form aside."""
    usual = {"IMPORT01", "IMPORT06", "IMPORT08", "IMPORT10"}
    return [row.code for row in result.findings if row.file == file and row.code not in usual]


# -- the folder of published forms --------------------------------------------------------------------------------


def test_the_page_of_published_forms_is_up_to_date():
    assert PAGE.read_text("utf-8") == page()


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        # 3824.26÷4753.66 is 80.45%; 10+7×4+6×5 points and 10; 1093÷1100×6 and 2.45÷2.6×6.
        (
            "零陵区林业局部门整体支出绩效自评表.xlsx",
            [
                ("IMPORT20", "B23", "30", "18"),
                ("FILL08", "D23", "得5.96分", "满分6分"),
                ("FILL08", "D24", "得5.65分", "满分6分"),
                ("FUND09", "I5", "100%", "80.45%"),
                ("WEIGHT01", "H14", "78", "100"),
                ("WEIGHT02", "H14", "效益指标18分", "效益指标30分"),
                ("WEIGHT05", "H14", "", ""),
                ("SCORE01", "I23", "5", "5.96"),
                ("SCORE01", "I24", "5", "5.65"),
                ("SCORE01", "J5", "10", "8.04"),
            ],
        ),
        # 100 points of indicators and 10 of the execution rate.
        (
            "中江县水标尺项目绩效目标自评表.xlsx",
            [
                *[
                    ("FILL20", cell, said, "")
                    for cell, said in (
                        ("H12", "≥266米"),
                        ("H13", "≥50厘米"),
                        ("H15", "≥90%"),
                        ("H16", "≥90%"),
                        ("H18", "≥1000人"),
                        ("H20", "≥95%"),
                    )
                ],
                ("IMPORT12", "I21", "100", "110"),
                ("WEIGHT01", "F21", "110", "100"),
                ("WEIGHT02", "F21", "产出指标70分，效益指标20分", "产出指标50分，效益指标30分"),
                ("SCORE05", "I21", "100", "110"),
            ],
        ),
        # 21.54576÷25 is 86.18304%.
        ("附件1.财政项目支出绩效自评表（结算费用）.xlsx", [("FUND09", "I7", "86.19%", "86.18%")]),
        # 4×10 and 4×5 points and 10; 3061÷2000; 338.31 of 329.77 spent.
        (
            "2023年部门整体支出绩效自评表（茶谷中心）.xlsx",
            [
                ("WEIGHT01", "H13", "70", "100"),
                ("WEIGHT02", "H13", "产出指标60分", "产出指标50分"),
                ("WEIGHT05", "H13", "", ""),
                ("SCORE04", "G15", "3061", "≥2000"),
                ("IMPORT13", "F6", "338.31", "不大于329.77"),
            ],
        ),
        # The total is printed as 0, the part as 132.912; 5×8 and 3×10 points and 10.
        (
            "棠溪镇村级补助及运转经费绩效自评表.xlsx",
            [
                ("IMPORT20", "B19", "30", "20"),
                ("FUND09", "D6", "0", "202.64"),
                ("FUND09", "E6", "0", "132.912"),
                ("FUND09", "F6", "0", "132.912"),
                ("FUND09", "I6", "0%", "100%"),
                ("WEIGHT01", "H13", "80", "100"),
                ("WEIGHT02", "H13", "效益指标20分", "效益指标30分"),
                ("WEIGHT05", "H13", "", ""),
                ("SCORE01", "J6", "0", "10"),
            ],
        ),
    ],
)
def test_what_is_wrong_in_a_published_form_is_found_by_hand_too(file, expected):
    found = [(f.code, f.cell, f.found, f.expected) for f in wrong(file) if not f.code.startswith("TEXT")]
    assert found == expected


def test_the_totals_of_the_published_reports_come_out():
    totals = {p.name: (p.total_score, p.grade) for p in review().projects if p.scheme == "quwo"}
    assert totals == {
        "科技治超运行经费": (100.0, "优秀"),
        "智慧交通二期工程": (98.5, "优秀"),
        "警务通通信服务": (74.3, "合格"),
        "智慧监管信息化平台建设经费": (85.82, "良好"),
    }


# -- beside our own -----------------------------------------------------------------------------------------------


def test_a_form_is_scored_like_a_workbook_of_ours(tmp_path):
    (tmp_path / "甲.xlsx").write_bytes(drawn(hand_made()))
    result = reviewed(tmp_path)
    (row,) = result.projects
    assert (row.name, row.total_score, row.grade, row.imported) == ("农村道路养护经费", 100.0, "优", True)
    assert codes(result, "甲.xlsx") == ["SCORE07"], "达成预期指标 is no fact"
    first = result.indicators[0]
    assert (first.name, first.score, first.sheet, first.cell) == ("养护里程", 20.0, SHEET, "G9")


def test_a_mistake_is_found_in_the_cell_of_the_file_that_was_sent(tmp_path):
    (tmp_path / "甲.xlsx").write_bytes(drawn(hand_made(last="8", total="98")))
    found = [(f.code, f.sheet, f.cell) for f in reviewed(tmp_path).findings if f.severity != "info"]
    assert found == [("SCORE01", SHEET, "G13"), ("SCORE05", SHEET, "G14")]


def test_several_forms_of_a_file_are_several_projects(tmp_path):
    (tmp_path / "两个.xlsx").write_bytes(drawn(hand_made(), hand_made("桥梁维修", last="8", total="98")))
    result = reviewed(tmp_path)
    assert [(p.name, p.total_score, p.findings.warning) for p in result.projects] == [
        ("农村道路养护经费", 100.0, 0),
        ("桥梁维修", 100.0, 2),
    ]
    assert result.reviewed_files == 1
    assert len({p.code for p in result.projects}) == 2


def test_what_is_no_form_is_refused_with_what_was_looked_for(tmp_path):
    (tmp_path / "花名册.xlsx").write_bytes(drawn(ROSTER))
    openpyxl.Workbook().save(tmp_path / "空.xlsx")
    docx.Document().save(str(tmp_path / "空.docx"))
    (tmp_path / "旧.doc").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + "WordDocument".encode("utf-16-le"))
    result = reviewed(tmp_path)
    found = {f.file: (f.code, f.message + f.advice) for f in result.findings}
    assert {file: code for file, (code, _) in found.items()} == {
        "花名册.xlsx": "FILE05",
        "空.xlsx": "FILE05",
        "空.docx": "FILE09",
        "旧.doc": "FILE41",
    }
    assert "没有认出自评表" in found["花名册.xlsx"][1]
    assert "没有找到：指标表头及其下的指标" in found["花名册.xlsx"][1]
    assert "没有认出自评表；" in found["空.docx"][1]
    assert "另存为 .docx" in found["旧.doc"][1]
    assert result.reviewed_files == 2


def test_what_the_program_wrote_itself_is_no_form(tmp_path):
    (tmp_path / "清单.xlsx").write_bytes(project_list_workbook(None, MOF))
    report = docx.Document()
    report.core_properties.last_modified_by = AUTHOR
    report.save(str(tmp_path / "报告.docx"))
    result = reviewed(tmp_path)
    found = {f.file: f.code for f in result.findings if f.code.startswith("FILE")}
    assert (found["报告.docx"], found["清单.xlsx"]) == ("FILE09", "FILE09")
    assert all(not p.imported for p in result.projects)


def listed(code: str = "P001", name: str = "农村道路养护经费", unit: str = "示例县公路段") -> Project:
    return project(code=code, name=name, unit=unit)


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("农村道路养护经费", "示例县公路段"),
        ("农村道路 养护经费", "示例县公路段"),
        ("农村道路养护费经费", "示例县公路段"),
        ("农村道路养护经费", "204001-示例县公路段"),
        ("农村道路养护经费", "县公路段"),
    ],
)
def test_a_form_finds_its_project_by_name_and_unit(tmp_path, name, unit):
    (tmp_path / "甲.xlsx").write_bytes(drawn(hand_made(name, unit)))
    result = reviewed(tmp_path, [listed(), listed("P002", "桥梁维修"), listed("P003", unit="示例县水利局")])
    (row,) = result.projects
    assert (row.code, row.name, row.unit) == ("P001", "农村道路养护经费", "示例县公路段")
    assert {f.project_code for f in result.findings if f.file == "甲.xlsx"} == {"P001"}
    assert {i.project_code for i in result.indicators} == {"P001"}
    assert "IMPORT17" in codes(result, "甲.xlsx")
    assert sorted(m.code for m in result.missing) == ["P002", "P003"]
    assert "FILE17" not in codes(result, "甲.xlsx")


@pytest.mark.parametrize("name", ["学校食堂改造", "农村道路"])
def test_a_form_of_no_listed_project_is_a_stranger(tmp_path, name):
    (tmp_path / "甲.xlsx").write_bytes(drawn(hand_made(name)))
    result = reviewed(tmp_path, [listed()])
    assert result.projects == ()
    assert [f.code for f in result.findings if f.file] == ["FILE07"]


def test_two_units_of_one_project_name_stay_apart(tmp_path):
    (tmp_path / "甲.xlsx").write_bytes(drawn(hand_made(unit="示例县第三公路段")))
    result = reviewed(tmp_path, [listed(unit="示例县第一公路段"), listed("P002", unit="示例县第二公路段")])
    (told,) = (f for f in result.findings if f.file)
    assert (told.code, "同名的项目（P001、P002）" in told.message, "aliases" in told.advice) == ("FILE07", True, True)


def test_a_workbook_of_ours_goes_before_a_newer_form(tmp_path):
    os.utime(filled(tmp_path, name="下发的.xlsx"), (1_000_000,) * 2)
    (tmp_path / "手工的.xlsx").write_bytes(drawn(hand_made()))
    result = reviewed(tmp_path, [project()])
    assert [(p.file, p.imported) for p in result.projects] == [("下发的.xlsx", False)]
    assert codes(result, "手工的.xlsx") == ["IMPORT17", "IMPORT16"]
    assert result.projects[0].findings.error == 0


def test_one_stranger_of_a_file_leaves_the_others_their_findings(tmp_path):
    (tmp_path / "两个.xlsx").write_bytes(drawn(hand_made(last="8", total="98"), hand_made("桥梁维修")))
    result = reviewed(tmp_path, [listed()])
    assert [p.code for p in result.projects] == ["P001"]
    assert codes(result, "两个.xlsx") == ["FILE07", "IMPORT17", "SCORE01", "SCORE05", "SCORE07"]


def test_a_form_of_today_is_asked_in_the_covering_notice(tmp_path):
    """It has no cell to answer in: the notice lists each 提醒 with its place, and finance accepts the reply itself."""
    inbox = tmp_path / "回收"
    inbox.mkdir()
    (inbox / "甲.xlsx").write_bytes(drawn(hand_made(last="8", total="98")))
    result = reviewed(inbox, [listed()])
    asked = [f for f in result.findings if is_question(f)]
    assert [f.code for f in asked] == ["SCORE01"]
    (item,) = write_returns(result, inbox, tmp_path / "退回", {})
    assert (item.to_answer, item.path) == (1, None)
    cells = [cell.text for row in docx.Document(str(item.notice)).tables[0].rows for cell in row.cells]
    place = f"{asked[0].sheet}!{asked[0].cell}"
    assert f"提醒：{place}，{asked[0].field}：{asked[0].message}" in cells
    text = " ".join(paragraph.text for paragraph in docx.Document(str(item.notice)).paragraphs)
    assert "其中的提醒，请在重新报送时附书面说明" in text and "“退回意见”" not in text


UNSCORED = {"5 hubei no weights", "5 hubei shared scores", "7 no scores at all", "17 total in head, old"}
"""Layouts without points whose scores are not all full."""
OTHER_TOTALS = {
    "10 method column": 94.78,  # one budget column: 114 of 100, not of 120
    "18 points in names": 84.78,  # no money
    "with money received": 99.28,  # a completion of 100% beside 25 of 30 points
    "evidence and notes": 99.28,
}


def test_one_content_has_one_score_in_every_layout(tmp_path):
    paths = [tmp_path / f"{number}.xlsx" for number in range(len(LAYOUTS))]
    for path, layout in zip(paths, LAYOUTS.values(), strict=True):
        path.write_bytes(workbook([draw(ROADS, layout)], layout))
    done = review_files([SourceFile(path, path.name) for path in paths], {})
    totals = {name: item.project and item.project.total_score for name, item in zip(LAYOUTS, done, strict=True)}
    usual = {name: None if name in UNSCORED else ROADS.total for name in LAYOUTS}
    assert totals == usual | OTHER_TOTALS


def test_a_form_with_scores_only_is_not_called_blank(tmp_path):
    (tmp_path / "甲.xlsx").write_bytes(drawn(CHECKLIST))
    found = codes(reviewed(tmp_path), "甲.xlsx")
    assert "FILL15" not in found
    assert "FILL01" in found


APPROVED = (
    INDICATORS[0].model_copy(update={"target": 120.0}),
    INDICATORS[1].model_copy(update={"weight": 25}),
    *INDICATORS[2:4],
    INDICATORS[4].model_copy(update={"name": "游客满意度"}),
)


def test_what_differs_from_the_approved_indicators_is_told(tmp_path):
    (tmp_path / "甲.xlsx").write_bytes(drawn(hand_made()))
    result = reviewed(tmp_path, [listed().model_copy(update={"indicators": APPROVED})])
    assert [(f.field, f.cell, f.message, f.found, f.expected) for f in result.findings if f.code == "IMPORT18"] == [
        ("养护里程", "G9", "年度指标值与批复的不一致", "≥100公里", "≥120公里"),
        ("验收合格率", "G10", "分值与批复的不一致", "20分", "25分"),
        ("游客满意度", "", "批复的指标表上没有", "", "≥90%"),
        ("群众满意度", "G13", "表上的指标清单中没有", "≥90%", ""),
    ]


def test_approved_indicators_that_are_the_same_are_not_told(tmp_path):
    (tmp_path / "甲.xlsx").write_bytes(drawn(hand_made()))
    assert "IMPORT18" not in codes(reviewed(tmp_path, [listed()]), "甲.xlsx")


@pytest.mark.parametrize(("times", "told"), [(1.0, False), (0.5, False), (0.0001, True), (10_000.0, True)])
def test_a_budget_in_yuan_beside_the_list_is_told(tmp_path, times: float, told: bool):
    """A form that is all in 元 agrees with itself: only the list shows it."""
    (tmp_path / "甲.xlsx").write_bytes(drawn(hand_made()))
    amounts = {source: amount * times for source, amount in listed().annual_budget.items()}
    result = reviewed(tmp_path, [listed().model_copy(update={"initial_budget": {}, "annual_budget": amounts})])
    assert [f.field for f in result.findings if f.code == "IMPORT22"] == (["全年预算资金"] if told else [])


# -- the scheme ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "scheme"),
    [
        ("quwo-jingwutong", "quwo"),
        ("zhangye-guotu", "zhangye"),
        ("渔业成品油价格改革补贴项目自评表", "hubei"),
        ("图书馆免费开放-部门预算项目支出绩效自评表(2022年度)", "sichuan"),
        ("项目支出绩效自评表-禁毒经费", "mof-2020"),
    ],
)
def test_the_scheme_is_guessed_from_the_structure_and_said(name, scheme):
    (path,) = (path for path in FILES if path.stem == name)
    (item,) = review_files([SourceFile(path, path.name)], {})
    assert item.project is not None
    assert item.project.scheme == scheme
    (said,) = (f for f in item.findings if f.code == "IMPORT01")
    assert f"（{scheme}）" in said.message


def test_a_scheme_that_is_given_is_taken():
    (path,) = (path for path in FILES if path.stem == "quwo-jingwutong")
    importing = Importing((load_scheme("mof-2020"),))
    (item,) = review_files([SourceFile(path, path.name)], {}, importing)
    assert item.project is not None
    assert item.project.scheme == "mof-2020"
    assert [f.found for f in item.findings if f.code == "IMPORT01"] == ["指定的"]


@pytest.mark.slow
def test_what_was_asked_for_reaches_every_process(tmp_path, monkeypatch):
    monkeypatch.setattr(many_files, "BATCH", 1)
    monkeypatch.setattr(many_files, "_SINGLE_PROCESS", 0)
    for name in ("甲", "乙"):
        (tmp_path / f"{name}.xlsx").write_bytes(drawn(hand_made(name).replace("实际完成值", "干成啥样")))
    (tmp_path / "词表.toml").write_text('[columns]\nactual = ["干成啥样"]\n', "utf-8")
    sources, _ = find_sources(tmp_path)
    importing = choose_importing(None, "quwo", 0, tmp_path / "词表.toml")
    batches = review_batches(sources, {}, workers=2, importing=importing)
    done = [item for batch in batches for packed in batch for item in packed.unpack()]
    assert [(i.project.scheme, i.project.total_score) for i in done if i.project] == [("quwo", 100.0)] * 2


# -- the command --------------------------------------------------------------------------------------------------


@pytest.fixture
def wbt(wbt, monkeypatch, tmp_path):
    """Commands run in a folder of their own."""
    monkeypatch.chdir(tmp_path)
    return wbt


def read_list(path: Path) -> list[Project]:
    return [Project.model_validate(p) for p in json.loads(path.read_text("utf-8"))["projects"]]


def test_import_generate_and_review_give_the_same(wbt, tmp_path):
    """The whole way round: what a form says comes back out of a workbook of ours."""
    (tmp_path / "旧").mkdir()
    (tmp_path / "旧" / "甲.xlsx").write_bytes(drawn(hand_made()))
    assert wbt("import", "旧")[0] == 0
    code, said = wbt("generate", "项目清单.json", "--prefill", "--year", "2024", "--out", "收")
    assert (code, "已生成 1 个工作簿" in said) == (0, True)
    first, second = (reviewed(tmp_path / name) for name in ("旧", "收"))
    alike = ("name", "target", "unit", "direction", "weight", "actual", "tier", "completion", "score", "target_text")
    rows = [[{k: getattr(i, k) for k in alike} for i in result.indicators] for result in (first, second)]
    assert rows[0] == rows[1]
    one, other = first.projects[0], second.projects[0]
    assert (one.code, one.total_score, one.funding, one.imported) == (other.code, 100.0, other.funding, True)
    assert (other.total_score, other.imported) == (100.0, False)


def test_published_forms_come_back_out_of_our_workbooks_too(wbt, tmp_path):
    """Those whose points add up to what the scheme says become workbooks that score the same."""
    names = ("quwo-zhihuijianguan.docx", "附件1.财政项目支出绩效自评表（结算费用）.xlsx")
    wbt("import", *(str(GOLDEN / name) for name in names), "--out", "清单.json", "--year", "2022")
    wbt("generate", "清单.json", "--prefill", "--year", "2022", "--out", "收")
    totals = {p.name: p.total_score for p in reviewed(tmp_path / "收").projects}
    assert totals == {"智慧监管信息化平台建设经费": 85.82, "普陀体育中心与委托运营方结算费用": 98.62}


def test_next_years_list_keeps_targets_and_points_only(wbt, tmp_path):
    (tmp_path / "甲.xlsx").write_bytes(drawn(hand_made()))
    assert wbt("import", "甲.xlsx", "--out", "明年.xlsx", "--next-year")[0] == 0
    (made,) = read_list(tmp_path / "明年.json")
    assert (made.year, made.answers, made.annual_budget, made.annual_goal) == (2025, None, {}, "")
    assert [(i.name, i.weight, i.target, i.unit) for i in made.indicators][:2] == [
        ("养护里程", 20.0, 100.0, "公里"),
        ("验收合格率", 20.0, 95.0, "%"),
    ]
    code, said = wbt("generate", "明年.xlsx", "--year", "2025", "--out", "下发")
    assert (code, "已生成 1 个工作簿" in said) == (0, True)


def test_for_next_year_changes_nothing_else():
    before = project(answers=None)
    after = for_next_year(before)
    assert (after.code, after.indicators, after.department) == (before.code, before.indicators, before.department)


def test_dry_run_shows_each_value_with_its_cell_and_writes_nothing(wbt, tmp_path):
    (tmp_path / "甲.xlsx").write_bytes(drawn(hand_made()))
    code, said = wbt("import", "甲.xlsx", "--dry-run")
    assert code == 0
    squeezed = re.sub(r"\s+", "", said)
    for words in (
        "农村道路养护经费（B3）",
        "≥100公里（D9）",
        "102公里（E9）",
        "定性：有效改善（D12）",
        "150（E6）",
        "100%（G6）",
    ):
        assert words in squeezed
    assert [p.name for p in tmp_path.iterdir() if p.suffix == ".json"] == []


def test_dry_run_tells_each_remark_once(wbt, tmp_path):
    (tmp_path / "甲.xlsx").write_bytes(drawn(hand_made().replace("|≥95%|", "|290%|")))
    _, said = wbt("import", "甲.xlsx", "--dry-run")
    assert said.count("IMPORT02") == 1
    assert wbt("import", "甲.xlsx", "--out", "a.json")[1].count("IMPORT02") == 1


def test_a_refused_document_says_what_was_looked_for_with_one_full_stop(tmp_path):
    path = tmp_path / "纪要.docx"
    document = docx.Document()
    document.add_paragraph("会议纪要")
    document.save(str(path))
    (refused,) = list_forms(SourceFile(path, path.name), Importing()).findings
    assert "没有认出自评表；" in str(refused)
    assert "。。" not in str(refused)


def test_a_list_is_not_overwritten_unless_asked(wbt, tmp_path):
    (tmp_path / "甲.xlsx").write_bytes(drawn(hand_made()))
    (tmp_path / "项目清单.json").write_text("我的", "utf-8")
    code, said = wbt("import", "甲.xlsx")
    assert (code, "没有覆盖" in said) == (2, True)
    assert (tmp_path / "项目清单.json").read_text("utf-8") == "我的"
    assert wbt("import", "甲.xlsx", "--overwrite")[0] == 0
    assert [p.name for p in read_list(tmp_path / "项目清单.json")] == ["农村道路养护经费"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("没有.xlsx",), 2, "找不到 没有.xlsx"),
        (("说明.txt",), 2, "说明.txt 不是表格或 Word 文档"),
        (("花名册.xlsx",), 1, "没有认出自评表"),
        (("花名册.xlsx", "--out", "清单.csv"), 2, "不能写成 清单.csv"),
        (("花名册.xlsx", "--synonyms", "没有.toml"), 2, "没有.toml"),
        (("花名册.xlsx", "--scheme", "nowhere"), 2, "没有名为“nowhere”的评分方案"),
    ],
)
def test_what_cannot_be_done_is_said(wbt, tmp_path, words, code, said):
    (tmp_path / "花名册.xlsx").write_bytes(drawn(ROSTER))
    (tmp_path / "说明.txt").write_text("x")
    found, printed = wbt("import", *words)
    assert (found, said in printed) == (code, True), printed
    assert "Traceback" not in printed


def test_our_own_workbook_needs_no_import_and_the_newer_of_two_forms_counts(wbt, tmp_path):
    filled(tmp_path, name="下发的.xlsx")
    (tmp_path / "甲.xlsx").write_bytes(drawn(hand_made(last="8", total="98")))
    (tmp_path / "乙.xlsx").write_bytes(drawn(hand_made()))
    os.utime(tmp_path / "甲.xlsx", (1_000_000,) * 2)
    code, said = wbt("import", ".")
    assert code == 0
    assert "FILE08 1 条" in said
    assert len(read_list(tmp_path / "项目清单.json")) == 1


def test_an_offices_own_words_are_understood(wbt, tmp_path):
    own = hand_made().replace("实际完成值", "干成啥样").replace("达成预期指标|30|30", "妥了|30|")
    (tmp_path / "甲.xlsx").write_bytes(drawn(own))
    (tmp_path / "词表.toml").write_text('[columns]\nactual = ["干成啥样"]\n[ratings]\nreached = ["妥了"]\n', "utf-8")
    wbt("import", "甲.xlsx", "--synonyms", "词表.toml")
    (made,) = read_list(tmp_path / "项目清单.json")
    assert made.answers is not None
    assert [answer.actual for answer in made.answers.indicators][:2] == [102.0, 96.0]
    assert (made.answers.indicators[3].tier, made.answers.indicators[3].completion) == ("达成", 1.0)


def test_html_pages_are_written_one_for_each_file(wbt, tmp_path):
    (tmp_path / "甲.xlsx").write_bytes(drawn(hand_made()))
    assert wbt("import", "甲.xlsx", "--dry-run", "--html", "核对")[0] == 0
    (made,) = (tmp_path / "核对").iterdir()
    assert made.name == "甲.xlsx.html"
    assert "养护里程" in made.read_text("utf-8")


# -- the whole year -----------------------------------------------------------------------------------------------


@pytest.fixture
def office(wbt, tmp_path):
    """A working folder of 2022 with the published forms in 回收, without a project list."""
    assert wbt("init", "自评", "--year", "2022", "--authority", "示例县财政局")[0] == 0
    folder = tmp_path / "自评"
    (folder / "项目清单.xlsx").unlink()
    for path in FILES:
        (folder / "回收" / path.name).write_bytes(path.read_bytes())
    return folder


@pytest.mark.slow
def test_the_whole_folder_of_an_office(wbt, office):
    """Review, summary, reports, return, next year's list: 26 files as they were published."""
    code, said = wbt("review", "-q", cwd=office)
    assert code == 1
    assert "Traceback" not in said
    result = ReviewResult.model_validate_json((office / "审核" / "审核结果.json").read_text("utf-8"))
    assert (len(result.projects), result.reviewed_files) == (26, 26)
    assert all(p.imported for p in result.projects)
    assert wbt("merge")[0] == 0
    assert wbt("report", "-q")[0] == 0
    assert len(list((office / "报告").rglob("*.docx"))) > 26
    code, said = wbt("return", "-q")
    assert code == 0
    notes = list((office / "退回").rglob("退回通知.docx"))
    assert notes
    texts = [cell.text for note in notes for t in docx.Document(str(note)).tables for r in t.rows for cell in r.cells]
    assert any("Sheet1!F21，分值合计：分值之和不对" in text for text in texts)
    assert list((office / "退回").rglob("*.xls*")) == []
    wbt("import", "回收", "--next-year", "--out", "2023年清单.xlsx", "-q")
    assert len(read_list(office / "2023年清单.json")) == 26
    code, said = wbt("generate", "2023年清单.xlsx", "--year", "2023", "--out", "下发2023")
    assert "有 15 个项目因清单有误没有生成。" in said
    assert "指标!G77，MED361C4E 援滇对口支援及结对帮扶经费，目标值：目标值缺失" in said
    assert len(list((office / "下发2023").rglob("*.xlsx"))) == 11


def test_the_ledger_knows_the_projects_of_a_file_with_several_forms(wbt, tmp_path):
    wbt("init", "自评", "--year", "2024")
    folder = tmp_path / "自评"
    (folder / "项目清单.xlsx").unlink()
    both = (listed(), listed("P002", "桥梁维修"))
    (folder / "项目清单.json").write_text(ProjectList(year=2024, projects=both).model_dump_json(), "utf-8")
    bad = hand_made("桥梁维修").replace("|20|20|", "|30|20|")
    (folder / "回收" / "两个.xlsx").write_bytes(drawn(hand_made(), bad))
    assert wbt("review", cwd=folder)[0] == 1
    assert states(wbt("status")[1]) == {"P001": "可接收", "P002": "待更正"}
    code, said = wbt("return")
    assert (code, "有 1 份手工表格没有副本" in said) == (0, True)
    assert wbt("accept", "P001", "--who", "张三")[0] != 0  # a form without a seal is accepted with a reason
    assert wbt("accept", "P001", "--who", "张三", "--because", "已当面核对盖章原件")[0] == 0
    assert states(wbt("status")[1]) == {"P002": "待更正"}


def states(said: str) -> dict[str, str]:
    """The projects that are not done, from what ``wbt status`` prints."""
    lines = (re.sub("[│┃]", "|", line).split("|") for line in said.splitlines())
    rows = ([cell.strip() for cell in line] for line in lines)
    return {row[2]: row[4] for row in rows if len(row) > 4 and row[2].startswith("P0")}


@requires_libreoffice
@pytest.mark.slow
@pytest.mark.parametrize("ending", ["ods", "xls"])
def test_forms_in_older_and_open_formats_are_read_and_workbooks_of_ours_as_ours(tmp_path, ending):
    (tmp_path / "甲.xlsx").write_bytes(drawn(hand_made()))
    filled(tmp_path, name="下发的.xlsx", code="P009")
    folder = tmp_path / ending
    convert_with_libreoffice([tmp_path / "甲.xlsx", tmp_path / "下发的.xlsx"], folder, ending)
    result = reviewed(folder)
    assert [(p.code, p.imported, p.total_score) for p in result.projects if p.code == "P009"] == [
        ("P009", False, 100.0)
    ]
    assert [p.total_score for p in result.projects if p.imported] == [100.0]
    assert "FILE42" in codes(result, f"下发的.{ending}")


def test_the_result_of_forms_is_json_of_its_schema(tmp_path):
    write_json(review(), tmp_path / "审核结果.json")
    again = ReviewResult.model_validate_json((tmp_path / "审核结果.json").read_bytes())
    assert again == review()


def test_reading_a_form_leaves_the_file_alone(tmp_path):
    path = tmp_path / "甲.xlsx"
    path.write_bytes(drawn(hand_made()))
    before = path.read_bytes()
    reviewed(tmp_path)
    assert path.read_bytes() == before


def test_an_export_of_a_county_system_is_reviewed_and_drawn_like_a_workbook(tmp_path, wbt):
    (tmp_path / "导出.xls").write_bytes(
        web_page(FORM.format(name="桥梁维修", unit="示例县公路站", last="10", total="100"))
    )
    result = reviewed(tmp_path)
    assert [(p.name, p.total_score, p.imported) for p in result.projects] == [("桥梁维修", 100.0, True)]
    assert wbt("import", "导出.xls", "--dry-run", "--html", "核对")[0] == 0
    assert "养护里程" in (tmp_path / "核对" / "导出.xls.html").read_text("utf-8")


def test_what_is_no_document_is_not_asked_for_as_a_workbook(tmp_path, wbt):
    (tmp_path / "表.docx").write_bytes(web_page("姓名|电话"))
    said = wbt("import", "表.docx", "--dry-run")[1]
    assert "表.docx：不是 .docx 文档，请用 Word 或 WPS 另存为 .docx。请让单位核对后重新发送。" in said


# -- a blank self-evaluation beside another sheet that is filled

_MONITORED = (
    "项目支出绩效运行监控表（2024年度）|<|<|<|<|<|<\n项目名称|道路养护|<|<|实施单位|公路站|<\n"
    "一级指标|二级指标|三级指标|年度指标值|1-7月完成情况|分值|得分\n产出指标|数量指标|养护里程|≥120公里|70公里|100|60"
)
_BLANK = _MONITORED.replace("运行监控", "自评").replace("1-7月完成情况", "全年完成值").replace("70公里|100|60", "|100|")
_EMPTY = _BLANK.replace("|道路养护|", "||").replace("公路站", "").replace("养护里程|≥120公里||100|", "指标1：||||")


@pytest.mark.parametrize(
    ("own", "code"), [(_BLANK, "IMPORT35"), (_EMPTY, "FILE05"), (None, "FILE05")], ids=["rows", "template", "none"]
)
def test_a_blank_form_beside_a_filled_sheet_of_monitoring_is_called_blank(tmp_path, own, code):
    book = openpyxl.load_workbook(io.BytesIO(drawn_sheets.workbook(*filter(None, (_MONITORED, own)))))
    for ws, title in zip(book.worksheets, ("绩效监控", "绩效自评"), strict=False):
        ws.title = title
    book.save(tmp_path / "甲.xlsx")
    [told] = [row for row in reviewed(tmp_path).findings if row.code in ("IMPORT35", "FILE05")]
    assert told.code == code
    assert "“绩效监控”（监控）" in told.message
    assert ("“绩效自评”是空白的自评表" in told.message) == (own is not None)


def test_a_filled_form_beside_a_sheet_of_monitoring_is_not_blank(tmp_path):
    filled_in = _BLANK.replace("||100|", "|125公里|100|100")
    (tmp_path / "甲.xlsx").write_bytes(drawn_sheets.workbook(_MONITORED, filled_in))
    assert [row.code for row in reviewed(tmp_path).findings if row.code == "IMPORT35"] == []
