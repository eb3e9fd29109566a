"""The house style of official documents (GB/T 9704-2012), and the few elements our forms are made of.

Lengths are millimetres, font sizes the Chinese names (三号). The result is the text of the parts of a
.docx; the same calls give the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from workbook_tools.files.paths import AUTHOR

NS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_WML = "application/vnd.openxmlformats-officedocument.wordprocessingml"

HALF_POINTS = {"小初": 72, "二号": 44, "三号": 32, "四号": 28, "小四": 24, "五号": 21, "小五": 18, "六号": 15}
LINE_PITCH = 579
"""22 lines on the 225 mm of a page, in twentieths of a point (28.95 磅)."""
CHARACTER_SPACING = -5
"""28 characters of 三号 (16 磅) on the 156 mm of a line: so much closer, in twentieths of a point.

A grid of characters (w:docGrid linesAndChars) would be Word's own way, but LibreOffice tears such text apart.
"""
PAGE_WIDTH, PAGE_HEIGHT = 210, 297
MARGIN_TOP, MARGIN_BOTTOM, MARGIN_LEFT, MARGIN_RIGHT = 37, 35, 28, 26
PAGE_NUMBER_BELOW = 7
"""The page number stands 7 mm below the text, 5 mm high."""
RED = "E60012"
TEXT_WIDTH = PAGE_WIDTH - MARGIN_LEFT - MARGIN_RIGHT
LANDSCAPE_WIDTH = PAGE_HEIGHT - MARGIN_TOP - MARGIN_BOTTOM
CELL_MARGIN_ACROSS, CELL_MARGIN_DOWN = 1.3, 1.2


def twips(millimetres: float) -> int:
    """Millimetres as twentieths of a point."""
    return round(millimetres * 1440 / 25.4)


@dataclass(frozen=True)
class Style:
    """A paragraph style; what is not said is inherited from the body text."""

    id: str
    name: str
    font: str = ""
    size: str = ""
    bold: bool = False
    color: str = ""
    align: str = ""
    indent: bool = True
    """First line indented by two characters."""
    level: int | None = None
    """Outline level, for headings: 0 is the highest."""
    pitch: float = 0
    """Points from line to line. Always exact, so that Word, WPS and LibreOffice break pages alike; 0: the body's."""
    inset: float = 0
    """Kept free on both sides, in mm."""
    before: float = 0
    after: float = 0
    """Space above and below, in points."""
    keep: bool = False
    """Stays on the page of the next paragraph."""
    new_page: bool = False
    rule_below: bool = False
    """The red line across the page that ends a red head (版头)."""
    leader: float = 0
    """A tab stop so many mm from the left, with dots leading to it: for the table of contents."""


def _table_styles(prefix: str, label: str, size: str, pitch: float) -> tuple[Style, ...]:
    """The four styles of a table's cells."""
    return (
        Style(f"{prefix}Header", f"{label}头", "黑体", size, align="center", indent=False, pitch=pitch, keep=True),
        Style(f"{prefix}Cell", f"{label}文字", size=size, align="left", indent=False, pitch=pitch),
        Style(f"{prefix}Centre", f"{label}居中", size=size, align="center", indent=False, pitch=pitch),
        Style(f"{prefix}Number", f"{label}数字", size=size, align="right", indent=False, pitch=pitch, inset=0.5),
    )


STYLES = (
    Style("Title", "Title", "方正小标宋简体", "二号", align="center", indent=False, pitch=36, keep=True),
    Style("Subtitle", "Subtitle", "楷体", align="center", indent=False, after=14),
    Style("Heading1", "heading 1", "黑体", level=0, keep=True),
    Style("Heading2", "heading 2", "楷体", level=1, keep=True),
    Style("Heading3", "heading 3", bold=True, level=2, keep=True),
    Style("Heading4", "heading 4", level=3, keep=True),
    Style("Attachment", "附件标题", "黑体", indent=False, level=0, keep=True),
    *_table_styles("", "表格", "五号", 16),
    Style("Label", "表格行首", "黑体", "五号", align="center", indent=False, pitch=16),
    *_table_styles("Small", "小表", "小五", 14),
    Style("Picture", "图", align="center", indent=False, before=6, keep=True),
    Style("Caption", "图题", "黑体", "五号", align="center", indent=False, pitch=18, after=6),
    Style("Gap", "表间距", size="六号", indent=False, pitch=9),
    Style("Addressee", "主送单位", indent=False),
    Style("Signature", "落款", align="right", indent=False, inset=11.3, keep=True),
    Style("RedHead", "发文机关标志", "方正小标宋简体", "小初", color=RED, align="center", indent=False, pitch=50,
          before=99, after=29, keep=True),
    Style("RedNumber", "发文字号", align="center", indent=False, after=58, keep=True, rule_below=True),
    Style("CoverTitle", "封面标题", "方正小标宋简体", "二号", align="center", indent=False, pitch=44),
    Style("CoverLine", "封面项目", align="left", indent=False, pitch=36),
    Style("ContentsTitle", "目录标题", "方正小标宋简体", "二号", align="center", indent=False, pitch=36, after=14,
          keep=True, new_page=True),
    Style("TOC1", "toc 1", "黑体", "四号", align="left", indent=False, pitch=24, leader=TEXT_WIDTH),
    Style("TOC2", "toc 2", size="四号", align="left", pitch=24, leader=TEXT_WIDTH),
    Style("PageNumber", "footer", "宋体", "四号", align="right", indent=False, pitch=16, inset=4.94),
)  # fmt: skip

