"""Modules → vbaProject.bin (MS-OVBA), without Excel.

Only sources go in: no compiled code, so that Excel compiles them itself when the file is opened, and the
same sources give the same bytes. The project refers to no library besides those that are always there.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

from workbook_tools.core.errors import TemplateError
from workbook_tools.vba.compound import compound_file
from workbook_tools.vba.compression import compress
from workbook_tools.vba.sources import CODE_PAGE, ENCODING, Module, ModuleKind, with_documents

NAME = "VBAProject"
_ID = "{5B6F1E0C-7A0D-4E55-9C1B-1D0A6F2E9B37}"
"""Fixed, as there is nothing to tell apart: the project lives inside its workbook."""
_ENGLISH = 0x0409
"""MS-OVBA demands it as the locale, whatever the code page."""
_COOKIE = 0xFFFF
_NO_CACHE = struct.pack("<HHBH", 0x61CC, 0xFFFF, 0, 0)
"""The stream _VBA_PROJECT of a project without compiled code (2.3.4.1)."""
_VBE = "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000"


def vba_project(modules: Sequence[Module], sheets: int) -> bytes:
    """The vbaProject.bin of a workbook with so many sheets. Raises TemplateError if a module can't be packed."""
    every = with_documents(modules, sheets)
    streams = {module.name: _packed(module) for module in every}
    if len(streams) < len(every) or len({name.casefold() for name in streams}) < len(every):
        raise TemplateError("宏的源代码中有重名的模块")
    return compound_file(
        {
            "VBA": {"dir": compress(_directory(every)), "_VBA_PROJECT": _NO_CACHE, **streams},
            "PROJECT": _properties(every).encode(ENCODING),
            "PROJECTwm": b"".join(map(_both_names, every)) + b"\0\0",
        }
    )


def _packed(module: Module) -> bytes:
    try:
        return compress(module.source.encode(ENCODING))
    except ValueError:
        raise TemplateError(
            f"宏的模块“{module.name}”无法压缩：末尾约 4000 字节过于杂乱，请在模块末尾增加注释"
        ) from None


def _both_names(module: Module) -> bytes:
    return module.name.encode(ENCODING) + b"\0" + module.name.encode("utf-16-le") + b"\0\0"


# -- the stream dir: MS-OVBA 2.3.4.2 --------------------------------------------------------------------------------


def _record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HI", kind, len(data)) + data


def _text(kind: int, unicode_kind: int, text: str) -> bytes:
    """A text in the code page, then in Unicode."""
    return _record(kind, text.encode(ENCODING)) + _record(unicode_kind, text.encode("utf-16-le"))


def _number(kind: int, number: int, size: int = 4) -> bytes:
    return _record(kind, number.to_bytes(size, "little"))


def _directory(modules: Sequence[Module]) -> bytes:
    information = (
        _number(0x0001, 1),  # SYSKIND: 32 bits, which a project without declarations runs everywhere
        _number(0x0002, _ENGLISH),
        _number(0x0014, _ENGLISH),
        _number(0x0003, CODE_PAGE, 2),
        _record(0x0004, NAME.encode(ENCODING)),
        _text(0x0005, 0x0040, ""),  # description
        _record(0x0006) + _record(0x003D),  # help file, twice
        _number(0x0007, 0),  # help context
        _number(0x0008, 0),  # library flags
        struct.pack("<HIIH", 0x0009, 4, 1, 0),  # version; its size does not count the minor number
        _text(0x000C, 0x003C, ""),  # constants
        _number(0x000F, len(modules), 2),
        _number(0x0013, _COOKIE, 2),
    )
    return b"".join(information) + b"".join(map(_module_records, modules)) + _record(0x0010)


def _module_records(module: Module) -> bytes:
    return b"".join(
        (
            _text(0x0019, 0x0047, module.name),
            _text(0x001A, 0x0032, module.name),  # its stream
            _text(0x001C, 0x0048, ""),  # description
            _number(0x0031, 0),  # where the source begins in the stream: no compiled code before it
            _number(0x001E, 0),  # help context
            _number(0x002C, _COOKIE, 2),
            _record(0x0021 if module.kind is ModuleKind.PROCEDURAL else 0x0022),
            _record(0x002B),
        )
    )


# -- the stream PROJECT: 2.3.1 --------------------------------------------------------------------------------------


def _properties(modules: Sequence[Module]) -> str:
    listed = [
        f"{module.kind.value}={module.name}" + ("/&H00000000" if module.kind is ModuleKind.DOCUMENT else "")
        for module in modules
    ]
    lines = (
        f'ID="{_ID}"', *listed, f'Name="{NAME}"', 'HelpContextID="0"', 'VersionCompatible32="393222000"',
        f'CMG="{_disguised(bytes(4))}"',  # protected from nobody
        f'DPB="{_disguised(bytes(1))}"',  # no password
        f'GC="{_disguised(bytes([0xFF]))}"',  # visible
        "", "[Host Extender Info]", _VBE,
        "", "[Workspace]", *(f"{module.name}=0, 0, 0, 0, C" for module in modules),
    )  # fmt: skip
    return "".join(f"{line}\r\n" for line in lines)


def _disguised(data: bytes) -> str:
    """The "encryption" of 2.4.3.2 with the seed 0; each byte hides behind the two before it."""
    key = sum(_ID.encode()) & 0xFF
    plain, coded = key, [2, key]  # the version, then the project's key
    for byte in (*len(data).to_bytes(4, "little"), *data):
        coded.append(byte ^ (plain + coded[-2]) & 0xFF)
        plain = byte
    return bytes([0, *coded]).hex().upper()
