"""A workbook of a few parts only, for calamine: no compression, no odd path or spelling, nothing that nobody asks for."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"


def write_bare_copy(sheets: Mapping[str, bytes], others: Mapping[str, bytes], date1904: bool) -> io.BytesIO:
    """A workbook of these parts, its sheets titled by the keys of ``sheets``; ``others`` by their kinds (``sharedStrings``, ``styles``)."""
    listed = "".join(f'<sheet name="{n}" sheetId="{i}" r:id="sheet{n}"/>' for i, n in enumerate(sheets, 1))
    links = [("worksheet", f"sheet{n}", f"{n}.xml") for n in sheets] + [(kind, kind, f"{kind}.xml") for kind in others]
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w") as archive:
        archive.writestr("_rels/.rels", _write_relationships([("officeDocument", "main", "xl/workbook.xml")]))
        archive.writestr("xl/_rels/workbook.xml.rels", _write_relationships(links))
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><workbookPr date1904="{int(date1904)}"/>'
            f"<sheets>{listed}</sheets></workbook>",
        )
        for name, xml in {**sheets, **others}.items():
            archive.writestr(f"xl/{name}.xml", xml)
    copy.seek(0)
    return copy


def _write_relationships(links: list[tuple[str, str, str]]) -> str:
    items = "".join(
        f'<Relationship Id="{key}" Type="{_LINKS}/{kind}" Target="{target}"/>' for kind, key, target in links
    )
    return f'<Relationships xmlns="{_PACKAGE_LINKS}">{items}</Relationships>'