_FONTS = (
    ("方正小标宋简体", "宋体", "auto"),
    ("黑体", "SimHei", "modern"),
    ("楷体", "楷体_GB2312", "modern"),
    ("仿宋", "仿宋_GB2312", "modern"),
    ("宋体", "SimSun", "auto"),
)
"""Font, the one that replaces it where it is missing, and its family."""


# -- paragraphs and tables --------------------------------------------------------------------------------------------


def run(text: str, *, font: str = "", bold: bool = False) -> str:
    """Text, which may hold tags; with a font of its own if wanted."""
    properties = (_fonts(font) if font else "") + ("<w:b/>" if bold else "")
    head = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{head}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(
    *runs: str, style: str = "", keep: bool = False, whole: bool = False, section: str = "", align: str = ""
) -> str:
    """A paragraph of runs or plain texts.

    ``keep`` holds it on the page of the next one, ``whole`` its lines on one page; ``align`` overrides its style; ``section`` ends a section
    (see :func:`section`).
    """
    inner = "".join(r if r.startswith("<w:r>") else run(r) for r in runs if r)
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    properties += ("<w:keepNext/>" if keep else "") + ("<w:keepLines/>" if whole else "")
    properties += (f'<w:jc w:val="{align}"/>' if align else "") + section
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>" if properties else f"<w:p>{inner}</w:p>"


@dataclass(frozen=True)
class TableCell:
    """A table cell: its text (lines become paragraphs), style, and how many columns it takes."""

    text: str
    style: str = "Cell"
    span: int = 1
    merge: str = ""
    """restart: the first of cells merged downwards; continue: a following one."""


@dataclass(frozen=True)
class Tag:
    """A row that only holds a tag ({%tr for … %}) and vanishes."""

    text: str


def table(
    widths: Sequence[float],
    rows: Iterable[Sequence[TableCell] | Tag],
    *,
    header_rows: int = 1,
    margin: float = CELL_MARGIN_ACROSS,
    together: bool = False,
) -> str:
    """A table with fixed widths, some air above and below, and ``margin`` left and right in its cells.

    Its first rows repeat on every page, no row is split between pages; ``together``: nor is the table,
    if one page holds it.
    """
    columns = [twips(w) for w in widths]
    grid = "".join(f'<w:gridCol w:w="{w}"/>' for w in columns)
    body = "".join(_row(row, columns, header=n < header_rows, keep=together) for n, row in enumerate(rows))
    sides = {"top": CELL_MARGIN_DOWN, "left": margin, "bottom": CELL_MARGIN_DOWN, "right": margin}
    margins = "".join(f'<w:{side} w:w="{twips(air)}" w:type="dxa"/>' for side, air in sides.items())
    above, below = paragraph(style="Gap", keep=True), paragraph(style="Gap")
    return (
        f'{above}<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{sum(columns)}" w:type="dxa"/>'
        f'<w:jc w:val="center"/><w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>{below}"
    )


def _row(row: Sequence[TableCell] | Tag, columns: Sequence[int], *, header: bool, keep: bool) -> str:
    cells = (TableCell(row.text, span=len(columns)),) if isinstance(row, Tag) else row
    parts = []
    column = 0
    for cell in cells:
        parts.append(_cell(cell, sum(columns[column : column + cell.span]), keep=keep))
        column += cell.span
    if column != len(columns):
        raise ValueError(f"row spans {column} of {len(columns)} columns")
    repeat = "<w:tblHeader/>" if header else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeat}</w:trPr>{''.join(parts)}</w:tr>"


