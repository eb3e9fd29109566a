"""The command line as a finance officer uses it: what it writes, says and returns."""

import json
import re
import shutil
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from workbook_tools.campaign.settings import read_settings
from workbook_tools.commands import demo
from workbook_tools.rules.scheme import load_scheme
from workbook_tools.shipped.example import load_example

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture
def wbt(wbt, monkeypatch, tmp_path):
    """Commands run in a folder of their own."""
    monkeypatch.chdir(tmp_path)
    return wbt


@pytest.fixture
def campaign(wbt, tmp_path):
    """A working folder with the example's Qu'wo projects on its list."""
    code, _ = wbt("init", "自评 2023", "--year", "2021", "--scheme", "quwo", "--authority", "示例县财政局")
    assert code == 0
    folder = tmp_path / "自评 2023"
    (folder / "项目清单.xlsx").unlink()
    example = load_example()
    quwo = tuple(p for p in example.projects if p.scheme == "quwo")
    listed = example.model_copy(update={"projects": quwo, "year": 2021})
    (folder / "项目清单.json").write_text(listed.model_dump_json(), "utf-8")
    return folder


def test_init_makes_a_working_folder(wbt, tmp_path):
    code, said = wbt("init", "一个 文件夹")
    assert code == 0
    made = {p.name for p in (tmp_path / "一个 文件夹").iterdir()}
    assert {"wbt.toml", "项目清单.xlsx", "下发", "回收", "退回", "审核", "汇总", "报告", "公开"} <= made
    assert "wbt generate" in said


@pytest.mark.parametrize(
    ("name", "year"), [("2022年自评", 2022), ("自评（2022年度）", 2022), ("备份20221231", None), ("自评", None)]
)
def test_the_year_is_the_one_in_the_folders_name_else_last_year(wbt, tmp_path, name, year):
    expected = year or date.today().year - 1
    assert f"{expected} 年度" in wbt("init", name)[1]
    assert read_settings(tmp_path / name / "wbt.toml").year == expected


def test_init_from_last_year_says_what_goes_on(wbt):
    wbt("init", "2023年自评", "--authority", "示例县财政局")
    code, said = wbt("init", "2024年自评", "--from", "2023年自评", "--contact", "3022001")
    assert (code, "2024 年度" in said, "接着 2023年自评" in said) == (0, True, True)
    settings = read_settings(Path("2024年自评") / "wbt.toml")
    assert (settings.year, settings.authority, settings.contact) == (2024, "示例县财政局", "3022001")
    code, said = wbt("init", "2025年自评", "--without", "P01")
    assert (code, "--from" in said, Path("2025年自评").exists()) == (2, True, False)


def test_init_does_not_touch_an_existing_working_folder(wbt, tmp_path):
    wbt("init", "甲")
    settings = (tmp_path / "甲" / "wbt.toml").read_bytes()
    code, said = wbt("init", "甲", "--year", "2020")
    assert code == 2
    assert "没有改动" in said
    assert (tmp_path / "甲" / "wbt.toml").read_bytes() == settings


def test_a_deadline_that_is_no_date_makes_no_working_folder(wbt, tmp_path):
    code, said = wbt("init", "乙", "--year", "2024", "--deadline", "三月中旬")
    assert (code, "请写成 2025年3月31日 这样" in said) == (2, True)
    assert not (tmp_path / "乙").exists()


def test_the_whole_cycle_inside_a_working_folder(wbt, campaign):
    code, said = wbt("generate", cwd=campaign)
    assert "已生成 4 个工作簿" in said
    assert "Traceback" not in said
    code, said = wbt("generate", "--prefill", "--out", "回收")
    assert len(list((campaign / "回收").rglob("*.xlsx"))) == 4
    code, said = wbt("review")
    assert code == 1  # the published reports have mistakes
    result = json.loads((campaign / "审核" / "审核结果.json").read_text("utf-8"))
    totals = {p["name"]: (p["total_score"], p["grade"]) for p in result["projects"]}
    assert totals == {
        "科技治超运行经费": (100.0, "优秀"),
        "智慧交通二期工程": (98.5, "优秀"),
        "警务通通信服务": (74.3, "合格"),
        "智慧监管信息化平台建设经费": (85.82, "良好"),
    }
    assert wbt("merge")[0] == 0
    assert (campaign / "汇总" / "汇总_全部.xlsx").is_file()
    assert wbt("report", "-q")[0] == 0
    assert len(list((campaign / "报告").rglob("*.docx"))) == 4 + 3 + 2, (
        "projects, departments, the report on all and the brief"
    )


