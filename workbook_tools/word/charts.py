"""Bar charts for forms: ``{{ 图.得分分布 }}`` prints one.

A chart is a part of the document, drawn by the program that shows it: sharp in any print, in the fonts of that machine,
and open to a click on 编辑数据, since its figures lie in a small workbook beside it. python-docx knows no charts, so the
part is written as XML. Made for black-and-white paper: dark bars on white, the number at each bar.

It travels through the template engine as text between two signs, like all that steers a document; from there
:mod:`workbook_tools.word.finishing` has it drawn.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from xml.sax.saxutils import escape, quoteattr

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.part import Part, XmlPart
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, nsmap
from docx.oxml.shape import CT_Inline
from docx.shared import Mm
from docx.text.paragraph import Paragraph as DocxParagraph

from workbook_tools.core.cells import address
from workbook_tools.core.values import number_text, percent_text
from workbook_tools.word.official_style import POINTS, indent_first_line
from workbook_tools.word.text import CHART, Sign, one_line

WIDTH = 150.0
"""Width of a chart in mm."""
_STANDING_HEIGHT = 55.0
_LYING_BAR, _AROUND_LYING_BARS = 8.0, 6.0
"""Height of a lying bar and of what is around all of them, in mm."""
_LONGEST_NAME = 16
"""Characters of a name beside a lying bar; a longer one is shortened, so that the bars keep their room."""
_FONT, _SIZE, _INK, _BAR = "黑体", round(POINTS["五号"] * 100), "000000", "595959"
_SHEET = "数据"
_WORKBOOK_RELATION = "rIdData"


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


def draw_chart(sign: str, part: XmlPart) -> CT_Inline:
    """What :meth:`BarChart.sign` left in a part: its element for the line, its own part and its workbook's in the package."""
    chart = BarChart(**json.loads(base64.b64decode(sign.strip(CHART))))
    package = part.package
    drawn = Part(package.next_partname("/word/charts/chart%d.xml"), CONTENT_TYPE.DML_CHART, _draw_part(chart), package)
    relation = part.relate_to(drawn, RELATIONSHIP_TYPE.CHART)
    place = package.next_partname("/word/embeddings/chart%d.xlsx")
    data = Part(place, CONTENT_TYPE.SML_SHEET, _write_data(chart), package)
    drawn.load_rel(RELATIONSHIP_TYPE.PACKAGE, data, _WORKBOOK_RELATION)
    size = f'cx="{Mm(WIDTH)}" cy="{Mm(chart.height)}"'
    words = quoteattr(chart.words)
    inline = parse_xml(
        f'<wp:inline {nsdecls("wp", "a", "c", "r")} distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent {size}/><wp:docPr id="1" name={words} descr={words}/><wp:cNvGraphicFramePr/>'
        f'<a:graphic><a:graphicData uri="{nsmap["c"]}"><c:chart r:id="{relation}"/></a:graphicData></a:graphic></wp:inline>'
    )
    assert isinstance(inline, CT_Inline)  # noqa: S101 - by its tag
    return inline


def make_room(paragraph: DocxParagraph) -> None:
    """The line that holds a chart is as high as it, where an exact pitch would cut it off, and has no indent."""
    paragraph.paragraph_format.line_spacing = 1.0
    indent_first_line(paragraph.paragraph_format, characters=0, points=0)


# -- the parts of a chart ---------------------------------------------------------------------------------------------


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


def _draw_part(chart: BarChart) -> bytes:
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
        f"<c:chartSpace {nsdecls('c', 'a', 'r')}>"
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
