"""日志/wbt.log, quiet commands, progress, and Ctrl+C: what a long run leaves behind."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import trapped_files
from builders import filled

import workbook_tools
from workbook_tools.campaign import Campaign, Settings
from workbook_tools.commands import journal as journals
from workbook_tools.commands import screen, terminal

PACKAGE = Path(workbook_tools.__file__).parent


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working folder with one good and one bad file, and the current one."""
    campaign = Campaign.create(tmp_path / "自评", Settings(year=2024))
    filled(campaign.folder("回收"), name="好.xlsx")
    (campaign.folder("回收") / "坏.xlsx").write_text("不是工作簿", "utf-8")
    monkeypatch.chdir(campaign.root)
    return campaign.root


def lines(folder: Path) -> list[str]:
    """The log without its times."""
    text = (folder / journals.LOG_FILE).read_text("utf-8")
    return [line.split(" ", 2)[2] for line in text.splitlines() if line[:4].isdigit()]


def test_the_log_tells_what_ran_and_which_files_are_wrong(wbt, folder):
    wbt("review")
    told = lines(folder)
    assert told[0] == "信息 开始：wbt review"
    assert told[1] == "信息 审核了 2 个文件，采用 1 个项目，未报 0 个"
    assert told[2].startswith("提醒 坏.xlsx：错误 1 个：FILE")
    assert told[-1].startswith("信息 结束：退出码 1，用时 ")


def test_an_unexpected_fault_goes_into_the_log_and_the_user_is_told_where(wbt, folder, monkeypatch):
    monkeypatch.setattr("workbook_tools.review.folder.find_files", lambda inbox: 1 / 0)
    code, said = wbt("review")
    assert code == 2
    assert "Traceback" not in said
    assert str(folder / journals.LOG_FILE) in said.replace("\n", "")
    assert "ZeroDivisionError: division by zero" in (folder / journals.LOG_FILE).read_text("utf-8")
    assert not (folder / "wbt-错误日志.txt").exists()


def test_the_traceback_of_a_bad_file_goes_into_the_log(wbt, folder, monkeypatch):
    from workbook_tools.review import batches as pipeline

    monkeypatch.setattr(pipeline, "review_each", trapped_files.review_with_a_fault)
    code, said = wbt("review")
    assert code == 1
    assert "Traceback" not in said
    log = (folder / journals.LOG_FILE).read_text("utf-8")
    assert "处理 好.xlsx 时程序出错" in log
    assert "IndexError" in log


def test_a_folder_without_room_for_a_log_does_not_stop_the_work(wbt, folder):
    (folder / "日志").write_text("一个同名的文件", "utf-8")
    code, said = wbt("review")
    assert code == 1
    assert said.count("日志写不进") == 1
    assert (folder / "审核" / "审核结果.xlsx").is_file()


def test_a_disk_that_fills_up_is_told_once(wbt, folder, monkeypatch):
    def full(self: object, record: logging.LogRecord) -> bool:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(journals.RotatingFileHandler, "shouldRollover", full)
    code, said = wbt("review")
    assert code == 1
    assert said.count("日志写不进") == 1
    assert "磁盘已满" in said


@pytest.mark.skipif(
    not Path("/dev/full").exists(), reason="a device of Linux, on which every write finds the disk full"
)
def test_a_log_on_a_full_disk_can_be_closed(wbt, folder):
    (folder / "日志").mkdir(exist_ok=True)
    (folder / "日志" / "wbt.log").symlink_to("/dev/full")
    code, said = wbt("review")
    assert code == 1
    assert said.count("日志写不进") == 1
    assert "磁盘已满" in said


def test_logs_are_rotated_and_stay_small(folder, monkeypatch):
    monkeypatch.setattr(journals, "_SIZE", 2000)
    for number in range(60):
        with journals.journal(["review", "a long folder" * 10, str(number)]):
            pass
    kept = sorted(p.name for p in (folder / "日志").iterdir())
    assert kept == ["wbt.log", *(f"wbt.log.{i}" for i in range(1, 6))]
    assert all(path.stat().st_size <= 2100 for path in (folder / "日志").iterdir())


def test_outside_a_working_folder_and_for_help_no_log_is_written(wbt, folder, tmp_path, monkeypatch):
    wbt("review", "--help")
    wbt("--version")
    monkeypatch.chdir(tmp_path)
    wbt("scheme", "list")
    assert not (folder / "日志").exists()
    assert [p.name for p in tmp_path.iterdir()] == ["自评"]


def test_a_quiet_command_says_only_what_is_wrong(wbt, folder):
    code, said = wbt("review", "-q")
    assert code == 1
    assert said == ""
    assert wbt("merge", "-q") == (0, "")
    assert wbt("report", "-q") == (0, "")
    code, said = wbt("merge")
    assert "已生成" in said, "the next command speaks again"


def count_three(*, quiet: bool = False) -> None:
    with terminal.show_progress("审核", quiet) as watch:
        for done in range(1, 4):
            watch(done, 3)


def test_a_bar_counts_where_somebody_watches_and_nothing_is_drawn_elsewhere(monkeypatch, capsys):
    count_three()
    assert capsys.readouterr().out == ""
    monkeypatch.setattr(screen, "console", screen.Console(force_terminal=True, width=80))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    count_three()
    drawn = capsys.readouterr().out
    assert "审核" in drawn
    assert "3/3" in drawn
    count_three(quiet=True)
    assert capsys.readouterr().out == ""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals to other programs are sent otherwise on Windows")
def test_ctrl_c_ends_with_one_line_and_no_half_written_file(folder, tmp_path):
    # Python runs a sitecustomize in every process, so that the ones that read are slow as well.
    (tmp_path / "sitecustomize.py").write_text(
        "import os, time; from workbook_tools.review import batches, many_files;"
        "many_files.BATCH, many_files._SINGLE_PROCESS = 1, 0;"
        "read = batches.read_submission;"
        "batches.read_submission = lambda s, k: (os.write(1, b'reading\\n'), time.sleep(0.5), read(s, k))[2]"
    )
    program = (
        # A shell's background job ignores Ctrl+C, and so would its children.
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"
        "from workbook_tools.commands import main as cli;"
        "sys.argv = ['wbt', 'review', '--workers', '2']; cli.main()"
    )
    data = (folder / "回收" / "好.xlsx").read_bytes()
    for i in range(40):
        (folder / "回收" / f"{i}.xlsx").write_bytes(data)
    running = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=folder,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (tmp_path, PACKAGE.parent)))},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert running.stdout is not None
    assert running.stdout.readline() == "reading\n"
    time.sleep(0.2)
    os.killpg(running.pid, signal.SIGINT)
    _, complaints = running.communicate(timeout=60)
    assert running.returncode == 130
    assert complaints == "已按 Ctrl+C 停止。已写好的文件都是完整的；要接着做，再运行一次同样的命令。\n"
    assert list((folder / "审核").iterdir()) == []
    assert [path.name for path in folder.rglob("*.tmp")] == []
    assert lines(folder)[-2:][0] == "提醒 用户中断"
