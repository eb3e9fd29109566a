"""The defined names of a workbook in the usual spelling, taken apart: most are written as in the workbooks before, and are not read again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

_HEAD = (b'<?xml version="1.0" encoding="UTF-8"', b'<?xml version="1.0" encoding="utf-8"')
_START, _END = b"<definedNames>", b"</definedNames>"
_NAME_END = b"</definedName>"
_NAME = re.compile(
    r'<definedName((?>(?: [A-Za-z]+="[^"<>&\x00-\x1f\ufffe\uffff]*+")*))>([^<>&\x00-\x1f\ufffe\uffff]*+)'
)
"""Its attributes and where it points; without all that a parser reads as something else, or stumbles over."""
_ATTRIBUTE = re.compile(r' ([A-Za-z]+)="([^"]*)"')
_KEPT, _LONG = 1 << 13, 400
"""How many names are kept as they were taken apart, none of more bytes than that."""


class DefinedName(NamedTuple):
    """A name for cells: where it points, and the number of the sheet that it holds for, if it holds for one alone."""

    name: str
    target: str
    sheet: str | None


class _NameAndKey(NamedTuple):
    found: DefinedName
    key: tuple[str, str | None]
    """What of it no other may have."""


def cut_names(xml: bytes) -> tuple[bytes, tuple[DefinedName, ...]] | None:
    """A workbook's part with the list of its names empty, and the names, no two of them alike; nothing where it has anything unusual before, in
    or behind the first such list. Whether that is the list of the workbook what is left of it must tell."""
    start, end = xml.find(_START), xml.find(_END)
    if not (0 < start < end and xml.startswith(_HEAD)) or b"<!" in xml or xml.rfind(b"<?") > 0:
        return None
    pieces = xml[start + len(_START) : end].split(_NAME_END)
    if pieces.pop() or max(map(len, pieces), default=0) > _LONG:
        return None
    written = [*map(_read_name, pieces)]
    names = [one.found for one in written if one is not None]
    if len(names) < len(written) or not _are_different(written):
        return None
    return xml[: start + len(_START)] + xml[end:], tuple(names)


def _are_different(written: Sequence[_NameAndKey | None]) -> bool:
    return len({one.key for one in written if one is not None}) == len(written)


@lru_cache(maxsize=_KEPT)
def _read_name(piece: bytes) -> _NameAndKey | None:
    """A name, up to its end tag; nothing where it is written otherwise."""
    try:
        match = _NAME.fullmatch(piece.decode())
    except UnicodeDecodeError:
        return None
    if match is None:
        return None
    given = _ATTRIBUTE.findall(match[1])
    told = dict(given)
    if len(told) < len(given) or "xmlns" in told:
        return None
    found = DefinedName(told.get("name", ""), match[2], told.get("localSheetId"))
    return _NameAndKey(found, (found.name.casefold(), found.sheet))
