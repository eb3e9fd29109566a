"""What we ask of a spreadsheet program, whichever it is.

Two implementations: :mod:`~workbook_tools.desk.libreoffice` by UNO, :mod:`~workbook_tools.desk.excel` by xlwings;
``tests/desk/test_desk_contract.py`` says for both what the words here mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, Self

from workbook_tools.core.errors import WorkbookToolsError

Value = float | str | None
"""What a cell holds: a number (a date as its serial number, TRUE as 1), a text (an error as its name, ``#DIV/0!``),
or ``None`` where it shows nothing."""


class DeskError(WorkbookToolsError):
    """A spreadsheet program is missing, refused what was asked, or did not answer in time."""


class OpenBook(Protocol):
    """A workbook that is open in a program. Every method raises DeskError."""

    @property
    def path(self) -> Path | None:
        """The file it was opened from or last saved to; ``None`` for a new book."""

    def sheets(self) -> list[str]:
        """Names of the sheets in their order, hidden ones too."""

    def recalculate(self) -> None:
        """Calculate every formula anew, whatever results the file brought along."""

    def refresh(self) -> None:
        """Fetch the data of links, queries and pivot tables again, then recalculate."""

    def values(self, sheet: str, area: str) -> list[list[Value]]:
        """What the cells of ``A1:C3`` hold now, row by row, unsaved changes included."""

    def write(self, sheet: str, cell: str, rows: Sequence[Sequence[Value]]) -> None:
        """Put rows of values into the sheet, from ``cell`` on; a text stays a text, ``=1+1`` too."""

    def is_protected(self, sheet: str) -> bool:
        """Whether the sheet is locked."""

    def protect(self, sheet: str, password: str = "") -> None:
        """Lock the sheet."""

    def unprotect(self, sheet: str, password: str = "") -> None:
        """Unlock the sheet. DeskError if the password is wrong."""

    def run_macro(self, name: str, *arguments: float | str) -> Value:
        """Run ``模块.过程`` of the book and return what it returns; the book was opened with ``macros=True``."""

    def export_pdf(self, path: Path) -> None:
        """Print all visible sheets into a PDF, as their print setup says."""

    def save(self) -> None:
        """Save it where it came from."""

    def save_as(self, path: Path) -> None:
        """Save it as ``path``, in the format that its ending says; it is that file from now on."""

    def save_copy(self, path: Path) -> None:
        """Write what is there now, unsaved changes included, to ``path``, and leave the book as it is."""

    def close(self) -> None:
        """Close it; changes that were not saved are lost."""


class SpreadsheetProgram(Protocol):
    """A running program. Leave the ``with`` block, and it ends (if we started it)."""

    name: str
    """What to call it in a message."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def open(self, path: Path, password: str = "", *, macros: bool = False) -> OpenBook:
        """Open a workbook unseen. Macros do not run, links are not followed, no question is asked.

        With ``macros``, those of the book may be run. Raises DeskError: no such file, a password, not a workbook.
        """

    def books(self) -> Sequence[OpenBook]:
        """The workbooks that are open in it now, with what was typed and not saved yet."""


class PdfMaker(Protocol):
    """A running program that prints files into PDFs."""

    name: str
    endings: frozenset[str]
    """Of the files it takes, in lower case: ``.xlsx``."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def to_pdf(self, source: Path, target: Path, password: str = "") -> None:
        """Recalculate a workbook, fill in the fields of a document that asks for it, and print it. Raises DeskError."""
