"""Bar charts for forms: ``{{ 图.得分分布 }}`` prints one.

A chart is a part of the document, drawn by the program that shows it: sharp in any print, in the fonts of that machine,
and open to a click on 编辑数据, since its figures lie in a small workbook beside it. python-docx knows no charts, so the
part is written as XML. Made for black-and-white paper: dark bars on white, the number at each bar.

It travels through the template engine as text between two signs, like all that steers a document; from there
:mod:`workbook_tools.word.finishing` places it, and :mod:`workbook_tools.word.rendering` puts its parts into the package.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from xml.sax.saxutils import escape, quoteattr

from lxml import etree
from lxml.etree import _Element as Element

from workbook_tools.core.cells import address
from workbook_tools.core.values import number_text, percent_text
from workbook_tools.word.measures import W
from workbook_tools.word.official_style import POINTS
from workbook_tools.word.text import CHART, Sign, one_line

WIDTH = 150.0
"""Width of a chart in mm."""
_STANDING_HEIGHT = 55.0
_LYING_BAR, _AROUND_LYING_BARS = 8.0, 6.0
"""Height of a lying bar and of what is around all of them, in mm."""
_LONGEST_NAME = 16
"""Characters of a name beside a lying bar; a longer one is shortened, so that the bars keep their room."""
_FONT, _SIZE, _INK, _BAR = "黑体", round(POINTS["五号"] * 100), "000000", "595959"
NS = W.strip("{}")
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET = "数据"
_EMU = 36_000
"""English Metric Units in a millimetre."""
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_WORKBOOK_RELATION = "rIdData"
_CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TOKEN = re.compile(f"{CHART}([A-Za-z0-9+/=]+){CHART}")
_BEFORE_SPACING = {
    W + name
    for name in (
        "pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr", "suppressLineNumbers",
        "pBdr", "shd", "tabs", "suppressAutoHyphens", "kinsoku", "wordWrap", "overflowPunct", "topLinePunct",
        "autoSpaceDE", "autoSpaceDN", "bidi", "adjustRightInd", "snapToGrid",
    )
}  # fmt: skip
"""Properties of a paragraph that stand before its spacing."""


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars with the number at the end of each, standing or lying (the first on top)."""

    title: str
    """What the numbers are: it heads them in the workbook."""
    bars: Sequence[tuple[str, float]]
    """Name and length of each; no length is negative."""
    percent: bool = False
    """The lengths are fractions, shown in %."""
    lying: bool = False

    @property
    def height(self) -> float:
        """In mm."""
        return _AROUND_LYING_BARS + _LYING_BAR * len(self.bars) if self.lying else _STANDING_HEIGHT

    @property
    def words(self) -> str:
        """All of it in words, for who cannot see the chart."""
        return one_line(f"{self.title}：{'，'.join(f'{name} {self._label(value)}' for name, value in self.bars)}")

    @property
    def number_format(self) -> str:
        """Excel's format of the numbers: in % with as many decimals as the longest of them needs."""
        if not self.percent:
            return "General"
        decimals = max((len(self._label(value).partition(".")[2].strip("%")) for _, value in self.bars), default=0)
        return f"0.{'0' * decimals}%" if decimals else "0%"

    def _label(self, value: float) -> str:
        return percent_text(value) if self.percent else number_text(value)

    def sign(self) -> Sign:
        """The chart as a tag prints it."""
        return Sign(f"{CHART}{base64.b64encode(json.dumps(asdict(self)).encode()).decode()}{CHART}")


def take_charts(text: str) -> tuple[str, list[BarChart]]:
    """The charts taken out of a part's text; what is left there says how large each is, and refers to it."""
    found: list[BarChart] = []

    def refer(match: re.Match[str]) -> str:
        chart = BarChart(**json.loads(base64.b64decode(match[1])))
        found.append(chart)
        return f"{CHART}{_relation(len(found))}|{round(WIDTH * _EMU)}|{round(chart.height * _EMU)}|{escape(chart.words)}{CHART}"

    return _TOKEN.sub(refer, text), found


def _relation(number: int) -> str:
    """The id of the relationship from a part to the chart of that number in it."""
    return f"rIdChart{number}"


# -- in the text ------------------------------------------------------------------------------------------------------


