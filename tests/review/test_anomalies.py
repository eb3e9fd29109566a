"""The mistakes that a strict reviewer marked in eight published reports: which of them the review finds, and where.

``golden/anomalies.json`` lists them by id, with the place. Here stands for each the code that finds it, or why a
program cannot decide it; and nothing else may be reported as an error or a warning, except plain facts.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from checking import read, scored
from locations import GOLDEN

from workbook_tools.core.codes import Severity
from workbook_tools.core.findings import Finding, apply_choices
from workbook_tools.core.review_result import ProjectRow
from workbook_tools.form.fields import Layout
from workbook_tools.projects import read_projects
from workbook_tools.review.checks import check, check_together
from workbook_tools.review.folding import fold_findings, mark_consequences
from workbook_tools.review.result_rows import build_project_row
from workbook_tools.rules.scheme import load_scheme
from workbook_tools.shipped.example import load_example

ANOMALIES: list[dict[str, Any]] = json.loads((GOLDEN / "anomalies.json").read_text("utf-8"))
BY_ID = {anomaly["id"]: anomaly for anomaly in ANOMALIES}

FOUND_BY_KIND = {
    "application_text_reused": "TEXT19",
    "basis_not_identifiable": "TEXT15",
    "blank_section": "TEXT01",
    "claim_without_data": "TEXT15",
    "completion_blank": "FILL10",
    "cost_target_not_revised": "SCORE10",
    "duplicate_text": "CROSS02",
    "equal_split_weights": "WEIGHT03",
    "execution_figure_missing": "FUND05",
    "execution_rate_not_stated": "TEXT15",
    "goal_copied_text": "TEXT05",
    "grade_missing": "SCORE02",
    "incomplete_sentence": "TEXT09",
    "indicator_table_missing": "SCORE02",
    "leftover_instructions": "TEXT02",
    "level1_weights_off_norm": "WEIGHT02",
    "narrative_hedges_full_marks": "TEXT17",
    "numbering_mixed": "TEXT18",
    "qualitative_actual_echoes_target": "SCORE07",
    "qualitative_target_percent_actual": "SCORE06",
    "reason_without_cause": "FILL14",
    "rounding_difference": "TEXT07",
    "satisfaction_without_basis": "TEXT15",
    "score_not_following_completion": "SCORE11",
    "score_total_missing": "SCORE02",
    "section_incomplete": "TEXT23",
    "special_fund_general_expense": "FUND10",
    "stated_total_understated": "SCORE12",
    "table_heading_mismatch": "TEXT10",
    "tentative_wording": "TEXT19",
    "unit_incomplete": "FILL20",
    "unit_mismatch": "FILL06",
    "unit_missing": "FILL06",
    "wrong_law_name": "TEXT18",
    "wrong_year": "TEXT03",
    "year_not_stated": "TEXT13",
    "zero_score_target_met": "SCORE03",
}
"""Kinds that are found wherever they occur in the example."""
FOUND = {
    "quwo-zhichao-25": "TEXT18",
    "quwo-zhichao-26": "TEXT05",
    "quwo-zhichao-27": "TEXT08",
    "quwo-zhichao-28": "TEXT08",
    "quwo-zhichao-29": "TEXT08",
    "quwo-zhihuijiaotong-11": "TEXT20",
    "quwo-zhihuijiaotong-12": "TEXT20",
    "quwo-zhihuijiaotong-13": "TEXT20",
    "quwo-zhihuijiaotong-18": "TEXT14",
    "quwo-zhihuijiaotong-29": "TEXT18",
    "quwo-jingwutong-08": "FILL08",
    "quwo-jingwutong-11": "FILL08",
    "quwo-jingwutong-20": "TEXT20",
    "quwo-jingwutong-21": "TEXT14",
    "quwo-jingwutong-37": "TEXT05",
    "quwo-zhihuijianguan-19": "TEXT16",
    "quwo-zhihuijianguan-20": "TEXT17",
    "quwo-zhihuijianguan-21": "TEXT04",
    "quwo-zhihuijianguan-27": "TEXT20",
    "quwo-zhihuijianguan-28": "TEXT15",
    "quwo-zhihuijianguan-40": "TEXT05",
    "quwo-zhihuijianguan-41": "TEXT05",
    "quwo-zhihuijianguan-42": "TEXT05",
    "zhangye-zhifazhuanxiang-02": "TEXT16",
    "zhangye-jiaotongju-04": "TEXT17",
    "zhangye-jiaotongju-05": "TEXT17",
    "zhangye-jiaotongju-06": "TEXT02",
    "zhangye-jiaotongju-13": "TEXT08",
    "zhangye-guotu-04": "TEXT06",
    "zhangye-guotu-05": "TEXT17",
    "zhangye-guotu-06": "TEXT17",
    "zhangye-daoluyunshu-02": "TEXT12",
    "zhangye-daoluyunshu-03": "TEXT17",
    "zhangye-daoluyunshu-04": "TEXT17",
    "zhangye-daoluyunshu-05": "TEXT17",
    "zhangye-daoluyunshu-06": "TEXT17",
    "zhangye-daoluyunshu-07": "TEXT17",
    "zhangye-daoluyunshu-08": "TEXT14",
    "zhangye-daoluyunshu-11": "TEXT06",
    "zhangye-daoluyunshu-19": "TEXT08",
}
"""Of kinds that are found only in part, those that are."""
ELSEWHERE = {
    "quwo-zhichao-16": "text_overview",
    "quwo-zhihuijianguan-16": "indicator_004_completion",
    "zhangye-guotu-06": "text_overall_completion",
    "zhangye-daoluyunshu-10": "total_score",
}
"""Where a finding stands at another cell than the reviewer's mark: the other side of a contradiction, the total."""
LISTED = {"zhangye-zhifazhuanxiang-07": "LIST14"}
"""Found when the project list is read, before a workbook is issued: the target itself has no unit."""

