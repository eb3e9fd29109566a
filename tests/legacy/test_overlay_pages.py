"""The page on which what was read of a form is laid over the original."""

from __future__ import annotations

from html.parser import HTMLParser

from drawn_forms import drawn
from hand_made_forms import hand_made
from published_forms import FILES

from workbook_tools.files.sources import SourceFile
from workbook_tools.legacy.importing import Importing
from workbook_tools.legacy.intake import list_forms
from workbook_tools.legacy.showing.overlay import draw_overlay


class Cells(HTMLParser):
    """The cells of a page: class, title and text; and every tag that is opened."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.cells: list[list[str]] = []
        self.tags: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag in ("td", "th"):
            facts = dict(attrs)
            self.cells.append([facts.get("class", ""), facts.get("title", ""), ""])

    def handle_data(self, data):
        if self.cells:
            self.cells[-1][2] += data.strip()


def test_the_overlay_tints_each_cell_by_what_was_read_from_it(tmp_path):
    (tmp_path / "甲.xlsx").write_bytes(drawn(hand_made()))
    source = SourceFile(tmp_path / "甲.xlsx", "甲.xlsx")
    text = draw_overlay(source, list_forms(source, Importing()).forms)
    cells = {title: (kind, shown) for kind, title, shown in Cells(text).cells if kind}
    assert cells["“养护里程”的目标值：≥100公里"] == ("target", "≥100公里目标值")
    assert cells["“通行条件”的完成值：达成预期指标"] == ("actual", "达成预期指标完成值")
    assert cells["项目名称：农村道路养护经费"] == ("head", "农村道路养护经费项目名称")
    assert "src=" not in text
    assert "http" not in text


def test_the_overlay_of_a_report_shows_doubts_in_their_own_colours():
    (path,) = (path for path in FILES if path.stem == "zhangye-zhifazhuanxiang")
    source = SourceFile(path, path.name)
    forms = list_forms(source, Importing()).forms
    kinds = {kind for kind, *_ in Cells(draw_overlay(source, forms)).cells}
    assert {"name", "target", "actual", "funding", "text"} <= kinds
    (path,) = (path for path in FILES if path.stem.startswith("2020年度县级"))
    source = SourceFile(path, path.name)
    assert "ambiguous" in {
        kind for kind, *_ in Cells(draw_overlay(source, list_forms(source, Importing()).forms)).cells
    }


def test_nothing_in_a_form_becomes_part_of_the_page(tmp_path):
    evil = '<script>alert("x")</script>&amp;"'
    (tmp_path / "甲.xlsx").write_bytes(drawn(hand_made(evil.replace("|", ""))))
    source = SourceFile(tmp_path / "甲.xlsx", '"><img>.xlsx')
    page_of = Cells(draw_overlay(source, list_forms(source, Importing()).forms))
    assert not {"script", "img"} & page_of.tags
    assert any(evil in shown for _, _, shown in page_of.cells)
