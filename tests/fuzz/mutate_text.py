"""Bytes, markup, tables of plain text, and encodings, changed."""

from __future__ import annotations

import re
from random import Random

from interesting import choose_bytes, choose_value

_TAG = re.compile(rb"(<[^<>]*>)")
_ATTRIBUTE = re.compile(rb"(\s[\w:-]+\s*=\s*)(\"[^\"]*\"|'[^']*'|[^\s>\"']+)")
_ELEMENTS = (
    b"<table>",
    b"</table>",
    b"<tr>",
    b"</tr>",
    b"<td>",
    b"</td>",
    b"<td colspan=99999999>",
    b"<td rowspan=99999999>",
    b"<br>",
    b"<p>",
    b"<b>",
    b"<script>",
    b"<style>",
    b"<!--",
    b"-->",
    b"<![CDATA[",
    b"<?x ?>",
    b"&nbsp;",
    b"&#0;",
    b"&#xD800;",
    b"&#99999999;",
    b"&lt;",
    b"<input type=checkbox checked>",
    b"<meta charset=utf-7>",
    b"<meta charset=gb2312>",
)
_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "utf-32", "latin-1")


def change_bytes(data: bytes, random: Random) -> bytes:
    """Bytes replaced, put in, taken out, repeated, moved, or the end cut off."""
    size = max(1, len(data))
    start = random.randrange(size)
    length = random.choice((1, 1, 2, 4, 8, 64, 512, 4096))
    piece = data[start : start + length]
    match random.randrange(7):
        case 0:
            return data[:start] + choose_bytes(random) + data[start + length :]
        case 1:
            return data[:start] + choose_bytes(random) + data[start:]
        case 2:
            return data[:start] + data[start + length :]
        case 3:
            return data[:start] + piece * random.choice((2, 3, 100)) + data[start + length :]
        case 4:
            target = random.randrange(size)
            return data[:target] + piece + data[target:]
        case 5:
            return data[:start]
    return data[:start] + bytes([data[start] ^ 1 << random.randrange(8)] if data else b"") + data[start + 1 :]


def change_markup(data: bytes, random: Random) -> bytes:
    """Tags and texts of a page taken out, doubled, exchanged, repeated, or given other attributes."""
    parts = _TAG.split(data)
    at, other = random.randrange(len(parts)), random.randrange(len(parts))
    match random.randrange(9):
        case 0:
            del parts[at]
        case 1:
            parts.insert(other, parts[at])
        case 2:
            parts[at], parts[other] = parts[other], parts[at]
        case 3:
            start, end = sorted((at, other))
            parts[end:end] = parts[start:end] * random.choice((1, 2, 10))
        case 4:
            parts.insert(at, random.choice(_ELEMENTS) * random.choice((1, 1, 2, 300, 20_000)))
        case 5:
            parts[at] = _ATTRIBUTE.sub(lambda m: m[1] + b'"' + choose_value(random).encode() + b'"', parts[at], count=1)
        case 6:
            tags = [n for n, part in enumerate(parts) if _ATTRIBUTE.search(part)]
            chosen = random.choice(tags or [at])
            parts[chosen] = _ATTRIBUTE.sub(lambda m: m[1] + b'"' + choose_value(random).encode() + b'"', parts[chosen])
        case 7:
            start, end = sorted((at, other))
            del parts[start : start + min(end - start, 200)]
        case _:
            parts[at] = choose_value(random).encode()
    return b"".join(parts)


def change_table(data: bytes, random: Random) -> bytes:
    """Lines and fields of a table in plain text changed."""
    lines = data.split(b"\r\n")
    at, other = random.randrange(len(lines)), random.randrange(len(lines))
    fields = lines[at].split(b",")
    match random.randrange(7):
        case 0:
            del lines[at]
        case 1:
            lines.insert(other, lines[at])
        case 2:
            lines[at], lines[other] = lines[other], lines[at]
        case 3:
            fields[random.randrange(len(fields))] = choose_value(random).encode("gb18030")
            lines[at] = b",".join(fields)
        case 4:
            lines[at] = b",".join(fields * random.choice((2, 10, 300)))
        case 5:
            lines[at] = lines[at].replace(b'"', b"", 1) + random.choice((b'"', b'""', b"\t", b";", b"\0", b"\r", b"\n"))
        case _:
            lines[at:at] = [lines[at]] * random.choice((2, 50, 3000))
    return b"\r\n".join(lines)


def change_encoding(data: bytes, random: Random) -> bytes:
    """The text in another encoding, whatever it says of itself."""
    for encoding in ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return text.encode(random.choice(_ENCODINGS), "replace")
    return change_bytes(data, random)
