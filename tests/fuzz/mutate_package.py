"""Zip files changed: the container, which parts there are and how they refer to each other, and the XML of a part."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from random import Random

from interesting import choose_value
from lxml import etree
from mutate_text import change_bytes, change_markup
from mutate_xml import change_tree

Parts = dict[str, bytes]
_USUAL_XML = (
    "xl/worksheets/",
    "xl/sharedStrings",
    "xl/workbook.xml",
    "xl/styles",
    "word/document",
    "word/styles",
    "content.xml",
    "_rels/",
)
_KINDS = (
    "worksheet",
    "sharedStrings",
    "styles",
    "officeDocument",
    "chartsheet",
    "externalLink",
    "image",
    "hyperlink",
    "vbaProject",
    "x",
)
_ODD_NAMES = (
    "mimetype",
    "xl/workbook.bin",
    "word/document.xml",
    "[Content_Types].xml",
    "EncryptedPackage",
    "xl/vbaProject.bin",
    "xl/macrosheets/a.xml",
    "../x",
    "/xl/workbook.xml",
    "XL/WORKBOOK.XML",
    "xl\\workbook.xml",
    "xl/work%62ook.xml",
    "",
    "a" * 300,
    "content.xml",
    "META-INF/manifest.xml",
)


def read_parts(data: bytes) -> Parts:
    """The parts of a package."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}


def write_parts(parts: Parts) -> bytes:
    """A package of these parts; quickly, as there are many."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            archive.writestr(
                zipfile.ZipInfo(name), content, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            )
    return file.getvalue()


def choose_xml(parts: Parts, random: Random) -> str:
    """The name of a part that holds XML, most often one that is read."""
    names = sorted(name for name, content in parts.items() if content.lstrip()[:1] == b"<")
    usual = [name for name in names if name.startswith(_USUAL_XML) or "_rels/" in name]
    return random.choice(usual if usual and random.random() < 0.9 else names)


def change_xml(data: bytes, random: Random) -> bytes:
    """A part's elements changed."""
    parts = read_parts(data)
    name = choose_xml(parts, random)
    root = etree.fromstring(parts[name], etree.XMLParser(resolve_entities=False, huge_tree=True))
    for _ in range(random.choice((1, 1, 1, 2, 5))):
        change_tree(root, random)
    parts[name] = _serialise(root, random)
    return write_parts(parts)


def _serialise(root: etree._Element, random: Random) -> bytes:
    match random.randrange(40):
        case 0:
            return etree.tostring(root, xml_declaration=True, encoding="UTF-16")
        case 1:
            return etree.tostring(root, xml_declaration=True, encoding="ISO-8859-1")
        case 2:
            entity = '<!DOCTYPE x [<!ENTITY a "510">]>'
            return entity.encode() + etree.tostring(root, encoding="UTF-8")
        case 3:
            return b"\xef\xbb\xbf" + etree.tostring(root, encoding="UTF-8")
        case 4:
            return etree.tostring(root, encoding="UTF-8", pretty_print=True)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def change_xml_text(data: bytes, random: Random) -> bytes:
    """A part's text changed, tag by tag or byte by byte."""
    parts = read_parts(data)
    name = choose_xml(parts, random)
    parts[name] = random.choice((change_markup, change_bytes))(parts[name], random)
    return write_parts(parts)


# -- which parts there are --------------------------------------------------------------------------------------------


def change_parts(data: bytes, random: Random) -> bytes:
    """Parts taken out, added, exchanged, renamed, emptied, or referred to otherwise."""
    parts = read_parts(data)
    names = sorted(parts)
    name, other = random.choice(names), random.choice(names)
    match random.randrange(8):
        case 0:
            del parts[name]
        case 1:
            parts[name], parts[other] = parts[other], parts[name]
        case 2:
            parts[random.choice(_ODD_NAMES)] = parts[name]
        case 3:
            parts = {(choose_value(random) if key == name else key): content for key, content in parts.items()}
        case 4:
            parts[name] = random.choice((b"", b"<a/>", b"\0" * 5000, b"<?xml version='1.0'?>"))
        case 5:
            parts = {key: parts[key] for key in random.sample(names, len(names))}
        case _:
            return write_parts(_change_relations(parts, random))
    return write_parts(parts)


def _change_relations(parts: Parts, random: Random) -> Parts:
    """A relationship pointed elsewhere, doubled, or of another kind."""
    name = random.choice(sorted(name for name in parts if name.endswith(".rels")))
    root = etree.fromstring(parts[name])
    item = random.choice(list(root))
    match random.randrange(6):
        case 0:
            item.set("Target", random.choice(sorted(parts)).rpartition("/")[2] or "x")
        case 1:
            item.set("Target", choose_value(random).replace("\n", ""))
        case 2:
            item.set("Type", item.get("Type", "").rpartition("/")[0] + "/" + random.choice(_KINDS))
        case 3:
            item.set("TargetMode", random.choice(("External", "Internal", "x")))
        case 4:
            item.set("Id", random.choice([other.get("Id", "") for other in root]))
        case _:
            root.append(etree.fromstring(etree.tostring(item)))
            root[-1].set("Id", random.choice(("rId99", item.get("Id", ""))))
    return {**parts, name: etree.tostring(root, xml_declaration=True, encoding="UTF-8")}


# -- the container ----------------------------------------------------------------------------------------------------


def change_container(data: bytes, random: Random) -> bytes:
    """The zip itself: entries, headers, sizes, what stands between and behind."""
    change: Callable[[bytes, Random], bytes] = random.choice(
        (_double_entry, _change_header, _change_header, _add_around, _store, change_bytes)
    )
    return change(data, random)


def _double_entry(data: bytes, random: Random) -> bytes:
    """An entry twice, with another content, or under a name that differs by little."""
    parts = read_parts(data)
    name = random.choice(sorted(parts))
    twin = random.choice(
        (name, name.upper(), "/" + name, name.replace("/", "\\"), name.replace("e", "%65"), name + " ", "./" + name)
    )
    file = io.BytesIO(data)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        entry = zipfile.ZipInfo("placeholder")
        entry.filename = twin
        archive.writestr(entry, change_bytes(parts[name], random))
    return file.getvalue()


def _change_header(data: bytes, random: Random) -> bytes:
    """A field of an entry in the directory, before its content, or at the end of the zip."""
    signature, size = random.choice(((b"PK\1\2", 46), (b"PK\3\4", 30), (b"PK\5\6", 22)))
    places = [place for place in range(len(data)) if data.startswith(signature, place)]
    start = random.choice(places) + random.randrange(4, size - 1)
    value = random.choice((0, 1, 8, 9, 99, 0x7FFF, 0xFFFF, random.randrange(0x10000)))
    return data[:start] + struct.pack("<H", value) + data[start + 2 :]


def _add_around(data: bytes, random: Random) -> bytes:
    """Data in front, behind, or a second zip."""
    noise = random.choice((b"\0" * 100, b"PK\5\6" + b"\0" * 18, data, random.randbytes(50)))
    return random.choice((noise + data, data + noise))


def _store(data: bytes, random: Random) -> bytes:
    """Another way of packing."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in read_parts(data).items():
            archive.writestr(
                zipfile.ZipInfo(name), content, random.choice((zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA))
            )
    return file.getvalue()
