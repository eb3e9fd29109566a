"""The house style of official documents (GB/T 9704-2012), and the few elements our forms are made of.

Lengths are millimetres, font sizes the Chinese names (三号). The result is the text of the parts of a
.docx; the same calls give the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from workbook_tools.paths import AUTHOR

NS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_WML = "application/vnd.openxmlformats-officedocument.wordprocessingml"

HALF_POINTS = {"二号": 44, "三号": 32, "四号": 28, "小四": 24, "五号": 21, "小五": 18, "六号": 15}
LINE_PITCH = 28 * 20
"""28 磅, in twentieths of a point."""
PAGE_WIDTH, PAGE_HEIGHT = 210, 297
MARGIN_TOP, MARGIN_BOTTOM, MARGIN_LEFT, MARGIN_RIGHT = 37, 35, 28, 26
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
    align: str = ""
    indent: bool = True
    """First line indented by two characters."""
    level: int | None = None
    """Outline level, for headings: 0 is the highest."""
    exact: bool = True
    """Line pitch of the body text; else single spacing."""
    inset: float = 0
    """Kept free on the right, in mm."""
    before: float = 0
    after: float = 0
    """Space above and below, in points."""
    keep: bool = False
    """Stays on the page of the next paragraph."""


STYLES = (
    Style("Title", "Title", font="方正小标宋简体", size="二号", align="center", indent=False, exact=False),
    Style("Subtitle", "Subtitle", font="楷体", align="center", indent=False, after=14),
    Style("Heading1", "heading 1", font="黑体", level=0, keep=True),
    Style("Heading2", "heading 2", font="楷体", level=1, keep=True),
    Style("Heading3", "heading 3", bold=True, level=2, keep=True),
    Style("Attachment", "附件标题", font="黑体", indent=False, level=0, keep=True),
    Style("Header", "表头", font="黑体", size="五号", align="center", indent=False, exact=False, keep=True),
    Style("Label", "表格行首", font="黑体", size="五号", align="center", indent=False, exact=False),
    Style("Cell", "表格文字", size="五号", align="left", indent=False, exact=False),
    Style("Centre", "表格居中", size="五号", align="center", indent=False, exact=False),
    Style("Number", "表格数字", size="五号", align="right", indent=False, exact=False, inset=1),
    Style("SmallHeader", "小表头", font="黑体", size="小五", align="center", indent=False, exact=False, keep=True),
    Style("SmallCell", "小表文字", size="小五", align="left", indent=False, exact=False),
    Style("SmallCentre", "小表居中", size="小五", align="center", indent=False, exact=False),
    Style("SmallNumber", "小表数字", size="小五", align="right", indent=False, exact=False),
    Style("Gap", "表间距", size="六号", indent=False, exact=False, keep=True),
    Style("Addressee", "主送单位", indent=False),
    Style("Signature", "落款", align="right", indent=False),
    Style("PageNumber", "footer", font="宋体", size="四号", align="center", indent=False, exact=False),
)

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


def paragraph(*runs: str, style: str = "", keep: bool = False, section: str = "") -> str:
    """A paragraph of runs or plain texts.

    ``keep`` holds it on the page of the next one; ``section`` ends a section (see :func:`section`).
    """
    inner = "".join(r if r.startswith("<w:r>") else run(r) for r in runs if r)
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    properties += ("<w:keepNext/>" if keep else "") + section
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>" if properties else f"<w:p>{inner}</w:p>"


@dataclass(frozen=True)
class Cell:
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
    rows: Iterable[Sequence[Cell] | Tag],
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
    margins = f'<w:left w:w="{twips(margin)}" w:type="dxa"/><w:right w:w="{twips(margin)}" w:type="dxa"/>'
    gap = paragraph(style="Gap")
    return (
        f'{gap}<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{sum(columns)}" w:type="dxa"/>'
        f'<w:jc w:val="center"/><w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>{gap}"
    )


def _row(row: Sequence[Cell] | Tag, columns: Sequence[int], *, header: bool, keep: bool) -> str:
    cells = (Cell(row.text, span=len(columns)),) if isinstance(row, Tag) else row
    parts = []
    column = 0
    for cell in cells:
        parts.append(_cell(cell, sum(columns[column : column + cell.span]), keep=keep))
        column += cell.span
    if column != len(columns):
        raise ValueError(f"row spans {column} of {len(columns)} columns")
    repeat = "<w:tblHeader/>" if header else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeat}</w:trPr>{''.join(parts)}</w:tr>"


def _cell(cell: Cell, width: int, *, keep: bool) -> str:
    span = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
    merge = f'<w:vMerge w:val="{cell.merge}"/>' if cell.merge else ""
    lines = "".join(paragraph(line, style=cell.style, keep=keep) for line in cell.text.split("\n"))
    properties = f'<w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}<w:vAlign w:val="center"/>'
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{lines}</w:tc>"


def section(*, landscape: bool = False) -> str:
    """The page set-up of the section that ends here."""
    width, height = (PAGE_HEIGHT, PAGE_WIDTH) if landscape else (PAGE_WIDTH, PAGE_HEIGHT)
    # A landscape page is the portrait page turned: the binding edge moves to the top.
    top, right, bottom, left = (
        (MARGIN_LEFT, MARGIN_TOP, MARGIN_RIGHT, MARGIN_BOTTOM)
        if landscape
        else (MARGIN_TOP, MARGIN_RIGHT, MARGIN_BOTTOM, MARGIN_LEFT)
    )
    turned = ' w:orient="landscape"' if landscape else ""
    return (
        f'<w:sectPr><w:footerReference w:type="default" r:id="rIdFooter"/><w:type w:val="nextPage"/>'
        f'<w:pgSz w:w="{twips(width)}" w:h="{twips(height)}"{turned}/>'
        f'<w:pgMar w:top="{twips(top)}" w:right="{twips(right)}" w:bottom="{twips(bottom)}" w:left="{twips(left)}" '
        f'w:header="{twips(15)}" w:footer="{twips(bottom - 7 - 6)}" w:gutter="0"/></w:sectPr>'
    )


# -- the package ------------------------------------------------------------------------------------------------------


def package(body: Iterable[str], *, title: str) -> bytes:
    """A .docx of these paragraphs and tables; the last must be a :func:`section`. ``title`` may hold tags."""
    document = f'<w:document xmlns:w="{NS}" xmlns:r="{RELATIONS}"><w:body>{"".join(body)}</w:body></w:document>'
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations(
            ("rId1", f"{RELATIONS}/officeDocument", "word/document.xml"),
            ("rId2", f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        ),
        "word/document.xml": document,
        "word/_rels/document.xml.rels": _relations(
            ("rIdStyles", f"{RELATIONS}/styles", "styles.xml"),
            ("rIdSettings", f"{RELATIONS}/settings", "settings.xml"),
            ("rIdFonts", f"{RELATIONS}/fontTable", "fontTable.xml"),
            ("rIdFooter", f"{RELATIONS}/footer", "footer1.xml"),
        ),
        "word/styles.xml": _styles(),
        "word/settings.xml": _settings(),
        "word/fontTable.xml": _font_table(),
        "word/footer1.xml": _footer(),
        "docProps/core.xml": (
            f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
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
        "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    overrides = "".join(f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in kinds.items())
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relations(*relations: tuple[str, str, str]) -> str:
    items = "".join(f'<Relationship Id="{i}" Type="{kind}" Target="{target}"/>' for i, kind, target in relations)
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{items}</Relationships>'


def _fonts(name: str) -> str:
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}" w:cs="{name}"/>'


def _styles() -> str:
    size = HALF_POINTS["三号"]
    defaults = (
        f'<w:docDefaults><w:rPrDefault><w:rPr>{_fonts("仿宋")}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault/></w:docDefaults>"
    )
    normal = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/><w:pPr>'
        f'<w:widowControl w:val="0"/><w:spacing w:line="{LINE_PITCH}" w:lineRule="exact"/>'
        f'<w:ind w:firstLineChars="200" w:firstLine="{size * 20}"/><w:jc w:val="both"/></w:pPr></w:style>'
    )
    across, down = twips(CELL_MARGIN_ACROSS), twips(CELL_MARGIN_DOWN)
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
        f"<w:tblPr><w:tblBorders>{edges}</w:tblBorders><w:tblCellMar>"
        f'<w:top w:w="{down}" w:type="dxa"/><w:left w:w="{across}" w:type="dxa"/>'
        f'<w:bottom w:w="{down}" w:type="dxa"/><w:right w:w="{across}" w:type="dxa"/>'
        "</w:tblCellMar></w:tblPr></w:style>"
    )
    return f'<w:styles xmlns:w="{NS}">{defaults}{normal}{"".join(map(_style, STYLES))}{tables}</w:styles>'


def _style(style: Style) -> str:
    paragraphs = "<w:keepNext/>" if style.keep else ""
    spacing = f' w:before="{round(style.before * 20)}" w:after="{round(style.after * 20)}"'
    if not style.exact:
        spacing += ' w:line="240" w:lineRule="auto"'
    if style.before or style.after or not style.exact:
        paragraphs += f"<w:spacing{spacing}/>"
    if not style.indent:
        inset = f' w:right="{twips(style.inset)}"' if style.inset else ""
        paragraphs += f'<w:ind{inset} w:firstLineChars="0" w:firstLine="0"/>'
    paragraphs += f'<w:jc w:val="{style.align}"/>' if style.align else ""
    paragraphs += f'<w:outlineLvl w:val="{style.level}"/>' if style.level is not None else ""
    runs = (_fonts(style.font) if style.font else "") + ("<w:b/>" if style.bold else "")
    if style.size:
        runs += f'<w:sz w:val="{HALF_POINTS[style.size]}"/><w:szCs w:val="{HALF_POINTS[style.size]}"/>'
    return (
        f'<w:style w:type="paragraph" w:styleId="{style.id}"><w:name w:val="{style.name}"/><w:basedOn w:val="Normal"/>'
        f"<w:qFormat/><w:pPr>{paragraphs}</w:pPr><w:rPr>{runs}</w:rPr></w:style>"
    )


def _settings() -> str:
    return (
        f'<w:settings xmlns:w="{NS}"><w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/>'
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


def _footer() -> str:
    number = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    line = f'<w:p><w:pPr><w:pStyle w:val="PageNumber"/></w:pPr>{run("— ")}{number}{run(" —")}</w:p>'
    return f'<w:ftr xmlns:w="{NS}">{line}</w:ftr>'