MEANING = "the sentence must be understood"
COPIED = "the sentence must be understood; that it stands in another report too is found (CROSS02)"
NAMES = "whether two names mean the same must be known"
SPELLING = "a misprint that is a word, or no word at all, needs a dictionary and the context"
SORT = "what an indicator measures must be understood"
NOT_DECIDABLE = {
    "quwo-zhichao-13": SORT,
    "quwo-zhichao-14": MEANING,
    "quwo-zhichao-20": MEANING,
    "quwo-zhichao-23": SPELLING,
    "quwo-zhichao-24": SPELLING,
    "quwo-zhihuijiaotong-14": COPIED,
    "quwo-zhihuijiaotong-15": COPIED,
    "quwo-zhihuijiaotong-17": SORT,
    "quwo-zhihuijiaotong-22": SORT,
    "quwo-zhihuijiaotong-26": COPIED,
    "quwo-zhihuijiaotong-27": NAMES,
    "quwo-zhihuijiaotong-28": SPELLING,
    "quwo-jingwutong-19": "the rows' blank scores are found (SCORE03); that the text praises them must be understood",
    "quwo-jingwutong-23": MEANING,
    "quwo-jingwutong-25": NAMES,
    "quwo-jingwutong-28": COPIED,
    "quwo-jingwutong-29": SPELLING,
    "quwo-zhihuijianguan-17": "the scheme gives an exceeded cost target no points: the score is right under it",
    "quwo-zhihuijianguan-22": MEANING,
    "quwo-zhihuijianguan-30": SORT,
    "quwo-zhihuijianguan-31": MEANING,
    "quwo-zhihuijianguan-32": SORT,
    "quwo-zhihuijianguan-34": MEANING,
    "quwo-zhihuijianguan-37": SPELLING,
    "zhangye-zhifazhuanxiang-03": MEANING,
    "zhangye-zhifazhuanxiang-04": MEANING,
    "zhangye-zhifazhuanxiang-05": MEANING,
    "zhangye-zhifazhuanxiang-16": "this authority's form has no section for the basis",
    "zhangye-zhifazhuanxiang-19": SPELLING,
    "zhangye-jiaotongju-07": MEANING,
    "zhangye-jiaotongju-08": MEANING,
    "zhangye-jiaotongju-11": NAMES,
    "zhangye-guotu-07": MEANING,
    "zhangye-guotu-08": "who should be satisfied must be understood; that rate and survey are missing is found (TEXT15)",
    "zhangye-guotu-09": SORT,
    "zhangye-guotu-10": SORT,
    "zhangye-daoluyunshu-12": NAMES,
    "zhangye-daoluyunshu-15": MEANING,
    "zhangye-daoluyunshu-16": SPELLING,
}
IMPOSSIBLE = {
    "blank_template_rows": "the form has no rows but those of the indicators",
    "completion_format_mixed": "one number format per column",
    "execution_row_missing": "the form has the execution rate",
    "label_unit_missing": "labels are the form's",
    "rate_not_formula": "rates are formulas, locked and recomputed (FUND09, TAMPER03)",
    "rate_printed_without_base": "rates without a base are blank",
    "row_order": "rows are the form's",
    "score_total_missing": "the total is a formula",
    "signature_missing": "unit and date are fields of the form (FILL13)",
    "target_operator_missing": "every target has a sign",
    "total_not_sum_of_sources": "sums are formulas, locked and recomputed (FUND09, TAMPER03)",
    "unit_not_stated": "department and unit are fixed when the workbook is issued",
}
"""Kinds that the published reports show and a workbook of ours cannot hold, where they are not in the example."""
FACTS = {
    "FILL13": "no report names a contact; the cells are blank",
    "FILL21": "numbers were typed with their units, which the formulas of the form do not know",
    "SCORE05": "so that the total which they show is another, as the files store it; folded under FILL21",
    "FILL09": "the reports have no indicators, and the open rows are blank",
}
"""Errors and warnings that no anomaly names, but that anybody can see."""