def test_the_closing_table_counts_what_the_finding_list_shows(wbt, campaign):
    """A row of it counts the rows of 问题清单; below it stand both counts."""
    wbt("generate", "--prefill", "--out", "回收", cwd=campaign)
    _, said = wbt("review")
    sheet = openpyxl.load_workbook(campaign / "审核" / "审核结果.xlsx")["问题清单"]
    listed = [(row[1].rpartition("（")[0], row[0]) for row in sheet.iter_rows(min_row=4, values_only=True)]
    result = json.loads((campaign / "审核" / "审核结果.json").read_text("utf-8"))
    for project in result["projects"]:
        shown = next(line.split("│") for line in said.splitlines() if line.startswith(f"│ {project['name']}"))
        counts = [str(listed.count((project["name"], word)) or "") for word in ("错误", "提醒")]
        assert [cell.strip() for cell in shown[7:9]] == counts
        assert shown[3].strip() == project["state"]
    for word, severity in (("错误", "error"), ("提醒", "warning")):
        places = sum(finding["severity"] == severity for finding in result["findings"])
        assert f"{word} {sum(own == word for _, own in listed)} 件（{places} 处）" in said


def test_commands_work_with_explicit_paths_outside_a_working_folder(wbt, campaign, tmp_path):
    listed = str(campaign / "项目清单.json")
    plain = tmp_path / "别处"
    plain.mkdir()
    shutil.copy(listed, plain / "清单.json")
    _code, said = wbt(
        "generate", "清单.json", "--out", "收", "--year", "2021", "--scheme", "quwo", "--prefill", cwd=plain
    )
    assert "已生成 4 个工作簿" in said
    wbt("review", "收", "--out", "果", "--list", "清单.json", "--year", "2021", "--scheme", "quwo")
    assert (plain / "果" / "审核结果.xlsx").is_file()
    assert wbt("merge", "果/审核结果.json", "--out", "汇")[0] == 0
    assert wbt("report", "果/审核结果.json", "--out", "报")[0] == 0


@pytest.mark.parametrize("command", ["generate", "review", "merge", "report"])
def test_outside_a_working_folder_a_command_says_what_to_do(wbt, command):
    code, said = wbt(command)
    assert code == 2
    assert "不是工作文件夹" in said


def test_a_list_with_mistakes_names_the_cells_and_generates_the_rest(wbt, campaign):
    path = campaign / "项目清单.json"
    data = json.loads(path.read_text("utf-8"))
    data["projects"][1]["indicators"][0]["weight"] = 99
    path.write_text(json.dumps(data), "utf-8")
    code, said = wbt("generate", cwd=campaign)
    assert code == 1
    assert "LIST05" in said
    assert "已生成 3 个工作簿" in said


def test_an_unwritable_result_is_said_in_chinese(wbt, campaign):
    wbt("generate", "--prefill", "--out", "回收", cwd=campaign)
    shutil.rmtree(campaign / "审核")
    (campaign / "审核").write_text("挡路的文件")
    code, said = wbt("review")
    assert code == 2
    assert "审核”：已有同名的文件。请移走或改名" in said
    assert "Traceback" not in said


def test_wrong_settings_are_named(wbt, campaign):
    (campaign / "wbt.toml").write_text('year = "去年"\nshceme = "quwo"\n', "utf-8")
    code, said = wbt("generate", cwd=campaign)
    assert code == 2
    assert "year" in said
    assert "shceme" in said
    (campaign / "wbt.toml").write_text("year = 2024\nreport = 1\n[quality]\nx = 20\n[sample]\nbands = 5\n", "utf-8")
    code, said = wbt("generate", cwd=campaign)
    assert code == 2
    assert "Input should" not in said


def test_an_unknown_option_or_scheme_is_told_without_a_traceback(wbt):
    for args in (("review", "--nonsense"), ("init", "x", "--scheme", "没有"), ("scheme", "show", "没有")):
        code, said = wbt(*args)
        assert code == 2
        assert "Traceback" not in said
        assert said.strip()


def test_explain_gives_the_sentence_with_the_numbers(wbt, campaign):
    wbt("generate", "--prefill", "--out", "回收", cwd=campaign)
    (file,) = (campaign / "回收").rglob("QW2021-004*.xlsx")
    code, said = wbt("explain", str(file))
    assert code == 0
    assert "26÷30＝86.67%，10分×86.67%＝8.67分" in said
    _, said = wbt("explain", str(file), "成本")
    assert "26÷10＝260%，超过目标值10，不得分（0分）" in said


