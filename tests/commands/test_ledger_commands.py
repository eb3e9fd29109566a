"""The ledger in daily work: what the commands record, and status, unlock and accept as an officer uses them."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import docx
import openpyxl
import pytest
from builders import KEY, MOF, answers, filled, project
from sqlalchemy import select

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.campaign.issuing import issue_workbooks
from workbook_tools.campaign.ledger import StatusRow
from workbook_tools.campaign.ledger.database import open_database
from workbook_tools.campaign.ledger.keeping import find_last_issues, note_issued, note_returned
from workbook_tools.campaign.ledger.noting_review import ReviewNoting
from workbook_tools.campaign.ledger.reminder import Sender, write_reminders
from workbook_tools.campaign.ledger.tables import METADATA
from workbook_tools.campaign.ledger.workbook import draw_status
from workbook_tools.campaign.reviewing import review_inbox
from workbook_tools.core.model import Material, Project, ProjectList
from workbook_tools.core.result_parts import HeldParts
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.core.states import State
from workbook_tools.files.kept_records import KeptRecords
from workbook_tools.results.json_file import read_json
from workbook_tools.workbooks.generating import Generated, generate

pytestmark = pytest.mark.usefixtures("china_clock")

Wbt = Callable[..., tuple[int, str]]
LISTED = (
    project(),
    project(code="P002", name="候车亭维修", unit="示例县运输中心"),
    project(code="P003", name="校园周边[red]巡逻", department="示例县公安局", unit="示例县公安局"),
)


def day(number: int) -> datetime:
    """A day of March 2025, at 9 o'clock in China."""
    return datetime(2025, 3, number, 1, tzinfo=UTC)


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    """A working folder with three projects of two departments on its list."""
    settings = Settings(
        year=2024,
        authority="示例县财政局",
        deadline="2025年3月15日前",
        contact="绩效管理股 0350-7654321",
        checks={"CROSS02": "off"},  # The projects of these tests share their texts
    )
    made = Campaign.create(tmp_path / "自评 2024", settings)
    write_list(made, LISTED)
    return made


def write_list(campaign: Campaign, projects: tuple[Project, ...]) -> None:
    text = ProjectList(year=2024, projects=projects).model_dump_json()
    (campaign.root / "项目清单.json").write_text(text, "utf-8")


@pytest.fixture
def wbt(wbt: Wbt, monkeypatch: pytest.MonkeyPatch, campaign: Campaign) -> Wbt:
    """Commands run in the working folder, on a day of March 2025."""
    monkeypatch.chdir(campaign.root)

    def run(*args: str, on: int = 10) -> tuple[int, str]:
        monkeypatch.setattr("workbook_tools.commands.clock.now", lambda: day(on))
        return wbt(*args)

    return run


def send(campaign: Campaign, code: str = "P001", on: int = 10, name: str = "", **changes: object) -> Path:
    """A unit sends its workbook on a day of March 2025."""
    listed = next(p for p in LISTED if p.code == code)
    given = listed.model_copy(update={"answers": answers(MOF, **changes)})
    (made,) = generate(
        [given],
        campaign.folder("回收"),
        campaign.signing_key(),
        campaign.notice,
        lambda _: MOF,
        find_last_issues(campaign, {2024}, []),
        prefill=True,
        overwrite=True,
    )
    path = made.path.rename(campaign.folder("回收") / (name or f"{code}.xlsx"))
    os.utime(path, (day(on).timestamp(), day(on).timestamp()))
    return path


def review(campaign: Campaign, on: int) -> ReviewResult:
    """Review the inbox on a day of March 2025, as the command does."""
    done = review_inbox(campaign, campaign.folder("回收"), campaign.known_keys(), day(on))
    assert done.unrecorded == ""
    return done.review.result


def issue(campaign: Campaign, on: int = 1) -> list[Generated]:
    done = issue_workbooks(campaign, LISTED, campaign.folder("下发"), campaign.signing_key(), day(on))
    assert done.unrecorded == ""
    return list(done.items)


def status(campaign: Campaign, on: int = 20) -> dict[str, StatusRow]:
    with campaign.open_ledger() as ledger:
        return {row.code: row for row in ledger.status(LISTED, day(on))}


