"""A file that came and cannot be used is named where its project is said to be missing, on the page, by wbt status and in the reminder; and a
list that cannot be used says why."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from campaign_story import Story
from page_visitor import PageVisitor, text_of

from workbook_tools.campaign.ledger.standing import find_standing, read_expected
from workbook_tools.campaign.ledger.unread_files import match_files
from workbook_tools.core.errors import SettingsError


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """One workbook came whole; three files cannot be read, of which the names of two say whose they are."""
    story = Story.begin(tmp_path_factory.mktemp("unread") / "自评")
    story.send("甲.xlsx", "P01", 3)
    sent = story.issued("P03")
    for name, data in ((f"教育局/{sent.name}", sent.read_bytes()[:900]), ("p05（改）.xlsx", b""), ("新建.xlsx", b"PK")):
        story.path(name).write_bytes(data)
    story.review(29)
    return story


def test_the_page_the_command_and_the_reminder_say_which_file_came_and_what_to_do(
    story: Story, tmp_path: Path, wbt
) -> None:
    rows = {row.code: row for row in find_standing(story.campaign, datetime.now(UTC)).rows}
    told = {code: (row.unread_file, row.unread_reason) for code, row in rows.items() if row.unread_file}
    assert told == {
        "P03": ("教育局/P03_P03号项目.xlsx", "文件已损坏或不完整"),
        "P05": ("p05（改）.xlsx", "文件是空的（0 字节）"),
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


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("P03.xlsx", "P03"),
        ("邮件.zip/P03_桥梁.xlsx", "P03"),
        ("P030.xlsx", None),
        ("xP03.xlsx", None),
        ("P03-1 自评表.xlsx", "P03-1"),
        ("P03号项目最终版.xlsx", "P03"),
        ("自评表.xlsx", None),
    ],
)
def test_a_name_says_a_code_or_a_whole_name(story: Story, file: str, code: str | None) -> None:
    rows = find_standing(story.campaign, datetime.now(UTC)).rows[2:4]
    rows = [rows[0], replace(rows[1], code="P03-1")]
    assert match_files(rows, {file: None}) == ({code: file} if code else {})


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
