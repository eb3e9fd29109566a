"""What is read of a sheet in one pass is what calamine reads of it; where that is not sure, calamine is asked."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from workbook_tools.core import recent
from workbook_tools.core.errors import UnreadableWorkbook
from workbook_tools.excel.reading import RawWorkbook
from workbook_tools.excel.sheet_grammar import read_plainly
from workbook_tools.excel.sheet_pass import find_skeleton
from workbook_tools.files.package import Package

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TEXTS = (
    "<si><t> a </t></si>",
    '<si><t xml:space="preserve"> b </t></si>',
    "<si><t/></si>",
    "<si/>",
    "<si><t>c&amp;&lt;d</t></si>",
    "<si><r><rPr><b/></rPr><t> e</t></r><r><t>f </t></r></si>",
    "<si><t>g\nh</t></si>",
    "<si><t></t></si>",
)
ODD_TEXTS = ("<si><t>_x000D_</t></si>", "<si><t>a\r\nb</t></si>", "<si><t>&#65;</t></si>")
CELLS = (
    "",
    "<v/>",
    "<v></v>",
    "<v>5</v>",
    "<v>-.5e1</v>",
    "<v>1.</v>",
    "<f>1+1</f>",
    "<f>1+1</f><v>2</v>",
    *(
        f' t="{kind}">{content}'
        for kind, content in (
            ("n", "<v>1e-7</v>"),
            ("str", "<v></v>"),
            ("str", "<v/>"),
            ("str", "<v> q </v>"),
            ("str", "<f>A1</f>"),
            ("b", "<v>1</v>"),
            ("b", "<v>0</v>"),
            ("e", "<v>#N/A</v>"),
            ("e", "<v></v>"),
            ("str", "<v>&gt;&quot;&apos;</v>"),
            ("inlineStr", "<is><t> r </t></is>"),
            ("inlineStr", '<is><t xml:space="preserve"> s </t></is>'),
            ("inlineStr", "<is><t></t></is>"),
        )
    ),
)
"""What stands behind the address of a cell."""


def workbook(cells: str, texts: str = "", styles: str = "") -> RawWorkbook:
    """A workbook of one sheet with these rows, shared texts and cell formats."""
    kinds = {"worksheet": "s.xml", "sharedStrings": "t.xml", "styles": "f.xml"}
    links = "".join(f'<Relationship Id="{k}" Type="{LINKS}/{k}" Target="{p}"/>' for k, p in kinds.items())
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="w" Type="{LINKS}/officeDocument" Target="xl/w.xml"/></Relationships>',
        "xl/_rels/w.xml.rels": f'<Relationships xmlns="{package}">{links}</Relationships>',
        "xl/w.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets><sheet name="表" sheetId="1" r:id="worksheet"/></sheets></workbook>',
        "xl/s.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>',
        "xl/t.xml": f'<sst xmlns="{MAIN}">{texts}</sst>',
        "xl/f.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs>{styles or "<xf/>"}</cellXfs></styleSheet>',
    }
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return RawWorkbook(Package(data.getvalue()), alike=True)


def compare_with_calamine(book: RawWorkbook, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both grids are the same, to the type of each value."""
    for sheet in book.sheets:
        assert book.contents(sheet) is not None
        ours = book.rows(sheet)
        with monkeypatch.context() as plain:
            plain.setattr(RawWorkbook, "contents", lambda *_: None)
            assert repr(book._grid(sheet)) == repr(ours)


