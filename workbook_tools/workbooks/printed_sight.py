"""What the printed and signed sheet shows of a returned form: all that is scored, and no more than was issued.

A print area keeps what it leaves out from the paper; headers and footers put on it what stands in no cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from workbook_tools.core.cells import Place, column_letters
from workbook_tools.core.findings import Finding, finding
from workbook_tools.excel.print_areas import PrintArea
from workbook_tools.excel.reading import RawWorkbook
from workbook_tools.form.fields import Field, Layout, Role, SheetPlan

Placed = tuple[Field, Place]
_NAMED_AT_MOST = 6
"""Rows or columns that a finding names."""


@dataclass(frozen=True, slots=True)
class Unprinted:
    """What a print area leaves out of a sheet."""

    title: str
    """The sheet of the layout."""
    sheet: str
    """Its title in the workbook."""
    area: PrintArea
    cells: Sequence[Placed]
    """Its named fields that are not printed, whether they hold something or not."""

    def tell(self, raw: RawWorkbook) -> Iterator[Finding]:
        """That what was issued or typed is not printed; rows that nobody uses may be left out."""
        if self.area.spans is None:
            yield finding("TAMPER36", "打印区域是公式，看不出打印哪些", sheet=self.sheet, found=self.area.text)
            return
        filled = [(item, place) for item, place in self.cells if raw.value(place) not in (None, "")]
        if filled:
            item, place = min(filled, key=lambda one: (one[1].row, one[1].col))
            yield finding(
                "TAMPER36",
                sheet=self.sheet,
                cell=place.cell,
                field=item.label or str(item.value or "")[:30],
                found=f"{_name_lines(self.area, [place for _, place in filled])}没有打印，共 {len(filled)} 处",
            )


def list_unprinted(
    raw: RawWorkbook, layout: Layout, titles: Mapping[str, str], placed: Mapping[str, Sequence[Placed]]
) -> Iterator[Unprinted]:
    """The sheets of which not all is printed; ``titles``: sheet of the layout → its title in the workbook, ``placed``: that title → its named fields
    and where they are. Sheets into which nothing is typed are not sent on paper."""
    areas = raw.print_areas
    for title, sheet in titles.items():
        area, plan = areas.get(sheet), layout.sheets[title]
        if area is not None and any(item.role is Role.INPUT for item in plan.fields):
            cells = [
                (item, place)
                for item, place in placed.get(sheet, ())
                if _is_issued_printed(item, plan) and not area.holds(place.row, place.col)
            ]
            if cells:
                yield Unprinted(title, sheet, area, cells)


def _is_issued_printed(item: Field, plan: SheetPlan) -> bool:
    """It stands in the print area as it was issued: cells that only help to compute stand beside it."""
    last_row, last_col = plan.print_last or (item.span.row, item.span.col)
    return item.span.row <= last_row and item.span.col <= last_col


def _name_lines(area: PrintArea, places: Sequence[Place]) -> str:
    """Which rows are not printed at all, or else which columns."""
    rows = sorted({place.row for place in places if not area.holds_row(place.row)})
    if rows:
        return f"第 {_list_some([str(row + 1) for row in rows])} 行"
    return f"{_list_some([column_letters(col) for col in sorted({place.col for place in places})])} 列"


def _list_some(names: Sequence[str]) -> str:
    more = f" 等 {len(names)} " if len(names) > _NAMED_AT_MOST else ""
    return "、".join(names[:_NAMED_AT_MOST]) + more
