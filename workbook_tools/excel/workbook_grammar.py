"""What of a workbook's own parts leaves programs no choice: its sheets, its names, which part is which."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from workbook_tools.excel.sheet_grammar import NAMESPACES
from workbook_tools.files.package import Package, ambiguous
from workbook_tools.files.zip_layout import part_name

RELATION_IDS = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)
"""What a sheet calls its part by, transitional and strict."""
_ONCE = ("sheets", "definedNames", "workbookPr", "calcPr", "workbookProtection", "bookViews")
_INSIDE = {"sheet": "sheets", "definedName": "definedNames"}
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


def check_workbook(root: etree._Element) -> None:
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


def read_settings(root: etree._Element) -> BookSettings:
    """The settings of a workbook that :func:`check_workbook` has found to have them once."""

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


def check_types(package: Package, main: str, strings: str) -> None:
    """Raises FILE32 where the list of types names another workbook, or other texts, than the relationships do."""
    if _TYPES not in package:
        return
    types = {
        part_name(item.get("PartName", "")): item.get("ContentType", "").lower()
        for item in package.tree(_TYPES)
        if item.tag == _OVERRIDE
    }
    books = {
        part for part, kind in types.items() if kind.endswith("main+xml") and "document" not in kind.split(".")[-2:]
    }
    if books and books != {part_name(main)}:
        raise ambiguous("有另一个工作簿部件")
    texts = {part for part, kind in types.items() if kind.endswith(_STRINGS)}
    if texts and texts != {part_name(strings)}:
        raise ambiguous("有另一份共享文字")