def test_scheme_list_and_show_speak_chinese(wbt):
    assert "quwo" in wbt("scheme", "list")[1]
    assert "不合格" in wbt("scheme", "show", "quwo")[1]


def test_a_new_scheme_is_checked_shown_and_used(wbt, campaign):
    code, _ = wbt("scheme", "new", "ours", "--from", "quwo", cwd=campaign)
    path = campaign / "评分方案" / "ours.toml"
    assert code == 0
    assert wbt("scheme", "check", str(path))[0] == 0
    assert "ours" in wbt("scheme", "list")[1]
    before = path.read_bytes()
    assert wbt("scheme", "new", "ours")[0] == 2
    assert path.read_bytes() == before


def test_mistakes_in_a_scheme_are_told_with_their_lines(wbt, campaign):
    wbt("scheme", "new", "ours", cwd=campaign)
    path = campaign / "评分方案" / "ours.toml"
    text = path.read_text("utf-8")
    line = next(i for i, row in enumerate(text.splitlines(), 1) if row.startswith("exceeded ="))
    path.write_text(text.replace('exceeded = "inverse"', 'exceeded = "half"'), "utf-8")
    code, said = wbt("scheme", "check", str(path))
    assert code == 1
    assert f"第{line}行" in said
    path.write_text(
        re.sub(r"(\[execution\].*?\n)weight", r"\1wieght", text, count=1, flags=re.DOTALL).replace(
            "threshold = 1.3", "threshold = 90"
        ),
        "utf-8",
    )
    shown = re.search(r"scheme check my-county\n(.*?)```", (DOCS / "评分方案.md").read_text("utf-8"), re.DOTALL)
    assert shown and shown[1].splitlines() == wbt("scheme", "check", str(path))[1].splitlines()[:2]


def test_two_schemes_are_compared_and_on_the_projects_of_a_folder(wbt, campaign):
    wbt("generate", "--prefill", "--out", "回收", cwd=campaign)
    code, said = wbt("scheme", "diff", "quwo", "mof-2020", "--folder", "回收")
    assert code == 0
    assert "at_most" in said
    # An exceeded cost target scores 0 in one, 10/26 of 12.85 in the other.
    assert "4.94" in said


def test_the_demo_gives_the_printed_totals_and_leaves_an_earlier_one_alone(wbt, tmp_path):
    earlier = tmp_path / "自评演示" / "回收.xlsx"
    earlier.parent.mkdir()
    earlier.touch()
    code, said = wbt("demo")
    assert code == 0
    assert [*earlier.parent.iterdir()] == [earlier]
    assert (tmp_path / "自评演示2" / "汇总" / "汇总_全部.xlsx").is_file()
    result = json.loads((tmp_path / "自评演示2" / "审核" / "审核结果.json").read_text("utf-8"))
    totals = {p["name"]: (p["total_score"], p["grade"]) for p in result["projects"] if p["total_score"] is not None}
    assert totals == {
        "科技治超运行经费": (100.0, "优秀"),
        "智慧交通二期工程": (98.5, "优秀"),
        "警务通通信服务": (74.3, "合格"),
        "智慧监管信息化平台建设经费": (85.82, "良好"),
        "交通运输执法工作专项经费": (96.0, "优"),
    }
    for total, grade in totals.values():
        assert re.search(rf"│ +{total:g} │ {grade} +│", said)
    without = {p["code"] for p in result["projects"] if p["total_score"] is None}
    assert {f["project_code"] for f in result["findings"] if f["code"] == "SCORE02"} == without
    assert len(without) == 3


def test_an_unexpected_fault_becomes_a_sentence_and_a_log(wbt, monkeypatch, tmp_path):
    monkeypatch.setattr(demo, "run_demo", lambda folder, now: 1 / 0)
    code, said = wbt("demo")
    assert code == 2
    assert "意外出错" in said
    assert "Traceback" not in said
    assert "ZeroDivisionError" in (tmp_path / "wbt-错误日志.txt").read_text("utf-8")


