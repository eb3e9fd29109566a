"""Charts in a document: what they show, and the workbook that lies beside each."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from drawn_documents import drawn_form
from lxml import etree
from office import ooxml_errors_of, requires_ooxml_validator
from result_builder import HOSTILE

from workbook_tools.word.charts import BarChart
from workbook_tools.word.drawing import paragraph
from workbook_tools.word.rendering import ReportForm

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
SHARES = BarChart(
    "失分率", (("产出指标", 0.104), ("效益指标", 0.2), ("满意度指标", 0.206666)), percent=True, lying=True
)
COUNTS = BarChart("项目数", (("90分及以上", 5), ("低于60分", 0)))


def document(*charts: BarChart) -> bytes:
    """A document with these charts, each in a paragraph of its own."""
    body = (paragraph(f"{{{{ 图{n} }}}}") for n in range(len(charts)))
    values = {f"图{n}": chart.sign() for n, chart in enumerate(charts)}
    return ReportForm(drawn_form(*body), "测试.docx").render(values)


def drawn(data: bytes, number: int) -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return etree.fromstring(parts.read(f"word/charts/chart{number}.xml"))


def values(chart: etree._Element, kind: str) -> list[str]:
    return [value.text or "" for value in chart.iterfind(f".//{C}{kind}//{C}v")]


def cells(data: bytes, number: int) -> list[tuple[object, ...]]:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        book = openpyxl.load_workbook(io.BytesIO(parts.read(f"word/embeddings/chart{number}.xlsx")))
    return list(book["数据"].iter_rows(values_only=True))


def test_a_chart_shows_what_its_workbook_holds() -> None:
    data = document(SHARES, COUNTS)
    for number, chart in ((1, SHARES), (2, COUNTS)):
        shown = drawn(data, number)
        assert values(shown, "cat") == [name for name, _ in chart.bars]
        assert [float(value) for value in values(shown, "val")] == [value for _, value in chart.bars]
        assert cells(data, number) == [(None, chart.title), *chart.bars]
        last = len(chart.bars) + 1
        assert [cell.text for cell in shown.iter(f"{C}f")] == [
            "数据!$B$1",
            f"数据!$A$2:$A${last}",
            f"数据!$B$2:$B${last}",
        ]


@pytest.mark.parametrize(
    ("shares", "code"), [((0.1, 0.25), "0%"), ((0.1, 0.255), "0.0%"), ((1.0, 1 / 3), "0.00%"), ((), "0%")]
)
def test_shares_have_the_decimals_that_they_need(shares: tuple[float, ...], code: str) -> None:
    assert BarChart("", [("", share) for share in shares], percent=True).number_format == code


def test_who_cannot_see_it_is_told_in_words() -> None:
    assert SHARES.words == "失分率：产出指标 10.4%，效益指标 20%，满意度指标 20.67%"
    assert COUNTS.words == "项目数：90分及以上 5，低于60分 0"


def test_a_long_name_leaves_room_for_the_bars_that_lie_beside_it() -> None:
    long = "甲" * 40
    assert values(drawn(document(BarChart("", [(long, 1)], lying=True)), 1), "cat") == [f"{'甲' * 15}…"]
    assert values(drawn(document(BarChart("", [(long, 1)])), 1), "cat") == [long]


@requires_ooxml_validator
def test_any_name_gives_valid_documents_and_workbooks(tmp_path: Path) -> None:
    bars = [(text, number) for number, text in enumerate([*HOSTILE, "$x^2$", "", "\x00", "]]>", "=1+1"])]
    data = document(*(BarChart(HOSTILE[0], bars, lying=lying) for lying in (False, True)))
    (tmp_path / "图.docx").write_bytes(data)
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        for name in parts.namelist():
            if name.endswith(".xlsx"):
                (tmp_path / Path(name).name).write_bytes(parts.read(name))
    assert list(ooxml_errors_of(sorted(tmp_path.iterdir())).values()) == [[]] * 3
