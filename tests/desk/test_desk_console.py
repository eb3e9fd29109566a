"""控制台.xlsm: what it shows, what its buttons start, and what comes back; the macros run in LibreOffice."""

from __future__ import annotations

import functools
import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from locations import SUPPORT
from made_demo import copy_demo
from office import ooxml_errors_of, requires_ooxml_validator, requires_uno, run_uno

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.campaign.ledger.standing import find_standing
from workbook_tools.commands.table import COMMANDS
from workbook_tools.core.errors import OutputError
from workbook_tools.desk import console, console_book, console_update, excel
from workbook_tools.desk.console import Action, press, write_result
from workbook_tools.desk.console_book import (
    LOG,
    PROJECTS,
    SETTINGS,
    Kept,
    LinkTo,
    ProjectGrid,
    draw_console,
    read_kept,
)
from workbook_tools.desk.libreoffice import LibreOffice
from workbook_tools.desk.program import OpenBook, Value
from workbook_tools.vba import packaged

UNO_MACROS = SUPPORT / "uno_macros.py"
NOW = datetime(2024, 3, 20, 1, tzinfo=UTC)
HANDLERS = {
    "issue": "Issue",
    "pack": "Pack",
    "review": "Review",
    "return": "SendBack",
    "merge": "Merge",
    "report": "WriteReports",
    "publish": "Publish",
    "sample": "DrawSample",
    "inspect": "HandOutInspections",
    "read-inspections": "ReadInspections",
    "rectify": "Rectify",
    "send-notices": "SendNotices",
    "propose": "Propose",
    "export": "ExportTables",
    "next-year": "BeginNextYear",
    "refresh": "Refresh",
}
Wbt = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    """The demo's folder; what a test changes in it, another may see."""
    return copy_demo(tmp_path_factory.mktemp("控制台") / "自评 演示").campaign


@pytest.fixture(scope="module")
def office() -> Iterator[LibreOffice]:
    with LibreOffice() as program:
        yield program


def saved(campaign: Campaign, path: Path, grid: ProjectGrid | None = None, **kept: object) -> Path:
    grid = grid or console_book.read_grid(campaign, NOW)
    path.write_bytes(draw_console(campaign, grid, replace(Kept(), **kept)))
    return path


def logged(book: OpenBook) -> list[list[Value]]:
    """操作, 结果, 内容 of each line of the log."""
    return [row for row in book.values(LOG, "B4:D60") if any(row)]


# -- what it shows ----------------------------------------------------------------------------------------------------


@requires_uno
def test_it_shows_the_demos_projects_with_the_ledgers_status(demo: Campaign, office: LibreOffice, wbt: Wbt) -> None:
    code, said = wbt("desk", cwd=demo.root)
    assert (code, "8 个项目" in said) == (0, True)
    book = office.open(demo.root / "控制台.xlsm")
    book.recalculate()
    shown = book.values(PROJECTS, "A5:O13")
    facts = [
        [r.code, r.name, r.department, r.unit, r.state.value, float(r.findings.error), r.total, r.grade or None]
        for r in find_standing(demo, NOW).rows
        if r.findings
    ]
    assert len(facts) == 8
    assert [[*row[:5], row[7], row[9], row[10]] for row in shown[:8]] == facts
    assert {row[4] for row in shown[:8]} == {"待更正", "待说明"}
    assert [row[12:] for row in shown[:8]] == [["打开"] * 3] * 8
    assert shown[8] == [None] * 15
    assert book.values(SETTINGS, "B3")[0][0] == console_book.find_own_program()
    book.close()


def test_links_lead_to_files_that_are_there(demo: Campaign) -> None:
    grid = console_book.read_grid(demo, NOW)
    links = [value for row in grid.rows for value in row if isinstance(value, LinkTo)]
    assert len(links) == 24
    assert all((demo.root / link.path).is_file() for link in links)