def test_the_users_own_scheme_beside_the_list_is_used(wbt, campaign):
    own = load_scheme("quwo")
    assert own.id == "quwo"
    from importlib import resources

    text = (resources.files("workbook_tools.rules") / "schemes" / "quwo.toml").read_text("utf-8")
    (campaign / "评分方案" / "ours.toml").write_text(
        text.replace('id = "quwo"', 'id = "ours"').replace('name = "优秀"', 'name = "很好"'), "utf-8"
    )
    data = json.loads((campaign / "项目清单.json").read_text("utf-8"))
    for item in data["projects"]:
        item["scheme"] = "ours"
    (campaign / "项目清单.json").write_text(json.dumps(data), "utf-8")
    wbt("generate", "--prefill", "--out", "回收", cwd=campaign)
    wbt("review")
    result = json.loads((campaign / "审核" / "审核结果.json").read_text("utf-8"))
    assert {p["grade"] for p in result["projects"]} == {"很好", "合格", "良好"}


def test_a_lost_key_is_told_and_not_replaced(wbt, campaign):
    wbt("generate", "--prefill", "--out", "回收", cwd=campaign)
    (campaign / ".wbt" / "signing.key").unlink()
    _, said = wbt("review")
    assert "找不到签名密钥" in said
    assert not (campaign / ".wbt" / "signing.key").exists()


def test_an_empty_inbox_says_what_to_do(wbt, campaign):
    _code, said = wbt("review", cwd=campaign)
    assert "里没有工作簿" in said


def test_a_project_issued_with_and_without_macros_is_told(wbt, campaign):
    assert "另有" not in wbt("generate", cwd=campaign)[1]
    assert "个项目在这个文件夹里另有 .xlsx 的工作簿，请移走不发的那一种" in wbt("generate", "--macros")[1]


def test_a_workbook_issued_from_an_older_list_is_marked(wbt, campaign):
    wbt("generate", "--prefill", "--out", "回收", cwd=campaign)
    path = campaign / "项目清单.json"
    data = json.loads(path.read_text("utf-8"))
    data["projects"][0]["annual_goal"] = "清单后来改过"
    path.write_text(json.dumps(data), "utf-8")
    wbt("review")
    result = json.loads((campaign / "审核" / "审核结果.json").read_text("utf-8"))
    assert [f["project_code"] for f in result["findings"] if f["code"] == "FILE17"] == [data["projects"][0]["code"]]


def test_a_reviewed_score_goes_into_summary_and_survives_the_next_review(wbt, campaign):
    import openpyxl

    wbt("generate", "--prefill", "--out", "回收", cwd=campaign)
    wbt("review")
    path = campaign / "审核" / "审核结果.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["指标得分"]
    header = next(row for row in sheet.iter_rows() if any(c.value == "核定得分" for c in row))
    column = {cell.value: cell.column for cell in header}
    cost = next(
        r
        for r in range(header[0].row + 1, sheet.max_row + 1)
        if sheet.cell(r, column["三级指标"]).value == "平台建设成本"
    )
    for name, value in (("核定得分", 5), ("核定理由", "年初批复不足，成本合理"), ("核定人", "李敏")):
        sheet.cell(cost, column[name]).value = value
    book.save(path)
    assert wbt("merge")[0] == 0
    _code, _said = wbt("review")
    result = json.loads((campaign / "审核" / "审核结果.json").read_text("utf-8"))
    project = next(p for p in result["projects"] if p["code"] == "QW2021-004")
    assert (project["total_score"], project["reviewed_total"]) == (85.82, 90.82)


def test_the_offices_own_summary_form_wins_and_a_wrong_one_is_told(wbt, campaign):
    wbt("generate", "--prefill", "--out", "回收", cwd=campaign)
    wbt("review")
    code, said = wbt("merge")
    assert code == 0
    assert "4 个汇总工作簿和 4 个汇总表" in said
    assert openpyxl.load_workbook(campaign / "汇总" / "汇总表_全部.xlsx")["汇总表"]["I3"].value == "自评"
    wbt("templates", "模板")
    form = campaign / "模板" / "汇总表.xlsx"
    book = openpyxl.load_workbook(form)
    book["汇总表"]["I3"] = "得分（百分制）"
    book.save(form)
    assert wbt("merge")[0] == 0
    assert openpyxl.load_workbook(campaign / "汇总" / "汇总表_全部.xlsx")["汇总表"]["I3"].value == "得分（百分制）"
    book["汇总表"]["I5"] = "{{得份}}"
    book.save(form)
    code, said = wbt("merge")
    assert code == 2
    assert f"汇总表模板“{form}”" in said
    assert "I5：不认识标签“{{得份}}”，是不是“得分”？" in said.replace("“得分”、", "“得分”？")
    code, said = wbt("merge", "--forms", "摸板")
    assert code == 2
    assert "没有模板文件夹“摸板”" in said
