"""XlsxWriter's workbook and sheet as :class:`workbook_tools.excel.writing.Book` has them: what neither XlsxWriter nor :mod:`direct_sheet` does."""

from __future__ import annotations

from typing import Any

from workbook_tools.excel.direct_sheet import DirectBook, DirectSheet, number_text


class StrictSheet(DirectSheet):
    """Takes a formula as it is written, and its value as a program that calculates would store it.

    XlsxWriter seeks 29 functions of Excel 365 in every formula, to put a prefix before them: a third of the time that a
    workbook takes. No formula of ours has one, as they must work in Excel 2010, WPS, LibreOffice and Gnumeric.
    """

    def __init__(self) -> None:
        super().__init__()
        self.growing_rows: set[int] = set()
        """Rows, counted from 1, whose height nobody has fixed."""

    def _xml_start_tag_unencoded(self, tag: str, attributes: list[tuple[str, Any]] | None = None) -> None:
        super()._xml_start_tag_unencoded(tag, self._free_height(tag, attributes or []))

    def _xml_empty_tag_unencoded(self, tag: str, attributes: list[tuple[str, Any]] | None = None) -> None:
        super()._xml_empty_tag_unencoded(tag, self._free_height(tag, attributes or []))

    def _free_height(self, tag: str, attributes: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
        """XlsxWriter says of every height that somebody fixed it."""
        if tag != "row" or attributes[0][1] not in self.growing_rows:
            return attributes
        return [pair for pair in attributes if pair[0] != "customHeight"]

    def _prepare_formula(self, formula: str, *_: object, **__: object) -> str:
        return formula.removeprefix("=")

    def _xml_formula_element(self, formula: str, result: Any, attributes: list[tuple[str, Any]]) -> None:
        """An empty text is a text (XlsxWriter leaves its type out, and the cell is a number without digits)."""
        kind = [("t", "str")] if result == "" else []
        shown = number_text(result) if isinstance(result, float) else result
        super()._xml_formula_element(formula, shown, attributes + kind)


class StrictBook(DirectBook):
    """Can lock its structure, which XlsxWriter does not offer: no sheet is added, deleted, renamed, moved, hidden or shown."""

    structure_password: str | None = None

    def _write_book_views(self) -> None:
        """Where the schema wants it the lock stands before the views."""
        if self.structure_password is not None:
            code = self.worksheets()[0]._encode_password(self.structure_password)
            self._xml_empty_tag("workbookProtection", [("workbookPassword", code), ("lockStructure", 1)])
        super()._write_book_views()
