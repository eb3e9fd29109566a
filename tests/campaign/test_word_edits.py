"""What an officer changes in Word in a drafted text is the office's own text from then on; nothing that was typed is lost."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from copy import copy
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from docx.document import Document as DocxDocument
from docx.enum.text import WD_BREAK
from docx.text.paragraph import Paragraph
from office import convert_with_libreoffice, requires_libreoffice
from result_builder import project, result

from workbook_tools.campaign.report_texts import BRIEF_ROOM, FILE_NAME, FINAL
from workbook_tools.campaign.reporting import WrittenReports, report_result
from workbook_tools.reports.acceptance import choose_drafts, find_drafts, read_acceptances, write_acceptances
from workbook_tools.reports.formatting import DRAFT, EDITED
from workbook_tools.reports.group_texts import find_group_drafts

NOW = datetime(2025, 3, 10, 14, 5)
DEPARTMENT, WHOLE, BRIEF = "公安局/部门汇总报告.docx", "全部项目汇总报告.docx", "一页简报.docx"
Edit = Callable[[DocxDocument, Paragraph], object]


class Office:
    """A folder of reports, and what an officer does in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "报告"
        self.source = folder / "审核结果.json"
        self.found = result(
            [project(1, department="公安局"), project(2, department="公安局"), project(3, department="教育局")],
            missing=(),
        )
        self.code = self.found.projects[0].code
        self.project = next(p for p in [self.write().files[0].relative_to(self.folder).as_posix()])

    def copy_to(self, folder: Path) -> Office:
        """The same in another folder."""
        shutil.copytree(self.folder.parent, folder, dirs_exist_ok=True)
        other = copy(self)
        other.folder, other.source = folder / self.folder.name, folder / self.source.name
        return other

    def write(self) -> WrittenReports:
        return report_result(None, self.found, self.folder, self.source, NOW)

    def change_figures(self) -> None:
        rows = [row.model_copy(update={"deviation_reason": "施工图审批推迟。"}) for row in self.found.indicators]
        self.found = self.found.model_copy(update={"indicators": tuple(rows)})

    def lines(self, name: str) -> list[str]:
        return [p.text for p in Document(str(self.folder / name)).paragraphs]

    def in_word(self, name: str, starts: str, edit: Edit, *, at: float | None = None) -> None:
        """Open a report in Word, do something with the paragraph that begins so (without its mark), and save."""
        path = self.folder / name
        document = Document(str(path))
        marked = (str(DRAFT), str(EDITED), "")
        found = [p for p in document.paragraphs if any(p.text.startswith(mark + starts) for mark in marked)]
        edit(document, found[0])
        document.core_properties.last_modified_by = "王某"
        document.save(str(path))
        if at is not None:
            os.utime(path, (at, at))

    def in_excel(self, section: str, text: str, *, at: float) -> None:
        path = self.folder / FILE_NAME
        book = openpyxl.load_workbook(path)
        rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
        header = next(row for row in rows if FINAL in row)
        place = next(n for n, row in enumerate(rows) if row[0] == "公安局　部门汇总报告" and row[1] == section)
        book.worksheets[0].cell(place + 1, header.index(FINAL) + 1).value = text
        book.save(path)
        os.utime(path, (at, at))


