"""Files that are refused, each with its code: no workbooks, damaged ones, and bombs."""

from __future__ import annotations

import random
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from raw_workbooks import MAIN, NOWHERE, ask_everything, at, links, opened, parts, rows, zipped

from workbook_tools.core.cells import Place
from workbook_tools.core.errors import UnreadableWorkbook
from workbook_tools.excel.reading import open_workbook
from workbook_tools.files import package

LINES = [f'<c r="A{n}"><v>{n}</v></c><c r="B{n}"><f>A{n}*2</f><v>{n * 2}</v></c>' for n in range(1, 40)]


def refused(data: bytes) -> str:
    """The code with which a file is refused."""
    with pytest.raises(UnreadableWorkbook) as caught:
        ask_everything(data)
    assert caught.value.message
    return caught.value.code


OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)


@pytest.mark.parametrize(
    ("code", "data"),
    [
        ("FILE02", b""),
        ("FILE01", b"name,amount\n1,2\n"),
        ("FILE01", b"<?xml version='1.0'?><Workbook/>"),
        ("FILE01", zipped({"readme.txt": "x"})),
        (
            "FILE01",
            zipped(
                {"_rels/.rels": links(("a", "officeDocument", "word/document.xml")), "word/document.xml": "<document/>"}
            ),
        ),
        ("FILE10", OLE + "Workbook".encode("utf-16-le")),
        ("FILE04", OLE + "EncryptedPackage".encode("utf-16-le")),
        ("FILE10", zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"})),
        ("FILE10", zipped({"[Content_Types].xml": "<x/>", "xl/workbook.bin": "x"})),
        ("FILE03", b"PK\x03\x04" + bytes(100)),
        ("FILE03", zipped(parts("<sheetData/>"), zipfile.ZIP_BZIP2)),
        ("FILE03", zipped({**parts("<sheetData/>"), "xl/workbook.xml": "<workbook>"})),
        ("FILE03", zipped({**parts("<sheetData/>"), "xl/worksheets/sheet1.xml": "<worksheet><sheetData><row r="})),
        ("FILE03", zipped({k: v for k, v in parts("<sheetData/>").items() if "sheet1" not in k})),
        ("FILE03", zipped(parts(rows('<c r="A1" t="s"><v>99</v></c>')))),
        ("FILE32", zipped(parts(rows('<c r="A1" t="unheard-of"><v>99</v></c>')))),
        ("FILE03", zipped(parts(rows('<c r="7B"><v>1</v></c>')))),
        ("FILE32", zipped(parts(rows('<c r="ZZZ1"><v>1</v></c>')))),
        ("FILE32", zipped(parts(rows('<c r="A9999999"><v>1</v></c>')))),
    ],
)
def test_files_that_are_no_sound_workbook(code: str, data: bytes) -> None:
    assert refused(data) == code


def test_an_encrypted_zip_entry_is_a_password() -> None:
    data = bytearray(zipped(parts("<sheetData/>")))
    entry = data.find(b"PK\x01\x02")
    data[entry + 8] |= 1
    assert refused(bytes(data)) == "FILE04"


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    for path in (tmp_path / "没有.xlsx", tmp_path):
        with pytest.raises(UnreadableWorkbook) as caught:
            open_workbook(path)
        assert caught.value.code == "FILE12"


def test_a_file_is_read_from_disk_or_from_bytes(tmp_path: Path) -> None:
    data = zipped(parts(rows(*LINES)))
    path = tmp_path / "自评 表.xlsx"
    path.write_bytes(data)
    assert at(open_workbook(path), "A2") == at(open_workbook(NOWHERE, data=data), "A2") == 2.0


def test_a_damaged_sheet_shows_only_when_it_is_asked_for() -> None:
    workbook = opened(
        {**parts("", names='<definedName name="n">表!$A$1</definedName>'), "xl/worksheets/sheet1.xml": "<worksheet"}
    )
    assert workbook.sheets == ("表",)
    assert workbook.names == {"n": Place("表", 0, 0)}
    for question in (workbook.protected, workbook.sheet_formulas):
        with pytest.raises(UnreadableWorkbook, match="损坏"):
            question("表")


def test_a_truncated_file_is_damaged_wherever_it_ends() -> None:
    data = zipped(parts(rows(*LINES)))
    assert {refused(data[:length]) for length in range(4, len(data), 97)} == {"FILE03"}


def test_no_damage_raises_anything_but_a_file_code() -> None:
    """Damage in the zip, and damage in the XML of a sound zip."""
    chance = random.Random(20)
    files = {
        name: content.encode()
        for name, content in parts(
            '<cols><col min="1" max="3" style="1"/></cols>' + rows(*LINES) + '<sheetProtection sheet="1"/>',
            strings="<si><t>甲</t></si>",
            styles='<cellXfs><xf numFmtId="0"/><xf numFmtId="14"><protection locked="0"/></xf></cellXfs>',
            names='<definedName name="n">表!$A$1:$B$2</definedName>',
        ).items()
    }
    codes = set()
    for _ in range(600):
        damaged = dict(files)
        part = chance.choice(list(files))
        damaged[part] = _damaged(damaged[part], chance)
        data = zipped(damaged)
        try:
            ask_everything(data if chance.random() < 0.7 else _damaged(data, chance))
        except UnreadableWorkbook as exc:
            codes.add(exc.code)
    assert "FILE03" in codes


def _damaged(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        at_byte = chance.randrange(len(changed))
        changed[at_byte : at_byte + chance.randint(0, 9)] = chance.choice(
            (b"", b"<", b'"', b"9999999", bytes([chance.randrange(256)]))
        )
    return bytes(changed) or b"x"


ODD_TEXT = '<sheetData><row r="1"><c r="A1" t="str"><v>_x000D_</v></c></row></sheetData>'
"""Only calamine reads such a text."""


def test_a_panic_in_calamine_is_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        """As pyo3 raises it."""

    def panic(*_: object) -> None:
        raise PanicException("index out of bounds")

    workbook = opened(parts(ODD_TEXT))
    monkeypatch.setattr("workbook_tools.excel.reading.CalamineWorkbook.from_filelike", panic, raising=False)
    monkeypatch.setattr("workbook_tools.excel.reading.write_bare_copy", panic)
    with pytest.raises(UnreadableWorkbook, match="损坏"):
        at(workbook, "A1")


def test_an_interruption_is_no_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    workbook = opened(parts(ODD_TEXT))
    monkeypatch.setattr("workbook_tools.excel.reading.write_bare_copy", interrupt)
    with pytest.raises(KeyboardInterrupt):
        at(workbook, "A1")


# -- bombs ------------------------------------------------------------------------------------------------------


def test_an_entry_that_explodes_is_refused_unopened() -> None:
    assert refused(zipped({**parts("<sheetData/>"), "xl/media/a.xml": bytes(package.SMALL_ENTRY + 1)})) == "FILE11"
    ask_everything(zipped({**parts("<sheetData/>"), "xl/media/a.xml": bytes(package.SMALL_ENTRY)}))


def test_the_sum_of_all_parts_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    data = zipped(parts(rows('<c r="A1"><v>1</v></c>')))
    ask_everything(data)
    monkeypatch.setattr(package, "MAX_BYTES", 1000)
    assert refused(data) == "FILE11"


def test_a_large_file_is_not_even_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "大.xlsx"
    path.write_bytes(b"PK" + bytes(1000))
    monkeypatch.setattr(package, "MAX_BYTES", 1000)
    with pytest.raises(UnreadableWorkbook) as caught:
        open_workbook(path)
    assert caught.value.code == "FILE11"


def test_too_many_entries() -> None:
    files = {f"xl/media/{number}.txt": "" for number in range(package.MAX_ENTRIES)}
    assert refused(zipped({**parts("<sheetData/>"), **files}, zipfile.ZIP_STORED)) == "FILE11"


def test_an_entry_never_inflates_beyond_its_declared_size() -> None:
    """The directory says 100 bytes, and so does the checksum of the first 100: more is never read."""
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'.ljust(100).encode()
    files = {name: content for name, content in parts("").items() if "sheet1" not in name}
    data = bytearray(zipped({**files, "xl/worksheets/sheet1.xml": sheet + bytes(5_000_000)}))
    entry = data.rfind(b"PK\x01\x02")
    struct.pack_into("<I", data, entry + 16, zlib.crc32(sheet))
    struct.pack_into("<I", data, entry + 24, len(sheet))
    workbook = open_workbook(NOWHERE, data=bytes(data))
    assert len(workbook._sheet_xml("表")) <= len(sheet)
    assert at(workbook, "A1") is None


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE worksheet [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE worksheet SYSTEM "file:///etc/hostname">',
        '<!DOCTYPE worksheet [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
    ],
)
@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels"])
def test_a_document_type_is_refused(head: str, part: str) -> None:
    files = parts(rows('<c r="A1"><v>1</v></c>'))
    assert refused(zipped({**files, part: head + files[part]})) == "FILE03"


def test_xml_too_deep_for_the_parser_is_damage() -> None:
    files = parts("<sheetData/>")
    assert (
        refused(zipped({**files, "xl/workbook.xml": "<workbook>" + "<a>" * 5000 + "</a>" * 5000 + "</workbook>"}))
        == "FILE03"
    )


def test_xml_too_large_for_a_tree_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MAX_TREE", 1000)
    assert refused(zipped(parts("<sheetData/>", names='<definedName name="n">表!$A$1</definedName>' * 50))) == "FILE11"


def test_a_cell_far_out_is_refused_by_name_before_memory_is_allotted() -> None:
    """Calamine would ask for 400 GB, and the process would be ended."""
    sheet = (
        '<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="{0}"><c r="{1}{0}"><v>1</v></c></row></sheetData>'
    )
    assert at(opened(parts(sheet.format(5000, "ABC"))), "ABC5000") == 1.0
    with pytest.raises(UnreadableWorkbook, match=r"表.*XFD1048576") as caught:
        at(opened(parts(sheet.format(1048576, "XFD"))), "A1")
    assert caught.value.code == "FILE31"


def test_a_styled_but_empty_cell_far_out_does_no_harm() -> None:
    far = (
        '<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
    )
    workbook = opened(parts(far))
    assert at(workbook, "A1") == 1.0
