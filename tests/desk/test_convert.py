"""``wbt pdf``, ``wbt recalc`` and ``--pdf``: real files through LibreOffice, and what is said where that cannot be."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import builders
import openpyxl
import pytest
from builders import KEY, KEYS, filled
from locations import ROOT
from office import pdf_text, requires_uno
from result_builder import project, result

from workbook_tools.commands import convert as commands
from workbook_tools.desk import convert, installed, libreoffice
from workbook_tools.desk.convert import plan_pdfs
from workbook_tools.desk.libreoffice import LibreOffice
from workbook_tools.desk.program import DeskError
from workbook_tools.excel.writing import Book
from workbook_tools.files.sources import SourceFile
from workbook_tools.results.json_file import write_json
from workbook_tools.workbooks.reading import read_submission

Wbt = Callable[..., tuple[int, str]]


@pytest.fixture
def wbt(wbt: Wbt, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Wbt:
    """Commands run in a folder of their own."""
    monkeypatch.chdir(tmp_path)
    return wbt


def sheet(path: Path, text: str) -> Path:
    """A workbook with a text, and a formula whose result is stale."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with Book() as book:
        page = book.sheet("表")
        page.write(0, 0, text, "text")
        page.write(1, 0, 2, "number")
        page.formula(2, 0, "=A2*3", "number", 999)
    path.write_bytes(book.bytes())
    return path


@requires_uno
def test_a_folder_becomes_pdfs_and_one_bad_file_stops_none(wbt: Wbt, tmp_path: Path) -> None:
    sheet(tmp_path / "来件" / "甲局" / "自评 表.xlsx", "路")
    report = ROOT / "templates" / "报告-曲沃.docx"
    shutil.copy(report, tmp_path / "来件" / "报告.docx")
    shutil.copy(tmp_path / "来件" / "报告.docx", tmp_path / "来件" / "~$报告.docx")
    (tmp_path / "来件" / "坏.xlsx").write_bytes(b"PK\x03\x04")
    (tmp_path / "来件" / "说明.txt").write_text("不转")
    code, said = wbt("pdf", "来件", "--out", "PDF")
    assert code == 1
    assert "“来件/坏.xlsx”打不开" in said
    assert "已生成 2 个 PDF" in said
    made = sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.pdf"))
    assert made == ["PDF/报告.pdf", "PDF/甲局/自评 表.pdf"]
    assert pdf_text(tmp_path / made[1]).split() == ["路", "2", "6"]
    assert not list(tmp_path.rglob(".~lock*"))


@requires_uno
def test_recalc_writes_copies_or_replaces_and_what_staff_typed_stays(wbt: Wbt, tmp_path: Path) -> None:
    stale = sheet(tmp_path / "甲.xlsx", "路")
    form = filled(tmp_path)
    before = form.read_bytes()
    (tmp_path / "坏.xlsx").write_bytes(b"PK\x03\x04")
    code, said = wbt("recalc", stale, form, "坏.xlsx")
    assert code == 1
    assert "“坏.xlsx”打不开" in said
    assert "已重算 2 个工作簿" in said
    assert openpyxl.load_workbook(tmp_path / "重算" / "甲.xlsx", data_only=True)["表"]["A3"].value == 6
    assert openpyxl.load_workbook(stale, data_only=True)["表"]["A3"].value == 999
    assert form.read_bytes() == before
    was, now = (read_submission(SourceFile(path, "甲"), KEYS) for path in (form, form.parent / "重算" / form.name))
    assert now.submission is not None
    assert was.submission is not None
    assert now.submission.answers == was.submission.answers
    assert [f.code for f in now.findings] == [f.code for f in was.findings]
    assert wbt("recalc", stale, "--in-place")[0] == 0
    assert openpyxl.load_workbook(stale, data_only=True)["表"]["A3"].value == 6


def test_what_cannot_be_converted_is_said_before_anything_starts(wbt: Wbt, tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    (tmp_path / "说明.txt").write_text("文字")
    for args, told in (
        (("pdf", "没有"), "找不到文件或文件夹 没有"),
        (("pdf", "说明.txt"), "“说明.txt”不能转成 PDF"),
        (("recalc", "没有.xlsx"), "找不到文件 没有.xlsx"),
        (("recalc", "说明.txt"), "不是 .xlsx 或 .xlsm"),
        (("recalc", "说明.txt", "--out", "甲", "--in-place"), "只能写一个"),
    ):
        code, said = wbt(*args)
        assert (code, told in said) == (2, True), said
    code, said = wbt("pdf", "空")
    assert (code, "没有找到可以转成 PDF 的文件" in said) == (0, True)


def test_without_any_program_it_is_said_what_to_install(
    wbt: Wbt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet(tmp_path / "甲.xlsx", "路")
    monkeypatch.setenv("WBT_SOFFICE", str(tmp_path / "没有"))
    for command in ("pdf", "recalc"):
        code, said = wbt(command, "甲.xlsx")
        assert code == 2
        assert "环境变量 WBT_SOFFICE 指的" in said
        assert "请安装 LibreOffice（https://zh-cn.libreoffice.org）" in said
        assert "Windows 上装有 Office 的" in said
    monkeypatch.delenv("WBT_SOFFICE")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(installed, "_USUAL", {})
    monkeypatch.setattr(Path, "glob", lambda *_: iter(()))
    assert "没有找到 LibreOffice" in wbt("pdf", "甲.xlsx")[1]


def test_a_libreoffice_without_its_python_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "soffice"
    program.write_text("")
    monkeypatch.setenv("WBT_SOFFICE", str(program))
    monkeypatch.setattr(installed, "_list_pythons", lambda _: iter([tmp_path / "python", Path(sys.executable)]))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "none"))
    monkeypatch.setattr(installed, "_has_uno", lambda _: False)
    assert "没有能与它通信的 Python" in libreoffice.why_unavailable()


