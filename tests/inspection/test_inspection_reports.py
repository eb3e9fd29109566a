"""复核报告: the figures of the record, by department; and the sentences in the other reports, where a project was looked at again."""

from __future__ import annotations

import io
from typing import Any

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from result_builder import indicators, project, result
from written_documents import list_inspections

from workbook_tools.core.review_result import ProjectRow, SecondLook
from workbook_tools.inspection.record import Inspection
from workbook_tools.inspection.reports import INSPECTION_TAGS, SAMPLE_TAGS, InspectionFacts, InspectionSummary
from workbook_tools.inspection.sample_record import Draw, SampleRow
from workbook_tools.inspection.sampling import SampleRule
from workbook_tools.reports.filling import render_group_report, render_project_report
from workbook_tools.reports.found_forms import DEPARTMENT_FORM, WHOLE_FORM
from workbook_tools.reports.group_facts import CampaignFacts
from workbook_tools.reports.project_tags import ProjectFacts
from workbook_tools.reports.public_version import make_public
from workbook_tools.reports.tags import fill_tags
from workbook_tools.rules.recorded import restore_schemes

USUAL = list_inspections()["usual"]
LOOK = SecondLook(
    reason="随机抽中",
    self_total=90,
    central_total=90,
    total=86,
    grade="良好",
    difference=-4,
    differing=2,
    quality=80,
    quality_points=100,
    conclusion="个别指标高估。",
    by="李敏",
    at="2024年4月20日",
)


def looked(number: int, **changes: Any) -> ProjectRow:
    return project(number, second_look=LOOK.model_copy(update=changes))


def read_text(data: bytes) -> str:
    document = Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def sample_of(done: list[Inspection], missing: int = 0) -> InspectionSummary:
    rows = [
        SampleRow(code=item.code, name=item.name, department=item.department, unit="", probability=1, drawn=True)
        for item in done
    ]
    rows += [
        SampleRow(code=f"M{n}", name=f"没有复核{n}", department="水利局", unit="", probability=1, picked="指定")
        for n in range(missing)
    ]
    return InspectionSummary(2024, "某县财政局", Draw(seed="1", at="", rule=SampleRule(), rows=tuple(rows)), done)


def test_a_projects_report_prints_what_differs_and_why() -> None:
    tags = fill_tags(INSPECTION_TAGS, InspectionFacts(2024, USUAL))
    assert (tags["自评总分"], tags["复核总分"], tags["差异"], tags["不同数"]) == ("100", "90", "－10", 1)
    assert [(row["指标"], row["差异"], row["意见"]) for row in tags["差异表"]] == [
        ("养护里程", "－10", "验收单只有 50 公里，其余没有验收。")
    ]  # type: ignore[attr-defined]
    assert (tags["质量得分"], tags["质量满分"], len(tags["质量表"])) == ("85", "100", 2)  # type: ignore[arg-type]


@settings(max_examples=50)
@given(
    st.lists(
        st.tuples(st.sampled_from("甲乙丙"), st.decimals(0, 100, places=2), st.decimals(0, 100, places=2)),
        min_size=1,
        max_size=12,
    )
)
def test_the_departments_means_are_those_of_their_projects(scores: list[tuple[str, Any, Any]]) -> None:
    done = [
        USUAL.model_copy(
            update={
                "code": str(n),
                "department": name,
                "self_total": float(a),
                "total": float(b),
                "difference": float(b - a),
            }
        )
        for n, (name, a, b) in enumerate(scores)
    ]
    tags = fill_tags(SAMPLE_TAGS, sample_of(done))
    rows = {row["部门"]: row for row in tags["部门表"]}  # type: ignore[attr-defined]
    for name in {name for name, *_ in scores}:
        own = [(float(a), float(b)) for other, a, b in scores if other == name]
        assert int(rows[name]["复核数"]) == len(own)
        for tag, mean in (("自评平均", sum(a for a, _ in own)), ("复核平均", sum(b for _, b in own))):
            assert float(rows[name][tag]) == pytest.approx(mean / len(own), abs=0.0051)
    assert ("合计" in rows) is (len({name for name, *_ in scores}) > 1)
    assert len(tags["差异表"]) == min(20, len(done))  # type: ignore[arg-type]


def test_the_report_over_all_names_what_is_not_done() -> None:
    tags = fill_tags(SAMPLE_TAGS, sample_of([USUAL], missing=12))
    assert (tags["抽查数"], tags["抽中数"], tags["指定数"], tags["复核数"], tags["未复核数"]) == (13, 1, 12, 1, 12)
    assert str(tags["未复核项目"]).endswith("没有复核9等")
    assert "自评平均100分，复核平均90分；1个复核得分低于自评" in str(tags["总体情况"])


def test_the_other_reports_tell_of_it_where_there_is_one() -> None:
    found = result([looked(1, self_total=90.0), looked(2, total=95, difference=5, quality=None), project(3)])
    told = read_text(render_project_report(found, found.projects[0]))
    assert "本项目经抽查复核（李敏，2024年4月20日）：自评90分，复核86分，复核等级“良好”，2处得分不同" in told
    assert "自评工作质量得80分（满分100分）。复核结论：个别指标高估。" in told
    assert "抽查复核" not in read_text(render_project_report(found, found.projects[2]))
    department = found.projects[0].department
    for data in (render_group_report(found, WHOLE_FORM), render_group_report(found, DEPARTMENT_FORM, department)):
        assert "抽查复核了其中" in read_text(data)
    assert "抽查复核" not in read_text(render_group_report(result([project(3)]), WHOLE_FORM))


def test_departments_are_added_up_to_all() -> None:
    found = result([looked(1, self_total=90.0), looked(2, total=95, difference=5), project(3), looked(4, total=90)])
    campaign = CampaignFacts(found, restore_schemes(found))
    whole = campaign.whole.sums.looked
    assert (whole.count, whole.compared, whole.lower, whole.higher) == (3, 3, 1, 1)
    assert sum(one.sums.looked.points for one in campaign.departments) == whole.points == 271


def test_the_public_version_says_nothing_of_it() -> None:
    row = looked(1)
    found = result([row])
    facts = ProjectFacts(row, indicators(row), restore_schemes(found)[row.scheme_digest])
    assert make_public(facts).facts.project.second_look is None
