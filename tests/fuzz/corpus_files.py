"""The kept corpus: small files of every kind that is read, of which mutants are made, and what has once gone wrong.

``python tests/fuzz/corpus_files.py`` makes the seeds anew (it needs LibreOffice); the failures are kept as they were found.
"""

from __future__ import annotations

import struct
import sys
from dataclasses import dataclass
from pathlib import Path

SUPPORT = Path(__file__).parents[1] / "support"
if str(SUPPORT) not in sys.path:  # run as a script, or in a process that a script has started
    sys.path.insert(0, str(SUPPORT))

from drawn_forms import NINGXIA  # noqa: E402
from drawn_sheets import sheet, workbook  # noqa: E402
from drawn_web_pages import cells_of, spreadsheet_xml, web_page  # noqa: E402
from mutate_package import read_parts  # noqa: E402
from raw_workbooks import links, zipped  # noqa: E402
from word_documents import document_file, para, run, table, tile  # noqa: E402

CORPUS = Path(__file__).parent / "corpus"
FAILURES = CORPUS / "failures"
_GOLDEN = Path(__file__).parents[1] / "golden"


@dataclass(frozen=True, slots=True)
class Seed:
    """A file of which mutants are made."""

    name: str
    data: bytes
    kind: str
    """What it is inside: workbook, opendocument, document, compound, page, text, binary."""
    share: int
    """So many of a hundred mutants are made of it."""
    ours: bool = False
    """It is a workbook that we issued, not a form of today."""


def load_seeds() -> list[Seed]:
    """The seeds. The workbook of ours is the one kept for the layout version: filled in, sealed with the key of the tests."""
    kept = [
        ("form.xlsx", "workbook", 26), ("form.xls", "compound", 15), ("form.ods", "opendocument", 8), ("form.docx", "document", 12),
        ("form.xlsb", "binary", 6), ("page.xls", "page", 5), ("archive.xls", "page", 3), ("xml2003.xls", "page", 5), ("form.csv", "text", 3),
    ]  # fmt: skip
    issued = _GOLDEN / "issued_v1" / "mof-2020-approved-filled.xlsx"
    return [
        Seed("ours.xlsx", issued.read_bytes(), "workbook", 12, ours=True),
        Seed("ours.xls", (_GOLDEN / "formats" / "issued.xls").read_bytes(), "compound", 2, ours=True),
        *(Seed(name, (CORPUS / name).read_bytes(), kind, share) for name, kind, share in kept),
    ]


# -- how the seeds were made ------------------------------------------------------------------------------------------


def _write_seeds() -> None:
    from office import convert_with_libreoffice

    CORPUS.mkdir(exist_ok=True)
    form = CORPUS / "form.xlsx"
    form.write_bytes(workbook(NINGXIA))
    for ending in ("xls", "ods"):
        convert_with_libreoffice([form], CORPUS, ending)
    (CORPUS / "form.docx").write_bytes(_document(NINGXIA))
    (CORPUS / "form.xlsb").write_bytes(binary_workbook({"表1": [cell[:2] + cell[4:5] for cell in cells_of(NINGXIA)]}))
    page = web_page(NINGXIA)
    (CORPUS / "page.xls").write_bytes(page)
    (CORPUS / "archive.xls").write_bytes(_archive(page))
    (CORPUS / "xml2003.xls").write_bytes(spreadsheet_xml(NINGXIA))
    rows = [
        ",".join(f'"{text}"' if text not in ("<", "^") else "" for text in row.split("|"))
        for row in NINGXIA.strip().split("\n")
    ]
    (CORPUS / "form.csv").write_bytes("\r\n".join(rows).encode("gb18030"))


def _document(drawing: str) -> bytes:
    """The form as a table of a report, with a paragraph in front."""
    rows = []
    drawn = sheet(drawing)
    for number, texts in enumerate(drawn):
        tiles = ""
        for col, text in enumerate(texts):
            if text == "<":
                continue
            width = next((n for n in range(1, len(texts) - col) if texts[col + n] != "<"), len(texts) - col)
            goes_on = number + 1 < len(drawn) and drawn[number + 1][col : col + 1] == ["^"]
            merged = f'<w:gridSpan w:val="{width}"/>' + (
                "<w:vMerge/>" if text == "^" else '<w:vMerge w:val="restart"/>' if goes_on else ""
            )
            tiles += tile("" if text == "^" else text.lstrip("'"), merged)
        rows.append(tiles)
    parts = read_parts(document_file(para(run("项目支出绩效自评报告")) + table(*rows)))
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    types = "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="{kind}.{name}+xml"/>'
        for part, name in (("document", "document.main"), ("styles", "styles"))
    )
    relations = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    space = "http://schemas.openxmlformats.org/package/2006/content-types"
    parts["[Content_Types].xml"] = f'<Types xmlns="{space}">{relations}{types}</Types>'.encode()
    parts["word/_rels/document.xml.rels"] = links(("styles", "styles", "styles.xml")).encode()
    return zipped(parts)


def _archive(page: bytes) -> bytes:
    head = b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="----=_Part"\r\n\r\n------=_Part\r\n'
    return head + b"Content-Type: text/html\r\n\r\n" + page + b"\r\n------=_Part--\r\n"


def binary_workbook(sheets: dict[str, list[tuple[int, int, float | str]]]) -> bytes:
    """An .xlsb of these cells (row, column, content), with its texts in the cells."""
    listed = b"".join(
        _record(0x9C, struct.pack("<II", 0, number) + _wide(f"rId{number}") + _wide(title))
        for number, title in enumerate(sheets, 1)
    )
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
        f'Target="worksheets/sheet{n}.bin"/>'
        for n in range(1, len(sheets) + 1)
    )
    return zipped(
        {
            "xl/workbook.bin": _record(0x83) + _record(0x8F) + listed + _record(0x90) + _record(0x84),
            "xl/_rels/workbook.bin.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f"{relations}</Relationships>",
            **{f"xl/worksheets/sheet{n}.bin": _binary_sheet(cells) for n, cells in enumerate(sheets.values(), 1)},
        }
    )


def _binary_sheet(cells: list[tuple[int, int, float | str]]) -> bytes:
    last_row, last_col = max(row for row, *_ in cells), max(col for _, col, _ in cells)
    parts = [_record(0x81), _record(0x94, struct.pack("<4I", 0, last_row, 0, last_col)), _record(0x91)]
    at = -1
    for row, col, content in sorted(cells, key=lambda cell: cell[:2]):
        if row != at:
            parts.append(_record(0x00, struct.pack("<IIHBBI", row, 0, 300, 0, 0, 0)))
            at = row
        place = struct.pack("<II", col, 0)
        parts.append(
            _record(0x05, place + struct.pack("<d", content))
            if isinstance(content, float)
            else _record(0x06, place + _wide(content))
        )
    return b"".join([*parts, _record(0x92), _record(0x82)])


def _record(kind: int, data: bytes = b"") -> bytes:
    """A record of BIFF12: its kind and its length are of seven bits a byte."""
    head = bytes([kind & 0x7F | 0x80, kind >> 7]) if kind > 0x7F else bytes([kind])
    length, size = len(data), b""
    while True:
        size += bytes([length & 0x7F | (0x80 if length > 0x7F else 0)])
        length >>= 7
        if not length:
            return head + size + data


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


if __name__ == "__main__":
    _write_seeds()