@requires_uno
def test_a_libreoffice_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\nsleep 600 &\necho $! > '{tmp_path}/pid'\nwait\n")
    program.chmod(0o755)
    monkeypatch.setenv("WBT_SOFFICE", str(program))
    monkeypatch.setattr(libreoffice, "STARTING", 0.5)
    monkeypatch.setattr(libreoffice, "ENDING", 2.0)
    started = time.monotonic()
    with pytest.raises(DeskError, match="没有启动成功"), libreoffice.LibreOffice():
        pass
    assert time.monotonic() - started < 300
    child = Path("/proc", (tmp_path / "pid").read_text().strip(), "stat")
    end = time.monotonic() + 10
    while (lives := child.exists() and child.read_text().split()[2] != "Z") and time.monotonic() < end:
        time.sleep(0.1)  # it was killed with it, which takes a moment on a busy machine
    assert not lives


def test_a_program_that_does_not_start_is_tried_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tries = []

    def fails() -> None:
        tries.append(1)
        raise DeskError("没有启动成功。")

    monkeypatch.setattr(convert, "_find_pdf_makers", lambda _: {".xlsx": fails})
    jobs = [(sheet(tmp_path / f"{name}.xlsx", "路"), tmp_path / f"{name}.pdf") for name in "甲乙"]
    jobs.append((tmp_path / "甲.xlsx", tmp_path / "丙.pdf"))
    assert [item.trouble for item in convert.print_all(jobs)] == ["没有启动成功。"] * 3
    assert len(tries) == 1


def test_files_of_one_name_do_not_overwrite_each_other(tmp_path: Path, wbt: Wbt) -> None:
    files = [tmp_path / name for name in ("一/甲.docx", "一/甲.xlsx", "一/乙.xlsx", "二/甲.xlsx")]
    for file in files:
        file.parent.mkdir(exist_ok=True)
        file.touch()
    assert [target.name for _, target in plan_pdfs(files[:3])] == ["甲.docx.pdf", "甲.xlsx.pdf", "乙.pdf"]
    together = [target.name for _, target in plan_pdfs(files, tmp_path / "PDF")]
    assert together == ["甲.docx.pdf", "甲.xlsx.pdf", "乙.pdf", "甲.xlsx（2）.pdf"]
    code, said = wbt("recalc", files[1], files[3], "--out", "重算")
    assert (code, "会互相覆盖" in said) == (2, True)


def test_missing_chinese_fonts_are_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    lister = tmp_path / "fc-list"
    lister.write_text("#!/bin/sh\n")
    lister.chmod(0o755)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(installed.shutil, "which", lambda _: str(lister))
    monkeypatch.setattr(commands, "print_all", lambda *_: iter(()))
    (tmp_path / "甲.xlsx").touch()
    assert commands.print_pdfs([tmp_path / "甲.xlsx"]) == 0
    assert "没有中文字体" in capsys.readouterr().out


@requires_uno
def test_reports_and_summaries_as_pdf(wbt: Wbt, tmp_path: Path) -> None:
    listed = result([project(1)])
    write_json(listed, tmp_path / "审核结果.json")
    code, said = wbt("report", "审核结果.json", "--out", "报告", "--pdf", "--project", listed.projects[0].code)
    assert (code, "已生成 1 个 PDF" in said) == (0, True), said
    (pdf,) = (tmp_path / "报告").rglob("*.pdf")
    assert pdf.with_suffix(".docx").is_file()
    assert "附件 2.绩效自评相关资料" in pdf_text(pdf)
    code, said = wbt("merge", "审核结果.json", "--out", "汇总", "--pdf")
    assert code == 0, said
    workbooks = sorted(p.stem for p in (tmp_path / "汇总").glob("*.xlsx"))
    assert sorted(p.stem for p in (tmp_path / "汇总").glob("*.pdf")) == workbooks


@requires_uno
def test_explain_reads_the_workbook_as_it_is_open_now(
    wbt: Wbt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = filled(tmp_path)
    key = tmp_path / "office.key"
    key.write_text(KEY.text, "ascii")
    saved = wbt("explain", form, "--key", key)
    with LibreOffice() as theirs:
        monkeypatch.setenv("WBT_OFFICE", theirs.address)
        code, said = wbt("explain", form, "--open", "--key", key)
        assert (code, "没有在 LibreOffice 中打开" in said) == (2, True)
        book = theirs.open(form)
        assert wbt("explain", form, "--open", "--key", key) == saved
        field = builders.layout_of(builders.project()).fields["indicator_001_actual"]
        book.unprotect(field.sheet, KEY.password(builders.project()))
        book.write(field.sheet, field.cell, [[1.0]])
        changed = wbt("explain", form, "--open", "--key", key)
    assert changed[1] != saved[1]
    assert wbt("explain", form, "--key", key) == saved
    monkeypatch.delenv("WBT_OFFICE")
    monkeypatch.setattr(sys, "platform", "linux")
    assert "只有 Windows 和 macOS 上能用 Excel" in wbt("explain", form, "--open", "--key", key)[1]
