"""Tables of another system: what goes out is read back the same, what is too long is named with its cell."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
import xlrd
from office import convert_with_libreoffice, requires_libreoffice
from result_builder import indicators, project, result

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.campaign.exchanging import export_tables, import_tables
from workbook_tools.campaign.importing import draw_listed, write_list
from workbook_tools.campaign.issuing import issue_workbooks
from workbook_tools.campaign.reviewing import review_inbox
from workbook_tools.commands.exchanging import export
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.model import Project
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.exchange.format import load_format
from workbook_tools.rules.scheme import load_scheme
from workbook_tools.shipped.example import load_example

NOW = datetime(2024, 3, 1, tzinfo=UTC)


def review(root: Path, projects: tuple[Project, ...]) -> tuple[Campaign, ReviewResult]:
    """A working folder whose units have filled in what the projects' answers say."""
    campaign = Campaign.create(root, Settings(year=2023, authority="清河县财政局"))
    issue_workbooks(campaign, projects, campaign.folder("回收"), campaign.signing_key(), NOW, prefill=True)
    return campaign, review_inbox(None, campaign.folder("回收"), campaign.known_keys(), NOW).result


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Campaign, ReviewResult]:
    """The example's projects with approved indicators."""
    projects = tuple(project for project in load_example().projects if project.indicators)
    return review(tmp_path_factory.mktemp("exchange") / "自评", projects)


def simplify(one: Project) -> dict[str, object]:
    """What the tables carry of a project."""
    answers = one.answers
    assert answers is not None
    return {
        "who": (one.code, one.name, one.department, one.unit, one.year, one.scheme),
        "budgets": (one.initial_budget, one.annual_budget, answers.received, answers.executed),
        "indicators": [i.model_dump(exclude={"rule"}) for i in one.indicators],
        "answers": [a.model_dump(exclude={"materials", "self_deduction"}) for a in answers.indicators],
    }


@pytest.mark.parametrize("ending", ["xlsx", "xls"])
def test_the_example_is_read_back_to_the_same_projects_answers_and_scores(
    reviewed: tuple[Campaign, ReviewResult], ending: str, tmp_path: Path
) -> None:
    campaign, before = reviewed
    done = export_tables(campaign, before, "一体化", tmp_path / f"一体化.{ending}")
    assert done.faults == ()
    listed, read = import_tables(campaign, done.path, "一体化", 0, "")
    assert read.faults == []
    example = [project for project in load_example().projects if project.indicators]
    assert {one.code: simplify(one) for one in listed.projects} == {one.code: simplify(one) for one in example}
    _, after = review(tmp_path / "再来", listed.projects)
    assert [(row.code, row.total_score, row.grade) for row in after.projects] == [
        (row.code, row.total_score, row.grade) for row in before.projects
    ]


