"""A list that is corrected after its workbooks have gone out: what is told of the old ones."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from campaign_story import CODES, DEPARTMENTS, WRONG, Story, listed_project
from result_builder import project
from result_builder import result as reviewed

from workbook_tools.campaign.folder import LIST_FILE
from workbook_tools.campaign.ledger.standing import find_standing
from workbook_tools.campaign.merging import merge_result
from workbook_tools.campaign.reporting import report_result
from workbook_tools.core.model import ProjectList
from workbook_tools.files.former_outputs import tell_former
from workbook_tools.review.states import find_unused_files


def correct(story: Story, **changes: dict[str, str] | None) -> None:
    """The list as it is now: of some projects something is different; ``None``: they are taken off."""
    projects = (listed_project(code).model_copy(update=changes.get(code) or {}) for code in CODES)
    kept = tuple(one for one in projects if one.code not in changes or changes[one.code])
    listed = ProjectList(year=2024, scheme="mof-2020", projects=kept)
    (story.campaign.root / LIST_FILE).with_suffix(".json").write_text(listed.model_dump_json(), "utf-8")


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    story = Story.begin(tmp_path_factory.mktemp("corrected") / "自评")
    story.send("教育局/P04.xlsx", "P04", 3)
    correct(story, P01={"name": "新的名称"}, P02={"department": DEPARTMENTS[1]}, P03={"unit": "合并后的中心"}, P04=None)
    return story


def test_workbooks_under_former_names_are_named_when_it_is_issued_anew(story: Story, wbt) -> None:
    code, out = wbt("generate", "--overwrite", cwd=story.campaign.root)
    (told,) = (line for line in out.splitlines() if "现在作废的工作簿" in line)
    assert code == 0
    assert [name for name in CODES if f"{name}_{name}号项目.xlsx" in told] == ["P01", "P02", "P04"]
    assert f"{DEPARTMENTS[0]}/P02_P02号项目.xlsx" in told
    _, again = wbt("generate", "--project", "P03", cwd=story.campaign.root)
    assert "现在作废的工作簿" in again
    for name in ("P01", "P02", "P04"):
        (story.campaign.folder("下发") / DEPARTMENTS[0] / f"{name}_{name}号项目.xlsx").unlink()
    _, clean = wbt("generate", cwd=story.campaign.root)
    assert "作废" not in clean


def test_what_came_of_a_project_that_was_taken_off_is_the_offices_to_settle(story: Story) -> None:
    story.review(9)
    assert story.result is not None
    (told,) = (f for f in story.result.findings if f.code == "FILE07")
    assert (told.project_code, told.message, told.of_the_list) == ("P04", "下发过的项目，现在的项目清单里没有", True)
    assert find_unused_files(story.result) == set()  # nobody is to be asked for another one
    assert "移出回收" in told.advice and "P04" not in json.dumps([p.code for p in story.result.projects])
    story.give_back(10)
    assert not [path for path in story.folder() if "其他文件" in path]


def test_copies_of_what_was_taken_off_or_accepted_since_are_not_waited_for(tmp_path: Path, wbt) -> None:
    story = Story.begin(tmp_path)
    for code in ("P01", "P02", "P03"):
        story.send(f"{code}.xlsx", code, 3, WRONG)
    story.review(9)
    story.give_back(10)
    now = datetime(2025, 3, 20, tzinfo=UTC)
    assert find_standing(story.campaign, now).unneeded == {}
    correct(story, P01=None)
    wbt("accept", "P02", "--who", "王强", cwd=story.campaign.root)
    told = find_standing(story.campaign, now).unneeded
    assert [(Path(name).stem, why[-6:]) for name, why in sorted(told.items())] == [
        ("P01", "没有这个项目"),
        ("P02", "已经接收"),
    ]
    assert "已经接收" in wbt("status", cwd=story.campaign.root)[1]


def test_reports_and_summaries_of_what_is_elsewhere_now_are_named(tmp_path: Path) -> None:
    moved = project(1, code="P01", name="村道养护", department="教育局")
    for row in (moved, moved.model_copy(update={"department": "交通局", "name": "村道养护（二期）"})):
        result = reviewed([row, project(2, code="P02", department="教育局" if row is moved else "交通局")])
        reports = report_result(None, result, tmp_path / "报告", None, datetime(2025, 3, 9))
        summaries = merge_result(None, result, tmp_path / "汇总")
        (tmp_path / "报告" / "教育局" / "自己写的.docx").write_bytes(b"PK")
    assert tell_former(tmp_path / "报告", reports.former).count("教育局/P01_村道养护.docx") == 1
    assert sorted(path.name for path in reports.former) == [
        "P01_村道养护.docx",
        "P02_第2号公共服务运行维护项目.docx",
        "部门汇总报告.docx",
    ]
    assert [path.name for path in summaries.former] == ["汇总_教育局.xlsx", "汇总表_教育局.xlsx"]
