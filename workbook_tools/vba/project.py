"""Modules → vbaProject.bin (MS-OVBA), without Excel.

Only sources go in: no compiled code, so that Excel compiles them itself when the file is opened, and the
same sources give the same bytes. The project refers to no library besides those that are always there.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

from workbook_tools.core.errors import TemplateError
from workbook_tools.vba.compound import build_compound_file
from workbook_tools.vba.compression import compress
from workbook_tools.vba.records import RecordKind, pack_record, pack_version
from workbook_tools.vba.sources import CODE_PAGE, ENCODING, Module, ModuleKind, add_document_modules

NAME = "VBAProject"
_ID = "{5B6F1E0C-7A0D-4E55-9C1B-1D0A6F2E9B37}"
"""Fixed, as there is nothing to tell apart: the project lives inside its workbook."""
_ENGLISH = 0x0409
"""MS-OVBA demands it as the locale, whatever the code page."""
_COOKIE = 0xFFFF
_NO_CACHE = struct.pack("<HHBH", 0x61CC, 0xFFFF, 0, 0)
"""The stream _VBA_PROJECT of a project without compiled code (2.3.4.1)."""
_VBE = "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000"


def build_vba_project(modules: Sequence[Module], sheets: int) -> bytes:
    """The vbaProject.bin of a workbook with so many sheets. Raises TemplateError if a module can't be packed."""
    every = add_document_modules(modules, sheets)
    streams = {module.name: _pack_source(module) for module in every}
    if len(streams) < len(every) or len({name.casefold() for name in streams}) < len(every):
        raise TemplateError("宏的源代码中有重名的模块")
    return build_compound_file(
        {
            "VBA": {"dir": compress(_pack_directory(every)), "_VBA_PROJECT": _NO_CACHE, **streams},
            "PROJECT": _write_properties(every).encode(ENCODING),
            "PROJECTwm": b"".join(map(_pack_names, every)) + b"\0\0",
        }
    )


def _pack_source(module: Module) -> bytes:
    try:
        return compress(module.source.encode(ENCODING))
    except ValueError:
        raise TemplateError(
            f"宏的模块“{module.name}”无法压缩：末尾约 4000 字节过于杂乱，请在模块末尾增加注释"
        ) from None


def _pack_names(module: Module) -> bytes:
    return module.name.encode(ENCODING) + b"\0" + module.name.encode("utf-16-le") + b"\0\0"


# -- the stream dir: MS-OVBA 2.3.4.2 --------------------------------------------------------------------------------


def _pack_text(kind: RecordKind, unicode_kind: RecordKind, text: str) -> bytes:
    """A text in the code page, then in Unicode."""
    return pack_record(kind, text.encode(ENCODING)) + pack_record(unicode_kind, text.encode("utf-16-le"))


def _pack_number(kind: RecordKind, number: int, size: int = 4) -> bytes:
    return pack_record(kind, number.to_bytes(size, "little"))


def _pack_directory(modules: Sequence[Module]) -> bytes:
    information = (
        _pack_number(RecordKind.SYSTEM, 1),  # 32 bits, which a project without declarations runs everywhere
        _pack_number(RecordKind.LOCALE, _ENGLISH),
        _pack_number(RecordKind.LOCALE_INVOKED, _ENGLISH),
        _pack_number(RecordKind.CODE_PAGE, CODE_PAGE, 2),
        pack_record(RecordKind.NAME, NAME.encode(ENCODING)),
        _pack_text(RecordKind.DESCRIPTION, RecordKind.DESCRIPTION_UNICODE, ""),
        pack_record(RecordKind.HELP_FILE) + pack_record(RecordKind.HELP_FILE_AGAIN),
        _pack_number(RecordKind.HELP_CONTEXT, 0),
        _pack_number(RecordKind.LIBRARY_FLAGS, 0),
        pack_version(1, 0),
        _pack_text(RecordKind.CONSTANTS, RecordKind.CONSTANTS_UNICODE, ""),
        _pack_number(RecordKind.MODULES, len(modules), 2),
        _pack_number(RecordKind.COOKIE, _COOKIE, 2),
    )
    return b"".join(information) + b"".join(map(_pack_module, modules)) + pack_record(RecordKind.END)


def _pack_module(module: Module) -> bytes:
    procedural = module.kind is ModuleKind.PROCEDURAL
    return b"".join(
        (
            _pack_text(RecordKind.MODULE_NAME, RecordKind.MODULE_NAME_UNICODE, module.name),
            _pack_text(RecordKind.STREAM_NAME, RecordKind.STREAM_NAME_UNICODE, module.name),
            _pack_text(RecordKind.MODULE_DESCRIPTION, RecordKind.MODULE_DESCRIPTION_UNICODE, ""),
            _pack_number(RecordKind.SOURCE_OFFSET, 0),  # no compiled code before it
            _pack_number(RecordKind.MODULE_HELP_CONTEXT, 0),
            _pack_number(RecordKind.MODULE_COOKIE, _COOKIE, 2),
            pack_record(RecordKind.PROCEDURAL_MODULE if procedural else RecordKind.OTHER_MODULE),
            pack_record(RecordKind.PRIVATE_MODULE) if module.is_private_class else b"",
            pack_record(RecordKind.MODULE_END),
        )
    )


# -- the stream PROJECT: 2.3.1 --------------------------------------------------------------------------------------


def _write_properties(modules: Sequence[Module]) -> str:
    listed = [
        f"{module.kind.value}={module.name}" + ("/&H00000000" if module.kind is ModuleKind.DOCUMENT else "")
        for module in modules
    ]
    lines = (
        f'ID="{_ID}"',
        *listed,
        f'Name="{NAME}"',
        'HelpContextID="0"',
        'VersionCompatible32="393222000"',
        f'CMG="{_disguise(bytes(4))}"',  # protected from nobody
        f'DPB="{_disguise(bytes(1))}"',  # no password
        f'GC="{_disguise(bytes([0xFF]))}"',  # visible
        "",
        "[Host Extender Info]",
        _VBE,
        "",
        "[Workspace]",
        *(f"{module.name}=0, 0, 0, 0, C" for module in modules),
    )
    return "".join(f"{line}\r\n" for line in lines)


def _disguise(data: bytes) -> str:
    """The "encryption" of 2.4.3.2 with the seed 0; each byte hides behind the two before it."""
    key = sum(_ID.encode()) & 0xFF
    plain, coded = key, [2, key]  # the version, then the project's key
    for byte in (*len(data).to_bytes(4, "little"), *data):
        coded.append(byte ^ (plain + coded[-2]) & 0xFF)
        plain = byte
    return bytes([0, *coded]).hex().upper()
