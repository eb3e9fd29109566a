"""Whatever command is given a file from outside: what the file does to its reader ends in a sentence, within 10 seconds and 500 MB."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from builders import KEY, KEYS, answers, filled, project
from hostile_files import HOSTILE_FILES
from long_run import thin
from trapped_files import read_trap

import workbook_tools as wt
from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.settings import Settings
from workbook_tools.core.errors import TemplateError, UnreadableWorkbook
from workbook_tools.core.model import IndicatorAnswer, ProjectList
from workbook_tools.files.paths import templates_folder
from workbook_tools.reports.found_forms import weigh_form
from workbook_tools.review import guarded_reading
from workbook_tools.review.batch_work import READING
from workbook_tools.review.budget import Budget
from workbook_tools.review.guarded_reading import try_reading, try_reading_all

FAR, ENDLESS, TABLE = "sheets_that_reach_far.xlsx", "paragraphs_by_the_hundred_thousand.docx", "汇总表.xlsx"
REPORT = "报告-财政部.docx"
COMMANDS = {
    "generate": (("generate", "坏.xlsx"), "坏.xlsx", FAR, 2),
    "review --list": (("review", "--list", "坏.xlsx"), "坏.xlsx", FAR, 1),
    "review": (("review",), "审核/审核结果.xlsx", FAR, 1),
    "explain": (("explain", "坏.xlsx"), "坏.xlsx", FAR, 2),
    "unlock": (("unlock", "坏.xlsx"), "坏.xlsx", FAR, 2),
    "return": (("return",), "回收/P001.xlsx", FAR, 1),
    "accept": (("accept", "P001", "--because", "已与单位电话核实"), "审核/审核结果.xlsx", FAR, 0),
    "merge": (("merge",), f"模板/{TABLE}", TABLE, 2),
    "report": (("report",), f"模板/{REPORT}", ENDLESS, 2),
    "preview": (("preview", f"模板/{REPORT}"), f"模板/{REPORT}", ENDLESS, 2),
    "compare": (("scheme", "diff", "mof-2020", "mof-2020", "--folder", "回收"), "回收/P001.xlsx", FAR, 0),
    "macros": (("macros", "check", "坏.xlsx"), "坏.xlsx", FAR, 0),
}
"""How each command comes by the file, where it lies, which it is, and the exit code."""


def table_of_millions(rows: int = 120_000) -> bytes:
    """The summary form that comes with the package, with three million cells more, or so many rows of 25."""
    cells = "".join(f'<c r="{chr(65 + n)}{{0}}"><v>1</v></c>' for n in range(25))
    data = "".join(f'<row r="{row}">{cells.format(row)}</row>' for row in range(1, rows + 1)).encode()
    made = io.BytesIO()
    with zipfile.ZipFile(templates_folder() / TABLE) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part = re.sub(rb"(?s)<sheetData>.*</sheetData>", b"<sheetData>" + data + b"</sheetData>", part)
            new.writestr(name, part)
    return made.getvalue()


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with a project that has sent a file with an error, reviewed."""
    campaign = Campaign.create(tmp_path_factory.mktemp("自评") / "自评", Settings(year=2024, authority="示例县财政局"))
    listed = ProjectList(year=2024, projects=(project(),))
    (campaign.root / "项目清单.json").write_text(listed.model_dump_json(), "utf-8")
    campaign.key_file.write_text(KEY.text, "ascii")
    unexplained = (IndicatorAnswer(actual=80.0), *answers().indicators[1:])
    filled(campaign.folder("回收"), answers=answers(indicators=unexplained))
    run(campaign.root, "generate")
    run(campaign.root, "review")
    return campaign.root


MEASURE = """
import os, sys
child = os.spawnv(os.P_NOWAIT, sys.argv[2], sys.argv[2:])
_, status, used = os.wait4(child, 0)
with open(sys.argv[1], "w") as out:
    print(os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, file=out)
"""
"""A small process in between: the system counts to a command's memory what the one that starts it has, here all of pytest."""


