"""An .xlsx taken apart, changed part by part, and put together again, as Excel would have changed it.

openpyxl loads and saves a workbook anew and loses what it does not know; here everything else stays as it was.
"""

from __future__ import annotations

import copy
import io
import os
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from lxml import etree

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
CONTENT_TYPES = "[Content_Types].xml"
WORKBOOK, WORKBOOK_RELS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"

_REFERENCE = re.compile(
    r"""(?P<text>"[^"]*")|(?P<sheet>(?:'[^']+'|[^\W\d]\w*)!)?(?P<cells>\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?)"""
)
_ADDRESS = re.compile(r"(\$?[A-Z]{1,3}\$?)(\d+)")
_RESULT = re.compile(rb"</f><v>[^<]*</v>")
_FORMULAS = ("f", "formula", "formula1", "formula2")

Content = float | str | bool | None


def zipped(parts: dict[str, bytes]) -> bytes:
    """The parts as a zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


_CORE = "docProps/core.xml"


def save_as_on(path: Path, moment: datetime, by: str = "李敏") -> None:
    """Let a workbook say who saved it, and when; its clock says the same."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    core = etree.fromstring(parts[_CORE])
    for child in list(core):
        if etree.QName(child).localname in ("lastModifiedBy", "modified"):
            core.remove(child)
    properties = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
    etree.SubElement(core, f"{{{properties}}}lastModifiedBy").text = by
    saved = etree.SubElement(core, "{http://purl.org/dc/terms/}modified")
    saved.set("{http://www.w3.org/2001/XMLSchema-instance}type", "dcterms:W3CDTF")
    saved.text = f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    path.write_bytes(zipped({**parts, _CORE: etree.tostring(core)}))
    os.utime(path, (moment.timestamp(),) * 2)


Part = bytes
"""What a part of a package holds: within ``Patient`` the name ``bytes`` is its own."""


