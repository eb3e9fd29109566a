"""A file that came and cannot be used is named where its project is said to be missing, in 审核结果, on the page, by wbt status and in the
reminder; and a list that cannot be used says why."""

import os
import re
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from campaign_story import Story, listed_project
from page_visitor import PageVisitor, text_of

from workbook_tools.campaign.ledger.standing import find_standing, read_expected
from workbook_tools.campaign.returning import find_newer
from workbook_tools.core.errors import SettingsError
from workbook_tools.results import read_results
from workbook_tools.review.folding import fold_findings
from workbook_tools.review.unread_files import match_files


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """One workbook came whole; five files cannot be read, of which the names of all but one say whose they are."""
    story = Story.begin(tmp_path_factory.mktemp("unread") / "自评")
    story.send("甲.xlsx", "P01", 3)
    sent = story.issued("P03")
    for name, data in ((f"教育局/{sent.name}", sent.read_bytes()[:900]), ("p05（改）.xlsx", b""), ("新建.xlsx", b"PK")):
        story.path(name).write_bytes(data)
    story.path("P04.rar").write_bytes(b"Rar!\x1a\x07\x01\x00")
    story.path("P02 扫描件.pdf").write_bytes(b"%PDF-1.7")
    story.send("P07 自评表.xlsx", "P08", 4)
    story.review(29)
    return story


def test_the_page_the_command_and_the_reminder_say_which_file_came_and_what_to_do(
    story: Story, tmp_path: Path, wbt
) -> None:
    rows = {row.code: row for row in find_standing(story.campaign, datetime.now(UTC)).rows}
    told = {code: (row.unread_file, row.unread_reason) for code, row in rows.items() if row.unread_file}
    assert told == {
        "P02": ("P02 扫描件.pdf", "是PDF 文件，读不了里面的内容"),
        "P03": ("教育局/P03_P03号项目.xlsx", "文件已损坏或不完整"),
        "P04": ("P04.rar", "压缩包无法读取"),
        "P05": ("p05（改）.xlsx", "文件是空的（0 字节）"),
        "P07": ("P07 自评表.xlsx", "文件名写的是 P07，里面是 P08（P08号项目）的表"),
    }
    assert rows["P03"].state.value == "缺报" and "请让单位重新发送" in rows["P03"].first_step
    visitor = PageVisitor(tmp_path, story.campaign.root)
    page = text_of(visitor.get("inbox"))
    visitor.leave()
    assert "收到的“P03_P03号项目.xlsx”不能用：文件已损坏或不完整" in page
    assert "有 1 个没有采用，从文件名看不出是哪个项目的：“新建.xlsx”" in page
    _, out = wbt("status", "--remind", cwd=story.campaign.root)
    assert (
        "P05号项目（P05，清河县交通运输局P05办）：收到的“p05（改）.xlsx”不能用（文件是空的（0 字节）），请重新发送"
        in out
    )


def test_the_result_says_what_came_and_not_that_nothing_did(story: Story) -> None:
    assert story.result is not None
    damaged, empty, other = (row for row in story.result.missing if row.code in ("P03", "P05", "P06"))
    assert damaged.reason == "收到的“P03_P03号项目.xlsx”不能用：文件已损坏或不完整，2025年3月31日 截止"
    assert (
        damaged.first_step
        == "收到的“P03_P03号项目.xlsx”不能用：文件已损坏或不完整。请让单位重新发送；必要时用 Excel 打开修复后另存。"
    )
    assert (empty.unread_file, other.unread_file) == ("p05（改）.xlsx", "")
    packed, scanned = (row for code in ("P04", "P02") for row in story.result.missing if row.code == code)
    assert (packed.unread_file, scanned.unread_file) == ("P04.rar", "P02 扫描件.pdf")
    assert packed.reason.startswith("收到的“P04.rar”不能用：压缩包无法读取")
    assert other.reason == "还没有报送，2025年3月31日 截止"


def test_once_it_is_due_the_unit_is_not_told_with_those_that_sent_nothing(story: Story) -> None:
    late = story.review(40)
    rows = fold_findings(late.findings, late.projects, late.missing)
    told = {
        tuple(f.project_code for f in row.findings): (row.first.message, row.first.advice)
        for row in rows
        if row.first.code == "CROSS01"
    }
    assert told["P03",] == (
        "收到的“P03_P03号项目.xlsx”不能用：文件已损坏或不完整",
        "请让单位重新发送；必要时用 Excel 打开修复后另存。",
    )
    assert told["P06",] == ("未报送", "请催报。")