def _cell(cell: TableCell, width: int, *, keep: bool) -> str:
    span = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
    merge = f'<w:vMerge w:val="{cell.merge}"/>' if cell.merge else ""
    lines = "".join(paragraph(line, style=cell.style, keep=keep) for line in cell.text.split("\n"))
    properties = f'<w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}<w:vAlign w:val="center"/>'
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{lines}</w:tc>"


def table_of_contents() -> str:
    """Word's own field for a table of contents over two levels; :mod:`workbook_tools.word.contents` fills it."""
    field = "".join(
        f"<w:r>{part}</w:r>"
        for part in (
            '<w:fldChar w:fldCharType="begin"/>',
            '<w:instrText xml:space="preserve"> TOC \\o "1-2" \\h \\z \\u </w:instrText>',
            '<w:fldChar w:fldCharType="separate"/>',
            "<w:t>出报告时自动填写</w:t>",
            '<w:fldChar w:fldCharType="end"/>',
        )
    )
    return f'<w:p><w:pPr><w:pStyle w:val="TOC1"/></w:pPr>{field}</w:p>'


def section(*, landscape: bool = False, numbered: bool = True, first: bool = False) -> str:
    """The page set-up of the section that ends here; its pages carry numbers, beginning anew with the ``first``."""
    width, height = (PAGE_HEIGHT, PAGE_WIDTH) if landscape else (PAGE_WIDTH, PAGE_HEIGHT)
    # A landscape page is the portrait page turned: the binding edge moves to the top.
    top, right, bottom, left = (
        (MARGIN_LEFT, MARGIN_TOP, MARGIN_RIGHT, MARGIN_BOTTOM)
        if landscape
        else (MARGIN_TOP, MARGIN_RIGHT, MARGIN_BOTTOM, MARGIN_LEFT)
    )
    turned = ' w:orient="landscape"' if landscape else ""
    footers = (("default", "rIdOdd"), ("even", "rIdEven")) if numbered else ()
    return (
        "<w:sectPr>"
        + "".join(f'<w:footerReference w:type="{kind}" r:id="{part}"/>' for kind, part in footers)
        + f'<w:type w:val="nextPage"/><w:pgSz w:w="{twips(width)}" w:h="{twips(height)}"{turned}/>'
        f'<w:pgMar w:top="{twips(top)}" w:right="{twips(right)}" w:bottom="{twips(bottom)}" w:left="{twips(left)}" '
        f'w:header="{twips(15)}" w:footer="{twips(bottom - PAGE_NUMBER_BELOW - 5)}" w:gutter="0"/>'
        + ('<w:pgNumType w:start="1"/>' if first else "")
        + f'<w:docGrid w:type="lines" w:linePitch="{LINE_PITCH}"/></w:sectPr>'
    )


# -- the package ------------------------------------------------------------------------------------------------------


def package(body: Iterable[str], *, title: str) -> bytes:
    """A .docx of these paragraphs and tables; the last must be a :func:`section`. ``title`` may hold tags."""
    document = f'<w:document xmlns:w="{NS}" xmlns:r="{RELATIONS}"><w:body>{"".join(body)}</w:body></w:document>'
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations(
            ("rId1", f"{RELATIONS}/officeDocument", "word/document.xml"),
            ("rId2", f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        ),
        "word/document.xml": document,
        "word/_rels/document.xml.rels": _relations(
            ("rIdStyles", f"{RELATIONS}/styles", "styles.xml"),
            ("rIdSettings", f"{RELATIONS}/settings", "settings.xml"),
            ("rIdFonts", f"{RELATIONS}/fontTable", "fontTable.xml"),
            ("rIdOdd", f"{RELATIONS}/footer", "footer1.xml"),
            ("rIdEven", f"{RELATIONS}/footer", "footer2.xml"),
        ),
        "word/styles.xml": _styles(),
        "word/settings.xml": _settings(),
        "word/fontTable.xml": _font_table(),
        "word/footer1.xml": _footer(),
        "word/footer2.xml": _footer(even=True),
        "docProps/core.xml": (
            f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
            f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(title)}</dc:title>'
            f"<cp:lastModifiedBy>{AUTHOR}</cp:lastModifiedBy></cp:coreProperties>"
        ),
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, xml in parts.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, _DECLARATION + xml)
    return target.getvalue()


