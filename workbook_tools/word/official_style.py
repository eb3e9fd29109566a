"""The style of official documents (党政机关公文格式, GB/T 9704-2012): page, fonts, sizes and the styles of a report.

Lengths are millimetres, space above and below is in points, font sizes have their Chinese names (三号).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENTATION, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.parts.settings import SettingsPart
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.font import Font
from docx.text.parfmt import ParagraphFormat

from workbook_tools.word.package import assemble_document, sign_document
from workbook_tools.word.schema_order import set_property

POINTS = {"小初": 36, "二号": 22, "三号": 16, "四号": 14, "小四": 12, "五号": 10.5, "小五": 9, "六号": 7.5}
BODY_SIZE = "三号"
LINE_PITCH = 28.95
"""Points: 22 lines on the 225 mm of a page."""
CHARACTER_SPACING = -0.25
"""Points: 28 characters of 三号 (16 磅) on the 156 mm of a line, so much closer.

A grid of characters (w:docGrid linesAndChars) would be Word's own way, but LibreOffice tears such text apart.
"""
PAGE_WIDTH, PAGE_HEIGHT = 210, 297
MARGIN_TOP, MARGIN_BOTTOM, MARGIN_LEFT, MARGIN_RIGHT = 37, 35, 28, 26
HEADER_DISTANCE = 15
PAGE_NUMBER_HEIGHT, PAGE_NUMBER_BELOW = 5, 7
"""The page number is 5 mm high and stands 7 mm below the text."""
TEXT_WIDTH = PAGE_WIDTH - MARGIN_LEFT - MARGIN_RIGHT
LANDSCAPE_WIDTH = PAGE_HEIGHT - MARGIN_TOP - MARGIN_BOTTOM
RED = "E60012"
ALIGNMENT = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "both": WD_ALIGN_PARAGRAPH.JUSTIFY,
}


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
    """Points from line to line, exactly; 0: the body's."""
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
    Style("Heading1", "Heading 1", "黑体", level=0, keep=True),
    Style("Heading2", "Heading 2", "楷体", level=1, keep=True),
    Style("Heading3", "Heading 3", bold=True, level=2, keep=True),
    Style("Heading4", "Heading 4", level=3, keep=True),
    Style("Attachment", "附件标题", "黑体", indent=False, level=0, keep=True),
    *_table_styles("", "表格", "五号", 16),
    Style("Label", "表格行首", "黑体", "五号", align="center", indent=False, pitch=16),
    *_table_styles("Small", "小表", "小五", 14),
    Style("Picture", "图", align="center", indent=False, before=6, keep=True),
    Style("Caption", "图题", "黑体", "五号", align="center", indent=False, pitch=18, after=6),
    Style("Gap", "表间距", size="六号", indent=False, pitch=9),
    Style("PageEnd", "节末", size="六号", indent=False, pitch=1),
    Style("Addressee", "主送单位", indent=False),
    Style("Signature", "落款", align="right", indent=False, inset=11.3, keep=True),
    Style("BriefText", "简报正文", size="小四", pitch=20),
    Style("BriefHeading", "简报标题", "黑体", "小四", level=0, pitch=22, keep=True),
    Style("BriefSignature", "简报落款", size="小四", align="right", indent=False, pitch=20, inset=11.3, keep=True),
    Style("RedHead", "发文机关标志", "方正小标宋简体", "小初", color=RED, align="center", indent=False, pitch=50,
          before=99, after=29, keep=True),
    Style("RedNumber", "发文字号", align="center", indent=False, after=58, keep=True, rule_below=True),
    Style("CoverTitle", "封面标题", "方正小标宋简体", "二号", align="center", indent=False, pitch=44),
    Style("CoverLine", "封面项目", align="left", indent=False, pitch=36),
    Style("ContentsTitle", "目录标题", "方正小标宋简体", "二号", align="center", indent=False, pitch=36, after=14,
          keep=True, new_page=True),
    Style("TOC1", "toc 1", "黑体", "四号", align="left", indent=False, pitch=24, leader=TEXT_WIDTH),
    Style("TOC2", "toc 2", size="四号", align="left", pitch=24, leader=TEXT_WIDTH),
    Style("PageNumber", "Footer", "宋体", "四号", align="right", indent=False, pitch=16, inset=4.94),
)  # fmt: skip

