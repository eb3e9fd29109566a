"""What of a workbook's own parts leaves programs no choice: its sheets, its names, which part is which."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from lxml import etree

from workbook_tools.excel.sheet_grammar import NAMESPACES
from workbook_tools.excel.written_names import DefinedName, cut_names
from workbook_tools.files.package import Package, ambiguous, damage, keep_small, parse_xml
from workbook_tools.files.zip_layout import part_name

_RELATION_IDS = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)
"""What a sheet calls its part by, transitional and strict."""
_ONCE = ("sheets", "definedNames", "workbookPr", "calcPr", "workbookProtection", "bookViews")
_INSIDE = {"sheet": "sheets", "definedName": "definedNames"}
_PASSWORD = re.compile(rb'<workbookProtection workbookPassword="[0-9A-Fa-f]{1,4}" ')
"""Every project has another; all else of a round's workbooks is much the same here, and is parsed once."""
_USUAL = 100_000
"""Bytes of the part up to which its names are taken apart; ours have a third of it."""
_TYPES = "[content_types].xml"
_OVERRIDE = "{http://schemas.openxmlformats.org/package/2006/content-types}Override"
_STRINGS = "sharedstrings+xml"
_TRUE, _FALSE = ("1", "true"), ("0", "false")


@dataclass(frozen=True, slots=True)
class BookSettings:
    """How a workbook is calculated and shown."""

    manual: bool = False
    """Formulas are calculated only when somebody asks for it."""
    rounds_values: bool = False
    """What is shown takes the place of what was typed (以显示精度为准)."""
    from_1904: bool = False
    """Days count from 1904."""
    locked: bool = False
    """No sheet can be added, deleted, renamed, moved, hidden or shown."""
    keeps_locks: bool = False
    """The program that saved it calls itself as Excel and WPS do, which keep that lock; LibreOffice and Gnumeric do not."""
    tabs_hidden: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class BookOutline:
    """The part of a workbook that lists its sheets and names. What is written alike is mostly one object."""

    kind: str
    """The element that it is: ``workbook``; of another document there is nothing more."""
    sheets: tuple[tuple[str, str, bool], ...] = ()
    """Title, id of the relationship, whether it is seen."""
    names: tuple[DefinedName, ...] = ()
    settings: BookSettings = BookSettings()
    takes_names: bool = False
    """It has a list of names, and it is empty."""


def read_outline(xml: bytes) -> BookOutline:
    """The sheets, names and settings of a workbook. Raises FILE32 where programs could see others than we do; lxml's errors."""
    return _read_outline(_PASSWORD.sub(b"<workbookProtection ", xml, count=1), "")


@keep_small
def _read_outline(xml: bytes, _name: str) -> BookOutline:
    cut = cut_names(xml) if len(xml) <= _USUAL else None
    if cut is None:
        return _parse_outline(xml)
    rest, names = cut
    outline = _parse_nameless(rest, "")
    return replace(outline, names=names) if outline.takes_names else _parse_outline(xml)


@keep_small
def _parse_nameless(xml: bytes, _name: str) -> BookOutline:
    return _parse_outline(xml)


def _parse_outline(xml: bytes) -> BookOutline:
    root = parse_xml(xml)
    kind = etree.QName(root).localname
    if kind != "workbook":
        return BookOutline(kind)
    _check_workbook(root)
    sheets = (
        (item.get("name", ""), _read_relation_id(item), item.get("state", "visible") == "visible")
        for item in root.iterfind("{*}sheets/{*}sheet")
    )
    names = (
        DefinedName(item.get("name", ""), item.text or "", item.get("localSheetId"))
        for item in root.iterfind("{*}definedNames/{*}definedName")
    )
    return BookOutline(kind, tuple(sheets), tuple(names), _read_settings(root), _has_empty_list(root))


def _has_empty_list(root: etree._Element) -> bool:
    """The only list of names anywhere is the workbook's, and is empty."""
    lists = [*root.iter("{*}definedNames")]
    return [*map(etree._Element.getparent, lists)] == [root] and not len(lists[0])