def test_the_form_of_another_project_under_its_name_is_told_at_both(story: Story) -> None:
    assert story.result is not None
    [told] = [(row.project_code, row.file) for row in story.result.findings if row.code == "FILE26"]
    assert told == ("P08", "P07 自评表.xlsx")
    [missing] = [row for row in story.result.missing if row.code == "P07"]
    assert missing.reason.startswith("收到的“P07 自评表.xlsx”不能用：文件名写的是 P07，里面是 P08")


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("P03.xlsx", "P03"),
        ("Ｐ０３ 自评表.xlsx", "P03"),
        ("邮件.zip/P03_桥梁.xlsx", "P03"),
        ("P030.xlsx", None),
        ("xP03.xlsx", None),
        ("P03-1 自评表.xlsx", "P03-1"),
        ("P03号项目最终版.xlsx", "P03"),
        ("自评表.xlsx", None),
    ],
)
def test_a_name_says_a_code_or_a_whole_name(file: str, code: str | None) -> None:
    listed = [listed_project("P03"), listed_project("P04").model_copy(update={"code": "P03-1"})]
    assert match_files(listed, [file]) == ({code: file} if code else {})


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("村道养护.xlsx", None),  # two units have a project of that name
        ("7_村道养护.xlsx", None),  # a number of one digit stands in many names
        ("QX-8_村道养护.xlsx", "QX-8"),
        ("村道养护（QX-8、QX-9）.xlsx", None),
    ],
)
def test_a_name_that_could_mean_two_projects_means_none(file: str, code: str | None) -> None:
    names = [("7", "村道养护"), ("QX-8", "村道养护"), ("QX-9", "桥梁维修")]
    listed = [listed_project("P01").model_copy(update={"code": c, "name": n}) for c, n in names]
    assert match_files(listed, [file]) == ({code: file} if code else {})


@pytest.mark.parametrize(("data", "why"), [(b"x", "不是 Excel 工作簿"), (b"", "文件是空的")])
def test_a_list_that_cannot_be_used_says_why(story: Story, tmp_path: Path, data: bytes, why: str) -> None:
    root = Path(shutil.copytree(story.campaign.root, tmp_path / "自评"))
    (root / "项目清单.json").unlink()
    (root / "项目清单.xlsx").write_bytes(data)
    with pytest.raises(SettingsError, match=f"没有可用的项目：.*{why}.*另存为"):
        read_expected(type(story.campaign).open(root))
    visitor = PageVisitor(tmp_path, root)
    pages = [text_of(visitor.get(place)) for place in ("", "inbox")]
    visitor.leave()
    assert [why in page for page in pages] == [True, True] and "没有缺报的" not in pages[1]


def test_a_file_that_was_copied_with_its_old_time_is_not_reviewed_yet(story: Story, tmp_path: Path, wbt) -> None:
    root = Path(shutil.copytree(story.campaign.root, tmp_path / "自评"))
    campaign = type(story.campaign).open(root)
    assert find_newer(campaign.result_file, read_results(campaign.result_file).result, root / "回收") == []
    shutil.copy2(root / "回收" / "甲.xlsx", root / "回收" / "上周填好的.xlsx")
    visitor = PageVisitor(tmp_path, root)
    page = text_of(visitor.get("inbox"))
    visitor.leave()
    assert re.search("上周填好的.xlsx.{0,40}还没有审核", page, re.DOTALL)
    _, out = wbt("return", cwd=root)
    assert "有 1 个文件是审核之后收到的，或者又有改动（如 上周填好的.xlsx）" in out


def test_a_file_from_a_clock_that_ran_ahead_is_reviewed_and_a_link_to_nothing_is_no_file(
    story: Story, tmp_path: Path, wbt
) -> None:
    root = Path(shutil.copytree(story.campaign.root, tmp_path / "自评"))
    campaign = type(story.campaign).open(root)
    os.utime(root / "回收" / "甲.xlsx", (4e9, 4e9))
    (root / "回收" / "移走了.xlsx").symlink_to(tmp_path / "没有.xlsx")
    now = time.time() + 1
    os.utime(campaign.result_file, (now, now))
    assert find_newer(campaign.result_file, read_results(campaign.result_file).result, root / "回收") == []
    code, out = wbt("--no-browser", cwd=root)
    assert (code, "还没有审核" in out) == (0, False)
