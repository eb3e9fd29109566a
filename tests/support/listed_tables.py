"""Project lists drawn as tables in a test, and read."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import strategies as st

from workbook_tools.core.findings import Finding
from workbook_tools.core.model import (
    LEAF_SOURCES,
    Direction,
    Indicator,
    Project,
    ProjectList,
)
from workbook_tools.core.names import Aliases
from workbook_tools.excel.writing import Book
from workbook_tools.projects import read_projects
from workbook_tools.rules.scheme import Scheme, load_scheme

YEAR = 2023
MOF = load_scheme("mof-2020")

PROJECTS = """
| 项目编码* | 项目名称* | 主管部门* | 实施单位* | 评分方案 | 年初-县区（万元） | 全年-县区（万元） | 年度总体目标 |
| '0012'   | 储备粮轮换 | 发改局    | 粮食中心  |         | 120.5          | 130            | 完成轮换     |
| '0013'   | 公路养护   | 交通局    | 公路段    | quwo    | 80             | 80             |            |
"""
INDICATORS = """
| 项目编码* | 一级指标*  | 二级指标*     | 三级指标* | 权重（分） | 指标性质 | 目标值 | 计量单位 | 计分规则 |
| '0012'   | 产出指标   | 数量指标      | 轮换数量  | 40       | ≥      | 5000  | 吨      |        |
| '0012'   | 产出指标   | 成本指标      | 轮换成本  | 10       | ≤      | 120   | 万元    |        |
| '0012'   | 效益指标   | 社会效益指标   | 粮食安全  | 30       | 定性    | 有效   |         |        |
| '0012'   | 满意度指标 | 服务对象满意度 | 满意度   | 10       | ≥      | 95    | %       |        |
| '0013'   | 产出指标   | 数量指标      | 养护里程  | 50       | ＝     | 36.5  | 公里    |        |
| '0013'   | 效益指标   | 社会效益      | 通行时间  | 30       | ≤      | 40    | 分钟    |        |
| '0013'   | 满意度指标 | 服务对象满意度 | 满意度   | 10       | ≥      | 90    | %       |        |
"""


def cells(table: str) -> list[list[str | float | None]]:
    """A Markdown table as rows of values: figures are numbers, '0012' is a text, \\n a line break."""

    def value(text: str) -> str | float | None:
        text = text.strip().replace("\\n", "\n")
        if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
            return float(text)
        return text.strip("'") or None

    return [[value(cell) for cell in line.strip().strip("|").split("|")] for line in table.strip().splitlines()]


def workbook(folder: Path, **sheets: str) -> Path:
    """A workbook with a sheet per Markdown table."""
    with Book() as book:
        for title, table in sheets.items():
            sheet = book.sheet(title)
            for row, line in enumerate(cells(table)):
                for col, value in enumerate(line):
                    if value is not None:
                        sheet.write(row, col, value)
    path = folder / "项目清单.xlsx"
    path.write_bytes(book.bytes())
    return path


def read(path: Path, scheme: Scheme = MOF) -> tuple[ProjectList, list[Finding]]:
    return read_projects(path, year=YEAR, default_scheme=scheme, load=load_scheme)


def read_tables(
    folder: Path, projects: str, indicators: str, scheme: Scheme = MOF, **aliases: str
) -> tuple[ProjectList, list[Finding]]:
    path = workbook(folder, 项目=projects, 指标=indicators)
    return read_projects(path, year=YEAR, default_scheme=scheme, load=load_scheme, aliases=Aliases(aliases))


def places(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(f.code, f"{f.sheet}!{f.cell}" if f.sheet else f.cell) for f in findings]


P, Q = PROJECTS, INDICATORS


WORDS = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=12)
PARAGRAPHS = st.lists(WORDS, max_size=3).map("\n".join)
AMOUNTS = st.dictionaries(st.sampled_from(LEAF_SOURCES), st.decimals(0, 10**8, places=6).map(float))
FIGURES = st.decimals(-(10**6), 10**6, places=4).map(float)
NUMERIC = (Direction.AT_LEAST, Direction.AT_MOST, Direction.EQUAL)


@st.composite
def indicators(draw: st.DrawFn) -> Indicator:
    qualitative = draw(st.booleans())
    facts = {
        "dimension": draw(st.sampled_from([d.name for d in MOF.dimensions])),
        "category": draw(WORDS),
        "name": draw(WORDS),
        "weight": draw(st.none() | st.decimals(0, 100, places=2).map(float)),
        "direction": Direction.QUALITATIVE if qualitative else draw(st.sampled_from(NUMERIC)),
        "target": draw(
            st.sampled_from(["有效", "按时完成", "95左右"]) if qualitative else FIGURES | st.sampled_from([0.5, 1.0])
        ),
        "unit": draw(st.sampled_from(["", "%", "个", "万元", "人次/年"])),
    }
    return Indicator.model_validate(facts)


@st.composite
def projects(draw: st.DrawFn) -> Project:
    order = [d.name for d in MOF.dimensions]
    facts = {
        "code": draw(st.from_regex(r"[0-9A-Z]{1,20}", fullmatch=True)),
        "name": draw(WORDS),
        "department": draw(WORDS),
        "unit": draw(WORDS),
        "year": YEAR,
        "scheme": draw(st.sampled_from(["", "quwo", "mof-2020"])),
        "initial_budget": draw(AMOUNTS),
        "annual_budget": draw(AMOUNTS),
        "annual_goal": draw(PARAGRAPHS),
        "period_goal": draw(PARAGRAPHS),
        "indicators": sorted(draw(st.lists(indicators(), max_size=4)), key=lambda i: order.index(i.dimension)),
    }
    return Project.model_validate(facts)
