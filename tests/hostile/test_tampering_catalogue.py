"""Every kind of tampering has its exact finding, or a line why it is harmless."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import KEYS
from damage import TABLE, Place, operated, workbook
from tampering import TAMPERING, Tampering
from tampering_means import all_of, font, print_area, styled
from tampering_page import PAGE, list_rows, write_page

from workbook_tools.workbooks.reading import read_submission


def read(data: bytes, folder: Path) -> list[Place]:
    """All that is found in a workbook when it is read."""
    path = folder / "P001.xlsx"
    path.write_bytes(data)
    return sorted((item.code, item.sheet, item.cell) for item in read_submission(path, KEYS).findings)


@pytest.mark.parametrize("kind", TAMPERING, ids=lambda kind: kind.name)
def test_each_kind_of_tampering_gives_exactly_its_findings(kind: Tampering, tmp_path: Path) -> None:
    assert read(operated(kind.change)(workbook()), tmp_path) == sorted(kind.found)


def test_200_kinds_are_there_once_each_and_each_is_found_or_has_its_reason() -> None:
    rows = list(list_rows())
    assert len({row.what for row in rows}) == len(rows) >= 200
    assert [row.what for row in rows if bool(row.found) == bool(row.harmless)] == []


def test_the_page_lists_them_as_they_are_now() -> None:
    assert PAGE.read_text("utf-8") == write_page()


def test_what_is_typed_later_into_a_struck_cell_or_outside_the_print_area_is_told(tmp_path: Path) -> None:
    """Forms like it were read before, with that cell empty: nothing is known of them that a content could change."""
    strike = styled(TABLE, "J13", font=font(more="<strike/>"))
    leave_out = print_area(TABLE, "$A$1:$I$60")
    for change, code in ((strike, "TAMPER38"), (leave_out, "TAMPER36")):
        empty = operated(change)(workbook())
        assert [read(empty, tmp_path) for _ in range(3)] == [[]] * 3
        typed = operated(all_of(change, lambda patient: patient.put(TABLE, "J13", "没有完成")))(workbook())
        assert (code, TABLE, "J13") in read(typed, tmp_path)
