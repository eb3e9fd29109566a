"""What :mod:`writing` and XlsxWriter make of looks, heights, validations and passwords, for who writes a sheet without them: each is worked out once
for what decides it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import lru_cache
from io import StringIO
from typing import Any

from workbook_tools.core.visible_text import clean_cell_text
from workbook_tools.excel.direct_sheet import TITLE_UNITS, DirectSheet, escape_attribute, fits_units, write_validation
from workbook_tools.excel.styles import StyleSpec, Tint
from workbook_tools.excel.writing import Book, clean_options


@lru_cache(1 << 12)
def format_key(look: StyleSpec | Tint) -> Hashable:
    """Equal for looks that XlsxWriter takes for the same format."""
    key: Hashable = Book().find_format(look)._get_format_key()
    return key


_PLACE, _TITLE = "\0", "\1"
"""Stand for the place and the title of a validation while its tag is written; no clean text has them."""


def write_usual_validation(options: Mapping[str, Any], place: str) -> str | None:
    """The tag of a validation as :meth:`Sheet.validate` takes it; ``None`` for one that is not of the usual kind."""
    alike: dict[str, Any] = {name: tuple(fact) if isinstance(fact, list) else fact for name, fact in options.items()}
    title = clean_cell_text(alike.pop("input_title", ""))
    kinds = tuple(map(type, alike.values()))
    tag = _write_alike(tuple(alike.items()), kinds, titled=bool(title)) if fits_units(title, TITLE_UNITS) else None
    return None if tag is None else tag.replace(_PLACE, place).replace(_TITLE, escape_attribute(title))


@lru_cache(1 << 12)
def _write_alike(facts: tuple[tuple[str, Any], ...], _kinds: tuple[type, ...], *, titled: bool) -> str | None:
    """The tag but for its place and title: few differ in more. 100 and 100.0 are equal, and are written differently."""
    options = clean_options({name: [*fact] if isinstance(fact, tuple) else fact for name, fact in facts})
    return write_validation({**options, "input_title": _TITLE} if titled else options, _PLACE)


@lru_cache(1 << 12)
def write_height(height: float, grows: bool) -> str:
    """The attributes of a row of that height in points, as :meth:`Sheet.row_height` has them written."""
    sheet = Book().sheet("1")
    sheet.row_height(0, height, grows=grows)
    written = StringIO()
    sheet.raw._set_filehandle(written)
    sheet.raw._write_row(0, None, sheet.raw.row_info[0])
    return written.getvalue().removeprefix('<row r="1"').removesuffix(">")


def encode_password(password: str) -> str:
    """What a workbook keeps of the password of its sheets."""
    return str(DirectSheet._encode_password(None, password))
