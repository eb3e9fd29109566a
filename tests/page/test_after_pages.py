"""评完以后 on the page: 抽查, 结果应用, 公开, 导出; with the same outputs as the commands'."""

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from inspection_forms import agree, fill_in
from page_visitor import PageVisitor, contents, text_of

from workbook_tools.campaign import Campaign, sampling
from workbook_tools.campaign.ledger.author import find_login, keep_person
from workbook_tools.campaign.ledger.log import read_log
from workbook_tools.campaign.sampling import read_sample
from workbook_tools.commands import sampling as sample_command
from workbook_tools.form.identity import Issue
from workbook_tools.inspection.form import VERSIONS
from workbook_tools.page import inspection_pages
from workbook_tools.results import read_results
from workbook_tools.workbooks.reading import read_submission


@pytest.fixture
def alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sample bears the minute in which it was drawn, a 复核表 a number that nobody can guess: those of the page and the command are the same."""
    monkeypatch.setattr(Issue, "new", lambda round_, digest: Issue("ab" * 8, round_, digest))

    def draw(campaign: Any, result: Any, _: datetime, **more: Any) -> Any:
        return sampling.draw_list(campaign, result, datetime(2025, 4, 10, tzinfo=UTC), **more)

    monkeypatch.setattr(inspection_pages, "draw_list", draw)
    monkeypatch.setattr(sample_command, "draw_list", draw)


STEPS = (
    (("sample", "--count", "1", "--by-risk", "--seed", "2718"), "after/sample", {"size": "1个", "by_risk": "1", "seed": "2718"}, "抽查"),
    (("sample", "--pick", "P02", "--because", "有人反映"), "after/sample", {"pick": "P02", "because": "有人反映"}, "抽查"),
    (("inspect",), "after/inspect", {}, "复核"),
    (("rectify",), "after/rectify", {}, "整改"),
    (("propose",), "after/propose", {}, "结果应用"),
    (("publish", "--no-pdf"), "after/publish", {}, "公开"),
    (("export", "--strict"), "after/export", {"format": "一体化", "ending": ".xlsx", "strict": "1"}, "交换"),
)  # fmt: skip
"""Command, action, form, folder."""


def accept(visitor: PageVisitor, code: str) -> None:
    assert visitor.post(f"project/{code}/accept", {"who": "王强"}).status_code == 303


@pytest.mark.usefixtures("alike")
def test_each_action_gives_the_same_files_as_its_command(
    reviewed: PageVisitor, root: Path, tmp_path: Path, wbt: Callable[..., tuple[int, str]]
) -> None:
    twin = Path(shutil.copytree(root, tmp_path / "别处" / "2024年自评"))
    accept(reviewed, "P01")  # the page knows from then on who sits here; so do the commands of that user
    keep_person(tmp_path / "config" / "workbook-tools", "王强")
    wbt("accept", "P01", cwd=twin)
    for command, path, form, folder in STEPS:
        _, said = wbt(*command, cwd=twin)
        told = reviewed.do(path, form)
        assert "办好了" in told, told
        assert contents(root / folder) == contents(twin / folder) != {}, (said, told)
    wbt("publish", "--table", cwd=twin)
    assert "各部门公开情况在" in reviewed.do("after/publish/table")
    assert (root / "公开情况表.xlsx").read_bytes() == (twin / "公开情况表.xlsx").read_bytes()
    assert (root / "公开清单.xlsx").read_bytes() == (twin / "公开清单.xlsx").read_bytes()
    for campaign in map(Campaign.open, (root, twin)):
        assert (read_sample(campaign) or pytest.fail()).by == "王强"
        assert {event.who for event in read_log(campaign) if event.command.startswith("accept")} == {
            f"王强（{find_login()}）"
        }


def test_a_sample_is_drawn_once_and_what_is_picked_is_added(reviewed: PageVisitor, root: Path) -> None:
    assert "抽中 1 个，指定 0 个" in reviewed.do("after/sample", {"size": "50%", "seed": "1"})
    before = contents(root / "抽查")
    again = reviewed.do("after/sample", {"size": "50%"})
    assert "没有办成" in again and "已经抽过了" in again and "--" not in again
    assert contents(root / "抽查") == before
    (drawn,) = (row.code for row in (read_sample(Campaign.open(root)) or pytest.fail()).chosen)
    other = {"P01": "P02", "P02": "P01"}[drawn]
    assert "指定 1 个" in reviewed.do("after/sample", {"pick": f" {other}、", "because": "有人反映"})
    page = text_of(reviewed.get("after"))
    assert "种子 1" in page and "指定：有人反映" in page and "2 个项目中选了 2 个" in page
    assert "办好了" in reviewed.do("after/sample", {"again": "名单外传", "seed": "2", "size": "1"})
    assert "重抽的原因：名单外传" in text_of(reviewed.get("after"))


@pytest.mark.parametrize(
    "form", [{"size": "很多"}, {"size": "1.5个"}, {"size": "300%"}, {"pick": "P01"}, {"because": "原因"}]
)
def test_a_wrong_sample_is_told_in_the_words_of_the_page(
    reviewed: PageVisitor, root: Path, form: dict[str, str]
) -> None:
    answer = reviewed.post("after/sample", form)
    assert answer.status_code == 409 and "--" not in text_of(answer)
    assert not (root / "抽查").exists()


def test_what_was_written_is_downloaded(reviewed: PageVisitor) -> None:
    accept(reviewed, "P01")
    reviewed.do("after/propose")
    assert "公开版有 1 个项目" in reviewed.do("after/publish")
    page = reviewed.get("after").text
    assert 'file/结果应用/结果应用建议.xlsx"' in page or "file/%E7%BB%93" in page
    assert reviewed.get("file/结果应用/结果应用建议.xlsx").content[:2] == b"PK"
    assert reviewed.get("file/公开清单.xlsx").content[:2] == b"PK"
    assert reviewed.get("zip/公开").content[:2] == b"PK"
    assert reviewed.post("after/export", {"format": "../wbt"}).status_code == 409


def test_what_a_reviewer_found_is_read_back_and_shown(reviewed: PageVisitor, root: Path) -> None:
    assert "还没有抽查名单" in reviewed.do("after/inspect")
    reviewed.do("after/sample", {"pick": "P01", "because": "有人反映", "size": "100%"})
    assert "写出复核表 2 个" in reviewed.do("after/inspect")
    assert "没有变化 2 个" in reviewed.do("after/inspect")
    campaign, result = Campaign.open(root), read_results(root / "审核").result
    (issued,) = (root / "复核/下发").rglob("P01_*.xlsx")
    submission = read_submission(issued, campaign.known_keys(), VERSIONS).submission
    assert submission
    form = fill_in(issued.read_bytes(), submission.layout, agree(result, submission.layout)).bytes()
    sent = {"files": ("张三 '复核'.xlsx", form)}
    assert "收下 1 个文件" in text_of(
        reviewed.get(reviewed.post("after/inspect/upload", files=sent).headers["location"])
    )
    told = reviewed.do("after/inspect/read")
    assert "已复核 1 个，还没有的 1 个" in told and "复核报告" in told
    assert "复核 " in text_of(reviewed.get("project/P01")) and "复核 " not in text_of(reviewed.get("project/P02"))
    page = text_of(reviewed.get("after"))
    assert "已经复核的 1 个" in page
    assert reviewed.post("after/inspect/upload", files={"files": ("坏.xlsx", b"x")}).status_code == 303
    told = reviewed.do("after/inspect/read")
    assert "坏.xlsx" in told and "没有采用的 1 份" in told and "已复核 1 个" in told
    assert reviewed.get("zip/复核").content[:2] == b"PK"


def test_units_are_told_what_finance_has_chosen_and_it_is_followed(reviewed: PageVisitor, root: Path) -> None:
    assert "没有定要不要整改" in reviewed.do("after/rectify")
    path = root / "整改/整改事项.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    head = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "是否整改")
    sheet.cell(head.row + 1, head.column).value = "是"
    book.save(path)
    wrong, due = reviewed.do("after/rectify/send", {"by": "昨天"}), date.today() + timedelta(60)
    assert "没有办成" in wrong and "期限“昨天”" in wrong and "--" not in wrong
    begun = reviewed.post("after/rectify/send", {"by": str(due)}).headers["location"]
    assert "通知" in reviewed.wait(begun)
    assert f'href="{reviewed.base}after#rectify"' in reviewed.get(begun).text
    page = text_of(reviewed.get("after"))
    assert "没有办结的 1 项" in page and "等单位整改" in page and str(due) in page
    assert reviewed.post("after/rectify/upload", files={"files": ("坏.xlsx", b"x")}).status_code == 303
    assert "坏.xlsx" in reviewed.do("after/rectify")
    assert reviewed.get("zip/整改").content[:2] == b"PK"


def test_before_the_first_review_there_is_nothing_to_do_after_it(visitor: PageVisitor) -> None:
    assert "还没有审核过" in text_of(visitor.get("after"))
    assert visitor.post("after/sample").status_code == 409
