"""Word reports: every part of each form, figures as given, blanks seen, any text safe."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_COLOR_INDEX
from docx.table import Table
from drawn_documents import drawn_form
from long_run import thin
from office import ooxml_errors_of, requires_ooxml_validator
from result_builder import HOSTILE, hostile, indicators, project, result, under, unscored
from written_documents import built_forms

from workbook_tools.core.errors import OutputError, TemplateError
from workbook_tools.core.model import Direction, FundingSource, Measure
from workbook_tools.core.review_result import IndicatorRow, ProjectRow
from workbook_tools.files.paths import safe_filename
from workbook_tools.reports.appearance import ReportAppearance
from workbook_tools.reports.filling import render_group_report, render_project_report
from workbook_tools.reports.found_forms import DEPARTMENT_FORM, find_form
from workbook_tools.reports.writing import write_reports
from workbook_tools.rules.scheme import Scheme, builtin_schemes
from workbook_tools.word.drawing import paragraph

QUWO, ZHANGYE, GENERAL = (builtin_schemes()[name] for name in ("quwo", "zhangye", "mof-2020"))
BLANK = "（未填写）"
NO_CONTENTS = ReportAppearance(contents=False)
"""What the tables of contents repeat would be in the way; test_contents.py looks at them."""


def texts_of(scheme: Scheme) -> dict[str, str]:
    """Every section filled, so that each can be told from the others."""
    return {section.key: f"关于{section.label}的文字" for section in scheme.texts}


def filled(scheme: Scheme = QUWO, **changes: object) -> ProjectRow:
    row = project(1)
    rates = {key: {FundingSource.TOTAL: row.execution_rate} for key in (Measure.ARRIVAL_RATE, Measure.EXECUTION_RATE)}
    facts = {"texts": texts_of(scheme), "funding": {**row.funding, **rates}}
    return under(scheme, project(1, **{**facts, **changes}))


def written(row: ProjectRow, rows: list[IndicatorRow] | None = None) -> Docx:
    found = result([row]) if rows is None else result([row], indicators=tuple(rows))
    return Document(io.BytesIO(render_project_report(found, row, look=NO_CONTENTS)))


def headings(document: Docx) -> list[str]:
    levels = ("Heading 1", "Heading 2", "Heading 3", "附件标题")
    return [p.text for p in document.paragraphs if p.style is not None and p.style.name in levels]


def lines(document: Docx) -> list[str]:
    return [p.text for p in document.paragraphs if p.text]


def cells(table: Table) -> list[list[str]]:
    return [[cell.text.replace("\n", "") for cell in row.cells] for row in table.rows]


def highlighted(document: Docx) -> list[str]:
    runs = (run for p in document.paragraphs for run in p.runs)
    return [run.text for run in runs if run.font.highlight_color == WD_COLOR_INDEX.YELLOW]


def indicator(row: ProjectRow, dimension: str, category: str, name: str, **changes: object) -> IndicatorRow:
    facts: dict[str, object] = {
        "project_code": row.code,
        "dimension": dimension,
        "category": category,
        "name": name,
        "direction": Direction.AT_LEAST,
        "weight": 10.0,
        "score": 10.0,
        "completion": 1.0,
        "target_text": "≥1个",
        "actual_text": "1个",
    }
    return IndicatorRow.model_validate({**facts, **changes})


# -- 曲沃 -------------------------------------------------------------------------------------------------------------


def test_the_quwo_report_has_every_part_of_the_form() -> None:
    assert headings(written(filled())) == [
        "一、项目的基本情况", "（一）项目概况", "（二）预算执行情况", "（三）项目绩效目标",
        "（1）项目实施期绩效目标", "（2）项目年度目标",
        "二、项目绩效情况", "（一）预算执行情况", "（二）项目产出情况", "（三）项目效益情况", "（四）项目满意度情况",
        "三、项目绩效分析", "1. 项目实施和预算执行情况及分析", "2. 产出情况及分析", "3. 效益情况及分析",
        "4. 满意度情况及分析", "四、项目主要经验做法", "五、项目管理中存在问题及原因分析",
        "六、进一步加强项目管理措施及建议", "附件1.项目支出绩效自评表", "附件2.绩效自评相关资料",
    ]  # fmt: skip


@pytest.mark.parametrize("scheme", builtin_schemes().values(), ids=lambda scheme: scheme.id)
def test_every_narrative_is_printed_once_under_its_scheme(scheme: Scheme) -> None:
    document = written(filled(scheme))
    text = "\n".join(lines(document))
    for section_text in texts_of(scheme).values():
        assert text.count(section_text) == 1
    assert highlighted(document) == []


def test_the_funding_table_has_a_header_of_two_rows_and_keeps_blank_and_zero_apart() -> None:
    row = filled()
    money = {measure: dict(row.funding.get(measure, {})) for measure in Measure}
    money[Measure.INITIAL_BUDGET] = {
        FundingSource.TOTAL: 58.0,
        FundingSource.FISCAL_SUBTOTAL: 58.0,
        FundingSource.COUNTY: 58.0,
    }
    money[Measure.BALANCE] = dict.fromkeys(FundingSource, 0.0)
    money[Measure.EXECUTION_RATE] = {FundingSource.TOTAL: 26 / 30, FundingSource.COUNTY: 1.0}
    table = written(filled(funding=money)).tables[0]
    assert cells(table)[:3] == [
        ["项目", "行次", "年度总金额(万元)", *["财政资金"] * 5, "上年结转资金(万元)", "其他资金(万元)"],
        [
            "项目",
            "行次",
            "年度总金额(万元)",
            "小计",
            "中央级",
            "省级",
            "市级",
            "县区级",
            "上年结转资金(万元)",
            "其他资金(万元)",
        ],
        ["年初预算资金", "(1)", "58", "58", "", "", "", "58", "", ""],
    ]
    assert cells(table)[6] == ["资金结余", "(5)=(3)-(4)", *["0"] * 8]
    assert cells(table)[8] == ["预算执行率", "(7)=(4)/(2)", "86.67%", "", "", "", "", "100%", "", ""]
    assert len(table.rows) == 9


def test_the_tables_of_the_results_show_one_dimension_each() -> None:
    row = filled(execution_rate=26 / 30, execution_score=8.67)
    rows = [
        indicator(row, "满意度指标", "服务对象满意度指标", "群众满意度", target_text="≥95%", actual_text="96%"),
        indicator(row, "产出", "数量指标", "平台数量", weight=12.9, score=12.9),
        indicator(row, "产出指标", "成本指标", "成本", weight=12.85, score=0.0, target_text="≤10万元", actual_text="26万元"),
        indicator(row, "效益指标", "社会效益", "达标率", actual_text="", tier="达成"),
    ]  # fmt: skip
    tables = written(row, rows).tables
    head = ["二级指标", "三级指标", "权重", "目标值", "业绩值", "得分"]
    assert cells(tables[1]) == [head, ["预算执行指标", "预算执行率", "10", "100%", "86.67%", "8.67"]]
    assert cells(tables[2]) == [
        head,
        ["数量指标", "平台数量", "12.9", "≥1个", "1个", "12.9"],
        ["成本指标", "成本", "12.85", "≤10万元", "26万元", "0"],
    ]
    assert cells(tables[3]) == [head, ["社会效益", "达标率", "10", "≥1个", "达成", "10"]]
    assert cells(tables[4]) == [head, ["服务对象满意度指标", "群众满意度", "10", "≥95%", "96%", "10"]]


def test_the_attached_table_merges_levels_and_lies_across() -> None:
    row = filled(execution_reason="预算偏高")
    rows = [
        indicator(row, "产出指标", "数量指标", "甲", deviation_reason="原因一\n原因二"),
        indicator(row, "产出指标", "数量指标", "乙", completion=2.6),
        indicator(row, "产出指标", "质量指标", "丙", completion=None, score=None),
        indicator(row, "效益指标", "质量指标", "丁"),
        indicator(row, "自拟", "别的", "戊"),
    ]
    document = written(row, rows)
    table = document.tables[4]
    assert cells(table)[0] == [column.label for column in QUWO.form.columns]
    assert [line[:4] + line[6:] for line in cells(table)[1:]] == [
        ["预算执行指标", "预算执行指标", "预算执行率", "10", "95%", "9.5", "预算偏高"],
        ["产出指标", "数量指标", "甲", "10", "100%", "10", "原因一原因二"],
        ["产出指标", "数量指标", "乙", "10", "260%", "10", ""],
        ["产出指标", "质量指标", "丙", "10", "", "", ""],
        ["效益指标", "质量指标", "丁", "10", "100%", "10", ""],
        ["自拟", "别的", "戊", "10", "100%", "10", ""],
    ]
    merges = [tc.vMerge for tc in table._tbl.iter_tcs()]
    assert [merges.count(kind) for kind in ("restart", "continue")] == [2, 3]
    assert [s.orientation for s in document.sections] == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT]


def test_every_table_repeats_its_header_and_splits_no_row() -> None:
    for table in written(filled()).tables:
        rows = [row._tr.xml for row in table.rows]
        assert "tblHeader" in rows[0]
        assert "tblHeader" not in rows[-1]
        assert all("cantSplit" in row for row in rows)


def test_the_conclusion_states_total_and_grade() -> None:
    assert any(
        line.endswith("绩效自评价结果为：总得分85.82分，属于“良好”。")
        for line in lines(written(filled(total_score=85.82, grade="良好")))
    )


def test_a_project_that_was_renamed_is_called_as_the_list_has_it_and_the_signed_name_is_told_once() -> None:
    for scheme in builtin_schemes().values():
        text = "\n".join(lines(written(filled(scheme, name="新的名称", signed_name="旧的名称"))))
        assert (text.count("旧的名称"), text.count("签字时的项目名称")) == (1, 1)
    assert "签字时" not in "\n".join(lines(written(filled())))


def test_a_zero_total_is_a_total() -> None:
    assert any("总得分0分，属于“不合格”" in line for line in lines(written(filled(total_score=0.0, grade="不合格"))))


@pytest.mark.parametrize("scheme", builtin_schemes().values(), ids=lambda scheme: scheme.id)
def test_without_indicators_the_report_says_so_and_gives_no_total(scheme: Scheme) -> None:
    document = written(unscored(1, scheme=scheme.id, texts=texts_of(scheme)))
    text = "\n".join(lines(document))
    assert "本项目未提交绩效指标自评表。本报告不列总分和等级。" in text
    assert "总得分" not in text
    assert not any("产出指标" in cell for table in document.tables for line in cells(table) for cell in line)


def test_with_indicators_but_no_total_the_report_says_that() -> None:
    row = filled(total_score=None, grade="")
    assert "现有填报内容不足以得出总分，本报告不列总分和等级。" in lines(written(row))


def test_a_section_left_blank_is_marked_and_an_optional_one_is_left_out() -> None:
    texts = {**texts_of(ZHANGYE), "overview": " 　\n", "output_cost": "", "funding_intro": ""}
    document = written(filled(ZHANGYE, texts=texts))
    assert highlighted(document) == [BLANK, BLANK]
    assert f"（4）成本指标。{BLANK}" in lines(document)
    assert len(lines(document)) == len(lines(written(filled(ZHANGYE)))) - 1


def test_the_approved_goal_stands_in_for_one_not_typed() -> None:
    row = filled(texts={}, annual_goal="全年保障警务通信", period_goal="")
    assert "全年保障警务通信" in lines(written(row))


def test_paragraphs_of_a_narrative_stay_paragraphs() -> None:
    texts = {**texts_of(QUWO), "overview": "　　第一段\r\n\r\n　　第二段"}
    found = lines(written(filled(texts=texts)))
    assert found[found.index("项目概况：第一段") + 1] == "第二段"


# -- 张掖, 财政部 ------------------------------------------------------------------------------------------------------


def test_the_zhangye_report_has_every_part_of_the_form() -> None:
    document = written(filled(ZHANGYE))
    assert headings(document) == [
        "一、项目基本情况", "（一）项目概况", "（二）项目绩效目标", "二、绩效目标完成情况分析", "（一）资金投入情况分析",
        "1. 项目资金到位情况分析", "2. 项目资金执行情况分析", "3. 项目资金管理情况分析", "（二）总体绩效目标完成情况分析",
        "（三）绩效目标完成情况分析", "1. 产出指标完成情况分析", "2. 效益指标完成情况分析", "3. 满意度指标完成情况分析",
        "三、偏离绩效目标的原因和下一步改进措施", "四、绩效自评结果拟应用和公开情况", "五、其他需要说明的问题",
    ]  # fmt: skip
    assert lines(document)[:3] == ["信息中心", "2021年度第1号公共服务运行维护项目", "项目支出绩效自评报告"]
    assert lines(document)[-2:] == ["信息中心", "年　　月　　日"]


def test_the_zhangye_tables_show_values_and_then_points() -> None:
    row = filled(ZHANGYE, weights={"产出指标": 50.0}, scores={"产出指标": 46.0})
    rows = [
        indicator(row, "产出指标", "数量指标", "夜间执法装备配备数量", score=6.0, deviation_reason="为节约成本"),
        indicator(row, "产出指标", "质量指标", "巩固超限治理良好环境", target_text="巩固", actual_text="巩固"),
    ]
    values, points = written(row, rows).tables
    assert cells(values) == [
        ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值"],
        ["产出指标（50分）", "数量指标", "夜间执法装备配备数量", "≥1个", "1个"],
        ["产出指标（50分）", "质量指标", "巩固超限治理良好环境", "巩固", "巩固"],
    ]
    assert cells(points) == [
        ["一级指标", "二级指标", "三级指标", "分值", "得分", "未完成原因及改进措施"],
        ["产出指标（50分）", "数量指标", "夜间执法装备配备数量", "10", "6", "为节约成本"],
        ["产出指标（50分）", "质量指标", "巩固超限治理良好环境", "10", "10", ""],
    ]


def test_a_sentence_never_has_a_hole_where_money_is_missing() -> None:
    document = written(filled(ZHANGYE, funding={}))
    assert highlighted(document) == [BLANK, BLANK, "（无法计算）", BLANK, "（无法计算）"]


def test_the_general_report_prints_whatever_sections_the_scheme_has() -> None:
    own = GENERAL.model_copy(
        update={"texts": (*GENERAL.texts, QUWO.texts[0].model_copy(update={"key": "risk", "label": "风险情况"}))}
    )
    row = filled(own, texts={**texts_of(GENERAL), "risk": "没有风险"})
    document = Document(io.BytesIO(render_project_report(result([row], own), row)))
    assert [h for h in headings(document) if "、" in h[:3]] == [
        "一、项目基本情况",
        "二、项目绩效目标",
        "三、资金安排和执行情况",
        "四、自评结果",
        "五、绩效分析",
        "六、问题与改进",
    ]
    assert "（三）风险情况" in headings(document)
    assert "没有风险" in lines(document)


def test_the_general_table_adds_up_to_the_total() -> None:
    document = written(filled(GENERAL, total_score=92.5))
    points, head, grid = document.tables[1:]
    assert cells(points)[-1] == ["合计", "100", "92.5"]
    assert cells(head)[3][:4] == ["项目资金（万元）", "年度资金总额", "107.35", "107.35"]
    assert [line[5] for line in cells(head)[2:7]] == ["分值", "10", "—", "—", "—"]
    assert cells(grid)[0] == [column.label for column in GENERAL.form.columns]
    assert cells(grid)[-1][-3:] == ["100", "92.5", "优秀"]


# -- files ------------------------------------------------------------------------------------------------------------


def test_reports_are_written_by_department(tmp_path: Path) -> None:
    written_files = write_reports(result([project(3), project(1)]), tmp_path / "报告")
    assert [path.relative_to(tmp_path / "报告").as_posix() for path in written_files] == [
        "公安局/XM0003_第3号公共服务运行维护项目.docx",
        "交通运输局/XM0001_第1号公共服务运行维护项目.docx",
        "公安局/部门汇总报告.docx",
        "交通运输局/部门汇总报告.docx",
        "文化和旅游局/部门汇总报告.docx",
        "全部项目汇总报告.docx",
        "一页简报.docx",
    ]
    assert sorted(p for p in tmp_path.rglob("*") if p.is_file()) == sorted(written_files)
    again = [path.read_bytes() for path in written_files]
    assert [path.read_bytes() for path in write_reports(result([project(3), project(1)]), tmp_path / "报告")] == again


def test_chosen_projects_only(tmp_path: Path) -> None:
    found = result([project(1), project(2)])
    assert [path.name[:6] for path in write_reports(found, tmp_path, projects=["XM0002"])] == ["XM0002"]
    with pytest.raises(OutputError, match="XM7777"):
        write_reports(found, tmp_path, projects=["XM0002", "XM7777"])


def test_names_that_windows_forbids(tmp_path: Path) -> None:
    row = project(1, code="A/1", name='路灯"亮化"工程：' + "长" * 200, department="城管局?")
    path = write_reports(result([row]), tmp_path)[0]
    assert path.parent.name.startswith("城管局？~")
    assert path.name.startswith("A／1_路灯＂亮化＂工程：长")
    assert path.name.endswith(".docx")
    assert len(path.name.encode()) <= 205


def test_the_office_s_own_form_goes_before_ours(tmp_path: Path) -> None:
    (tmp_path / "报告-曲沃.docx").write_bytes(drawn_form(paragraph("本局自己的{{ 项目名称 }}")))
    path = write_reports(result([project(1)]), tmp_path / "报告", forms=tmp_path)[0]
    assert lines(Document(str(path))) == ["本局自己的第1号公共服务运行维护项目"]


def test_a_report_is_labelled_by_the_scheme_in_the_result(tmp_path: Path) -> None:
    """No file of that scheme is needed, nor looked at."""
    texts = (GENERAL.texts[0].model_copy(update={"label": "本局的说法"}), *GENERAL.texts[1:])
    own = GENERAL.model_copy(update={"id": "benxian", "texts": texts})
    path = write_reports(result([under(own, project(1))], own), tmp_path / "报告")[0]
    assert any("本局的说法" in line for line in lines(Document(str(path))))


def test_a_missing_form_says_where_it_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match=r"找不到报告模板“报告-某县\.docx”.*" + tmp_path.name):
        find_form("报告-某县.docx", tmp_path)


def test_a_file_where_the_folder_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "交通运输局").write_text("a file where the folder should be")
    with pytest.raises(OutputError, match="交通运输局”：已有同名的文件"):
        write_reports(result([project(1)]), tmp_path)


# -- any text ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [*HOSTILE, "{{ 项目名称 }} {% for %} {#", "&lt;&amp;'\"", "字" * 10_000])
@pytest.mark.parametrize(
    "scheme",
    {scheme.report: scheme for scheme in builtin_schemes().values()}.values(),
    ids=lambda scheme: scheme.report,
)
def test_any_text_is_safe_everywhere(scheme: Scheme, text: str) -> None:
    """In every form; which sections a scheme has makes no difference to how a form shows one."""
    plain = filled(scheme)
    row = under(scheme, hostile(text)).model_copy(
        update={"texts": dict.fromkeys(texts_of(scheme), text), "grade": text, "annual_goal": text}
    )
    rows = [
        i.model_copy(
            update={
                "project_code": row.code,
                "category": text,
                "name": text,
                "unit": text,
                "target_text": text,
                "actual_text": text,
                "deviation_reason": text,
            }
        )
        for i in indicators(plain)
    ]
    expected = "".join(c for c in "".join(text.split()) if c not in "\x01\x1f\ufffe")
    document = written(row, rows)
    assert len(document.tables) == len(written(plain).tables)
    printed = "".join("".join(lines(document)).split())
    assert printed.count(expected) >= len(scheme.texts)
    assert expected in "".join("".join(cells(document.tables[-1])[-2]).split())
    whole = Document(io.BytesIO(render_group_report(result([row]), DEPARTMENT_FORM, text, look=NO_CONTENTS)))
    assert expected in "".join("".join(lines(whole)).split())


def samples() -> Iterator[tuple[str, bytes]]:
    """Every form as committed, filled, and nearly empty; test_hostile_reports.py has them with hostile texts."""
    yield from built_forms().items()
    for scheme in thin(builtin_schemes().values(), 3):
        for number, row in enumerate((filled(scheme), unscored(1, scheme=scheme.id, funding={}))):
            row = under(scheme, row)
            found = result([row, project(4)])
            yield f"{scheme.id}-{number}.docx", render_project_report(found, row)
            yield f"{scheme.id}-{number}-dept.docx", render_group_report(found, DEPARTMENT_FORM, row.department)


@pytest.mark.slow
@requires_ooxml_validator
def test_every_document_is_valid_open_xml(tmp_path: Path) -> None:
    for name, data in samples():
        (tmp_path / safe_filename(name)).write_bytes(data)
    found = ooxml_errors_of(sorted(tmp_path.iterdir()))
    assert len(found) == len(built_forms()) + 4 * len(thin(builtin_schemes(), 3))
    assert {path.name: errors for path, errors in found.items() if errors} == {}


@pytest.mark.parametrize("scheme", builtin_schemes().values(), ids=lambda scheme: scheme.id)
def test_a_form_that_is_not_complete_gets_no_grade_in_its_report(scheme: Scheme) -> None:
    row = filled(scheme, total_score=64.3, grade="", complete=False, pending_reason="有指标没有填业绩值")
    document = written(row)
    text = "\n".join([*lines(document), *(cell for table in document.tables for line in cells(table) for cell in line)])
    assert "填报不完整（有指标没有填业绩值），目前各项得分合计64.3分，总分和评价等级待更正。" in text
    assert "总得分64.3" not in text
    assert not any(f"“{band.name}”" in text for band in scheme.grading.bands)
    assert highlighted(document)[:1] == ["待更正"]