def everything(campaign: Campaign) -> dict[str, list[tuple[object, ...]]]:
    """All that stands in the ledger."""
    with open_database(campaign.root / ".wbt" / "ledger.sqlite3").connect() as connection:
        return {t.name: [tuple(row) for row in connection.execute(select(t))] for t in METADATA.sorted_tables}


# -- what is recorded -------------------------------------------------------------------------------------------------


def test_what_was_issued_is_recorded_with_key_version_and_scheme(campaign: Campaign) -> None:
    issue(campaign)
    (first, *_) = everything(campaign)["issued"]
    key = campaign.signing_key()
    assert first[1:7] == (
        2024,
        "P001",
        "农村道路养护经费",
        "示例县交通运输局",
        "示例县公路段",
        "下发/示例县交通运输局/P001_农村道路养护经费.xlsx",
    )
    assert first[8:11] == (key.id, "1", "mof-2020")
    assert all(key.password(project) not in str(everything(campaign)) for project in LISTED)


def test_a_workbook_that_was_kept_was_not_issued(campaign: Campaign) -> None:
    issue(campaign)
    before = everything(campaign)
    kept = [
        (
            p.model_copy(update={"annual_goal": "新"}),
            Generated(p.year, p.code, campaign.folder("下发") / "无", kept=True),
        )
        for p in LISTED
    ]
    assert note_issued(campaign, kept, campaign.signing_key(), lambda _: MOF, day(2)) == ""
    assert everything(campaign) == before


def test_from_issue_to_acceptance(campaign: Campaign) -> None:
    issue(campaign)
    assert {(row.state, row.first_step) for row in status(campaign).values()} == {(State.MISSING, "等单位报送")}
    send(campaign, on=10, execution_reason="")
    bad = send(campaign, "P002", on=11, indicators=answers().indicators[:4])
    result = review(campaign, on=12)
    rows = status(campaign)
    assert {code: row.state for code, row in rows.items()} == {
        "P001": State.READY,
        "P002": State.TO_CORRECT,
        "P003": State.MISSING,
    }
    assert (rows["P001"].total, rows["P001"].grade, rows["P001"].received_at) == (100.0, "优", day(10))
    (faulty,) = (p for p in result.projects if p.code == "P002")
    assert note_returned(campaign, [(faulty, campaign.folder("退回") / "P002.xlsx")], day(13)) == ""
    assert status(campaign)["P002"].is_out
    bad.rename(bad.with_name("P002 旧.xlsx"))
    send(campaign, "P002", on=14)
    review(campaign, on=15)
    row = status(campaign)["P002"]
    assert (row.state, row.versions, row.file, row.returned_at) == (State.READY, 2, "P002.xlsx", day(13))


def test_a_workbook_in_an_archive_is_received_too(campaign: Campaign) -> None:
    path = send(campaign)
    with zipfile.ZipFile(campaign.folder("回收") / "交通局.zip", "w") as archive:
        archive.write(path, "P001.xlsx")
    path.unlink()
    review(campaign, on=12)
    row = status(campaign)["P001"]
    assert (row.state, row.file) == (State.READY, "交通局.zip/P001.xlsx")


def test_outside_a_working_folder_nothing_is_recorded() -> None:
    assert note_issued(None, [], KEY, lambda _: MOF, day(1)) == ""
    nothing = HeldParts(ReviewResult(scheme="mof-2020", year=2024))
    assert ReviewNoting(None, None, day(1), KeptRecords()).note(nothing) == ""
    assert note_returned(None, [], day(1)) == ""


def test_the_work_is_done_though_the_ledger_is_damaged(campaign: Campaign, wbt: Wbt) -> None:
    (campaign.root / ".wbt" / "ledger.sqlite3").write_text("坏" * 1000, "utf-8")
    for args, done in ((("generate",), "已生成 3 个工作簿"), (("review",), "审核结果在")):
        code, said = wbt(*args)
        assert (code, "没有登记台账" in said) == (2, True)
        assert "已损坏" in said
        assert "补记" in said
        assert done in said
    assert "没有登记台账" in note_returned(campaign, [], day(1))
    code, said = wbt("status")
    assert code == 2
    assert "已损坏" in said
    code, said = wbt("unlock", "P001")
    assert code == 0
    assert "没有核对台账" in said
    assert campaign.signing_key().password(LISTED[0]) in said