@requires_uno
def test_the_buttons_stand_on_the_sheet_and_know_their_macros(demo: Campaign, tmp_path: Path) -> None:
    steps = tmp_path / "steps.json"
    steps.write_text(json.dumps([{"buttons": PROJECTS}]), "utf-8")
    (found,) = json.loads(run_uno(UNO_MACROS, saved(demo, tmp_path / "控制台.xlsm"), steps))
    assert [label for label, _ in found] == [action.label for action in Action]
    for (_, script), handler in zip(found, HANDLERS.values(), strict=True):
        assert f"DeskButtons.{handler}" in script


@requires_ooxml_validator
def test_it_is_valid_with_and_without_macros(demo: Campaign, tmp_path: Path) -> None:
    full = saved(demo, tmp_path / "控制台.xlsm", log=(("2024-03-01", "生成", "完成", "好"),))
    plain = tmp_path / "控制台.xlsx"
    plain.write_bytes(draw_console(demo, ProjectGrid("没有项目", []), Kept(), macros=False))
    assert ooxml_errors_of([full, plain]) == {full: [], plain: []}
    assert "wbt desk --no-macros" in openpyxl.load_workbook(plain)[PROJECTS]["A2"].value


def test_what_a_button_runs_is_a_command() -> None:
    assert {action.command[0] for action in Action if action.command} <= set(COMMANDS)
    assert [caption for caption, *_ in console_book.BUTTONS] == [action.label for action in Action]
    assert [macro.removeprefix("DeskButtons.") for _, macro, *_ in console_book.BUTTONS] == [*HANDLERS.values()]


# -- what the buttons start -------------------------------------------------------------------------------------------

RECORDER = """\
#!{python}
import sys
from pathlib import Path
with open({record!r}, "a", encoding="utf-8") as record:
    record.write(repr(sys.argv[1:]) + "\\n")
result = sys.argv[sys.argv.index("--result") + 1]
Path(result + ".part").write_text("log\\t\\\\u7532\\t\\\\u5B8C\\\\u6210\\ttold\\r\\n", "ascii")
Path(result + ".part").rename(result)
"""


@requires_uno
def test_every_button_starts_its_command_and_shows_what_comes_back(
    demo: Campaign, office: LibreOffice, tmp_path: Path
) -> None:
    folder = tmp_path / "工作 文件夹"
    folder.mkdir()
    record, program = tmp_path / "record.txt", tmp_path / "记录 程序"
    program.write_text(RECORDER.format(python=sys.executable, record=str(record)), "utf-8")
    program.chmod(0o755)
    book = office.open(saved(demo, folder / "控制台.xlsm", program=str(program)), macros=True)
    for handler in HANDLERS.values():
        book.run_macro(f"DeskButtons.{handler}")
    calls = [eval(line) for line in record.read_text("utf-8").splitlines()]  # noqa: S307 - written by RECORDER
    assert [call[:5] for call in calls] == [["desk", "run", a, "--folder", str(folder)] for a in HANDLERS]
    assert not any(Path(call[6]).exists() for call in calls)  # the macro has read it and taken it away
    assert logged(book) == [["甲", "完成", "told"]] * len(HANDLERS)
    book.close()