class Patient:
    """A workbook on the table: its parts as bytes or, once looked into, as trees.

    Nothing calculates here, so that the results stored for its formulas go: they would be those of before the change.
    With ``stale`` they stay, as a program leaves them that saves what was typed and no more.
    """

    def __init__(self, data: bytes, *, stale: bool = False) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        self.parts = parts if stale else {name: _RESULT.sub(b"</f>", content) for name, content in parts.items()}
        self._trees: dict[str, etree._Element] = {}

    def bytes(self) -> bytes:
        """The workbook, put together again."""
        return zipped({**self.parts, **{name: _serialized(tree) for name, tree in self._trees.items()}})

    def tree(self, part: str) -> etree._Element:
        """A part's root element; changes to it count."""
        if part not in self._trees:
            self._trees[part] = etree.fromstring(self.parts[part])
        return self._trees[part]

    def drop(self, part: str) -> None:
        """Throw a part away."""
        del self.parts[part]
        self._trees.pop(part, None)

    def rewrite(self, part: str, change: Callable[[str], str]) -> None:
        """Change a part's text."""
        text = _serialized(self._trees.pop(part)) if part in self._trees else self.parts[part]
        changed = change(text.decode("utf-8"))
        assert changed.encode("utf-8") != text, f"{part} is unchanged"
        self.parts[part] = changed.encode("utf-8")

    # -- sheets and cells -----------------------------------------------------------------------------------------

    @property
    def titles(self) -> list[str]:
        """The sheets in order."""
        return [str(sheet.get("name")) for sheet in self._sheets]

    @property
    def _sheets(self) -> etree._Element:
        return _found(self.tree(WORKBOOK).find(f"{{{MAIN}}}sheets"))

    def part(self, title: str) -> str:
        """The part of a sheet."""
        sheet = self._sheets[self.titles.index(title)]
        for link in self.tree(WORKBOOK_RELS):
            if link.get("Id") == sheet.get(f"{{{LINKS}}}id"):
                target = str(link.get("Target"))
                return target[1:] if target.startswith("/") else f"xl/{target}"
        raise KeyError(title)

    def sheet(self, title: str) -> etree._Element:
        """The root element of a sheet."""
        return self.tree(self.part(title))

    def cell(self, title: str, address: str) -> etree._Element:
        """A cell's element; one below all others is made."""
        for cell in self.sheet(title).iter(f"{{{MAIN}}}c"):
            if cell.get("r") == address:
                return cell
        data = _found(self.sheet(title).find(f"{{{MAIN}}}sheetData"))
        row = etree.SubElement(data, f"{{{MAIN}}}row", r=address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        return etree.SubElement(row, f"{{{MAIN}}}c", r=address)

    def insert(self, title: str, address: str, content: Content) -> None:
        """Something typed into a cell behind the last one of its row."""
        number = address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        row = _found(next((r for r in self.sheet(title).iter(f"{{{MAIN}}}row") if r.get("r") == number), None))
        etree.SubElement(row, f"{{{MAIN}}}c", r=address)
        self.put(title, address, content)

    def put(self, title: str, address: str, content: Content, *, formula: str = "", error: str = "") -> None:
        """What somebody types; ``formula`` shows ``content`` (``None``: was never calculated) or an ``error``."""
        cell = self.cell(title, address)
        cell.attrib.pop("t", "")
        for child in list(cell):
            cell.remove(child)
        if formula:
            etree.SubElement(cell, f"{{{MAIN}}}f").text = formula
        kind, text = ("e", error) if error else _written(content, "str" if formula else "s")
        if kind == "s":
            text = str(self._shared(text))
        if kind:
            cell.set("t", kind)
        if text:
            etree.SubElement(cell, f"{{{MAIN}}}v").text = text

    def restyle(
        self, title: str, address: str, *, number_format: int | None = None, locked: bool | None = None
    ) -> None:
        """Give one cell another number format or lock; its other looks stay."""
        cell, styles = self.cell(title, address), self.tree("xl/styles.xml")
        formats = _found(styles.find(f"{{{MAIN}}}cellXfs"))
        new = copy.deepcopy(formats[int(cell.get("s", "0"))])
        if number_format is not None:
            new.set("numFmtId", str(number_format))
        if locked is not None:
            for protection in new.findall(f"{{{MAIN}}}protection"):
                new.remove(protection)
            etree.SubElement(new, f"{{{MAIN}}}protection", locked=str(int(locked)))
        formats.append(new)
        cell.set("s", str(len(formats) - 1))

    def swap(self, title: str, first: str, second: str) -> None:
        """Exchange the contents of two cells."""
        a, b = self.cell(title, first), self.cell(title, second)
        a[:], b[:] = list(b), list(a)
        kinds = a.get("t"), b.get("t")
        for cell, kind in ((a, kinds[1]), (b, kinds[0])):
            cell.attrib.pop("t", "")
            if kind:
                cell.set("t", kind)

    def text(self, title: str, address: str) -> str:
        """The text of a cell whose text is shared."""
        number = int(self.cell(title, address)[0].text or "")
        return "".join(map(str, self.tree("xl/sharedStrings.xml")[number].itertext()))

    def _shared(self, text: str) -> int:
        strings = self.tree("xl/sharedStrings.xml")
        item = etree.SubElement(etree.SubElement(strings, f"{{{MAIN}}}si"), f"{{{MAIN}}}t")
        item.text = text
        item.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        return len(strings) - 1

    def names(self) -> Iterator[etree._Element]:
        """The defined names."""
        yield from self.tree(WORKBOOK).iter(f"{{{MAIN}}}definedName")

    def remove_validation(self, title: str, address: str) -> None:
        """Take the validation of one cell away."""
        for item in list(self.sheet(title).iter(f"{{{MAIN}}}dataValidation")):
            if item.get("sqref") == address:
                _found(item.getparent()).remove(item)

    def remove(self, title: str, *tags: str) -> None:
        """Take elements out of a sheet."""
        for tag in tags:
            for element in list(self.sheet(title).iter(f"{{{MAIN}}}{tag}")):
                _found(element.getparent()).remove(element)

    # -- what moves references --------------------------------------------------------------------------------------

    def _refer(self, change: Callable[[str, str], str]) -> None:
        """Rewrite each reference in formulas and names: ``change`` gets the sheet it points to and its own text."""

        def rewritten(text: str, home: str) -> str:
            def one(match: re.Match[str]) -> str:
                if match["text"]:
                    return match[0]
                sheet = (match["sheet"] or "").rstrip("!").strip("'")
                return change(sheet or home, match[0])

            return _REFERENCE.sub(one, text)

        for title in self.titles:
            for element in self.sheet(title).iter(*(f"{{{MAIN}}}{tag}" for tag in _FORMULAS)):
                element.text = rewritten(element.text or "", title)
        for name in self.names():
            name.text = rewritten(name.text or "", "")

    def insert_rows(self, title: str, before: int, count: int) -> None:
        """Insert blank rows above row ``before``."""

        def moved(text: str) -> str:
            return _ADDRESS.sub(lambda m: f"{m[1]}{int(m[2]) + count * (int(m[2]) >= before)}", text)

        root = self.sheet(title)
        for row in root.iter(f"{{{MAIN}}}row"):
            row.set("r", moved(f"A{row.get('r')}")[1:])
        for tag, attribute in (
            ("c", "r"),
            ("mergeCell", "ref"),
            ("dataValidation", "sqref"),
            ("conditionalFormatting", "sqref"),
        ):
            for element in root.iter(f"{{{MAIN}}}{tag}"):
                element.set(attribute, moved(str(element.get(attribute))))

        def change(sheet: str, text: str) -> str:
            prefix, mark, cells = text.rpartition("!")
            return prefix + mark + moved(cells) if sheet == title else text

        self._refer(change)

    def drag(self, title: str, source: str, target: str) -> None:
        """Drag a cell onto another one, which is lost."""
        self.swap(title, source, target)
        cell = self.cell(title, source)
        cell.attrib.pop("t", "")
        cell[:] = []

        def change(sheet: str, text: str) -> str:
            prefix, mark, cells = text.rpartition("!")
            plain = cells.replace("$", "")
            if sheet != title or plain not in (source, target):
                return text
            if plain == target:
                return f"{prefix}{mark}#REF!"
            return prefix + mark + (re.sub("([A-Z]+)", r"$\1$", target) if "$" in cells else target)

        self._refer(change)

    def rename(self, title: str, new: str) -> None:
        """Give a sheet another title."""
        quoted = new if re.fullmatch(r"[^\W\d]\w*", new) else f"'{new}'"
        self._refer(
            lambda sheet, text: f"{quoted}!{text.rpartition('!')[2]}" if sheet == title and "!" in text else text
        )
        self._sheets[self.titles.index(title)].set("name", new)

    def delete(self, title: str) -> None:
        """Delete a sheet; what pointed to it points to #REF!."""
        number = self.titles.index(title)
        part = self.part(title)
        sheet = self._sheets[number]
        for name in list(self.names()):
            local = name.get("localSheetId")
            if local == str(number):
                _found(name.getparent()).remove(name)
            elif local and int(local) > number:
                name.set("localSheetId", str(int(local) - 1))
        for link in list(self.tree(WORKBOOK_RELS)):
            if link.get("Id") == sheet.get(f"{{{LINKS}}}id"):
                self.tree(WORKBOOK_RELS).remove(link)
        for override in list(self.tree(CONTENT_TYPES)):
            if override.get("PartName") == f"/{part}":
                self.tree(CONTENT_TYPES).remove(override)
        self._sheets.remove(sheet)
        self.drop(part)
        self._refer(lambda to, text: f"#REF!{text.rpartition('!')[2]}" if to == title and "!" in text else text)

    def add(self, title: str, xml: Part) -> None:
        """A new sheet at the end."""
        number = 90 + len(self._sheets)
        part, key = f"worksheets/sheet{number}.xml", f"rIdNew{number}"
        self.parts[f"xl/{part}"] = xml
        self.link(WORKBOOK_RELS, key, "worksheet", part)
        self.declare(f"/xl/{part}", "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml")
        sheet = etree.SubElement(self._sheets, f"{{{MAIN}}}sheet", name=title, sheetId=str(number))
        sheet.set(f"{{{LINKS}}}id", key)

    def double(self, title: str, new: str) -> None:
        """Copy a sheet to the end; the copy gets its names for itself, as Excel does it."""
        self.add(new, _serialized(self.sheet(title)))
        number = str(len(self._sheets) - 1)
        for name in list(self.names()):
            prefix, _, cells = (name.text or "").rpartition("!")
            if prefix.strip("'") == title and name.get("localSheetId") is None:
                local = etree.SubElement(_found(name.getparent()), f"{{{MAIN}}}definedName", name=str(name.get("name")))
                local.set("localSheetId", number)
                local.text = f"'{new}'!{cells}"

    def reorder(self, order: list[int]) -> None:
        """Put the sheets into another order: their present numbers."""
        sheets = [self._sheets[number] for number in order]
        self._sheets[:] = sheets
        for name in self.names():
            if local := name.get("localSheetId"):
                name.set("localSheetId", str(order.index(int(local))))

    # -- the package --------------------------------------------------------------------------------------------------

    def link(self, rels: str, key: str, kind: str, target: str, *, outside: bool = False) -> None:
        """Add a relationship; its part is made if there is none yet."""
        self.parts.setdefault(rels, f'<Relationships xmlns="{PACKAGE_LINKS}"/>'.encode())
        item = etree.SubElement(self.tree(rels), f"{{{PACKAGE_LINKS}}}Relationship", Id=key)
        item.set("Type", f"{LINKS}/{kind}")
        item.set("Target", target)
        if outside:
            item.set("TargetMode", "External")

    def declare(self, part: str, kind: str) -> None:
        """State a part's content type."""
        types = self.tree(CONTENT_TYPES)
        etree.SubElement(types, f"{{{etree.QName(types).namespace}}}Override", PartName=part, ContentType=kind)


def _serialized(tree: etree._Element) -> bytes:
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)


def _written(content: Content, text_kind: str) -> tuple[str, str]:
    """The type and the text of a cell that holds the content."""
    match content:
        case None:
            return "", ""
        case bool():
            return "b", str(int(content))
        case str():
            return text_kind, content
    return "", repr(content)


def _found(element: etree._Element | None) -> etree._Element:
    assert element is not None
    return element