def _read_relation_id(sheet: etree._Element) -> str:
    """The r:id, in whichever of its namespaces (transitional, strict)."""
    found = [value for name in _RELATION_IDS if (value := sheet.get(name)) is not None]
    return found[0] if len(found) == 1 else ""


def _check_workbook(root: etree._Element) -> None:
    """Raises FILE32 where programs could see other sheets or names than we do."""
    namespace = etree.QName(root).namespace
    if namespace not in NAMESPACES:
        raise ambiguous("不是 Excel 工作簿的写法")
    tag = f"{{{namespace}}}"
    for name in _ONCE:
        found = [item for item in root.iter(f"{{*}}{name}") if not _is_extension(item)]
        if len(found) > 1 or any(item.tag != tag + name or item.getparent() is not root for item in found):
            raise ambiguous(f"工作簿里的 {name} 不止一份")
    for name, parent in _INSIDE.items():
        for item in (item for item in root.iter(f"{{*}}{name}") if not _is_extension(item)):
            above = item.getparent()
            if item.tag != tag + name or above is None or above.tag != tag + parent:
                raise ambiguous(f"工作簿里夹有不该有的 {name}")
    titles = [item.get("name", "").casefold() for item in root.iter(f"{tag}sheet")]
    if len({*titles}) < len(titles):
        raise ambiguous("有两张工作表同名")
    _check_names(root, tag)


def _read_settings(root: etree._Element) -> BookSettings:
    """The settings of a workbook that has them once."""

    def setting(element: str, name: str) -> str:
        found = root.find(f"{{*}}{element}")
        return "" if found is None else found.get(name, "")

    return BookSettings(
        manual=setting("calcPr", "calcMode") == "manual",
        rounds_values=setting("calcPr", "fullPrecision") in _FALSE,
        from_1904=setting("workbookPr", "date1904") in _TRUE,
        keeps_locks=setting("fileVersion", "appName") == "xl",
        locked=setting("workbookProtection", "lockStructure") in _TRUE,
        tabs_hidden=any(view.get("showSheetTabs") in _FALSE for view in root.iterfind("{*}bookViews/{*}workbookView")),
    )


def _is_extension(item: etree._Element) -> bool:
    """It is of another namespace and stands in an extension: ``x15:workbookPr``, which Excel writes since 2013, is no second one."""
    return etree.QName(item).namespace not in NAMESPACES and any(
        etree.QName(above).localname == "ext" for above in item.iterancestors()
    )


def _check_names(root: etree._Element, tag: str) -> None:
    """A name that is there twice must say the same twice."""
    seen: dict[tuple[str, str | None], str] = {}
    for item in root.iter(f"{tag}definedName"):
        key = item.get("name", "").casefold(), item.get("localSheetId")
        if seen.setdefault(key, item.text or "") != (item.text or ""):
            raise ambiguous(f"有两个名称叫“{item.get('name')}”")


@keep_small
def _read_types(xml: bytes, _name: str) -> tuple[frozenset[str], frozenset[str]]:
    """The parts that are workbooks, and those that are shared texts, among those whose type is told one by one."""
    overrides = (item for item in parse_xml(xml) if item.tag == _OVERRIDE)
    types = {part_name(item.get("PartName", "")): item.get("ContentType", "").lower() for item in overrides}
    books = [
        part for part, kind in types.items() if kind.endswith("main+xml") and "document" not in kind.split(".")[-2:]
    ]
    return frozenset(books), frozenset([part for part, kind in types.items() if kind.endswith(_STRINGS)])


def check_types(package: Package, main: str, strings: str) -> None:
    """Raises FILE32 where the list of types names another workbook, or other texts, than the relationships do."""
    if _TYPES not in package:
        return
    xml = package.read(_TYPES)
    with damage():
        books, texts = _read_types(xml, "")
    if books and books != {part_name(main)}:
        raise ambiguous("有另一个工作簿部件")
    if texts and texts != {part_name(strings)}:
        raise ambiguous("有另一份共享文字")