WORDED = {"QW2021-001": 2, "QW2021-002": 3, "QW2021-003": 4, "QW2021-004": 3, "ZY2023-001": 2}
"""Cells of each report in which a number stands with words, so that the form's own total is another."""
READ_BEFORE = {"findings": 168, "错误": 6, "提醒": 45, "说明": 55}
READ_AFTER = {"findings": 172, "错误": 6, "提醒": 38, "说明": 46}
"""The rows that an officer reads of the eight reports, and the findings behind them: before the false alarms were taken
out and shared passages put together, and now; five findings more come of the results that our files store."""


@pytest.fixture(scope="module")
def reviewed(example) -> tuple[dict[str, list[Finding]], dict[str, Layout]]:
    """All findings on the example's workbooks, and the layouts, by project."""
    return example[:2]


@pytest.fixture(scope="module")
def example(tmp_path_factory) -> tuple[dict[str, list[Finding]], dict[str, Layout], list[ProjectRow]]:
    """All findings on the example's workbooks, as its units filled them in, the layouts, by project, and the rows."""
    folder = tmp_path_factory.mktemp("example")
    findings: dict[str, list[Finding]] = {}
    layouts, rows = {}, []
    for project in load_example().projects:
        reading = read(project, folder, load_scheme(project.scheme))
        result = scored(reading)
        findings[project.code] = [*reading.findings, *check(result)]
        layouts[project.code] = result.submission.layout
        rows.append(build_project_row(result))
    for item in check_together(rows):
        findings[item.project_code].append(item)
    return findings, layouts, rows


def code_of(anomaly: dict[str, Any]) -> str:
    """The code that must find it; nothing where none can."""
    known = anomaly["id"] in NOT_DECIDABLE or anomaly["id"] in LISTED or not anomaly["in_example"]
    return "" if known else FOUND.get(anomaly["id"]) or FOUND_BY_KIND.get(anomaly["kind"], "")


TO_FIND = [anomaly for anomaly in ANOMALIES if code_of(anomaly)]


