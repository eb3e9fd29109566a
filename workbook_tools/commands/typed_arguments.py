"""What people type on the command line, straightened before it is understood: other words for --help, quotes that came along with a path,
a year with 年 after it, codes with Chinese commas between them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import typer

from workbook_tools.core.years import FIRST_YEAR, LAST_YEAR

_FOR_HELP = frozenset({"-h", "-?", "/?", "-help", "？"})
_HELP_COMMAND = frozenset({"help", "帮助"})
_QUOTED = re.compile(r"""["“”'‘’](.+)["“”'‘’]""")
_SWALLOWED = re.compile(r"""(?P<path>[A-Za-z]:\\[^"]*)"(?P<rest>.*)""", re.DOTALL)
r"""``"D:\回收\" --out x``: Windows takes \" for a quote within the word, and what follows for a part of it."""
_YEAR = re.compile(r"(\d+)\s*年?度?")
_COMMAS = re.compile(r"[,;，；、]")


def straighten(arguments: Sequence[str]) -> list[str]:
    """The words of a command line as they were meant.

    >>> straighten(["help", "generate"]), straighten(["init", "新的", "--year", "２０２４年"])
    (['generate', '--help'], ['init', '新的', '--year', '2024'])
    """
    if arguments and arguments[0] in _HELP_COMMAND:
        arguments = [*arguments[1:], "--help"]
    words: list[str] = []
    for word in arguments:
        words += [_straighten_year(word)] if words[-1:] == ["--year"] else _straighten_word(word)
    return words


def _straighten_year(word: str) -> str:
    found = _YEAR.fullmatch(unicodedata.normalize("NFKC", word).strip())
    return found[1] if found else word


def _straighten_word(word: str) -> Iterator[str]:
    if word in _FOR_HELP:
        yield "--help"
    elif (quoted := _QUOTED.fullmatch(word)) and _is_path(quoted[1]):
        yield quoted[1]
    elif swallowed := _SWALLOWED.fullmatch(word):
        yield swallowed["path"]
        yield from swallowed["rest"].split()
    else:
        yield word


def _is_path(word: str) -> bool:
    return "\\" in word or "/" in word or Path(word).exists()


def split_codes(codes: Iterable[str] | None) -> list[str] | None:
    """Codes of projects, of which several may stand in one word: P001，P002."""
    if codes is None:
        return None
    return [code for word in codes for part in _COMMAS.split(word) if (code := part.strip())] or [*codes]


def check_year(year: int) -> int:
    """A year of four digits, or 0 where none is given. Raises BadParameter."""
    if year and not FIRST_YEAR <= year <= LAST_YEAR:
        raise typer.BadParameter(f"年度写四位数字，如 2024；现在是 {year}")
    return year
