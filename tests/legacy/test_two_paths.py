"""A project's workbook and the Word report of the same content: what one path finds the other finds, or a sentence says why not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document
from made_demo import show_demo

from workbook_tools.core.review_result import ProjectRow
from workbook_tools.legacy.importing import Importing
from workbook_tools.legacy.intake import convert_form
from workbook_tools.legacy.prose.report import read_report
from workbook_tools.review.folder import Review, review_folder
from workbook_tools.rules.scheme import TextSection, load_scheme
from workbook_tools.shipped.demo import Demo
from workbook_tools.word.reading import Document as ReadDocument
from workbook_tools.word.reading import Paragraph

WHY = {
    "CROSS02": "报告里由程序印出的资金一句，各项目相同",
    "FILL13": "报告没有项目负责人、填报人、电话这些格",
    "FILL21": "报告没有公式，表内没有自己算出的总分",
    "EVID01": "佐证材料列在工作簿里，与旁边收到的文件核对；报告没有清单",
    "EVID03": "同上",
    "FUND07": "报告只写全年预算，没有年初预算一栏",
    "SCORE05": "报告印着总分；工作簿的总分由公式算，不会与集中评分不同",
    "TEXT08": "报告里单位没有写的一段由程序起草，与别的段落重复",
}
"""Codes that only one path can find."""
ONLY_READING = "IMPORT"
"""How the codes begin that tell how a report was read."""


@pytest.fixture(scope="module")
def demo() -> Demo:
    return show_demo()


@pytest.fixture(scope="module")
def imported(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Review:
    """The reports of the demo as if somebody had written them by hand."""
    folder = tmp_path_factory.mktemp("reports")
    for path in demo.reports:
        if "_" in path.name:
            document = Document(str(path))
            document.core_properties.author = document.core_properties.last_modified_by = "单位"
            document.core_properties.category = ""
            document.save(str(folder / path.name))
    return review_folder(folder, workers=1)


def projects(demo: Demo, imported: Review) -> Iterator[tuple[ProjectRow, ProjectRow]]:
    by_name = {row.name: row for row in imported.result.projects}
    for row in demo.result.projects:
        yield row, by_name[row.name]


def codes_of(review: Demo | Review, row: ProjectRow) -> set[str]:
    found = {item.code for item in review.result.findings if item.project_code == row.code}
    return {code for code in found if not code.startswith(ONLY_READING)}


def test_the_codes_of_both_paths_differ_only_where_a_sentence_says_why(demo: Demo, imported: Review) -> None:
    differing: set[str] = set()
    for row, other in projects(demo, imported):
        differing |= codes_of(demo, row) ^ codes_of(imported, other)
    assert differing == set(WHY)


def test_every_row_has_one_score_on_both_paths(demo: Demo, imported: Review) -> None:
    for row, other in projects(demo, imported):
        ours, theirs = (
            {item.name: item.score for item in review.result.indicators if item.project_code == code}
            for review, code in ((demo, row.code), (imported, other.code))
        )
        assert theirs == ours
        assert (other.total_score, other.grade) == (row.total_score, row.grade)


def test_what_a_unit_wrote_is_in_the_section_of_the_scheme(demo: Demo, imported: Review) -> None:
    for row, other in projects(demo, imported):
        written = {key: text for key, text in row.texts.items() if text.strip()}
        missing = [key for key, text in written.items() if text.split("\n")[0][:20] not in other.texts.get(key, "")]
        assert missing == []


def test_the_wrong_year_of_a_report_is_found(imported: Review) -> None:
    [code] = [row.code for row in imported.result.projects if row.name == "交通运输执法工作专项经费"]
    found = [item for item in imported.result.findings if (item.project_code, item.code) == (code, "TEXT03")]
    assert [item.field for item in found] == ["总体绩效目标完成情况分析"]
    assert Path(found[0].file).suffix == ".docx"


def test_a_section_that_only_an_office_has_is_known_by_its_own_name() -> None:
    usual = load_scheme("mof-2020")
    own = TextSection(key="machinery", label="机具调配说明", prompt="")
    scheme = usual.model_copy(update={"texts": (*usual.texts, own)})
    importing = Importing((scheme,), 2024)
    lines = (
        "临江县水务局2024年度农村饮水安全项目支出绩效自评报告",
        "一、项目概况",
        "全县饮水工程养护。",
        "二、机具调配说明",
        "两台挖机由水管站统一调配。",
        "三、存在的问题",
        "山区供水不足。",
        "四、改进措施",
        "加强巡查。",
        "预算100万元，支出90万元。",
    )
    document = ReadDocument(tuple(Paragraph(number, text) for number, text in enumerate(lines, 1)))
    form = read_report(document, importing.vocabulary)
    assert form is not None
    texts = convert_form(form, importing).project.answers.texts
    assert texts["machinery"] == "两台挖机由水管站统一调配。"