_FONTS = (
    ("方正小标宋简体", "宋体", "auto"),
    ("黑体", "SimHei", "modern"),
    ("楷体", "楷体_GB2312", "modern"),
    ("仿宋", "仿宋_GB2312", "modern"),
    ("宋体", "SimSun", "auto"),
)
"""Font, the one that replaces it where it is missing, and its family."""

# -- what python-docx has no words for: the defaults of a document, a table's borders, settings, fonts -----------------

_SETTINGS = (
    f"<w:settings {nsdecls('w')}>"
    '<w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/>'
    '<w:characterSpacingControl w:val="compressPunctuation"/><w:compat>'
    '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
    '</w:compat><w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
)
_BORDERS = "".join(
    f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
    for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_STYLES = (
    f"<w:styles {nsdecls('w')}>"
    '<w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr>'
    "</w:rPrDefault><w:pPrDefault/></w:docDefaults>"
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
    '<w:style w:type="character" w:default="1" w:styleId="DefaultFont"><w:name w:val="Default Paragraph Font"/>'
    '<w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
    '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/></w:tblPr></w:style>'
    '<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:basedOn w:val="TableNormal"/>'
    f"<w:tblPr><w:tblBorders>{_BORDERS}</w:tblBorders></w:tblPr></w:style></w:styles>"
)
_FONT_TABLE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f"<w:fonts {nsdecls('w')}>"
    + "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/><w:family w:val="{family}"/></w:font>'
        for name, other, family in _FONTS
    )
    + "</w:fonts>"
)


# -- the document -----------------------------------------------------------------------------------------------------


def begin_document(title: str) -> Document:
    """A blank document with these styles, page numbers on odd and even pages apart; ``title`` is its property."""
    document = assemble_document(
        parse_xml(f"<w:document {nsdecls('w', 'r')}><w:body><w:sectPr/></w:body></w:document>"), parse_xml(_STYLES)
    )
    main, package = document.part, document.part.package
    settings: Any = parse_xml(_SETTINGS)
    settings = SettingsPart(PackURI("/word/settings.xml"), CONTENT_TYPE.WML_SETTINGS, settings, package)
    main.relate_to(settings, RELATIONSHIP_TYPE.SETTINGS)
    fonts = Part(PackURI("/word/fontTable.xml"), CONTENT_TYPE.WML_FONT_TABLE, _FONT_TABLE.encode(), package)
    main.relate_to(fonts, RELATIONSHIP_TYPE.FONT_TABLE)
    theme = Part(PackURI("/word/theme/theme1.xml"), CONTENT_TYPE.OFC_THEME, _read_theme(), package)
    main.relate_to(theme, RELATIONSHIP_TYPE.THEME)
    sign_document(document)
    document.core_properties.title = title
    document.settings.odd_and_even_pages_header_footer = True
    set_up_page(document.sections[0])
    _define_body_text(document.styles["Normal"])
    for style in STYLES:
        _define(document, style)
    return document


@cache
def _read_theme() -> bytes:
    """The usual theme, as python-docx brings it: no style of ours takes a font or colour from it, but Word wants one."""
    return bytes(docx.Document().part.part_related_by(RELATIONSHIP_TYPE.THEME).blob)


def set_font(font: Font, name: str) -> None:
    """Of Latin and Chinese characters; python-docx knows only the former."""
    font.name = name
    set_property(font.element.get_or_add_rPr(), "rFonts", eastAsia=name)


def _define_body_text(normal: ParagraphStyle) -> None:
    normal.quick_style = True
    set_font(normal.font, "仿宋")
    normal.font.size = Pt(POINTS[BODY_SIZE])
    _set_character_spacing(normal, CHARACTER_SPACING)
    layout = normal.paragraph_format
    layout.widow_control = False
    layout.line_spacing = Pt(LINE_PITCH)
    layout.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    indent_first_line(layout, characters=2, points=2 * POINTS[BODY_SIZE])


