"""What a unit has written into a comment (批注) in place of the cell, and what a program has made of a number, is named for what it is."""

from __future__ import annotations

import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from builders import KEYS, answers, filled, layout_of, project
from openpyxl.comments import Comment
from surgery import LINKS, zipped

from workbook_tools.core.model import IndicatorAnswer
from workbook_tools.review import review_folder

FIELDS = layout_of(project()).fields
ACTUAL, NAME = FIELDS["indicator_001_actual"].cell, FIELDS["indicator_001_indicator"].cell
THREAD = (
    '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
    f'<threadedComment ref="{ACTUAL}" id="1"><text>完成</text></threadedComment>'
    f'<threadedComment ref="{ACTUAL}" id="2" parentId="1"><text>102公里</text></threadedComment></ThreadedComments>'
)


def write_beside(path: Path, cell: str, text: str) -> None:
    book = openpyxl.load_workbook(path)
    book["自评表"][cell].comment = Comment(text, "李敏")
    book.save(path)


def tell(folder: Path) -> str:
    """The advice about the actual that was left blank."""
    found = review_folder(folder, keys=KEYS).result.findings
    (told,) = (f for f in found if (f.code, f.cell) == ("FILL01", ACTUAL))
    return told.advice


@pytest.fixture
def blank(tmp_path: Path) -> Path:
    first = (IndicatorAnswer(), *answers().indicators[1:])
    return filled(tmp_path, answers=answers(indicators=first))


@pytest.mark.parametrize("cell", [ACTUAL, NAME])
def test_the_comment_is_named_with_the_cell_where_it_belongs(blank: Path, cell: str) -> None:
    write_beside(blank, cell, "李敏:\n实际\n102公里")
    assert tell(blank.parent) == f"{cell} 的批注里写着“实际 102公里”：批注不算填写，请把要填的写进 {ACTUAL} 这一格。"


def test_a_comment_of_the_office_is_none(blank: Path) -> None:
    write_beside(blank, ACTUAL, "错误：没有填写完成值。请补填。")
    assert "批注" not in tell(blank.parent)
    write_beside(blank, ACTUAL, "错误：没有填写完成值。请补填。\n已完成102")
    assert "“已完成102”" in tell(blank.parent)


def test_a_day_that_a_program_made_of_a_number_is_called_one(blank: Path) -> None:
    """1/2 was typed: in a cell of numbers it is 46024, in one of dates a day."""
    for value, code, said in ((45659, "SCORE04", "2025年1月2日"), (datetime(2025, 1, 2), "FILL02", "是日期")):
        book = openpyxl.load_workbook(blank)
        book["自评表"][ACTUAL] = value
        book.save(blank)
        result = review_folder(blank.parent, keys=KEYS).result
        (told,) = (f for f in result.findings if (f.code, f.cell) == (code, ACTUAL))
        assert said in told.message


@pytest.mark.parametrize("number_format", ["0.00E+00", "# ?/?", "mm:ss"])
def test_a_format_that_programs_name_by_number_hides_nothing(blank: Path, number_format: str) -> None:
    book = openpyxl.load_workbook(blank)
    book["自评表"][ACTUAL].number_format = number_format
    book.save(blank)
    assert "TAMPER25" not in {f.code for f in review_folder(blank.parent, keys=KEYS).result.findings}


def test_a_thread_is_read_with_its_answers(blank: Path) -> None:
    write_beside(blank, ACTUAL, "[线程批注]\n您的 Excel 版本可读取此线程批注。")
    with zipfile.ZipFile(blank) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    (links,) = (name for name, content in parts.items() if b'relationships/comments"' in content)
    link = f'<Relationship Id="t" Type="{LINKS}/threadedComment" Target="../threads.xml"/></Relationships>'
    parts[links] = parts[links].replace(b"</Relationships>", link.encode())
    blank.write_bytes(zipped({**parts, "xl/threads.xml": THREAD.encode()}))
    assert "“完成 102公里”" in tell(blank.parent)
