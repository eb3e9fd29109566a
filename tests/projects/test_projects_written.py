"""Project lists as JSON, and lists that are written: they read back the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from listed_tables import (
    MOF,
    YEAR,
    P,
    Q,
    places,
    projects,
    read,
    read_tables,
)
from openpyxl import load_workbook

from workbook_tools.core.model import (
    Answers,
    Direction,
    Indicator,
    IndicatorAnswer,
    Project,
    ProjectList,
)
from workbook_tools.projects import project_list_workbook, projects_json_schema
from workbook_tools.projects.columns import INDICATOR_COLUMNS
from workbook_tools.rules.scheme import builtin_schemes


def as_json(folder: Path, content: object, name: str = "项目清单.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    return path


def clean_json(folder: Path) -> dict[str, Any]:
    listed, _ = read_tables(folder, P, Q)
    data = json.loads(listed.model_dump_json())
    assert isinstance(data, dict)
    return data


def test_the_same_list_as_json_gives_the_same_projects(tmp_path: Path) -> None:
    listed, _ = read_tables(tmp_path, P, Q)
    again, findings = read(as_json(tmp_path, json.loads(listed.model_dump_json())))
    assert (again, findings) == (listed, [])


def test_the_rules_hold_for_json_with_places_in_words(tmp_path: Path) -> None:
    data = clean_json(tmp_path)
    first, second = data["projects"]
    first["indicators"][0]["weight"] = 41
    first["indicators"][1]["dimension"] = "效果"
    first["indicators"][3]["target"] = 0.95
    second["code"] = "0012"
    second["annual_budget"] = {"total": -1}
    second["scheme"] = "nope"
    _, findings = read(as_json(tmp_path, data))
    one, other = f"第1个项目“{first['name']}”", f"第2个项目“{second['name']}”"
    assert [(f.code, f.cell, f.field) for f in findings] == [
        ("LIST12", other, "评分方案"),
        ("LIST16", other, "全年-年度总金额"),
        ("LIST03", other, "项目编码"),
        ("LIST10", f"{one}第2个指标", "一级指标"),
    ]


def test_json_figures_are_exact(tmp_path: Path) -> None:
    data = clean_json(tmp_path)
    data["projects"][0]["indicators"][3]["target"] = 0.95
    listed, findings = read(as_json(tmp_path, data))
    assert (listed.projects[0].indicators[3].target, findings) == (0.95, [])


def test_a_project_that_does_not_follow_the_model_loses_only_itself(tmp_path: Path) -> None:
    data = clean_json(tmp_path)
    first = data["projects"][0]
    del first["unit"]
    first["annual_budget"] = {"county": "很多", "village": 3}
    first["indicators"][0] |= {"weight": "x", "direction": "up", "target": [1], "colour": "red"}
    first["name"] = 5
    listed, findings = read(as_json(tmp_path, data))
    assert [p.code for p in listed.projects] == ["0013"]
    assert {f.project_code for f in findings} == {"0012"}
    assert sorted(places(findings)) == [
        ("LIST02", "projects[0].unit"),
        ("LIST04", "projects[0].annual_budget.county"),
        ("LIST04", "projects[0].indicators[0].target"),
        ("LIST04", "projects[0].indicators[0].weight"),
        ("LIST07", "projects[0].indicators[0].direction"),
        ("LIST15", "projects[0].annual_budget.village"),
        ("LIST15", "projects[0].indicators[0].colour"),
        ("LIST15", "projects[0].name"),
    ]
    labels = {f.cell: f.field for f in findings}
    assert labels["projects[0].annual_budget.county"] == "全年-县区"
    assert labels["projects[0].indicators[0].weight"] == "权重"


@pytest.mark.parametrize(
    ("content", "cell"),
    [
        (b"{", ""),
        (b"[]", ""),
        ('{"year": 2023, "authority": "财政局"}'.encode("gbk"), ""),
        (b"[" * 100_000, ""),
        (b'{"projects": []}', "year"),
        (b'{"year": 2023, "schema_version": "9"}', "schema_version"),
        (b'{"year": 2023, "projects": {}}', "projects"),
        (b'{"year": 2021}', "year"),
    ],
)
def test_json_that_is_not_the_models_is_one_finding(tmp_path: Path, content: bytes, cell: str) -> None:
    path = tmp_path / "清单.json"
    path.write_bytes(content)
    listed, findings = read(path)
    assert (listed.projects, places(findings)) == ((), [("LIST15", cell)])


def test_answers_follow_their_indicators(tmp_path: Path) -> None:
    indicators = [
        Indicator(dimension="满意度指标", category="满意度", name="丙", weight=10, target=90, unit="%"),
        Indicator(dimension="预算执行", category="预算执行", name="执行率", weight=10),
        Indicator(dimension="产出指标", category="数量指标", name="甲", weight=50, target=1, unit="个"),
        Indicator(dimension="效益指标", category="社会效益", name="乙", weight=30, target=1, unit="个"),
    ]
    answers = Answers(indicators=tuple(IndicatorAnswer(actual=float(n)) for n in range(3)))
    project = Project(
        code="1", name="项目", department="局", unit="站", year=YEAR, indicators=tuple(indicators), answers=answers
    )
    path = as_json(tmp_path, json.loads(ProjectList(year=YEAR, projects=(project,)).model_dump_json()))
    listed, findings = read(path)
    assert places(findings) == [("LIST11", "第1个项目“项目”第2个指标")]
    (again,) = listed.projects
    assert again.answers is not None
    given_by_name = [(i.name, a.actual) for i, a in zip(again.indicators, again.answers.indicators, strict=True)]
    assert given_by_name == [("甲", 2), ("乙", None), ("丙", 0)]


def test_the_schema_describes_what_is_read(tmp_path: Path) -> None:
    schema = projects_json_schema()
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    assert list(validator.iter_errors(clean_json(tmp_path))) == []
    assert [e.validator for e in validator.iter_errors({"year": 2023, "projekte": []})] == ["additionalProperties"]


ODD = Project(
    code="007",
    name="<r>甲</r>",
    department="=1+1",
    unit="_x0041_",
    year=YEAR,
    annual_goal="合计",
    indicators=(
        Indicator(dimension="产出指标", category="数", name="&", direction=Direction.AT_MOST, target=1, unit="%"),
    ),
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(projects(), max_size=3, unique_by=lambda p: p.code))
@example([ODD])
def test_what_is_written_reads_back_the_same(tmp_path: Path, listed: list[Project]) -> None:
    path = tmp_path / "项目清单.xlsx"
    path.write_bytes(project_list_workbook(ProjectList(year=YEAR, projects=tuple(listed)), MOF))
    assert list(read(path)[0].projects) == listed


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(projects(), max_size=3, unique_by=lambda p: p.code))
def test_json_reads_back_the_same(tmp_path: Path, listed: list[Project]) -> None:
    content = ProjectList(year=YEAR, projects=tuple(listed)).model_dump_json()
    assert list(read(as_json(tmp_path, json.loads(content)))[0].projects) == listed


def test_a_clean_list_written_reads_back_without_findings(tmp_path: Path) -> None:
    listed, _ = read_tables(tmp_path, P, Q)
    path = tmp_path / "again.xlsx"
    path.write_bytes(project_list_workbook(listed, MOF))
    assert read(path) == (listed, [])


def test_the_empty_form_is_an_empty_list(tmp_path: Path) -> None:
    path = tmp_path / "模板.xlsx"
    path.write_bytes(project_list_workbook(None, MOF))
    assert read(path) == (ProjectList(year=YEAR, scheme="mof-2020"), [])
    assert project_list_workbook(None, MOF) == path.read_bytes()


def test_the_form_offers_choices_and_keeps_codes_as_text(tmp_path: Path) -> None:
    path = tmp_path / "模板.xlsx"
    path.write_bytes(project_list_workbook(None, MOF))
    book = load_workbook(path)
    assert book.sheetnames == ["填写说明", "项目", "指标"]
    sheet = book["指标"]
    lists = {
        next(iter(v.sqref.ranges)).min_col: v.formula1
        for v in sheet.data_validations.dataValidation
        if v.type == "list"
    }
    assert lists[2] == '"产出指标,效益指标,满意度指标"'
    assert lists[6] == '"≥,≤,＝,定性"'
    offered = [v.formula1 for v in book["项目"].data_validations.dataValidation if v.type == "list"]
    assert offered == [f'"{",".join(builtin_schemes())}"']
    prompts = [v.prompt for v in sheet.data_validations.dataValidation]
    assert prompts == [column.prompt for column in INDICATOR_COLUMNS if not column.last_year]
    assert (sheet.freeze_panes, book["项目"].freeze_panes) == ("B2", "C2")
    assert {
        sheet["A2"].number_format,
        sheet["G2"].number_format,
        book["项目"].column_dimensions["A"].number_format,
    } == {"@"}


def test_choices_that_do_not_fit_a_drop_down_are_left_out(tmp_path: Path) -> None:
    dimension = MOF.dimensions[0].model_copy(update={"name": "产出,指标", "categories": ("长" * 200, "长" * 100)})
    scheme = MOF.model_copy(update={"dimensions": (dimension, *MOF.dimensions[1:])})
    path = tmp_path / "模板.xlsx"
    path.write_bytes(project_list_workbook(None, scheme))
    rules = load_workbook(path)["指标"].data_validations.dataValidation
    assert [v.type for v in rules[:3]] == [None, None, None]