def _content_types() -> str:
    kinds = {
        "word/document.xml": f"{_WML}.document.main+xml",
        "word/styles.xml": f"{_WML}.styles+xml",
        "word/settings.xml": f"{_WML}.settings+xml",
        "word/fontTable.xml": f"{_WML}.fontTable+xml",
        "word/footer1.xml": f"{_WML}.footer+xml",
        "word/footer2.xml": f"{_WML}.footer+xml",
        "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    overrides = "".join(f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in kinds.items())
    return (
        f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relations(*relations: tuple[str, str, str]) -> str:
    items = "".join(f'<Relationship Id="{i}" Type="{kind}" Target="{target}"/>' for i, kind, target in relations)
    return f'<Relationships xmlns="{PACKAGE}/relationships">{items}</Relationships>'


def _fonts(name: str) -> str:
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}" w:cs="{name}"/>'


def _styles() -> str:
    size = HALF_POINTS["三号"]
    defaults = (
        f'<w:docDefaults><w:rPrDefault><w:rPr>{_fonts("仿宋")}<w:spacing w:val="{CHARACTER_SPACING}"/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault/></w:docDefaults>"
    )
    normal = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/><w:pPr>'
        f'<w:widowControl w:val="0"/><w:spacing w:line="{LINE_PITCH}" w:lineRule="exact"/>'
        f'<w:ind w:firstLineChars="200" w:firstLine="{size * 20}"/><w:jc w:val="both"/></w:pPr></w:style>'
    )
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    tables = (
        '<w:style w:type="character" w:default="1" w:styleId="DefaultFont"><w:name w:val="Default Paragraph Font"/>'
        '<w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/></w:tblPr></w:style>'
        '<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:basedOn w:val="TableNormal"/>'
        f"<w:tblPr><w:tblBorders>{edges}</w:tblBorders></w:tblPr></w:style>"
    )
    return f'<w:styles xmlns:w="{NS}">{defaults}{normal}{"".join(map(_style, STYLES))}{tables}</w:styles>'


def _style(style: Style) -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="{style.id}"><w:name w:val="{style.name}"/><w:basedOn w:val="Normal"/>'
        f"<w:qFormat/><w:pPr>{''.join(_paragraph_properties(style))}</w:pPr>"
        f"<w:rPr>{''.join(_run_properties(style))}</w:rPr></w:style>"
    )


def _paragraph_properties(style: Style) -> Iterator[str]:
    """In the order that Word demands."""
    if style.keep:
        yield "<w:keepNext/>"
    if style.new_page:
        yield "<w:pageBreakBefore/>"
    if style.rule_below:
        yield f'<w:pBdr><w:bottom w:val="single" w:sz="18" w:space="11" w:color="{RED}"/></w:pBdr>'
    if style.leader:
        yield f'<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{twips(style.leader)}"/></w:tabs>'
    if style.pitch:
        yield '<w:snapToGrid w:val="0"/>'
    if style.before or style.after or style.pitch:
        pitch = f' w:line="{round(style.pitch * 20)}" w:lineRule="exact"' if style.pitch else ""
        yield f'<w:spacing w:before="{round(style.before * 20)}" w:after="{round(style.after * 20)}"{pitch}/>'
    if not style.indent:
        inset = f' w:left="{twips(style.inset)}" w:right="{twips(style.inset)}"' if style.inset else ""
        yield f'<w:ind{inset} w:firstLineChars="0" w:firstLine="0"/>'
    if style.align:
        yield f'<w:jc w:val="{style.align}"/>'
    if style.level is not None:
        yield f'<w:outlineLvl w:val="{style.level}"/>'


def _run_properties(style: Style) -> Iterator[str]:
    """In the order that Word demands."""
    if style.font:
        yield _fonts(style.font)
    if style.bold:
        yield "<w:b/>"
    if style.color:
        yield f'<w:color w:val="{style.color}"/>'
    if style.pitch:
        yield '<w:spacing w:val="0"/>'
    if style.size:
        yield f'<w:sz w:val="{HALF_POINTS[style.size]}"/><w:szCs w:val="{HALF_POINTS[style.size]}"/>'


def _settings() -> str:
    return (
        f'<w:settings xmlns:w="{NS}"><w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/>'
        "<w:evenAndOddHeaders/>"
        '<w:characterSpacingControl w:val="compressPunctuation"/><w:compat>'
        '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
        '</w:compat><w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
    )


def _font_table() -> str:
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/>'
        f'<w:family w:val="{family}"/></w:font>'
        for name, other, family in _FONTS
    )
    return f'<w:fonts xmlns:w="{NS}">{fonts}</w:fonts>'


def _footer(*, even: bool = False) -> str:
    """The page number at the outer edge, one character from it: on the right of odd pages, on the left of even ones."""
    number = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    line = paragraph(f"{run('— ')}{number}{run(' —')}", style="PageNumber", align="left" if even else "")
    return f'<w:ftr xmlns:w="{NS}">{line}</w:ftr>'
