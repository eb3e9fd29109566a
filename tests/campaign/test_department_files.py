"""What goes to a department tells nothing of another one, and nothing that is finance's to put right."""

from __future__ import annotations

import html
import json
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from builders import KEY, KEYS, MOF, answers, project

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.campaign.merging import merge_result
from workbook_tools.campaign.reporting import report_result
from workbook_tools.campaign.returning import return_files
from workbook_tools.core.findings import OF_THE_LIST
from workbook_tools.core.model import IndicatorAnswer
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.results import write_results
from workbook_tools.review import Review, review_folder
from workbook_tools.workbooks.writing import build_workbook

NOW = datetime(2025, 3, 10, tzinfo=UTC)
OURS, THEIRS = "示例县交通运输局", "示例县文化局"
SENTENCE = "{}每旬检查路面质量，支出由局机关集中核算、专账管理，资料齐全。"
WORDS = {OURS: "红旗小组", THEIRS: "蓝天小组"}
_TAGS = re.compile(r"<[^>]*>")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Campaign, ReviewResult]:
    """Two departments whose projects share a sentence, each with an error of its own and one of the project list."""
    campaign = Campaign.create(tmp_path_factory.mktemp("自评") / "2024", Settings(year=2024, authority="示例县财政局"))
    inbox = campaign.folder("回收")
    inbox.mkdir(exist_ok=True)
    first, *others = project().indicators
    weights = (first.model_copy(update={"weight": 30}), *others)
    for code, department in (("P001", OURS), ("P002", THEIRS)):
        texts = {**answers().texts, next(iter(answers().texts)): SENTENCE.format(WORDS[department])}
        given = answers(texts=texts, indicators=(IndicatorAnswer(actual="很多"), *answers().indicators[1:]))
        about = {"department": department, "unit": f"{department}甲所", "name": f"{WORDS[department]}经费"}
        sent = project(code=code, answers=given, indicators=weights, **about)
        (inbox / f"{code}.xlsx").write_bytes(build_workbook(sent, MOF, KEY))
    review = review_folder(inbox, keys=KEYS, authority="示例县财政局")
    write_results(Review(review.parts, inbox), campaign.folder("审核"))
    return_files(campaign, review.result, inbox, campaign.folder("退回"), KEYS, NOW)
    merge_result(campaign, review.result, campaign.folder("汇总"))
    report_result(campaign, review.result, campaign.folder("报告"), campaign.result_file, NOW)
    return campaign, review.result


def read_all(path: Path) -> str:
    """Every text in a file, also hidden ones, and those that stand in it as JSON."""
    with zipfile.ZipFile(path) as archive:
        parts = (archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
        whole = html.unescape("\n".join([*archive.namelist(), *parts]))
    plain = _TAGS.sub("", whole)
    return "\n".join([whole, plain, *map(_read_json, re.findall(r'\["[A-Z]+\d\d"[^\]]*\]', plain))])


def _read_json(text: str) -> str:
    try:
        return " ".join(map(str, json.loads(text)))
    except ValueError:
        return ""


def list_files(campaign: Campaign, department: str) -> list[Path]:
    """What is sent to a department: what its name stands on, and its folders."""
    folders = [campaign.folder(name) for name in ("退回", "汇总", "报告")]
    found = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return [path for path in found if department in path.relative_to(campaign.root).as_posix()]


@pytest.mark.parametrize(("department", "other"), [(OURS, THEIRS), (THEIRS, OURS)])
def test_nothing_that_goes_to_a_department_names_another(
    made: tuple[Campaign, ReviewResult], department: str, other: str
) -> None:
    campaign, result = made
    assert {f.code for f in result.findings if f.for_finance} == {"CROSS02"}
    files = list_files(campaign, department)
    kinds = {path.relative_to(campaign.root).parts[0] for path in files}
    assert kinds == {"退回", "汇总", "报告"} and len(files) >= 6
    for path in files:
        text = read_all(path)
        assert department in text or WORDS[department] in text, path
        assert [word for word in (other, WORDS[other]) if word in text] == [], path


@pytest.mark.parametrize("department", [OURS, THEIRS])
def test_nothing_that_goes_to_a_department_tells_of_the_project_list(
    made: tuple[Campaign, ReviewResult], department: str
) -> None:
    campaign, result = made
    slips = [f for f in result.findings if f.of_the_list]
    assert {f.code for f in slips} == {"WEIGHT01", "WEIGHT02"}
    for path in list_files(campaign, department):
        text = read_all(path)
        assert [f.code for f in slips if f.message in text or OF_THE_LIST in text] == [], path