def test_the_ledger_lies_where_wbt_toml_says(campaign: Campaign, wbt: Wbt) -> None:
    path = campaign.root / "wbt.toml"
    path.write_text(path.read_text("utf-8").replace('ledger = ""', 'ledger = "共用/台账.db"'), "utf-8")
    wbt("generate")
    assert (campaign.root / "共用" / "台账.db").is_file()
    assert not (campaign.root / ".wbt" / "ledger.sqlite3").exists()


def test_running_every_command_again_changes_nothing(campaign: Campaign, wbt: Wbt) -> None:
    commands = (
        ("generate",),
        ("review",),
        ("status", "--xlsx", "报送情况.xlsx", "--remind"),
        ("accept", "P001", "--who", "王强"),
        ("unlock", "P001"),
    )
    wbt("generate")
    send(campaign)
    for args in (
        commands * 2
    ):  # after the second run more is kept: what the ledger was told by the first, how workbooks read
        assert wbt(*args)[0] < 2
    wbt("status", "--xlsx", "报送情况.xlsx", "--remind")
    before, files = everything(campaign), snapshot(campaign.root)
    assert [len(before[name]) for name in ("issued", "received", "reviewed", "accepted")] == [3, 1, 1, 1]
    for args in commands:
        assert wbt(*args)[0] < 2
    assert everything(campaign) == before
    assert snapshot(campaign.root) == files


def snapshot(root: Path) -> dict[str, bytes]:
    """Every file but the log, which tells of each run, and what is kept to be quicker, which may be deleted."""
    files = (p for p in root.rglob("*") if p.is_file() and p.suffix != ".log" and p.name != "kept.sqlite3")
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in files}


# -- wbt status -------------------------------------------------------------------------------------------------------


def cells(said: str) -> list[list[str]]:
    """The rows of the printed tables."""
    lines = (line for line in said.splitlines() if line.startswith("│"))
    return [[cell.strip() for cell in line.strip("│").split("│")] for line in lines]


def test_status_counts_departments_and_lists_what_is_open(campaign: Campaign, wbt: Wbt) -> None:
    issue(campaign)
    send(campaign, on=14)
    send(campaign, "P002", on=16, indicators=answers().indicators[:4])
    review(campaign, on=17)
    code, said = wbt("status", on=18)
    assert code == 0
    assert cells(said) == [
        ["示例县交通运输局", "2", "", "1", "1", "1"],
        ["示例县公安局", "1", "1", "", "", "1"],
        ["合计", "3", "1", "1", "1", "2"],
        ["示例县交通运输局", "P001", "农村道路养护经费", "可接收", "", "接收：wbt accept P001"],
        [
            "示例县交通运输局",
            "P002",
            "候车亭维修",
            "待更正",
            "逾期",
            "退回更正，先改 自评表!E17（群众满意度－实际完成值）：没有填写实际完成值",
        ],
        ["示例县公安局", "P003", "校园周边[red]巡逻", "缺报", "逾期", "催报：wbt status --remind"],
    ]
    assert "应报 ┃ 缺报 ┃ 待更正 ┃ 可接收 ┃ 逾期" in said
    assert "截至 2025-03-18 09:00；报送截止时间 2025-03-15 23:59" in said