@requires_uno
def test_the_command_for_a_python_and_for_xlwings(
    demo: Campaign, office: LibreOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(demo, tmp_path / "控制台.xlsm", program="/opt/py/Python3.12", folder="/数据/自评 '24")
    book = office.open(path, macros=True)
    command = str(book.run_macro("DeskCall.CommandLine", "merge", "/甲/乙 1.txt"))
    assert shlex.split(command) == [
        "/opt/py/Python3.12",
        "-m",
        "workbook_tools",
        "desk",
        "run",
        "merge",
        "--folder",
        "/数据/自评 '24",
        "--result",
        "/甲/乙 1.txt",
    ]
    pressed: list[tuple[str, ...]] = []
    monkeypatch.setattr(console, "press", lambda *args: pressed.append(args))
    told = str(book.run_macro("DeskCall.PythonCommand", "merge", "C:\\用户\\new😀.txt"))
    assert told.isascii()
    exec(told)  # noqa: S102 - as xlwings does
    (call,) = pressed
    assert (*call[:2], call[2].encode("utf-16", "surrogatepass").decode("utf-16")) == (
        "merge",
        "/数据/自评 '24",
        "C:\\用户\\new😀.txt",
    )
    book.close()


@requires_uno
@pytest.mark.parametrize(
    ("folder", "root"),
    [
        ("D:\\项目 一\\", "D:\\项目 一\\"),
        ("D:\\", "D:\\"),
        ("/数据/自评", "/数据/自评/"),
        ("/数据/自评/", "/数据/自评/"),
    ],
)
def test_a_folder_that_ends_in_a_backslash_is_one_argument(
    demo: Campaign, office: LibreOffice, tmp_path: Path, folder: str, root: str
) -> None:
    """A backslash before a quotation mark would hide it from the program that is started."""
    book = office.open(saved(demo, tmp_path / "控制台.xlsm", program="C:\\wbt\\wbt.exe", folder=folder), macros=True)
    command = str(book.run_macro("DeskCall.CommandLine", "merge", "C:\\T 1\\a.txt"))
    arguments = ["C:\\wbt\\wbt.exe", "desk", "run", "merge", "--folder", folder, "--result", "C:\\T 1\\a.txt"]
    assert split_as_windows_does(subprocess.list2cmdline(arguments)) == arguments
    assert split_as_windows_does(command) == arguments
    result = tmp_path / "result.txt"
    write_result(result, console.format_grid(ProjectGrid("空", [])))
    book.run_macro("DeskResult.ShowResult", str(result))
    assert book.values(SETTINGS, "B5") == [[root]]
    book.close()


def split_as_windows_does(command: str) -> list[str]:
    """By the rules of Microsoft's C runtime: 2n backslashes and a quotation mark are n backslashes and the mark itself."""
    arguments, current, quoted = [], "", False
    for backslashes, character in re.findall(r"(\\*)([^\\]|$)", command):
        if character == '"':
            current += "\\" * (len(backslashes) // 2)
            if len(backslashes) % 2:
                current += character
            else:
                quoted = not quoted
            continue
        current += backslashes
        if character in (" ", "") and not quoted:
            arguments.append(current)
            current = ""
        else:
            current += character
    return [argument for argument in arguments if argument]


def run_button(
    demo: Campaign,
    office: LibreOffice,
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
    changes: dict[str, str],
    **kept: object,
) -> list[Value]:
    """What stands in the log after 刷新 was pressed, where the macros have been changed so."""
    modules = [
        replace(m, source=functools.reduce(lambda text, pair: text.replace(*pair), changes.items(), m.source))
        for m in packaged.read_packaged_modules("控制台")
    ]
    assert all(any(new in m.source for m in modules) for new in changes.values())
    monkeypatch.setattr(
        console_book, "build_packaged_project", lambda _, sheets: packaged.build_vba_project(modules, sheets)
    )
    book = office.open(saved(demo, path, **kept), macros=True)
    book.run_macro("DeskButtons.Refresh")
    (entry,) = logged(book)
    book.close()
    return entry


AS_IF_ANSI = {
    "Or Asc(character) < 0 Or Asc(character) > 127": "Or character <> ChrW(&H9FCF)",
}
"""LibreOffice names every character; Excel's Shell and Dir only those of the system's code page."""


@requires_uno
@pytest.mark.parametrize(
    ("kept", "changes", "told"),
    [
        ({"folder": "/数据/鿏县"}, AS_IF_ANSI, "工作文件夹“/数据/鿏县”的名称里有这台电脑的代码页以外的字“鿏”"),
        ({"program": "/鿏/wbt"}, AS_IF_ANSI, "程序位置“/鿏/wbt”的名称里有这台电脑的代码页以外的字“鿏”"),
        ({}, {'folder = Environ("TEMP")': 'folder = "/tmp/a?b"'}, "临时文件夹“/tmp/a?b”的名称里有"),
        ({"folder": "https://d.docs.live.net/1/自评"}, {}, "是网址"),
    ],
)
def test_what_excel_cannot_name_is_told_at_once(
    demo: Campaign,
    office: LibreOffice,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kept: dict[str, str],
    changes: dict[str, str],
    told: str,
) -> None:
    (action, outcome, text) = run_button(demo, office, tmp_path / "控制台.xlsm", monkeypatch, changes, **kept)
    assert (action, outcome) == ("刷新", "没有完成")
    assert told in str(text)


@requires_uno
@pytest.mark.parametrize(
    ("program", "told"),
    [
        ("", "“设置”表里没有填程序位置"),
        ("/没有/wbt", "找不到程序 /没有/wbt。请在“设置”表中改正程序位置"),
        ("/bin/true", "程序没有启动成功：/bin/true。请确认这个 Python 里装有 workbook-tools"),
    ],
)
def test_a_program_that_cannot_be_started_is_told_in_the_log(
    demo: Campaign, office: LibreOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, told: str
) -> None:
    modules = [
        replace(m, source=m.source.replace("START_SECONDS As Long = 60", "START_SECONDS As Long = 1"))
        for m in packaged.read_packaged_modules("控制台")
    ]
    assert any("START_SECONDS As Long = 1" in m.source for m in modules)
    monkeypatch.setattr(
        console_book, "build_packaged_project", lambda _, sheets: packaged.build_vba_project(modules, sheets)
    )
    book = office.open(saved(demo, tmp_path / "控制台.xlsm", program=program or "x"), macros=True)
    if not program:
        book.write(SETTINGS, "B3", [[None]])
    book.run_macro("DeskButtons.Refresh")
    ((action, outcome, text),) = logged(book)
    assert (action, outcome) == ("刷新", "没有完成")
    assert told in str(text)
    book.close()


@requires_uno
def test_pressed_for_real_the_button_reviews_and_the_sheets_show_it(
    demo: Campaign, office: LibreOffice, tmp_path: Path
) -> None:
    """Macro, process, command, ledger, result file, cells."""
    path = saved(demo, demo.root / "控制台.xlsm", ProjectGrid("旧", [["旧"] + [None] * 14]))
    (demo.root / "审核" / "审核结果.json").unlink()
    book = office.open(path, macros=True)
    book.run_macro("DeskButtons.Review")
    log = logged(book)
    assert any("审核结果在" in str(text) for _, _, text in log)
    assert log[-1][:2] == ["收表审核", "有问题"]
    assert (demo.root / "审核" / "审核结果.json").is_file()
    codes = [row[0] for row in book.values(PROJECTS, "A5:A13")]
    assert codes == [r.code for r in find_standing(demo, NOW).rows] + [None]
    assert str(book.values(PROJECTS, "A2")[0][0]).startswith("截至 ")
    book.write(SETTINGS, "B4", [[str(tmp_path)]])
    book.run_macro("DeskButtons.Refresh")
    assert "不是工作文件夹（没有 wbt.toml）" in str(logged(book)[-1][2])
    book.close()


# -- what comes back --------------------------------------------------------------------------------------------------


@requires_uno
def test_rows_come_and_go_and_texts_stay_texts(demo: Campaign, office: LibreOffice, tmp_path: Path) -> None:
    def row(code: str, total: float | None) -> list[Value | LinkTo]:
        """Without a total there is no file either: blank cells must take numbers and formulas later."""
        link = LinkTo('回"收/甲.xlsx') if total else None
        texts = [code, "=1+1", "甲局😀", "a\\b\tc", "待更正", "", ""]
        return [*texts, 1.0, 2.0, total, "", "先改 E7", None, link, None]

    book = office.open(saved(demo, tmp_path / "控制台.xlsm", ProjectGrid("旧", [row("x", 1.0)])), macros=True)
    result = tmp_path / "result.txt"
    for count, total in ((3, None), (1, 97.5), (2, 97.5)):
        write_result(
            result, console.format_grid(ProjectGrid(f"共 {count} 个", [row(f"00{i}", total) for i in range(count)]))
        )
        book.run_macro("DeskResult.ShowResult", str(result))
        assert not result.exists()
        assert book.values(PROJECTS, "A2")[0][0] == f"共 {count} 个"
        link = "打开" if total else None
        expected = ["=1+1", "甲局😀", "a\\b\tc", "待更正", None, None, 1.0, 2.0, total, None, "先改 E7", None, link]
        shown = book.values(PROJECTS, "A5:N8")
        assert shown == [[f"00{i}", *expected] for i in range(count)] + [[None] * 14] * (4 - count)
    assert book.values(SETTINGS, "B5") == [[f"{tmp_path}/"]]
    book.save_as(tmp_path / "后.xlsm")
    book.close()
    sheet = openpyxl.load_workbook(tmp_path / "后.xlsm")[PROJECTS]
    assert [sheet.cell(r, 1).border.left.style for r in (5, 6, 7)] == ["thin", "thin", None]
    assert sheet["N6"].value == '=HYPERLINK(desk_root&"回""收/甲.xlsx","打开")'


def test_every_character_that_is_no_plain_sign_is_escaped(tmp_path: Path) -> None:
    """DEL is ASCII, and no more a sign than the control characters: a macro would show it as a box, or lose it."""
    fields = ["a\x7fb", "\x7e", "\x1f", "\x80", "\\", "\ud83d", "甲😀"]
    shown = [console._format_line(field) for field in fields]
    assert shown == ["a\\u007Fb", "~", "\\u001F", "\\u0080", "\\u005C", "\\uD83D", "\\u7532\\uD83D\\uDE00"]
    assert console._format_line("a\tb", "c") == "a\\u0009b\tc"


def lines(result: Path) -> list[list[str]]:
    """The result's fields, decoded as the macro does."""
    text = result.read_bytes().decode("ascii")
    return [[field.encode().decode("unicode_escape") for field in line.split("\t")] for line in text.split("\r\n")[:-1]]


def test_an_action_that_cannot_be_done_says_why(tmp_path: Path) -> None:
    Campaign.create(tmp_path / "空", Settings(year=2024))
    press("issue", str(tmp_path / "空"), str(tmp_path / "result.txt"))
    (*said, ended) = lines(tmp_path / "result.txt")
    assert (tmp_path / "result.txt.started").exists()
    assert ended[:3] == ["log", "生成", "没有完成"]
    assert "找不到项目清单" in ended[3]
    assert said


@pytest.mark.slow
def test_every_action_end_to_end(demo: Campaign, tmp_path: Path) -> None:
    folder, result = shutil.copytree(demo.root, tmp_path / "自评"), tmp_path / "result.txt"
    outcomes = {}
    for action in Action:
        press(action.value, str(folder), str(result))
        found = lines(result)
        log = [line for line in found if line[0] == "log"]
        assert {line[1] for line in log} == {action.label}
        assert all(line[2] == "" for line in log[:-1])
        assert len([line for line in found if line[0] == "row"]) == 8
        assert not any("│" in line[-1] or "━" in line[-1] for line in found)
        outcomes[action.value] = log[-1][2]
    assert outcomes == {**dict.fromkeys(HANDLERS, "完成"), "review": "有问题"}
    assert list((folder / "退回").rglob("*.xlsx")) and list((folder / "复核" / "下发").rglob("*.xlsx"))
    assert all((folder / name).is_file() for name in ("抽查/抽查名单.xlsx", "整改/整改事项.xlsx", "交换/一体化.xlsx"))
    assert Campaign.open(folder.with_name("自评－2024年")).settings.year == 2024
    assert {line[5] for line in lines(result) if line[0] == "row"} == {"'待更正", "'待说明"}


def test_a_file_that_is_open_elsewhere_is_told(demo: Campaign, tmp_path: Path) -> None:
    held = demo.root / "汇总" / "汇总_全部.xlsx"
    held.unlink()
    held.mkdir()  # nothing can be written there, as where Excel has the file open
    try:
        press("merge", str(demo.root), str(tmp_path / "result.txt"))
    finally:
        held.rmdir()
    log = [line for line in lines(tmp_path / "result.txt") if line[0] == "log"]
    assert any(f"“{held}”" in line[3] for line in log), log
    assert log[-1][2] == "没有完成"


def test_a_fault_of_the_program_still_answers(demo: Campaign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "read_grid", lambda *_: {}["x"])
    press("refresh", str(demo.root), str(tmp_path / "result.txt"))
    assert lines(tmp_path / "result.txt")[-1] == ["log", "刷新", "没有完成", "程序意外出错：KeyError：'x'"]
    with pytest.raises(OutputError):
        press("refresh", str(demo.root), str(tmp_path / "result.txt" / "x"))


# -- making it anew ---------------------------------------------------------------------------------------------------


def test_made_anew_it_keeps_log_and_settings(demo: Campaign, tmp_path: Path) -> None:
    log = (("2024-03-01 09:00:00", "生成", "", "一"), ("2024-03-01 09:00:01", "生成", "完成", "二"))
    path = saved(demo, tmp_path / "控制台.xlsm", program="D:\\wbt.exe", folder="D:\\自评", log=log)
    assert read_kept(path) == Kept("D:\\wbt.exe", "D:\\自评", log)
    assert read_kept(tmp_path / "没有.xlsm") == Kept()


def test_a_program_that_is_no_longer_there_gives_way_to_ours(demo: Campaign, wbt: Wbt, tmp_path: Path) -> None:
    other = tmp_path / "wbt"
    other.touch()
    for program, expected in ((str(other), str(other)), ("D:\\wbt.exe", console_book.find_own_program())):
        path = saved(demo, demo.root / "控制台.xlsm", program=program)
        assert wbt("desk", cwd=demo.root)[0] == 0
        kept = read_kept(path)
        assert kept is not None
        assert kept.program == expected


def test_an_older_file_that_cannot_be_read_is_moved_aside(demo: Campaign, wbt: Wbt) -> None:
    path = demo.root / "控制台.xlsx"
    path.write_bytes(b"PK")
    code, said = wbt("desk", "--no-macros", cwd=demo.root)
    assert code == 0
    assert "已另存为 控制台（手工修改稿1）.xlsx" in said
    assert (demo.root / "控制台（手工修改稿1）.xlsx").read_bytes() == b"PK"
    assert "vbaProject" not in "".join(openpyxl.load_workbook(path).sheetnames)


def test_without_a_list_it_is_made_and_says_so(wbt: Wbt, tmp_path: Path) -> None:
    Campaign.create(tmp_path / "空", Settings(year=2024))
    assert wbt("desk", cwd=tmp_path / "空")[0] == 0
    sheet = openpyxl.load_workbook(tmp_path / "空" / "控制台.xlsm")[PROJECTS]
    assert "找不到项目清单" in sheet["A2"].value
    assert sheet["A5"].value is None
    code, said = wbt("desk", cwd=tmp_path)
    assert (code, "这里不是工作文件夹" in said) == (2, True)


def test_a_control_workbook_that_is_open_in_excel_is_refreshed_there(
    demo: Campaign, wbt: Wbt, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[tuple[str, int]] = []

    class Open:
        path = demo.root / "控制台.xlsm"

        def run_macro(self, name: str, result: str) -> None:
            shown.append((name, sum(line[0] == "row" for line in lines(Path(result)))))

    class Fake:
        def __init__(self, *, attach: bool) -> None:
            assert attach

        def __enter__(self) -> Fake:
            return self

        def __exit__(self, *_: object) -> None: ...

        def books(self) -> list[Open]:
            return [Open()]

    monkeypatch.setattr(excel, "why_unavailable", lambda: "")
    monkeypatch.setattr(excel, "Excel", Fake)
    code, said = wbt("desk", cwd=demo.root)
    assert (code, "正在 Excel 中打开，已更新" in said) == (0, True)
    assert shown == [("DeskResult.ShowResult", 8)]


def test_run_is_what_the_macro_calls(demo: Campaign, wbt: Wbt, tmp_path: Path) -> None:
    code, _ = wbt("desk", "run", "refresh", "--folder", demo.root, "--result", tmp_path / "r.txt", cwd=tmp_path)
    assert code == 0
    assert lines(tmp_path / "r.txt")[0] == ["log", "刷新", "完成", "已读取台账。"]
    assert console_update.NAME == "控制台"
