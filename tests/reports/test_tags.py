"""The tags of the report forms: one table fills a report, lists them on the page, and knows them in a form."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from locations import ROOT
from result_builder import indicators, project, result
from written_documents import built_forms

from workbook_tools.core.errors import TemplateError
from workbook_tools.files.paths import templates_folder
from workbook_tools.inspection.reports import INSPECTION_TAGS, SAMPLE_TAGS
from workbook_tools.reports.appearance import ReportAppearance
from workbook_tools.reports.appearance_tags import APPEARANCE_TAGS
from workbook_tools.reports.department_tags import DEPARTMENT_TAGS
from workbook_tools.reports.form_check import check_named_forms, find_unknown_tags
from workbook_tools.reports.found_forms import DEPARTMENT_FORM, RETURN_FORM, WHOLE_FORM, form_name
from workbook_tools.reports.group_facts import CampaignFacts
from workbook_tools.reports.inspection_forms import INSPECTION_FORM, INSPECTION_SUMMARY
from workbook_tools.reports.issue_forms import GUIDE_TAGS, ISSUE_TAGS
from workbook_tools.reports.project_tags import PROJECT_TAGS, ProjectFacts
from workbook_tools.reports.rectify_form import RECTIFY_TAGS
from workbook_tools.reports.tags import FormTag, fill_tags, knows_path
from workbook_tools.reports.whole_tags import BRIEF_TAGS, WHOLE_TAGS
from workbook_tools.returns.notice import NOTICE_TAGS
from workbook_tools.rules.recorded import restore_schemes
from workbook_tools.rules.scheme import builtin_schemes
from workbook_tools.shipped.preview import preview_form
from workbook_tools.word.drawing import SectionEnd, draw_document, paragraph
from workbook_tools.word.rendering import open_form
from workbook_tools.word.text import TagGroup

OTHERS: dict[str, tuple[FormTag[Any], ...]] = {
    RETURN_FORM: NOTICE_TAGS,
    INSPECTION_FORM: INSPECTION_TAGS,
    INSPECTION_SUMMARY: SAMPLE_TAGS,
}
"""Forms whose tags the check of forms does not know."""
GROUPS = {"部门": DEPARTMENT_TAGS, "全部": WHOLE_TAGS, "简报": BRIEF_TAGS}
TABLES = {
    "项目": PROJECT_TAGS,
    **GROUPS,
    "退回": NOTICE_TAGS,
    "复核": INSPECTION_TAGS,
    "复核汇总": SAMPLE_TAGS,
    "下发": ISSUE_TAGS,
    "怎样填": GUIDE_TAGS,
    "整改": RECTIFY_TAGS,
    "样子": APPEARANCE_TAGS,
}


def own_form(path: Path, *lines: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(draw_document([*map(paragraph, lines), SectionEnd()], title="无"))
    return path


def filled_names(values: Mapping[str, object], group: str = "") -> Iterator[str]:
    """The tags that a form may use, as it writes them."""
    for name, value in values.items():
        yield f"{group}{name}"
        if isinstance(value, TagGroup):
            yield from filled_names(value._values, f"{group}{name}.")
        elif isinstance(value, list) and value:
            yield from filled_names(value[0]._values, f"{value[0]}.")


def filled(kind: str) -> dict[str, object]:
    found = result([project(number, department="公安局") for number in range(4)])
    if kind in GROUPS:
        campaign = CampaignFacts(found, restore_schemes(found))
        facts = campaign.find_department("公安局") if kind == "部门" else campaign.whole
        return fill_tags(GROUPS[kind], facts)
    row = found.projects[0]
    return fill_tags(PROJECT_TAGS, ProjectFacts(row, indicators(row), builtin_schemes()[row.scheme]))


@pytest.mark.parametrize("kind", ["项目", *GROUPS])
def test_every_tag_that_a_report_fills_is_on_the_page(kind: str) -> None:
    page = (ROOT / "docs" / "报告模板.md").read_text("utf-8")
    described = set(re.findall(r"`([\w.…]+)`", page))
    lacking = {
        name
        for name in filled_names(filled(kind))
        if name not in described and f"{name}.…" not in described and f"{name.split('.')[0]}.…" not in described
    }
    assert lacking == set()


@pytest.mark.parametrize("tags", TABLES.values(), ids=TABLES)
def test_a_tag_has_one_meaning(tags: tuple[FormTag[Any], ...]) -> None:
    def check(tags: tuple[FormTag[Any], ...]) -> None:
        assert len({tag.name for tag in tags}) == len(tags)
        for tag in tags:
            assert tag.meaning
            check(tag.inner)

    check(tags)


def test_the_forms_of_the_package_use_only_tags_that_there_are() -> None:
    for name in built_forms():
        form = open_form(templates_folder() / name)
        if name in OTHERS:
            known = {tag.name: tag for tag in (*OTHERS[name], *APPEARANCE_TAGS)}
            assert [written for written, path in form.used_tags() if not knows_path(known, path)] == []
        else:
            assert find_unknown_tags(form) == []


@pytest.mark.parametrize(
    ("line", "unknown"),
    [
        ("{{ 项目名称 }}{% if 核定说明 %}{{ 核定说名 }}{% endif %}", ["核定说名"]),
        ("{% if 总份 %}有{% endif %}", ["总份"]),
        ("{% for 行 in 资金 %}{{ 行.项目 }}{{ 行.项木 }}{% endfor %}", ["行.项木"]),
        ("{% for 一 in 绩效指标[:3] %}{{ 一.得分 }}{{ 一.得份 }}{% endfor %}", ["一.得份"]),
        ("{{ 合计.全年预算资金 }}{{ 合计.全年预算 }}{{ 资金.项目 }}", ["合计.全年预算", "资金.项目"]),
        (
            "{% for 组 in 章节.基本情况 %}{% for 节 in 组.各节 %}{{ 节.内容 }}{{ 节.内 }}{% endfor %}{% endfor %}",
            ["节.内"],
        ),
        ("{% for 行 in 指标.output|reverse %}{{ loop.index|汉字 }}{{ 行.业绩 }}{% endfor %}", ["行.业绩"]),
        ("{% set 名 = 项目名称 %}{{ 名 }}{{ 换行 }}{{ 同上 }}{{ 正文.overview }}{{ 列名.score }}{{ 版头 }}", []),
        ("{% for 行 in 资金 if 行.行次 %}{{ loop.last }}{% endfor %}{{ (自评指标|first).得分 }}", []),
    ],
)
def test_a_tag_that_no_report_has_is_found_wherever_it_stands(tmp_path: Path, line: str, unknown: list[str]) -> None:
    assert find_unknown_tags(open_form(own_form(tmp_path / form_name("曲沃"), line))) == unknown


def test_a_department_has_other_tags_than_a_project(tmp_path: Path) -> None:
    lines = "{{ 部门 }}{{ 项目名称 }}{% for 行 in 项目表 %}{{ 行.总分 }}{{ 行.业绩值 }}{% endfor %}"
    assert find_unknown_tags(open_form(own_form(tmp_path / DEPARTMENT_FORM, lines))) == ["项目名称", "行.业绩值"]


def test_the_texts_of_a_report_on_several_projects_are_known_by_their_names(tmp_path: Path) -> None:
    lines = "{{ 正文.失分原因 }}{{ 正文.失分的原因 }}{% for 行 in 部门表 %}{{ 行.部门 }}{{ 行.总分 }}{% endfor %}"
    assert find_unknown_tags(open_form(own_form(tmp_path / WHOLE_FORM, lines))) == ["正文.失分的原因", "行.总分"]


def test_the_preview_tells_of_a_mistyped_tag_where_the_condition_does_not_hold_today(
    tmp_path: Path, wbt: Callable[..., tuple[int, str]]
) -> None:
    form = own_form(tmp_path / "模板" / form_name("曲沃"), "{{ 项目名称 }}{% if 核定说明 %}{{ 核定说名 }}{% endif %}")
    with pytest.raises(TemplateError, match="核定说名"):
        preview_form(form)
    code, said = wbt("preview", form)
    assert (code, "核定说名" in said) == (2, True)
    assert not form.with_name("报告-曲沃_预览.docx").exists()


def test_whoever_makes_reports_is_told_of_it_too(tmp_path: Path) -> None:
    own_form(tmp_path / form_name("曲沃"), "{{ 项目名称 }}{% if 核定说明 %}{{ 核定说名 }}{% endif %}")
    told = list(check_named_forms([form_name("曲沃")], tmp_path))
    assert ["核定说名" in sentence for sentence in told] == [True, False]


def test_the_look_is_filled_from_its_own_table() -> None:
    look = ReportAppearance(cover=True, red_head="某县\n财政局文件")
    assert fill_tags(APPEARANCE_TAGS, look) == {
        "封面": True,
        "目录": True,
        "版头": "某县 财政局文件",
        "发文字号": "",
        "成文日期": "",
    }