def test_one_word_stands_everywhere(campaign: Campaign, wbt: Wbt) -> None:
    """审核结果.json, 项目得分, 审核概览, status and the workbook, before and after a project is accepted."""
    issue(campaign)
    send(campaign, "P001", on=14)
    send(campaign, "P002", on=14, indicators=answers().indicators[:4])
    wbt("review", on=17)
    for accepted in ((), ("P001",)):
        if accepted:
            wbt("accept", *accepted, "--who", "王强", on=17)
        wbt("status", "--xlsx", "情况.xlsx", on=17)
        listed = openpyxl.load_workbook(campaign.root / "情况.xlsx")["报送情况"]
        words = {row[0]: row[4] for row in listed.iter_rows(min_row=5, values_only=True) if row[0]}
        first = "已接收" if accepted else words["P001"]
        assert words == {"P001": first, "P002": "待更正", "P003": "缺报"}
        assert {code: row.state.value for code, row in status(campaign, on=17).items()} == words
        stored = read_json(campaign.result_file)
        assert {row.code: row.state.value for row in (*stored.projects, *stored.missing)} == words
        book = openpyxl.load_workbook(campaign.result_file.with_suffix(".xlsx"), data_only=True)
        scores = book["项目得分"].iter_rows(min_row=5, values_only=True)
        assert {row[3]: row[5] for row in scores if row[3]} == {code: words[code] for code in ("P001", "P002")}
        shown = {row[0]: row[1] for row in reversed(list(book["审核概览"].iter_rows(values_only=True))) if row[0]}
        assert {word: shown[word] for word in State} == {word: [*words.values()].count(word) for word in State}


def test_status_of_one_department_lists_all_its_projects(campaign: Campaign, wbt: Wbt) -> None:
    issue(campaign)
    send(campaign, on=14)
    review(campaign, on=14)
    _, said = wbt("status", "--department", "示例县交通运输局", on=15)
    assert cells(said)[1:] == [
        ["示例县公路段", "P001", "农村道路养护经费", "可接收", "", "接收：wbt accept P001", "100", "P001.xlsx"],
        ["示例县运输中心", "P002", "候车亭维修", "缺报", "", "等单位报送，2025年3月15日 截止", "", ""],
    ]
    assert wbt("status", "--department", "没有这个局")[0] == 2


@pytest.mark.parametrize(("deadline", "told"), [("三月中旬", "“三月中旬”看不出是哪一天"), ("", "没有写截止日期")])
def test_without_a_clear_deadline_nobody_is_late(campaign: Campaign, wbt: Wbt, deadline: str, told: str) -> None:
    path = campaign.root / "wbt.toml"
    path.write_text(path.read_text("utf-8").replace("2025年3月15日前", deadline), "utf-8")
    issue(campaign)
    _, said = wbt("status", "--xlsx", "情况.xlsx", on=30)
    assert told in said
    assert "没有判断是否逾期" in said
    assert {row[4] for row in cells(said)[3:]} == {"未判断"}
    sheet = openpyxl.load_workbook(campaign.root / "情况.xlsx")["报送情况"]
    assert told in sheet["A2"].value


def test_when_all_is_in_status_says_so(campaign: Campaign, wbt: Wbt) -> None:
    issue(campaign)
    for listed in LISTED:
        send(campaign, listed.code)
    review(campaign, on=11)
    wbt("accept", "--all", "--who", "王强")
    assert "所有项目都已接收。" in wbt("status")[1]


def test_the_workbook_lists_every_project_and_sums_departments(campaign: Campaign, wbt: Wbt) -> None:
    issue(campaign)
    send(campaign, on=14)
    review(campaign, on=17)
    wbt("accept", "P001", "--who", "王强", on=17)
    _, said = wbt("status", "--xlsx", "报送情况.xlsx", on=18)
    assert "报送情况已写入 报送情况.xlsx" in said
    book = openpyxl.load_workbook(campaign.root / "报送情况.xlsx")
    assert book["分部门"]["A1"].value == "示例县财政局2024年度项目支出绩效自评报送情况"
    assert [c.value for c in book["分部门"][3]] == [
        "主管部门",
        "应报项目",
        *(s.value for s in State),
        "其中逾期",
        "缺佐证材料",
        "打包时间",
        "打包后改过",
    ]
    assert [c.value for c in book["分部门"][4]] == [
        "示例县交通运输局",
        "=C4+D4+E4+F4+G4",
        1,
        0,
        0,
        0,
        1,
        1,
        0,
        None,
        None,
    ]
    assert [c.value for c in book["分部门"][7]][:2] == ["合计", "=SUBTOTAL(9,B4:B5)"]
    shown = [c.value for c in book["报送情况"][5]]
    assert shown[:11] == [
        "P001",
        "农村道路养护经费",
        "示例县交通运输局",
        "示例县公路段",
        "已接收",
        "王强已接收",
        None,
        "2025-03-01 09:00",
        "2025-03-14 09:00",
        1,
        0,
    ]
    assert shown[13:] == [100, "优", "本期下发", None, "2025-03-17 09:00", "王强", None, None, None, "P001.xlsx"]
    assert [c.value for c in book["报送情况"][7]][4:11] == [
        "缺报",
        "催报：wbt status --remind",
        "逾期",
        "2025-03-01 09:00",
        None,
        0,
        None,
    ]