@pytest.mark.parametrize("content", CELLS)
def test_a_cell_is_read_as_calamine_reads_it(content: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cell = (
        f'<c r="B2"{content}</c>'
        if content.startswith(" t=")
        else f'<c r="B2">{content}</c>'
        if content
        else '<c r="B2"/>'
    )
    compare_with_calamine(workbook(f'<row r="2">{cell}</row><row r="3"><c r="A3"/></row>'), monkeypatch)


def test_shared_texts_are_read_as_calamine_reads_them(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = "".join(f'<row r="{n + 1}"><c r="A{n + 1}" t="s"><v>{n}</v></c></row>' for n in range(len(TEXTS)))
    compare_with_calamine(workbook(cells, "".join(TEXTS)), monkeypatch)


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_an_odd_text_is_calamines(text: str) -> None:
    book = workbook('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', text)
    assert book.contents("表") is None
    assert book.rows("表") != []


@pytest.mark.parametrize("number", [14, 18, 22, 46])
def test_a_date_is_calamines(number: int) -> None:
    book = workbook('<row r="1"><c r="A1" s="1"><v>45000</v></c></row>', styles=f'<xf/><xf numFmtId="{number}"/>')
    assert book.contents("表") is None


def test_every_workbook_of_the_tests_is_read_as_calamine_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    files = sorted((Path(__file__).parent.parent / "golden" / "issued_v1").glob("*.xlsx"))
    assert files
    for path in files:
        compare_with_calamine(RawWorkbook(Package(path.read_bytes()), alike=True), monkeypatch)


def sheet(rows: str) -> bytes:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def test_sheets_share_a_skeleton_where_they_differ_in_values_and_heights_alone() -> None:
    cells = '<row r="1" ht="20" customHeight="1"><c r="A1" s="3"><f>1+1</f><v>2</v></c></row>'
    _, first = (
        find_skeleton(read_plainly(sheet(cells), "表", alike=True)) for _ in range(2)
    )  # kept from the second on
    same = cells.replace("<v>2", "<v>3").replace('ht="20"', 'ht="31"')
    assert find_skeleton(read_plainly(sheet(same), "表", alike=True)) is first
    for old, new in (
        ('s="3"', 's="4"'),
        ("1+1", "1+2"),
        ('r="A1"', 'r="B1"'),
        ('ht="20"', 'ht="2"'),
        ("<f>1+1</f>", ""),
    ):
        assert find_skeleton(read_plainly(sheet(cells.replace(old, new)), "表", alike=True)) is not first


ROWS = '<sheetData><row r="1"><c r="A1"><v>2</v></c></row></sheetData>'


@pytest.mark.parametrize(
    "odd",
    [
        f"<cols/><pageMargins/>{ROWS}<x>1</x>",
        f"<cols/><pageMargins/><x>1</x>{ROWS}",
        f"<cols/><sheetData/>{ROWS}<pageMargins/><x>1</x>",
        f"<cols/>{ROWS}{ROWS}<pageMargins/><x>1</x>",
    ],
)
def test_rows_elsewhere_are_seen_after_a_sheet_that_has_the_same_around_them(odd: str) -> None:
    def read(inside: str) -> object:
        try:
            return read_plainly(f'<worksheet xmlns="{MAIN}">{inside}</worksheet>'.encode(), "表", alike=True).xml
        except UnreadableWorkbook as exc:
            return exc.code

    recent.forget_all()
    alone = read(odd)
    read(f"<cols/>{ROWS}<pageMargins/><x>1</x>")
    assert read(odd) == alone


@pytest.mark.parametrize("protection", ['password="{}" sheet="1"', 'sheet="true" password="{}"'])
def test_the_password_makes_no_other_skeleton(protection: str) -> None:
    def find(word: str) -> object:
        lock = f"<sheetProtection {protection.format(word)} objects='1'/>".replace("'", '"')
        return find_skeleton(
            read_plainly(f'<worksheet xmlns="{MAIN}">{ROWS}{lock}</worksheet>'.encode(), "表", alike=True)
        )

    find("CC1A")
    assert find("CC1A") is find("83AF")
    assert find("CC1A") is not find('CC1A" selectLockedCells="1')


def look_around(xml: bytes, *, alike: bool) -> tuple[object, ...]:
    """What is known of a sheet without its contents."""
    skeleton = find_skeleton(read_plainly(xml, "表", alike=alike))
    formulas, styles = skeleton.formulas, skeleton.styles
    places = [(row, col) for row in range(60) for col in range(14)]
    return (
        dict(formulas),
        formulas.spread,
        formulas.masters,
        [styles.at(*place) for place in places],
        skeleton.low_rows,
        skeleton.merged,
        skeleton.validated,
        skeleton.protected,
        skeleton.frame(plain_rules=False),
    )


def test_of_cells_taken_apart_is_known_what_a_search_of_the_whole_sheet_finds() -> None:
    head, tail = f'<worksheet xmlns="{MAIN}">', "</worksheet>"
    odd = (
        '<row r="1" ht="2"><c r="A1" s="3"><f>"a&amp;b"</f><v>2</v></c><c r="B1"/></row><row r="2" hidden="1"/>'
        '<row r="3" s="5" customFormat="1"><c r="A3"><v>1</v></c><c r="B3" s="2"/></row>'
        '<row r="4"><c r="A4"><f t="shared" ref="A4:A5" si="0">B4+1</f><v>1</v></c></row>'
        '<row r="5"><c r="A5"><f t="shared" si="0"/><v>1</v></c><c r="B5"><f/><v>1</v></c></row>'
        '<row r="6"><c r="A6"><f t="array" ref="A6:B6">C1:C2</f><v>1</v></c><c r="B6"><f></f></c></row>'
    )
    columns = '<cols><col min="2" max="3" width="9" style="4"/></cols>'
    sheets = [f"{head}{cols}<sheetData>{odd}</sheetData>{tail}".encode() for cols in ("", columns)]
    for path in sorted((Path(__file__).parent.parent / "golden" / "issued_v1").glob("*.xlsx")):
        with zipfile.ZipFile(path) as archive:
            sheets += [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) > 50
    for xml in sheets:
        assert look_around(xml, alike=True) == look_around(xml, alike=False)


CHECK = '<dataValidations count="1"><dataValidation allowBlank="1" promptTitle="{}" prompt="{}" sqref="A1"{}/></dataValidations>'
LINK = '<hyperlinks><hyperlink ref="A1" location="B2" display="{}"/></hyperlinks>'


def test_prompts_and_names_of_links_make_no_other_skeleton_but_a_flaw_in_one_does() -> None:
    def find(around: str) -> object:
        return find_skeleton(
            read_plainly(f'<worksheet xmlns="{MAIN}">{ROWS}{around}</worksheet>'.encode(), "表", alike=True)
        )

    usual = CHECK.format("甲", "乙", "") + LINK.format("丙")
    find(usual)
    assert find(usual) is find(CHECK.format("a&amp;b", "别的", "") + LINK.format("又一个"))
    for odd in (
        CHECK.format("甲&nbsp;", "乙", "") + LINK.format("丙"),
        CHECK.format("甲", "乙\uffff", "") + LINK.format("丙"),
        CHECK.format("甲", "乙", ' prompt="丁"') + LINK.format("丙"),
        CHECK.format("甲", "乙", "") + LINK.format('丙" display="丁'),
        CHECK.format("甲", "乙", ' type="list"') + LINK.format("丙"),
    ):
        assert find(odd) is not find(usual)
