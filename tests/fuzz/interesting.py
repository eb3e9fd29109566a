"""Values at which readers stumble, and how one is chosen."""

from __future__ import annotations

import struct
from random import Random

NUMBERS = (
    "0", "-0", "1", "-1", "2", "255", "256", "65535", "65536", "1048576", "1048577", "16384", "16385", "2147483647", "4294967295",
    "4294967296", "18446744073709551616", "99999999999999999999999", "1e308", "1e309", "-1e400", "1E-400", "0.1", "0.30000000000000004",
    "1.7976931348623157e308", "5e-324", "NaN", "nan", "inf", "-INF", "1_000", "0x10", "１２３", "٣", "+5", "1,000", " 7 ", "1 2", "--1", "1.2.3", ".5", "5.",
)  # fmt: skip
TEXTS = (
    "",
    " ",
    "\u3000",
    "\n",
    "\t",
    "_x0031_",
    "_x005F_x0031_",
    "_x000D_",
    "\u200b",
    "\u202e甲",
    "甲" * 300,
    "a" * 40_000,
    "=1+1",
    "'=1",
    "#REF!",
    "#N/A",
    "true",
    "TRUE",
    "false",
    "/",
    "—",
    "≥95%",
    "2024-02-30",
    "2024-02-29",
    "1900-01-00",
    "0000-00-00T25:61:61",
    "12万元",
    "壹拾万元",
    "１２％",
    "\U0001f600",
    "e\u0301",
    "A1",
    "$A$1",
    "XFD1048576",
    "A0",
    "ZZZZ1",
    "A1:XFD1048576",
    "B2:A1",
    "A1 B2",
    "表!A1",
    "'表'!$A$1",
    "rId1",
    "http://x",
    "../../x",
    "/",
    "C:\\x",
    "%41",
    "%",
    "&",
    "<",
    "]]>",
)
WORDS = (
    "t",
    "s",
    "n",
    "b",
    "e",
    "d",
    "str",
    "inlineStr",
    "shared",
    "array",
    "dataTable",
    "hidden",
    "veryHidden",
    "preserve",
    "General",
    "yyyy-mm-dd",
    "0.00%",
    "[h]:mm",
)
BYTES = (
    b"",
    b"\0",
    b"\xff",
    b"\xff\xff\xff\xff",
    b"\x00\x00\x00\x80",
    b"\xfe\xff\xff\xff",
    b"\r\n",
    b"<",
    b">",
    b"&",
    b'"',
    b"PK\x03\x04",
    b"PK\x01\x02",
    b"\xef\xbb\xbf",
    b"\xd8\x00",
)


def choose_value(random: Random) -> str:
    """A number, a text or a word."""
    return random.choice(random.choice((NUMBERS, TEXTS, WORDS)))


def choose_bytes(random: Random) -> bytes:
    """A few bytes: known ones, a number, or noise."""
    match random.randrange(3):
        case 0:
            return random.choice(BYTES)
        case 1:
            return struct.pack(
                "<I",
                random.choice(
                    (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)
                ),
            )[: random.choice((1, 2, 4))]
    return random.randbytes(random.randrange(1, 9))