def test_projects_that_list_evidence_which_has_not_come_are_counted(campaign: Campaign, wbt: Wbt) -> None:
    issue(campaign)
    first, *others = answers(MOF).indicators
    listed = first.model_copy(
        update={"materials": (Material(name="验收报告", file="验收.pdf"), Material(name="合同", pages="3"))}
    )
    sent = send(campaign, indicators=(listed, *others))
    send(campaign, "P002")
    review(campaign, on=11)
    assert {code: row.evidence_absent for code, row in status(campaign).items() if row.evidence_absent} == {"P001": 1}
    assert "缺佐证材料" in wbt("status")[1].replace("\n", "")
    assert [wbt("status", "--xlsx", wrong)[0] for wrong in ("项目清单.xlsx", "审核/审核结果.xlsx", "情况.txt")] == [
        2,
        2,
        2,
    ]
    assert wbt("status", "--xlsx", "报送情况.xlsx")[0] == 0
    book = openpyxl.load_workbook(campaign.root / "报送情况.xlsx")
    heading = next(cell.column for cell in book["分部门"][3] if cell.value == "缺佐证材料")
    assert [book["分部门"].cell(row, heading).value for row in (4, 5)] == [1, 0]
    evidence = sent.with_name("P001.佐证")
    evidence.mkdir()
    (evidence / "验收.pdf").write_bytes(b"x")
    review(campaign, on=12)
    assert status(campaign)["P001"].evidence_absent == 0
    assert "缺佐证材料" not in wbt("status")[1]
    assert wbt("ledger", "verify")[0] == 0


def test_the_workbook_of_an_empty_list_can_be_written() -> None:
    assert draw_status([], "情况", "")[:2] == b"PK"


def test_reminders_name_what_is_missing_and_what_was_returned(campaign: Campaign, wbt: Wbt) -> None:
    issue(campaign)
    send(campaign, indicators=answers().indicators[:4])
    result = review(campaign, on=11)
    note_returned(campaign, [(result.projects[0], campaign.folder("退回") / "P001.xlsx")], day(12))
    _, said = wbt("status", "--remind", on=18)
    text = (campaign.root / "催报通知.txt").read_text("utf-8-sig")
    assert text in said
    assert (
        text
        == """示例县交通运输局：
　　您好！2024年度项目支出绩效自评正在进行，报送截止时间为：2025年3月15日。
　　截至2025年3月18日，以下 1 个项目的自评表还没有收到：
　　1. 候车亭维修（P002，示例县运输中心）
　　以下 1 个项目的自评表已退回修改，还没有收到改好的文件：
　　1. 农村道路养护经费（P001，示例县公路段）
　　报送时间已过，请督促有关单位尽快报送。若刚刚已经报送，请不必理会本通知。
　　如有疑问，请与我们联系：绩效管理股 0350-7654321。
　　感谢支持与配合！
　　　　　　　　示例县财政局
　　　　　　　　2025年3月18日

示例县公安局：
　　您好！2024年度项目支出绩效自评正在进行，报送截止时间为：2025年3月15日。
　　截至2025年3月18日，以下 1 个项目的自评表还没有收到：
　　1. 校园周边[red]巡逻（P003，示例县公安局）
　　报送时间已过，请督促有关单位尽快报送。若刚刚已经报送，请不必理会本通知。
　　如有疑问，请与我们联系：绩效管理股 0350-7654321。
　　感谢支持与配合！
　　　　　　　　示例县财政局
　　　　　　　　2025年3月18日
"""
    )


