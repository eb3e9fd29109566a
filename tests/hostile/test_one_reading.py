"""A file has one reading or none: what two programs could read differently is refused, and what is accepted openpyxl reads alike."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from builders import filled
from raw_workbooks import LINKS, MAIN, NOWHERE, at, links, parts, rows, zipped
from second_reader import list_differences

from workbook_tools.core.errors import UnreadableWorkbook
from workbook_tools.excel.reading import open_workbook

GOLDEN = Path(__file__).parents[1] / "golden"
TRUE, FALSE = '<c r="A1"><v>510</v></c>', '<c r="A1"><v>1020</v></c>'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def sheet(content: str, strings: str = "") -> bytes:
    """A workbook of this sheet."""
    return zipped(parts(content, strings=strings))


def changed(part: str, content: str) -> bytes:
    """A sound workbook with a part changed or added."""
    return zipped({**parts(rows(TRUE)), part: content})


def with_entries(*more: tuple[str, str]) -> bytes:
    """A sound workbook with more entries behind the others."""
    file = io.BytesIO(zipped(parts(rows(TRUE))))
    with zipfile.ZipFile(file, "a") as archive:
        for name, content in more:
            archive.writestr(name, content)
    return file.getvalue()


def in_between(data: bytes) -> bytes:
    """Something between two entries."""
    sound = zipped(parts(rows(TRUE)))
    with zipfile.ZipFile(io.BytesIO(sound)) as archive:
        second = archive.infolist()[1].header_offset
        start = archive.start_dir
    moved = bytearray(sound[:second] + data + sound[second:])
    place = start + len(data)
    while (place := moved.find(b"PK\1\2", place)) >= 0:
        offset = int.from_bytes(moved[place + 42 : place + 46], "little")
        moved[place + 42 : place + 46] = (offset + (len(data) if offset >= second else 0)).to_bytes(4, "little")
        place += 4
    end = moved.rfind(b"PK\5\6")
    moved[end + 16 : end + 20] = (start + len(data)).to_bytes(4, "little")
    return bytes(moved)


BOOK_RELATIONS = "xl/_rels/workbook.xml.rels"
OTHER = f'<worksheet xmlns="{MAIN}">{rows(FALSE)}</worksheet>'
BOOK = parts("")["xl/workbook.xml"]
TRICKS: dict[str, Callable[[], bytes]] = {
    "two cells": lambda: sheet(rows(TRUE + FALSE)),
    "two rows": lambda: sheet(f'<sheetData><row r="1">{TRUE}</row><row r="1">{FALSE}</row></sheetData>'),
    "rows out of order": lambda: sheet('<sheetData><row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c></row></sheetData>'),
    "a cell in another row": lambda: sheet(f'<sheetData><row r="2">{TRUE}</row></sheetData>'),
    "cells out of order": lambda: sheet(rows('<c r="B1"><v>1</v></c><c r="A1"><v>2</v></c>')),
    "two sheetData": lambda: sheet(rows(TRUE) + rows(FALSE)),
    "sheetData of another namespace": lambda: sheet(f'<x:sheetData xmlns:x="urn:x"><x:row r="1"/></x:sheetData>{rows(TRUE)}'),
    "sheetData in an alternative": lambda: sheet(f'<mc:AlternateContent {MC}><mc:Fallback>{rows(FALSE)}</mc:Fallback></mc:AlternateContent>'),
    "a row in an extension": lambda: sheet(f'{rows(TRUE)}<extLst><ext uri="x"><row r="1">{FALSE}</row></ext></extLst>'),
    "a cell of another namespace": lambda: sheet(rows(f'<x:c xmlns:x="urn:x" r="A1"><x:v>1020</x:v></x:c>{TRUE}')),
    "a cell in a cell": lambda: sheet(rows(f'<c r="B1">{TRUE}</c>')),
    "two values": lambda: sheet(rows('<c r="A1"><v>510</v><v>1020</v></c>')),
    "a value and a text": lambda: sheet(rows('<c r="A1" t="inlineStr"><v>510</v><is><t>1020</t></is></c>')),
    "a text without its type": lambda: sheet(rows('<c r="A1"><is><t>1020</t></is></c>')),
    "a number of one program": lambda: sheet(rows('<c r="A1"><v>1_020</v></c>')),
    "a number of other digits": lambda: sheet(rows('<c r="A1"><v>１０２０</v></c>')),
    "a number in hexadecimal": lambda: sheet(rows('<c r="A1"><v>0x3FC</v></c>')),
    "an index with a sign": lambda: sheet(rows('<c r="A1" t="s"><v>+0</v></c>'), "<si><t>1020</t></si>"),
    "an index from the end": lambda: sheet(rows('<c r="A1" t="s"><v>-1</v></c>'), "<si><t>510</t></si><si><t>1020</t></si>"),
    "a value in an element": lambda: sheet(rows('<c r="A1"><v>5<b/>10</v></c>')),
    "escapes": lambda: sheet(rows('<c r="A1" t="str"><v>_x0031_020</v></c>')),
    "escapes in the strings": lambda: sheet(rows('<c r="A1" t="s"><v>0</v></c>'), "<si><t>_x0031_020</t></si>"),
    "a foreign item among the strings": lambda: sheet(rows('<c r="A1" t="s"><v>0</v></c>'), '<x:si xmlns:x="urn:x"><x:t>1020</x:t></x:si><si><t>510</t></si>'),
    "a string of two kinds": lambda: sheet(rows('<c r="A1" t="s"><v>0</v></c>'), "<si><t>510</t><r><t>1020</t></r></si>"),
    "two entries": lambda: with_entries(("xl/worksheets/Sheet1.xml", OTHER)),
    "two entries but for the slash": lambda: with_entries(("xl\\worksheets\\sheet1.xml", OTHER)),
    "two entries but for escapes": lambda: with_entries(("xl/worksheets/sheet%31.xml", OTHER)),
    "two entries but for a slash in front": lambda: with_entries(("/xl/worksheets/sheet1.xml", OTHER)),
    "data between entries": lambda: in_between(b"PK\3\4 something else"),
    "data in front": lambda: b"PK" + b"x" * 40 + zipped(parts(rows(TRUE))),
    "two main parts": lambda: changed("_rels/.rels", links(("a", "officeDocument", "xl/workbook.xml"), ("b", "officeDocument", "xl/other.xml"))),
    "another main part in the types": lambda: changed("[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/other.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'),
    "two string tables": lambda: changed(BOOK_RELATIONS, links(("s", "worksheet", "worksheets/sheet1.xml"), ("t", "sharedStrings", "sharedStrings.xml"), ("v", "sharedStrings", "other.xml"))),
    "two relationships of one id": lambda: changed(BOOK_RELATIONS, links(("s", "worksheet", "worksheets/sheet1.xml"), ("s", "worksheet", "worksheets/sheet2.xml"))),
    "a relationship of another namespace": lambda: changed(BOOK_RELATIONS, links(("s", "worksheet", "worksheets/sheet1.xml")).replace("</Relationships>", '<x:Relationship xmlns:x="urn:x" Id="s2"/></Relationships>')),
    "two lists of sheets": lambda: changed("xl/workbook.xml", BOOK.replace("<definedNames>", '<sheets><sheet name="别的" sheetId="2" r:id="s"/></sheets><definedNames>')),
    "sheets of one title": lambda: changed("xl/workbook.xml", BOOK.replace("</sheets>", '<sheet name="表" sheetId="2" r:id="t"/></sheets>')),
    "sheets in an alternative": lambda: changed("xl/workbook.xml", BOOK.replace("<definedNames>", f'<mc:AlternateContent {MC}><mc:Choice><sheets/></mc:Choice></mc:AlternateContent><definedNames>')),
    "a name that says two things": lambda: changed("xl/workbook.xml", BOOK.replace("</definedNames>", "<definedName name=\"n\">表!$A$1</definedName><definedName name=\"N\">表!$A$2</definedName></definedNames>")),
    "a workbook of another namespace": lambda: changed("xl/workbook.xml", BOOK.replace(MAIN, "urn:x")),
}  # fmt: skip


@pytest.mark.parametrize("made", TRICKS.values(), ids=TRICKS)
def test_what_could_be_read_in_two_ways_is_refused(made: Callable[[], bytes]):
    with pytest.raises(UnreadableWorkbook) as caught:
        at(open_workbook(NOWHERE, data=made()), "A1")
    assert caught.value.code == "FILE32"


def test_a_type_that_only_ends_like_one_of_ours_is_none():
    relations = links(("s", "worksheet", "worksheets/sheet1.xml")).replace(
        f'"{LINKS}/worksheet', '"http://example.com/worksheet'
    )
    workbook = open_workbook(NOWHERE, data=changed(BOOK_RELATIONS, relations))
    assert at(workbook, "A1") is None


HARMLESS: dict[str, tuple[str, float | str]] = {
    "cells without address": ("<sheetData><row><c><v>510</v></c><c><v>2</v></c></row></sheetData>", 510.0),
    "blanks around a number": (rows('<c r="A1"><v> 510 </v></c>'), 510.0),
    "pronunciation of several runs": (
        rows('<c r="A1" t="inlineStr"><is><r><t>課</t></r><rPh sb="0" eb="1"><r><t>カ</t></r></rPh></is></c>'),
        "課",
    ),
    "pronunciation": (rows('<c r="A1" t="inlineStr"><is><t>漢</t><rPh sb="0" eb="1"><t>かん</t></rPh></is></c>'), "漢"),
    "runs": (rows('<c r="A1" t="inlineStr"><is><r><t>5</t></r><r><t>10</t></r></is></c>'), "510"),
    "what looks like an escape, escaped": (rows('<c r="A1" t="str"><v>_x005F_x0031_</v></c>'), "_x0031_"),
    "settings of the cell": (rows('<c r="A1" s="0" cm="1"><v>510</v></c>'), 510.0),
}


@pytest.mark.parametrize(("content", "value"), HARMLESS.values(), ids=HARMLESS)
def test_what_all_programs_read_alike_is_read(content: str, value: float | str):
    assert at(open_workbook(NOWHERE, data=sheet(content)), "A1") == value


def test_what_excel_adds_to_a_workbook_in_extensions_is_no_second_one():
    """Every workbook that Excel has saved since 2013 has it."""
    space = "http://schemas.microsoft.com/office/spreadsheetml/2010/11/main"
    added = f'<extLst><ext uri="x" xmlns:x15="{space}"><x15:workbookPr chartTrackingRefBase="1"/></ext></extLst>'
    book = BOOK.replace("<sheets>", "<workbookPr/><sheets>").replace("</workbook>", f"{added}</workbook>")
    assert at(open_workbook(NOWHERE, data=changed("xl/workbook.xml", book)), "A1") == 510.0


@pytest.mark.parametrize("path", sorted(GOLDEN.rglob("*.xls[xm]")), ids=lambda path: path.name)
def test_openpyxl_reads_every_kept_workbook_alike(path: Path):
    assert list_differences(path.read_bytes()) == []


def test_openpyxl_reads_what_we_issue_alike(tmp_path: Path):
    assert list_differences(filled(tmp_path).read_bytes()) == []
