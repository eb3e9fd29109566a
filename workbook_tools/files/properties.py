"""The document properties (docProps) of a workbook or document: who made it, who saved it last and when, which output of ours it is."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime

from lxml import etree

from workbook_tools.core.errors import UnreadableWorkbook
from workbook_tools.files.package import DAMAGED_ZIP, Package, parse_xml
from workbook_tools.files.paths import AUTHOR, output_mark

_PART, _MAX_PART = "docProps/core.xml", 100_000
"""The part that holds them, and the most bytes of it that are read; it takes about 1,000."""
_UNKNOWN = "结果文件"
_UNREADABLE = (*DAMAGED_ZIP, RuntimeError, etree.XMLSyntaxError, UnreadableWorkbook)


@dataclass(frozen=True, slots=True)
class FileProperties:
    """The properties that tell a file's origin; blank where it has none."""

    creator: str = ""
    saved_by: str = ""
    category: str = ""
    modified: str = ""

    @property
    def produced(self) -> str:
        """Which output of ours it is (审核结果, 汇总 …), whoever has saved it since; blank if none."""
        if self.category.startswith(output_mark("")):
            return self.category.removeprefix(output_mark(""))
        return _UNKNOWN if AUTHOR in (self.creator, self.saved_by) else ""

    @property
    def saved_at(self) -> float | None:
        """When somebody saved it, in seconds; ``None`` if it does not say, or nobody has saved it since we made it."""
        if self.saved_by == AUTHOR:
            return None
        try:
            moment = datetime.fromisoformat(self.modified)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
        except (ValueError, OverflowError):
            return None

    @property
    def untouched(self) -> bool:
        """We made it, and nobody has saved it since."""
        return self.saved_by == AUTHOR


def read_properties(data: bytes) -> FileProperties:
    """The properties of a file, from its bytes; blank ones for a damaged file or another format."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package, package.open(_PART) as stream:
            return _parse(stream.read(_MAX_PART))
    except _UNREADABLE:
        return FileProperties()


def read_package_properties(package: Package) -> FileProperties:
    """The same of a package that is open."""
    try:
        return _parse(package.read(_PART)[:_MAX_PART])
    except _UNREADABLE:
        return FileProperties()


def _parse(xml: bytes) -> FileProperties:
    root = parse_xml(xml)
    names = ("creator", "lastModifiedBy", "category", "modified")
    return FileProperties(*((root.findtext(f"{{*}}{name}") or "").strip() for name in names))