def test_what_was_returned_is_late_only_after_the_date_of_its_return(campaign: Campaign, wbt: Wbt) -> None:
    """Status, workbook, reminder, notice and review go by one date: what the command gave."""
    issue(campaign)
    for code in ("P001", "P002", "P003"):
        send(campaign, code, on=9, indicators=answers().indicators[:4])
    wbt("review", on=10)
    _, said = wbt("return", "--by", "3月25日", on=16)
    assert "重新报送的期限是 2025年3月25日。" in said
    assert Campaign.open(campaign.root).settings.return_by == "2025年3月25日"
    notice = "\n".join(
        paragraph.text for paragraph in docx.Document(str(next(campaign.root.rglob("退回通知.docx")))).paragraphs
    )
    assert "于2025年3月25日前改正" in notice
    for on, late in ((20, ""), (26, "逾期")):
        _, said = wbt("status", "--remind", "--xlsx", "情况.xlsx", on=on)
        assert {row[4] for row in cells(said)[3:]} == {late}
        assert "重报期限 2025-03-25 23:59" in said
        assert "已退回修改，应于2025年3月25日前重新报送" in said
        assert "报送截止时间为" not in said
        assert ("报送时间已过" in said) is bool(late)
        sheet = openpyxl.load_workbook(campaign.root / "情况.xlsx")["报送情况"]
        assert {sheet.cell(row, 7).value or "" for row in (5, 6, 7)} == {late}


@pytest.mark.parametrize("by", ["昨天", "2025年3月1日"])
def test_a_return_by_no_date_to_come_is_refused_and_nothing_is_returned(campaign: Campaign, wbt: Wbt, by: str) -> None:
    send(campaign, indicators=answers().indicators[:4])
    wbt("review", on=10)
    code, said = wbt("return", "--by", by, on=10)
    assert code == 2
    assert "请写成 2025年3月24日、2025-03-24 或 3月24日 这样。" in said
    assert not list(campaign.folder("退回").rglob("*.*"))


def test_what_may_still_come_is_no_error_and_is_not_called_late(campaign: Campaign) -> None:
    send(campaign)
    for on, told in ((10, ["还没有报送，2025年3月15日 截止"]), (16, ["未报送"])):
        result = review(campaign, on=on)
        assert {(f.severity.label, f.message) for f in result.findings if f.code == "CROSS01"} == {
            ("错误" if on == 16 else "说明", told[0])
        }
        assert {row.reason for row in result.missing} == set(told)


def test_a_reminder_before_the_deadline_and_without_settings() -> None:
    row = StatusRow(2024, "P001", "甲", "某局", "某站", State.MISSING, None, issued_at=day(1))
    (letter,) = write_reminders([row], Sender("", 2024, ""), day(5).date())
    assert "请督促有关单位按时报送。" in letter
    assert "截止时间" not in letter
    assert letter.endswith("　　　　　　　　2025年3月5日\n")


def test_when_nothing_is_owed_an_old_reminder_does_not_stay(campaign: Campaign, wbt: Wbt) -> None:
    issue(campaign)
    wbt("status", "--remind")
    for listed in LISTED:
        send(campaign, listed.code)
    review(campaign, on=11)
    _, said = wbt("status", "--remind")
    assert "目前没有需要催报的项目。" in said
    assert (campaign.root / "催报通知.txt").read_text("utf-8-sig") == "目前没有需要催报的项目。\n"


