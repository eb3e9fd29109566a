"""Formula texts: one canonical form to compare them by, and shared formulas moved to the cell they stand for.

A workbook that is saved again holds the same formulas in another spelling. Measured with LibreOffice 7.4 and
Gnumeric 1.12, Excel's own habits beside them:

======================  ===============================================================
written                 read back
======================  ===============================================================
``'自评表'!B2``           ``自评表!B2``: each program quotes other titles
``0.90``, ``1E-3``      ``0.9``, ``0.001``; Gnumeric ``0.899999999999999999978``
``TRUE``                ``TRUE()``
``_xlfn.IFNA(B2,0)``    ``_xlfngnumeric.IFNA(B2,0)``
``B2 + B3``             as typed, or without the blanks
======================  ===============================================================

Not covered, so not to be used in formulas that are verified: ``--x`` and ``-x^2`` (Gnumeric adds brackets),
a union of ranges, ranges over several sheets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from workbook_tools.core.cells import MAX_COLUMNS, MAX_ROWS, column_index, column_letters

MAX_FORMULA = 2000
"""Characters; ours have a quarter of it. A longer formula is taken as it stands: a made-up one could take minutes."""

_RUN = r"""[^\s'"!(),;:+\-*/^&=<>{}\[\]%#@~|$]"""
"""A character that is no operator: names and bare sheet titles consist of these."""
_TOKEN = re.compile(
    rf"""
    (?P<text>"[^"]*(?:""[^"]*)*")
  | (?P<error>\#[A-Za-z0-9/]+[!?]?)
  | (?P<sheet>'[^']*(?:''[^']*)*'!|(?:\[[^\]]*\])?{_RUN}+!)
  | (?P<quotes>'+)
  | (?P<bracket>\[[^\]]*\])
  | (?P<truth>(?ai:TRUE|FALSE)(?:\s*\(\s*\)|(?!\s*\()(?!{_RUN})))
  | (?P<function>[^\W\d]{_RUN}*\s*\()
  | (?P<cell>\$?[A-Za-z]{{1,3}}\$?[0-9]{{1,7}}(?!{_RUN}))
  | (?P<columns>\$?[A-Za-z]{{1,3}}:\$?[A-Za-z]{{1,3}}(?!{_RUN}|!))
  | (?P<rows>\$?[0-9]{{1,7}}:\$?[0-9]{{1,7}}(?!{_RUN}))
  | (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[Ee][+-]?[0-9]+)?)
  | (?P<word>{_RUN}+)
  | (?P<blank>\s+)
  | (?P<operator>.)
    """,
    re.VERBOSE | re.DOTALL,
)
"""The parts of a formula; what stands first in this list is tried first (``A1:B2`` is two cells, ``A:B`` are columns)."""
_BARE_TITLE = re.compile(rf"(?:\[[^\]]*\])?{_RUN}+")
"""A title that needs no quotes: ``自评表``, ``[1]表``; not ``表 (2)``."""
_FUTURE = re.compile(r"(?:_XLFN\.|_XLWS\.|_XLFNGNUMERIC\.)+")
"""Prefixes of functions that are younger than the format: ``_xlfn.IFNA``, Gnumeric's ``_xlfngnumeric.IFNA``."""
_REFERENCE = re.compile(r"(\$?)([A-Za-z]+|[0-9]+)")
"""Of ``$B7`` the parts ``$B`` and ``7``: whether it is fixed, and its name."""
_REFERENCES = frozenset({"cell", "columns", "rows", "word"})
_LITERAL = re.compile(r'"[^"]*"')
"""A text, in which nothing is a reference."""
_OUTSIDE = re.compile(
    r"(?i)\[[0-9]+\]|\||(?<![\w.])(?:_xlfn\.)?(?:CALL|DDE|EXEC|HYPERLINK|IMAGE|REGISTER\.ID|RTD|WEBSERVICE)\s*\("
)
"""Another workbook, by its number in the list of links; another program; a function that fetches or starts something."""


def normalise_formula(text: str) -> str:
    """The canonical form of a formula: equal for two texts that differ only by which program saved them.

    A leading ``=`` or ``of:=`` goes, blanks outside texts go (but not the one that intersects two ranges),
    functions and references become upper-case, prefixes of newer functions go, sheet titles lose quotes they
    can do without, numbers are written with at most 15 digits, ``TRUE()`` is ``TRUE``. Texts stay untouched.

    >>> normalise_formula("if('自评表'!b2 >= 0.90, TRUE(), \\"未 填\\")")
    'IF(自评表!B2>=0.9,TRUE,"未 填")'
    """
    return _normalise(text) if len(text) <= MAX_FORMULA else text


@lru_cache(maxsize=1 << 15)
def _normalise(text: str) -> str:
    return "".join(_normalise_tokens(text.strip().removeprefix("of:").removeprefix("=")))


def _normalise_tokens(text: str) -> Iterator[str]:
    previous, blank = "", False
    for match in _TOKEN.finditer(text):
        kind, part = match.lastgroup or "", match[0]
        if kind == "blank":
            blank = True
            continue
        if blank and _ends_range(previous) and (kind in _REFERENCES or kind == "sheet" or part == "("):
            yield " "
        yield _normalise_token(kind, part)
        previous, blank = kind if kind in _REFERENCES else part, False


def _ends_range(previous: str) -> bool:
    return previous in _REFERENCES or previous == ")"


def _normalise_token(kind: str, part: str) -> str:
    match kind:
        case "function":
            return _FUTURE.sub("", part[:-1].rstrip().upper()) + "("
        case "truth":
            return part.split("(")[0].rstrip().upper()
        case "cell" | "columns" | "rows" | "error":
            return part.upper()
        case "number":
            return f"{float(part):.15g}"
        case "sheet" if part.startswith("'") and _BARE_TITLE.fullmatch(part[1:-2]):
            return f"{part[1:-2]}!"
    return part


@lru_cache(maxsize=1 << 16)
def move_formula(text: str, rows: int, columns: int) -> str:
    """A shared formula as it reads so many rows and columns further: its relative references move along.

    A reference that would leave the sheet becomes ``#REF!``.

    >>> move_formula("SUM($B2:B$9)*自评表!C3", 1, 2)
    'SUM($B3:D$9)*自评表!E4'
    """

    def moved(match: re.Match[str]) -> str:
        if match.lastgroup not in ("cell", "columns", "rows"):
            return match[0]
        try:
            return _REFERENCE.sub(lambda part: _move_reference(part, rows, columns), match[0])
        except IndexError:
            return "#REF!"

    return _TOKEN.sub(moved, text) if (rows or columns) and len(text) <= MAX_FORMULA else text


def restore_formula(text: str, sheet: str, titles: Mapping[str, str], cells: Mapping[str, Mapping[str, str]]) -> str:
    """A formula on ``sheet`` as it read before sheets were renamed and cells moved.

    ``titles`` maps the present titles of sheets to the former ones; ``cells`` maps, for each present title, the
    present addresses to the former ones. What is not in them stays.

    >>> restore_formula("'表 (2)'!B9+B9+C9", "汇总", {"表 (2)": "表"}, {"表 (2)": {"B9": "B7"}})
    '表!B7+B9+C9'
    """
    if len(text) > MAX_FORMULA:
        return text
    parts, current = [], sheet
    for match in _TOKEN.finditer(text):
        kind, part = match.lastgroup, match[0]
        if kind == "sheet":
            current = part[1:-2].replace("''", "'") if part.startswith("'") else part[:-1]
            part = f"{titles[current]}!" if current in titles else part
        elif kind == "cell":
            part = cells.get(current, {}).get(part.upper(), part)
        elif part != ":":  # the second half of a range is on the sheet of the first
            current = sheet
        parts.append(part)
    return "".join(parts)


def reaches_outside(text: str) -> bool:
    """The formula reads another file, an address on the net, or another program (DDE).

    >>> [reaches_outside(f) for f in ("SUM(A1:B2)", "[1]表!A1", "WEBSERVICE(A1)", "cmd|'/C calc'!A0")]
    [False, True, True, True]
    """
    return _OUTSIDE.search(_LITERAL.sub("", text)) is not None


def _move_reference(part: re.Match[str], rows: int, columns: int) -> str:
    fixed, name = part.groups()
    if fixed:
        return part[0]
    if name.isdigit():
        row = int(name) - 1 + rows
        if not 0 <= row < MAX_ROWS:
            raise IndexError(row)
        return str(row + 1)
    col = column_index(name) + columns
    if not 0 <= col < MAX_COLUMNS:
        raise IndexError(col)
    return column_letters(col)