@pytest.fixture(scope="module")
def beginning(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The reports are written; nobody has opened one."""
    return Office(tmp_path_factory.mktemp("开始"))


@pytest.fixture
def office(beginning: Office, tmp_path: Path) -> Office:
    return beginning.copy_to(tmp_path)


def rewrite(text: str) -> Edit:
    """Mark the whole paragraph and type: everything in it goes, marks and bookmarks too."""

    def edit(_: DocxDocument, paragraph: Paragraph) -> None:
        for child in list(paragraph._p)[1 if paragraph._p.pPr is not None else 0 :]:
            paragraph._p.remove(child)
        paragraph.add_run(text)

    return edit


def touch_up(_: DocxDocument, paragraph: Paragraph) -> None:
    """Change a few words at the end of the last run, and leave the mark."""
    paragraph.runs[-1].text += "以上情况已向分管领导汇报。"


def add_paragraph(_: DocxDocument, paragraph: Paragraph) -> None:
    """Press Enter at the end of the paragraph and go on typing."""
    following = Paragraph(paragraph._p.getnext(), paragraph._parent)
    following.insert_paragraph_before("另起一段的补充说明。")


PLACES = [
    pytest.param(DEPARTMENT, "失分率最高", "main_problems", id="department"),
    pytest.param(WHOLE, "失分率最高", "main_problems", id="whole"),
    pytest.param(BRIEF, "失分率最高", "brief_problems", id="brief"),
]


@pytest.mark.parametrize(("name", "starts", "section"), PLACES)
@pytest.mark.parametrize("edit", [rewrite("产出指标失分，主要是雨天多。"), touch_up], ids=["rewritten", "touched up"])
def test_a_drafted_text_that_was_changed_in_word_is_the_offices_own(
    office: Office, name: str, starts: str, section: str, edit: Edit
) -> None:
    starts = next(line for line in office.lines(name) if starts in line).removeprefix(str(DRAFT))[:8]
    office.in_word(name, starts, edit)
    typed = office.lines(name)
    done = office.write()
    assert (len(done.word_edits), done.word_faults, len(done.asides)) == (1, (), 1)
    (kept,) = read_acceptances(office.source).edited
    assert kept.section == section
    said = next(line for line in typed if kept.text.splitlines()[0] in line).removeprefix(str(DRAFT))
    assert said in "\n".join(office.lines(name))
    assert f"{EDITED}{kept.text.splitlines()[0]}" in "\n".join(office.lines(name)).replace(f"{EDITED}\n", str(EDITED))
    again = office.write()
    assert (again.word_edits, again.word_faults, again.asides) == ((), (), ())


def test_a_text_of_a_projects_report_likewise(office: Office) -> None:
    drafts = [d for d in find_drafts(office.found, read_acceptances(office.source)) if d.project_code == office.code]
    first = drafts[0].text.splitlines()[0][:10]
    office.in_word(office.project, first, rewrite("总体完成情况良好，已核实。"))
    done = office.write()
    assert (len(done.word_edits), done.word_faults) == (1, ())
    (kept,) = read_acceptances(office.source).edited
    assert (kept.project_code, kept.section) == (office.code, drafts[0].section)
    assert "总体完成情况良好，已核实。" in "\n".join(office.lines(office.project))
    own = choose_drafts(find_drafts(office.found, read_acceptances(office.source)), office.code, [drafts[0].section])
    write_acceptances(read_acceptances(office.source).with_these(own, "王某", "2025-03-10 14:05"), office.source)
    office.write()
    assert any(line.startswith("总体完成情况良好，已核实。") for line in office.lines(office.project))


def test_a_paragraph_that_was_added_belongs_to_the_text(office: Office) -> None:
    office.in_word(BRIEF, "失分率最高", add_paragraph)
    office.write()
    (kept,) = read_acceptances(office.source).edited
    assert kept.text.endswith("\n另起一段的补充说明。")


def test_line_breaks_and_tracked_changes_are_read_as_the_page_shows_them(office: Office) -> None:
    def edit(_: DocxDocument, paragraph: Paragraph) -> None:
        rewrite("第一行")(_, paragraph)
        paragraph.runs[0].add_break(WD_BREAK.LINE)
        paragraph.add_run("第二行")
        run = paragraph.add_run("删去的")._r
        gone = run.makeelement("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}del", {})
        run.addprevious(gone)
        gone.append(run)

    office.in_word(BRIEF, "失分率最高", edit)
    office.write()
    (kept,) = read_acceptances(office.source).edited
    assert kept.text == "第一行\n第二行"


def test_a_report_that_was_only_saved_says_nothing_of_texts(office: Office) -> None:
    office.in_word(DEPARTMENT, "", lambda *_: None)
    done = office.write()
    assert (done.word_edits, done.word_faults, len(done.asides)) == ((), (), 1)


def test_only_the_mark_was_deleted_and_it_is_still_a_draft(office: Office) -> None:
    def delete_mark(_: DocxDocument, paragraph: Paragraph) -> None:
        first = paragraph.runs[0]
        assert first.text == DRAFT
        first._r.getparent().remove(first._r)

    office.in_word(BRIEF, "失分率最高", delete_mark)
    done = office.write()
    assert (done.word_edits, read_acceptances(office.source).edited) == ((), ())
    assert any(line.startswith(str(DRAFT)) for line in office.lines(BRIEF))


def test_a_text_that_was_emptied_in_word_is_drafted_again(office: Office) -> None:
    office.in_word(BRIEF, "失分率最高", rewrite("雨天多。"))
    office.write()
    office.in_word(BRIEF, "雨天多", rewrite(""))
    done = office.write()
    assert "清空" in done.word_edits[0]
    assert read_acceptances(office.source).edited == ()
    assert any("失分率最高" in line for line in office.lines(BRIEF))


def test_a_change_takes_an_acceptance_back(office: Office) -> None:
    accepted = read_acceptances(office.source)
    chosen = choose_drafts(find_group_drafts(office.found, accepted), "全部项目", ["简报问题"])
    write_acceptances(accepted.with_these(chosen, "王某", "2025-03-10 14:05"), office.source)
    office.write()
    office.in_word(BRIEF, "失分率最高", rewrite("雨天多。"))
    office.write()
    assert read_acceptances(office.source).accepted == ()
    assert f"{EDITED}雨天多。" in office.lines(BRIEF)


def test_when_the_figures_have_changed_too_the_text_is_taken_and_that_is_told(office: Office) -> None:
    office.in_word(DEPARTMENT, "失分的指标", rewrite("雨天多。"))
    office.change_figures()
    done = office.write()
    assert (len(done.word_edits), len(done.word_faults), "数据也变了" in done.word_faults[0]) == (1, 1, True)
    (kept,) = read_acceptances(office.source).edited
    assert kept.text.startswith("雨天多。\n1. 不可抗力")


@pytest.mark.parametrize(("word", "excel", "text"), [(2e9, 1e9, "在Word里写的。"), (1e9, 2e9, "在表里写的。")])
def test_of_two_places_that_were_changed_the_one_saved_last_counts_and_the_other_is_kept(
    office: Office, word: float, excel: float, text: str
) -> None:
    office.in_word(DEPARTMENT, "失分率最高", rewrite("在Word里写的。"), at=word)
    office.in_excel("主要问题", "在表里写的。", at=excel)
    done = office.write()
    assert [one.text for one in read_acceptances(office.source).edited] == [text]
    assert (len(done.word_faults), len(done.asides)) == (1, 1)
    kept = [p.text for p in Document(str(done.asides[0])).paragraphs]
    assert any("在Word里写的。" in line for line in kept)
    if text == "在Word里写的。":
        (aside,) = (path for path in office.folder.glob("报告文字（手工修改稿*.xlsx"))
        values = {c.value for row in openpyxl.load_workbook(aside).worksheets[0].iter_rows() for c in row}
        assert "在表里写的。" in values


def test_the_same_text_in_both_places_is_no_conflict(office: Office) -> None:
    office.in_word(DEPARTMENT, "失分率最高", rewrite("写的一样。"), at=1e9)
    office.in_excel("主要问题", "写的一样。", at=2e9)
    done = office.write()
    assert (done.word_faults, [one.text for one in read_acceptances(office.source).edited]) == ((), ["写的一样。"])


def test_an_old_copy_put_back_does_not_silently_undo_a_later_text(office: Office) -> None:
    old = (office.folder / DEPARTMENT).read_bytes()
    office.in_word(DEPARTMENT, "失分率最高", rewrite("第一次改的。"))
    office.write()
    (office.folder / DEPARTMENT).write_bytes(old)
    office.in_word(DEPARTMENT, "失分率最高", rewrite("在旧稿上改的。"))
    done = office.write()
    assert (len(done.word_edits), len(done.word_faults)) == (1, 1)
    assert "在旧稿上改的。" in "\n".join(office.lines(DEPARTMENT))
    (aside,) = office.folder.glob("报告文字（手工修改稿*.xlsx")
    values = {c.value for row in openpyxl.load_workbook(aside).worksheets[0].iter_rows() for c in row}
    assert "第一次改的。" in values


def test_a_table_in_the_text_is_told_and_its_report_kept(office: Office) -> None:
    def edit(document: DocxDocument, paragraph: Paragraph) -> None:
        rewrite("见下表。")(document, paragraph)
        table = document.add_table(1, 2)
        paragraph._p.addnext(table._tbl)

    office.in_word(BRIEF, "失分率最高", edit)
    done = office.write()
    assert ("表格" in done.word_faults[0], len(done.asides)) == (True, 1)


def test_a_text_that_is_too_long_for_the_brief_is_told(office: Office) -> None:
    office.in_word(BRIEF, "失分率最高", rewrite("长" * (BRIEF_ROOM + 1)))
    assert "一页可能放不下" in office.write().word_faults[0]


def test_a_damaged_report_stops_nothing_and_is_kept(office: Office) -> None:
    (office.folder / BRIEF).write_bytes(b"PK no document")
    done = office.write()
    assert ("没有收回" in done.word_faults[0], done.asides[0].read_bytes()) == (True, b"PK no document")


def test_a_report_of_one_project_alone_reads_its_own_only(office: Office) -> None:
    office.in_word(BRIEF, "失分率最高", rewrite("雨天多。"))
    done = report_result(None, office.found, office.folder, office.source, NOW, only=(office.code,))
    assert (done.word_edits, done.asides) == ((), ())
    assert office.write().word_edits != ()


@requires_libreoffice
def test_what_libreoffice_saved_is_read_as_well(office: Office, tmp_path: Path) -> None:
    office.in_word(DEPARTMENT, "失分率最高", rewrite("雨天多。"))
    (saved,) = convert_with_libreoffice([office.folder / DEPARTMENT], tmp_path / "保存", "docx")
    (office.folder / DEPARTMENT).write_bytes(saved.read_bytes())
    done = office.write()
    assert (len(done.word_edits), done.word_faults) == (1, ())
    assert [one.text for one in read_acceptances(office.source).edited] == ["雨天多。"]


def test_the_command_says_what_was_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from typer.testing import CliRunner

    from workbook_tools.commands.main import app
    from workbook_tools.results.json_file import write_json

    office = Office(tmp_path)
    write_json(office.found, tmp_path / "审核结果.json")
    office.in_word(BRIEF, "失分率最高", rewrite("雨天多。"))
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["report", "审核结果.json", "--out", "报告"])
    said = done.output.replace("\n", "")
    assert (done.exit_code, "收回了在 Word 里改的 1 段文字" in said, "另存为" in said) == (0, True, True), done.output