@pytest.mark.parametrize("command", [("status",), ("accept", "P001"), ("unlock", "P001")])
def test_a_missing_or_empty_list_and_a_wrong_folder_are_said(
    campaign: Campaign, wbt: Wbt, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write_list(campaign, ())
    assert "没有可用的项目" in wbt(*command)[1]
    (campaign.root / "项目清单.json").unlink()
    assert "找不到项目清单" in wbt(*command)[1]
    monkeypatch.chdir(tmp_path)
    code, said = wbt(*command)
    assert code == 2
    assert "不是工作文件夹" in said


# -- wbt unlock -------------------------------------------------------------------------------------------------------


def test_unlock_gives_the_password_by_code_and_by_file(campaign: Campaign, wbt: Wbt) -> None:
    (first, *_) = issue(campaign)
    password = campaign.signing_key().password(LISTED[0])
    code, said = wbt("unlock", "P001", str(first.path))
    assert code == 0
    assert said.splitlines()[:2] == [f"P001　农村道路养护经费　密码：{password}"] * 2
    assert "撤销工作表保护" in said


def test_unlock_before_anything_was_issued_trusts_the_list(campaign: Campaign, wbt: Wbt) -> None:
    assert campaign.signing_key().password(LISTED[1]) in wbt("unlock", "P002")[1]


def test_unlock_refuses_what_it_cannot_know(campaign: Campaign, wbt: Wbt, tmp_path: Path) -> None:
    foreign = filled(tmp_path)
    openpyxl.Workbook().save(tmp_path / "自制.xlsx")
    for target, told in (
        ("P999", "项目清单中没有编码“P999”"),
        (str(foreign), "不是用这里的密钥下发的"),
        (str(tmp_path / "自制.xlsx"), "没有密码可给"),
    ):
        code, said = wbt("unlock", target)
        assert code == 2
        assert told in said
        assert "密码：" not in said


def test_unlock_after_the_key_was_replaced_asks_for_the_old_one(campaign: Campaign, wbt: Wbt, tmp_path: Path) -> None:
    issue(campaign)
    old = shutil.move(campaign.root / ".wbt" / "signing.key", tmp_path / "旧.key")
    wbt("key", "new")
    password = Campaign.open(campaign.root).signing_key().password(LISTED[0])
    code, said = wbt("unlock", "P001")
    assert code == 2
    assert "另一个密钥" in said
    assert password not in said
    code, said = wbt("unlock", "P001", "--key", str(old))
    assert code == 0
    assert "找不到密钥文件" in wbt("unlock", "P001", "--key", "没有.key")[1]


def test_unlock_of_a_blank_form_uses_the_public_key(campaign: Campaign, wbt: Wbt) -> None:
    wbt("templates", "空白")
    (form,) = (campaign.root / "空白").glob("自评表*.xlsx")
    code, said = wbt("unlock", str(form))
    assert code == 0
    assert "空白表" in said


# -- wbt accept -------------------------------------------------------------------------------------------------------


def test_accept_takes_what_has_come_and_names_what_has_not(campaign: Campaign, wbt: Wbt) -> None:
    issue(campaign)
    send(campaign)
    send(campaign, "P002", indicators=answers().indicators[:4])
    review(campaign, on=11)
    code, said = wbt("accept", "P001", "P002", "P003", "--who", "王强", on=12)
    assert code == 1
    assert "请注意：P002 候车亭维修 是“待更正”的" in said
    assert "没有接收：P003" in said
    assert "已接收 2 个项目。" in said
    rows = status(campaign)
    assert [rows[c].accepted_by for c in ("P001", "P002", "P003")] == ["王强", "王强", ""]
    code, said = wbt("accept", "P001", on=13)
    assert code == 0
    assert "已接收 0 个项目，另有 1 个以前已接收。" in said
    assert status(campaign)["P001"].accepted_at == day(12)


def test_accept_all_leaves_out_what_has_mistakes(campaign: Campaign, wbt: Wbt, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "limin")
    issue(campaign)
    send(campaign)
    send(campaign, "P002", indicators=answers().indicators[:4])
    review(campaign, on=11)
    code, said = wbt("accept", "--all")
    assert code == 0
    assert "已接收 1 个项目。" in said
    rows = status(campaign)
    assert [(rows[c].state, rows[c].accepted_by) for c in ("P001", "P002", "P003")] == [
        (State.ACCEPTED, "limin"),
        (State.TO_CORRECT, ""),
        (State.MISSING, ""),
    ]


def test_accept_refuses_an_unknown_code_and_an_empty_call(campaign: Campaign, wbt: Wbt) -> None:
    send(campaign)
    review(campaign, on=11)
    code, said = wbt("accept", "P001", "P999")
    assert code == 2
    assert "没有这些项目编码：P999" in said
    assert status(campaign)["P001"].state is State.READY
    assert wbt("accept")[0] == 2


def test_accept_asks_who_it_is_where_the_computer_does_not_know(
    campaign: Campaign, wbt: Wbt, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown() -> str:
        raise OSError

    monkeypatch.setattr("getpass.getuser", unknown)
    send(campaign)
    review(campaign, on=11)
    code, said = wbt("accept", "P001")
    assert code == 2
    assert "--who" in said
