"""The kept corpus: small files of every kind that is read, of which mutants are made, and what has once gone wrong.

``python tests/fuzz/corpus_files.py`` makes the seeds anew (it needs LibreOffice); the failures are kept as they were found.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

SUPPORT = Path(__file__).parents[1] / "support"
if str(SUPPORT) not in sys.path:  # run as a script, or in a process that a script has started
    sys.path.insert(0, str(SUPPORT))

from binary_workbooks import binary_workbook  # noqa: E402
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
        ("form.xlsx", "workbook", 26),
        ("form.xls", "compound", 15),
        ("form.ods", "opendocument", 8),
        ("form.docx", "document", 12),
        ("form.xlsb", "binary", 6),
        ("page.xls", "page", 5),
        ("archive.xls", "page", 3),
        ("xml2003.xls", "page", 5),
        ("form.csv", "text", 3),
    ]
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


if __name__ == "__main__":
    _write_seeds()