def _define(document: Document, style: Style) -> None:
    defined = document.styles.add_style(style.name, WD_STYLE_TYPE.PARAGRAPH, builtin=style.name.isascii())
    defined.style_id = style.id
    defined.base_style = document.styles["Normal"]
    defined.quick_style = True
    if style.font:
        set_font(defined.font, style.font)
    if style.bold:
        defined.font.bold = True
    if style.color:
        defined.font.color.rgb = RGBColor.from_string(style.color)
    if style.size:
        defined.font.size = Pt(POINTS[style.size])
    layout = defined.paragraph_format
    if style.keep:
        layout.keep_with_next = True
    if style.new_page:
        layout.page_break_before = True
    if style.leader:
        layout.tab_stops.add_tab_stop(Mm(style.leader), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    if style.before or style.after or style.pitch:
        layout.space_before, layout.space_after = Pt(style.before), Pt(style.after)
    if style.pitch:
        layout.line_spacing = Pt(style.pitch)
        set_property(defined.element.get_or_add_pPr(), "snapToGrid", val=0)
        _set_character_spacing(defined, 0)
    if style.inset:
        layout.left_indent = layout.right_indent = Mm(style.inset)
    if not style.indent:
        indent_first_line(layout, characters=0, points=0)
    if style.align:
        layout.alignment = ALIGNMENT[style.align]
    _define_rule_and_level(defined, style)


def _define_rule_and_level(defined: ParagraphStyle, style: Style) -> None:
    """What python-docx has no words for: a paragraph's borders, its outline level."""
    properties = defined.element.get_or_add_pPr()
    if style.rule_below:
        line = set_property(properties, "pBdr")
        line.append(parse_xml(f'<w:bottom {nsdecls("w")} w:val="single" w:sz="18" w:space="11" w:color="{RED}"/>'))
    if style.level is not None:
        set_property(properties, "outlineLvl", val=style.level)


def indent_first_line(layout: ParagraphFormat, *, characters: int, points: float) -> None:
    """In characters, as Chinese offices do, which python-docx has no words for; in points for other programs."""
    layout.first_line_indent = Pt(points)
    set_property(layout.element.get_or_add_pPr(), "ind", firstLineChars=characters * 100)


def _set_character_spacing(style: ParagraphStyle, points: float) -> None:
    """python-docx has no words for it."""
    set_property(style.element.get_or_add_rPr(), "spacing", val=round(points * 20))


# -- pages ------------------------------------------------------------------------------------------------------------


def set_up_page(section: Section, *, landscape: bool = False, first: bool = False) -> None:
    """A4 with the margins of the standard; page numbers begin anew with the ``first``."""
    section.start_type = WD_SECTION.NEW_PAGE
    section.orientation = WD_ORIENTATION.LANDSCAPE if landscape else WD_ORIENTATION.PORTRAIT
    width, height = (PAGE_HEIGHT, PAGE_WIDTH) if landscape else (PAGE_WIDTH, PAGE_HEIGHT)
    # A landscape page is the portrait page turned: the binding edge moves to the top.
    top, right, bottom, left = (
        (MARGIN_LEFT, MARGIN_TOP, MARGIN_RIGHT, MARGIN_BOTTOM)
        if landscape
        else (MARGIN_TOP, MARGIN_RIGHT, MARGIN_BOTTOM, MARGIN_LEFT)
    )
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.top_margin, section.right_margin = Mm(top), Mm(right)
    section.bottom_margin, section.left_margin = Mm(bottom), Mm(left)
    section.header_distance = Mm(HEADER_DISTANCE)
    section.footer_distance = Mm(bottom - PAGE_NUMBER_BELOW - PAGE_NUMBER_HEIGHT)
    section.gutter = Mm(0)
    # python-docx has no words for the numbering of pages and the grid of lines.
    properties = section._sectPr
    if first:
        set_property(properties, "pgNumType", start=1)
    else:
        properties.remove_all("w:pgNumType")
    set_property(properties, "docGrid", type="lines", linePitch=round(LINE_PITCH * 20))