def test_approved_targets_and_budgets_alone_make_a_list(tmp_path: Path) -> None:
    """Out of the system, before anybody has answered, and only the columns that it has."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, lines in {
        "项目绩效自评信息": [
            ["项目代码", "项目名称", "部门名称", "单位名称", "评价年度"],
            ["0012", "道路养护", "交通局", "公路段", 2024],
        ],
        "指标自评": [
            ["项目代码", "一级指标名称", "二级指标名称", "三级指标名称", "指标值", "权重"],
            ["0012", "产出指标", "数量指标", "养护里程", "≥36.5公里", 50],
            ["0012", "效益指标", "社会效益指标", "出行条件", "改善", 30],
            ["0012", "满意度指标", "服务对象满意度指标", "满意度", "≥90%", 10],
        ],
        "预算执行": [
            ["项目代码", "资金来源名称", "年初批复数", "变动后预算数"],
            ["0012", "县区级", 1205000.5, 1300000],
        ],
    }.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    path = tmp_path / "下达.xlsx"
    book.save(path)
    listed, read = import_tables(None, path, "一体化", 2023, "mof-2020")
    [found] = listed.projects
    assert (read.faults, found.answers, found.code, found.year, found.scheme) == ([], None, "0012", 2024, "mof-2020")
    assert {s.value: a for s, a in found.initial_budget.items()} == {"county": 120.50005}
    assert [(i.direction.symbol, i.target, i.unit) for i in found.indicators] == [
        ("≥", 36.5, "公里"),
        ("定性", "改善", ""),
        ("≥", 90.0, "%"),
    ]
    files = draw_listed(listed, tmp_path / "项目清单.xlsx", load_scheme("mof-2020"))
    write_list(files)
    assert [path.suffix for path in files] == [".json", ".xlsx"]


@pytest.mark.parametrize(("length", "faults"), [(90, 0), (91, 1)])
def test_a_text_one_character_too_long_is_named_with_its_cell(length: int, faults: int, tmp_path: Path) -> None:
    """180 bytes are 90 Chinese characters; one byte more is one too many."""
    long = project(1, name="长" * length)
    done = export_tables(None, result([long], missing=()), "一体化", tmp_path / "一体化.xlsx")
    assert len(done.faults) == faults
    if faults:
        assert "“项目绩效自评信息”I2，项目 XM0001，项目名称：182 个字节，系统最多收 180 个" in done.faults[0]
        sheet = openpyxl.load_workbook(done.path)["项目绩效自评信息"]
        assert (sheet["I2"].value, sheet["I2"].fill.start_color.rgb[-6:]) == ("长" * 91, "FDE3E1")


def test_one_byte_too_long_is_told(tmp_path: Path) -> None:
    done = export_tables(
        None, result([project(1, name="长" * 90 + "A")], missing=()), "一体化", tmp_path / "一体化.xlsx"
    )
    assert "请缩短 1 个字节" in done.faults[0]


def test_money_is_in_yuan_and_codes_come_from_the_offices_format(tmp_path: Path) -> None:
    campaign = Campaign.create(tmp_path / "自评", Settings(year=2021))
    text = (Path(load_format.__code__.co_filename).with_name("一体化.toml")).read_text("utf-8")
    own = campaign.forms / "一体化.toml"
    own.parent.mkdir()
    own.write_text(text.replace('# "某县教育局" = "101"', '"公安局" = "101"'), "utf-8")
    rows = [project(3), project(1)]
    done = export_tables(campaign, result(rows, missing=()), "一体化", strict=True)
    book = openpyxl.load_workbook(done.path)
    heads = [cell.value for cell in book["预算执行"][1]]
    line = dict(zip(heads, [cell.value for cell in book["预算执行"][2]], strict=True))
    assert (line["变动后预算数"], "实际到位数" in heads) == (1220500, False)
    assert [row[3].value for row in book["项目绩效自评信息"].iter_rows(min_row=2)] == ["101", None]


@requires_libreoffice
def test_an_old_workbook_opens_in_libreoffice_and_xlrd(tmp_path: Path) -> None:
    rows = [project(1)]
    reviewed = result(rows, missing=()).model_copy(update={"indicators": tuple(indicators(rows[0]))})
    done = export_tables(None, reviewed, "一体化", tmp_path / "一体化.xls")
    sheet = xlrd.open_workbook(done.path).sheet_by_name("指标自评")
    assert (sheet.cell_value(0, 0), sheet.cell_value(1, 0), sheet.nrows) == ("项目代码", "XM0001", 10)
    [again] = convert_with_libreoffice([done.path], tmp_path / "再存", "xlsx")
    assert openpyxl.load_workbook(again)["指标自评"]["A2"].value == "XM0001"


def test_what_is_wrong_in_the_tables_is_told_with_its_cell_and_the_rest_is_read(
    reviewed: tuple[Campaign, ReviewResult], tmp_path: Path
) -> None:
    campaign, before = reviewed
    done = export_tables(campaign, before, "一体化", tmp_path / "一体化.xlsx")
    book = openpyxl.load_workbook(done.path)
    book["指标自评"]["A2"] = "没有"
    book["预算执行"]["C2"] = "省里"
    book["预算执行"]["F3"] = "很多"
    book.save(done.path)
    listed, read = import_tables(campaign, done.path, "一体化", 0, "")
    assert [fault.split("，")[0] for fault in read.faults] == ["“指标自评”A2", "“预算执行”C2", "“预算执行”F3"]
    assert len(listed.projects) == len(before.projects)


@pytest.mark.parametrize(
    ("format_text", "told"),
    [
        (
            'name = "x"\n[[tables]]\nsheet = "表"\nrows = "project"\ncolumns = [{ heading = "甲", field = "没有" }]\n',
            "甲",
        ),
        ('name = "x"\n[[tables]]\nsheet = "表"\nrows = "project"\ncolumns = [{ heading = "甲", unit = "斤" }]\n', "斤"),
        (
            'name = "x"\n[[tables]]\nsheet = "表"\nrows = "project"\ncolumns = [{ heading = "甲" }, { heading = "甲" }]\n',
            "重复",
        ),
        ("name = ", "格式有误"),
        ('name = "x"\n', "tables"),
    ],
)
def test_a_format_that_is_wrong_is_told(format_text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "我的.toml").write_text(format_text, "utf-8")
    with pytest.raises(SettingsError, match=told):
        load_format("我的", tmp_path)


def test_a_format_that_is_not_there_and_a_workbook_without_its_tables_are_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="一体化"):
        load_format("没有", tmp_path)
    book = openpyxl.Workbook()
    book.save(tmp_path / "别的.xlsx")
    with pytest.raises(SettingsError, match="项目绩效自评信息"):
        import_tables(None, tmp_path / "别的.xlsx", "一体化", 2023, "")
    (tmp_path / "坏的.xlsx").write_bytes(b"PK\x03\x04")
    with pytest.raises(SettingsError, match="无法读取"):
        import_tables(None, tmp_path / "坏的.xlsx", "一体化", 2023, "")


def test_the_command_writes_the_lengths_as_settings_of_a_scheme(capsys: pytest.CaptureFixture[str]) -> None:
    export(limits=True)
    assert tomllib.loads(capsys.readouterr().out)["form"]["text_limits"] == {
        "wide": 2,
        "actual": 2000,
        "deviation_reason": 2000,
        "execution_reason": 2000,
        "indicator": 1000,
        "target": 1000,
        "goal_expected": 2000,
        "goal_actual": 2000,
    }