def draw_inline(reference: str) -> Element:
    """What :func:`take_charts` left of a chart, as Word's element for a chart in the line."""
    relation, width, height, title = reference.strip(CHART).split("|", 3)
    words = quoteattr(title)
    return etree.fromstring(
        f'<w:drawing xmlns:w="{NS}" xmlns:r="{RELATIONS}" xmlns:wp="{_DRAWING}/wordprocessingDrawing" '
        f'xmlns:a="{_DRAWING}/main" xmlns:c="{_DRAWING}/chart"><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{width}" cy="{height}"/><wp:docPr id="1" name={words} descr={words}/>'
        f'<wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="{_DRAWING}/chart"><c:chart r:id="{relation}"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )


def make_room(paragraph: Element) -> None:
    """The line that holds a chart is as high as it, where an exact pitch would cut it off, and has no indent."""
    properties = paragraph.find(W + "pPr")
    if properties is None:
        properties = etree.Element(W + "pPr")
        paragraph.insert(0, properties)
    for name, before, settings in (
        ("spacing", _BEFORE_SPACING, {"line": "240", "lineRule": "auto"}),
        ("ind", {*_BEFORE_SPACING, W + "spacing"}, {"firstLineChars": "0", "firstLine": "0"}),
    ):
        element = properties.find(W + name)
        if element is None:
            element = etree.Element(W + name)
            properties.insert(sum(child.tag in before for child in properties), element)
        for setting, value in settings.items():
            element.set(W + setting, value)


# -- the parts of a chart ---------------------------------------------------------------------------------------------


def add_charts(parts: dict[str, bytes], entry: str, charts: Sequence[BarChart]) -> None:
    """Put the charts that the part ``entry`` shows into the package, each with its workbook."""
    path = PurePosixPath(entry)
    links = []
    for number, chart in enumerate(charts, 1):
        name = f"{path.stem}-{number}"
        drawn, data = f"word/charts/{name}.xml", f"word/embeddings/{name}.xlsx"
        parts[drawn] = _draw_chart(chart)
        parts[data] = _write_data(chart)
        parts[_relations_of(drawn)] = _relate(b"", [(_WORKBOOK_RELATION, f"{RELATIONS}/package", data)])
        links.append((_relation(number), f"{RELATIONS}/chart", drawn))
    relations = _relations_of(entry)
    parts[relations] = _relate(parts.get(relations, b""), links)
    parts["[Content_Types].xml"] = _know(parts["[Content_Types].xml"], [drawn for *_, drawn in links])


def _write_data(chart: BarChart) -> bytes:
    """The workbook that opens when somebody changes the chart's figures."""
    from workbook_tools.excel.writing import Book  # XlsxWriter is loaded where there is a chart

    with Book(title=chart.title) as book:
        sheet = book.sheet(_SHEET)
        sheet.columns([30, 12])
        sheet.write(0, 1, chart.title)
        for row, (name, (_, value)) in enumerate(zip(_names(chart), chart.bars, strict=True), 1):
            sheet.write(row, 0, name)
            sheet.write(row, 1, value)
    return book.bytes()


def _draw_chart(chart: BarChart) -> bytes:
    """The chart's part: one series, its labels, an axis with the names and a hidden one with the numbers."""
    names = _names(chart)
    series = (
        f'<c:idx val="0"/><c:order val="0"/><c:tx>{_cached("str", _cells(1, 0), [one_line(chart.title)])}</c:tx>'
        f'<c:spPr>{_fill(_BAR)}</c:spPr><c:invertIfNegative val="0"/>{_labels(chart)}'
        f"<c:cat>{_cached('str', _cells(0, 1, len(names)), names)}</c:cat>"
        f"<c:val>{_cached('num', _cells(1, 1, len(names)), [repr(float(value)) for _, value in chart.bars])}</c:val>"
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<c:chartSpace xmlns:c="{_DRAWING}/chart" xmlns:a="{_DRAWING}/main" xmlns:r="{RELATIONS}">'
        '<c:date1904 val="0"/><c:roundedCorners val="0"/>'
        '<c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout/>'
        f'<c:barChart><c:barDir val="{"bar" if chart.lying else "col"}"/><c:grouping val="clustered"/>'
        f'<c:varyColors val="0"/><c:ser>{series}</c:ser><c:gapWidth val="{80 if chart.lying else 100}"/><c:axId val="1"/><c:axId val="2"/>'
        f"</c:barChart>{_axes(chart)}<c:spPr><a:noFill/></c:spPr></c:plotArea>"
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        f"<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{_text_properties()}"
        f'<c:externalData r:id="{_WORKBOOK_RELATION}"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>'
    ).encode()


def _names(chart: BarChart) -> list[str]:
    """What stands at each bar."""
    names = [one_line(name) for name, _ in chart.bars]
    return [f"{n[: _LONGEST_NAME - 1]}…" if chart.lying and len(n) > _LONGEST_NAME else n for n in names]


def _cells(column: int, row: int, count: int = 1) -> str:
    """Where in the workbook the chart reads."""
    first, last = (address(r, column, absolute=True) for r in (row, row + count - 1))
    return f"{_SHEET}!{first}" if count == 1 else f"{_SHEET}!{first}:{last}"


def _cached(kind: str, cells: str, values: Sequence[str]) -> str:
    """A reference to cells with what stands in them."""
    points = "".join(f'<c:pt idx="{n}"><c:v>{escape(value)}</c:v></c:pt>' for n, value in enumerate(values))
    form = "<c:formatCode>General</c:formatCode>" if kind == "num" else ""
    cache = f'<c:{kind}Cache>{form}<c:ptCount val="{len(values)}"/>{points}</c:{kind}Cache>'
    return f"<c:{kind}Ref><c:f>{cells}</c:f>{cache}</c:{kind}Ref>"


def _labels(chart: BarChart) -> str:
    """The number at the end of each bar, and nothing else."""
    others = "".join(f'<c:show{what} val="0"/>' for what in ("CatName", "SerName", "Percent", "BubbleSize"))
    return (
        f'<c:dLbls><c:numFmt formatCode={quoteattr(chart.number_format)} sourceLinked="0"/>'
        "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
        f'{_text_properties(wrap="none")}<c:dLblPos val="outEnd"/>'
        f'<c:showLegendKey val="0"/><c:showVal val="1"/>{others}</c:dLbls>'
    )


def _axes(chart: BarChart) -> str:
    """The line that the bars stand on, with their names; the numbers have no line of their own, only where they start."""
    order, names_at, numbers_at = ("maxMin", "l", "b") if chart.lying else ("minMax", "b", "l")
    no_ticks = '<c:majorTickMark val="none"/><c:minorTickMark val="none"/>'
    return (
        f'<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="{order}"/></c:scaling><c:delete val="0"/>'
        f'<c:axPos val="{names_at}"/>{no_ticks}<c:tickLblPos val="nextTo"/>'
        f'<c:spPr><a:ln w="9525">{_fill(_INK)}</a:ln></c:spPr><c:crossAx val="2"/><c:crosses val="autoZero"/></c:catAx>'
        '<c:valAx><c:axId val="2"/><c:scaling><c:orientation val="minMax"/><c:min val="0"/></c:scaling>'
        f'<c:delete val="1"/><c:axPos val="{numbers_at}"/>{no_ticks}<c:tickLblPos val="none"/>'
        '<c:crossAx val="1"/><c:crosses val="autoZero"/></c:valAx>'
    )


def _fill(colour: str) -> str:
    return f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>'


def _text_properties(wrap: str = "square") -> str:
    """How everything that is written in the chart looks; LibreOffice breaks a label (10.4 / %) that may be wrapped."""
    fonts = "".join(f'<a:{script} typeface="{_FONT}"/>' for script in ("latin", "ea", "cs"))
    return (
        f'<c:txPr><a:bodyPr wrap="{wrap}"/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="{_SIZE}" b="0">{_fill(_INK)}{fonts}</a:defRPr>'
        '</a:pPr><a:endParaRPr lang="zh-CN"/></a:p></c:txPr>'
    )


# -- the package ------------------------------------------------------------------------------------------------------


def _relations_of(part: str) -> str:
    """The entry with the relationships of a part."""
    path = PurePosixPath(part)
    return str(path.parent / "_rels" / f"{path.name}.rels")


def _relate(relations: bytes, links: Sequence[tuple[str, str, str]]) -> bytes:
    """Relationships of a part (there may be none yet) with more of them: id, kind and entry."""
    space = f"{PACKAGE}/relationships"
    root = etree.fromstring(relations or f'<Relationships xmlns="{space}"/>')
    for name, kind, entry in links:
        etree.SubElement(root, f"{{{space}}}Relationship", {"Id": name, "Type": kind, "Target": f"/{entry}"})
    return _written(root)


def _know(content_types: bytes, charts: Sequence[str]) -> bytes:
    """[Content_Types].xml that knows these charts and what a workbook is."""
    space = f"{PACKAGE}/content-types"
    root = etree.fromstring(content_types)
    if not any(item.get("Extension", "").lower() == "xlsx" for item in root.iter(f"{{{space}}}Default")):
        root.insert(0, etree.Element(f"{{{space}}}Default", {"Extension": "xlsx", "ContentType": _WORKBOOK_TYPE}))
    for entry in charts:
        etree.SubElement(root, f"{{{space}}}Override", {"PartName": f"/{entry}", "ContentType": _CHART_TYPE})
    return _written(root)


def _written(root: Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
