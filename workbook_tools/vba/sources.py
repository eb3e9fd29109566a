"""VBA sources as text files in UTF-8: .bas for modules, .cls for classes, as the editor of Office exports them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from workbook_tools.core.errors import TemplateError

CODE_PAGE = 936
ENCODING = f"cp{CODE_PAGE}"
"""Simplified Chinese Windows. VBA knows no other characters than those of a code page."""
WORKBOOK = "ThisWorkbook"
_MAX_NAME = 31
_WORKBOOK_BASE, _SHEET_BASE = "{00020819-0000-0000-C000-000000000046}", "{00020820-0000-0000-C000-000000000046}"
_DOCUMENT = """\
Attribute VB_Name = "{name}"
Attribute VB_Base = "0{base}"
Attribute VB_GlobalNameSpace = False
Attribute VB_Creatable = False
Attribute VB_PredeclaredId = True
Attribute VB_Exposed = True
Attribute VB_TemplateDerived = False
Attribute VB_Customizable = True
"""
_EDITORS_HEADING = "VERSION 1.0 CLASS\r\nBEGIN\r\n  MultiUse = -1  'True\r\nEND\r\n"
"""Above a class that the editor exports; by it the editor knows a class from a module when it imports one."""
_CLASS_BASE = '"0{FCFB3D2A-A0FA-1068-A738-08002B3371B5}"'
_CLASS_ATTRIBUTES = {
    "VB_Base": _CLASS_BASE,
    "VB_GlobalNameSpace": "False",
    "VB_Creatable": "False",
    "VB_PredeclaredId": "False",
    "VB_Exposed": "False",
    "VB_TemplateDerived": "False",
    "VB_Customizable": "False",
}
"""Of a class, in this order below its name, with what they usually are."""
_NOT_EXPORTED = ("VB_Base", "VB_TemplateDerived", "VB_Customizable")
"""What the editor keeps to itself when it exports a class."""
_ATTRIBUTE_LINE = re.compile(r"Attribute (VB_\w+) = (.*)")


class ModuleKind(Enum):
    """What a module belongs to; the value is the word of the PROJECT stream."""

    PROCEDURAL = "Module"
    CLASS = "Class"
    DOCUMENT = "Document"
    """The workbook or one of its sheets."""

    @property
    def ending(self) -> str:
        """Of the file that the editor exports."""
        return "bas" if self is ModuleKind.PROCEDURAL else "cls"


@dataclass(frozen=True, slots=True)
class Module:
    """A module with its source, attribute lines included, its lines ending as VBA's do (CR LF)."""

    name: str
    kind: ModuleKind
    source: str

    @property
    def is_private_class(self) -> bool:
        """A class that other projects may not use."""
        return self.kind is ModuleKind.CLASS and "\nAttribute VB_Exposed = True\r" not in self.source


def sheet_module_name(number: int) -> str:
    """The module of a sheet, counted from 1; also the sheet's code name."""
    return f"Sheet{number}"


def read_modules(folder: Path) -> tuple[Module, ...]:
    """The modules of a folder by name; ``ThisWorkbook.cls`` holds only the code of the workbook's own module.

    Raises TemplateError, naming file and line: no source there, a character that VBA lacks, a module called other than its file.
    """
    files = sorted(path for path in folder.glob("*") if path.suffix in (".bas", ".cls"))
    if not files:
        raise TemplateError(f"文件夹“{folder}”里没有宏的源代码（.bas、.cls）")
    return tuple(map(_read_module, files))


def add_document_modules(modules: Sequence[Module], sheets: int) -> tuple[Module, ...]:
    """The modules of a workbook with so many sheets: those of the workbook and its sheets first, as Excel wants them."""
    own = {module.name: module for module in modules if module.kind is ModuleKind.DOCUMENT}
    bases = {WORKBOOK: _WORKBOOK_BASE} | {sheet_module_name(i + 1): _SHEET_BASE for i in range(sheets)}
    documents = (own.get(name) or _make_document_module(name, base) for name, base in bases.items())
    return (*documents, *(module for module in modules if module.kind is not ModuleKind.DOCUMENT))


def write_for_editor(module: Module) -> str:
    """The source as the editor of Office exports and imports it."""
    if module.kind is not ModuleKind.CLASS:
        return module.source
    hidden = tuple(f"Attribute {name} =" for name in _NOT_EXPORTED)
    lines = module.source.splitlines(keepends=True)
    return _EDITORS_HEADING + "".join(line for line in lines if not line.startswith(hidden))


def _make_document_module(name: str, base: str, code: str = "") -> Module:
    return Module(name, ModuleKind.DOCUMENT, _end_lines_as_vba(_DOCUMENT.format(name=name, base=base) + code))


def _read_module(path: Path) -> Module:
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        raise TemplateError(f"宏的源代码“{path}”无法读取：{exc}。应为 UTF-8 编码的文本文件。") from None
    _check_characters(path, text)
    name = path.stem
    if name == WORKBOOK:
        return _make_document_module(name, _WORKBOOK_BASE, text)
    kind = ModuleKind.PROCEDURAL if path.suffix == ".bas" else ModuleKind.CLASS
    if kind is ModuleKind.CLASS and text.startswith("VERSION "):  # the editor's header is no part of the module
        text = text.partition("\nEND\n")[2]
    if not text.startswith(f'Attribute VB_Name = "{name}"\n') or len(name) > _MAX_NAME:
        raise TemplateError(
            f'宏的源代码“{path}”应以 Attribute VB_Name = "{name}" 开头，与文件同名，名称不超过 {_MAX_NAME} 个字'
        )
    if kind is ModuleKind.CLASS:
        text = _complete_class(text)
    return Module(name, kind, _end_lines_as_vba(text))


def _complete_class(text: str) -> str:
    """A class with the attributes that Excel saves with it, in Excel's order: what the text says of them, or the usual."""
    name, *lines = text.splitlines()
    told: dict[str, str] = {}
    while lines and (found := _ATTRIBUTE_LINE.fullmatch(lines[0])) and found[1] in _CLASS_ATTRIBUTES:
        told[found[1]] = found[2]
        del lines[0]
    attributes = (f"Attribute {key} = {value}" for key, value in (_CLASS_ATTRIBUTES | told).items())
    return "\n".join((name, *attributes, *lines))


def _check_characters(path: Path, text: str) -> None:
    for number, line in enumerate(text.splitlines(), 1):
        for character in line:
            try:
                character.encode(ENCODING)
            except UnicodeEncodeError:
                raise TemplateError(
                    f"宏的源代码“{path}”第 {number} 行有 GBK 以外的字符“{character}”，VBA 无法保存；请改用别的字"
                ) from None


def _end_lines_as_vba(text: str) -> str:
    return "".join(f"{line}\r\n" for line in text.splitlines())