def run(folder: Path, *command: str) -> tuple[int, str, float, float]:
    """Exit code, what is printed, processor time and memory of the largest process (MB)."""
    said, measured = folder.parent / "屏幕.txt", folder.parent / "用量.txt"
    called = [sys.executable, "-m", "workbook_tools", *command]
    with said.open("wb") as screen:
        subprocess.run(
            [sys.executable, "-c", MEASURE, measured, *called],
            cwd=folder,
            stdout=screen,
            stderr=screen,
            env=os.environ | {"COLUMNS": "200"},
            check=True,
        )
    returned, seconds, memory = measured.read_text("ascii").split()
    return int(returned), said.read_text("utf-8"), float(seconds), float(memory)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="measured by the system's own count")
@pytest.mark.parametrize("name", thin(COMMANDS, 4))
def test_a_hostile_file_ends_in_a_sentence_within_bounds(reviewed: Path, tmp_path: Path, name: str):
    folder = Path(shutil.copytree(reviewed, tmp_path / "自评"))
    command, place, hostile, code = COMMANDS[name]
    seen = (folder / place).stat() if (folder / place).exists() else None
    (folder / place).parent.mkdir(exist_ok=True)
    (folder / place).write_bytes(table_of_millions() if hostile == TABLE else HOSTILE_FILES[hostile][0]())
    if seen:  # as if it had not been touched since
        os.utime(folder / place, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    returned, said, seconds, memory = run(folder, *command)
    assert (returned, "Traceback" in said, "意外" in said) == (code, False, False), said
    assert seconds < 15  # ten for the file, the rest for the command itself on a slow machine
    assert memory < 500


def test_a_file_that_brings_its_reader_down_is_not_opened_here(tmp_path: Path):
    codes = {}
    for name in ("致命.xlsx", "巨大.xlsx", "故障.xlsx", "好.xlsx"):
        path = tmp_path / name
        path.write_bytes(b"")
        try:
            try_reading(read_trap, path)
        except UnreadableWorkbook as exc:
            codes[name] = exc.code
    assert codes == {"致命.xlsx": "FILE13", "巨大.xlsx": "FILE31", "故障.xlsx": "FILE13"}


@pytest.fixture
def small_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file may take a second instead of ten."""
    assert READING.budget == Budget(seconds=10, memory=480_000_000)
    monkeypatch.setattr(guarded_reading, "READING", replace(READING, budget=Budget(seconds=1)))


@pytest.mark.slow
def test_a_file_without_end_is_given_up_and_the_others_are_weighed(tmp_path: Path, small_budget: None):
    paths = [tmp_path / name for name in ("好.xlsx", "空转.xlsx", "也好.xlsx")]
    assert {path.name: exc.code for path, exc in try_reading_all(read_trap, paths).items()} == {"空转.xlsx": "FILE31"}


@pytest.mark.slow
def test_a_form_that_takes_too_much_is_told(tmp_path: Path, small_budget: None):
    form = tmp_path / TABLE
    form.write_bytes(table_of_millions(20_000))
    with pytest.raises(TemplateError, match="汇总表"):
        weigh_form(form)


def test_python_reads_files_from_outside_within_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """``wt.read_submission`` and ``wt.read_projects`` open nothing that another process could not read."""
    good = filled(tmp_path)
    refused = UnreadableWorkbook("FILE31", "读取它用了 10 秒还没有完，已停止")
    assert wt.read_submission(good, KEYS).submission is not None
    monkeypatch.setattr(
        "workbook_tools.review.guarded_reading.try_reading_all", lambda _, items, *__: dict.fromkeys(items, refused)
    )
    reading = wt.read_submission(good, KEYS)
    assert reading.submission is None
    assert [found.code for found in reading.findings] == ["FILE31"]
    assert [found.code for found in wt.read_projects(good, year=2024)[1]] == ["LIST15"]