def fields_of(anomaly: dict[str, Any]) -> Iterator[str]:
    """The fields at which the reviewer's mark stands."""
    if anomaly["id"] in ELSEWHERE:
        yield ELSEWHERE[anomaly["id"]]
        return
    for where in anomaly["where"]:
        part = re.fullmatch(r"indicators\[(\d+)\]\.(\w+)", where)
        if part:
            names = {"completion": "stated"}
            yield f"indicator_{int(part[1]) + 1:03d}_{names.get(part[2], part[2])}"
        elif where.startswith("texts."):
            yield where.replace("texts.", "text_")
        elif where.startswith("funding."):
            yield f"{where.split('.')[1]}_municipal"
        else:
            yield {"indicators[*].weight": "total_weight", "stated_grade": "grade"}.get(where, "total_score")


def cells_of(anomaly: dict[str, Any], layout: Layout) -> set[tuple[str, str]]:
    fields = (layout.fields.get(name) for name in fields_of(anomaly))
    return {(item.sheet, item.cell) for item in fields if item}


@pytest.mark.parametrize("anomaly", TO_FIND, ids=lambda anomaly: anomaly["id"])
def test_anomaly_is_found_in_its_project_and_field(anomaly, reviewed):
    findings, layouts = reviewed
    cells = cells_of(anomaly, layouts[anomaly["code"]])
    assert cells
    assert any(f.code == code_of(anomaly) and (f.sheet, f.cell) in cells for f in findings[anomaly["code"]])


def test_every_anomaly_is_found_or_has_a_reason():
    counts: Counter[str] = Counter()
    for anomaly in ANOMALIES:
        if not anomaly["in_example"]:
            assert anomaly["kind"] in IMPOSSIBLE, anomaly["id"]
            counts["impossible in the form"] += 1
        elif anomaly["id"] in NOT_DECIDABLE:
            counts["not decidable"] += 1
        else:
            assert code_of(anomaly) or anomaly["id"] in LISTED, anomaly["id"]
            counts["found"] += 1
    assert counts == {"found": 139, "not decidable": 39, "impossible in the form": 31}


def test_the_tables_name_only_what_exists():
    assert FOUND.keys() | ELSEWHERE.keys() | LISTED.keys() | NOT_DECIDABLE.keys() <= BY_ID.keys()
    assert FOUND.keys() & NOT_DECIDABLE.keys() == set()
    assert FOUND_BY_KIND.keys() | IMPOSSIBLE.keys() <= {anomaly["kind"] for anomaly in ANOMALIES}


def test_nothing_else_is_an_error_or_a_warning(reviewed):
    findings, layouts = reviewed
    marked = {(a["code"], code_of(a), *cell) for a in TO_FIND for cell in cells_of(a, layouts[a["code"]])}
    others = Counter(
        (code, item.code)
        for code, items in findings.items()
        for item in items
        if item.severity is not Severity.INFO and (code, item.code, item.sheet, item.cell) not in marked
    )
    contact = {(code, "FILL13"): 1 for code in findings}
    proposals = {(code, "FILL09"): 1 for code in ("ZY2023-002", "ZY2023-003", "ZY2023-004")}
    worded = {(code, "FILL21"): cells for code, cells in WORDED.items()}
    totals = {(code, "SCORE05"): 1 for code in WORDED}
    assert others == contact | proposals | worded | totals
    assert {code for _, code in others} == FACTS.keys()


def test_the_rows_that_an_officer_reads_before_and_after(example):
    findings, _, projects = example
    every = list(apply_choices((item for items in findings.values() for item in items), {}, year=2023))
    rows = Counter(row.first.severity.label for row in fold_findings(mark_consequences(every), projects))
    assert {"findings": len(every), **rows} == READ_AFTER
    assert all(count <= READ_BEFORE[label] for label, count in rows.items())


def test_the_unit_that_the_list_lacks_is_found_when_the_list_is_read(tmp_path):
    path = tmp_path / "项目清单.json"
    path.write_text(load_example().model_dump_json(exclude_none=True), "utf-8")
    _, findings = read_projects(path, year=2023, default_scheme=load_scheme("quwo"), load=load_scheme)
    for anomaly_id, code in LISTED.items():
        assert (code, BY_ID[anomaly_id]["code"]) in {(f.code, f.project_code) for f in findings}
