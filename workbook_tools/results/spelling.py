"""A result as JSON, a piece at a time: the same bytes as of the whole, none of which needs to be in memory with the others."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache
from itertools import islice
from typing import Any, get_args

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from workbook_tools.core.result_parts import NO_ROWS
from workbook_tools.core.review_result import ReviewResult

_FEW = 200
"""So many rows are spelled at a time: some hundred kilobytes."""
_BLOCK = 1_000_000
"""Bytes that are written together."""

Rows = Callable[[str], Iterable[bytes]]
"""The rows of a field of the result (projects, indicators …), as :func:`spell_rows` spells them."""


def spell_result(result: ReviewResult) -> Iterator[bytes]:
    """审核结果.json of a result that is in memory, in blocks."""
    return spell_json(result.model_copy(update=NO_ROWS), lambda field: spell_rows(field, getattr(result, field)))


def spell_json(head: ReviewResult, rows: Rows) -> Iterator[bytes]:
    """审核结果.json, in blocks: what is said once of all, and in their places the rows of each field."""
    return join_blocks(spell_pieces(head, rows))


def spell_pieces(head: ReviewResult, rows: Rows) -> Iterator[bytes]:
    """The same as it is spelt, one piece of rows after another; none is asked for before the one before it is taken."""
    places = {f' "{field}": []'.encode(): field for field in NO_ROWS}  # no text has a line of its own: \n is escaped
    for number, line in enumerate(_spell(ReviewResult, head, indent=1).split(b"\n")):
        yield b"\n" if number else b""
        field = places.get(line.rstrip(b","))
        if field is None:
            yield line
            continue
        before, _, after = line.partition(b"]")
        begun = False
        for piece in rows(field):
            yield b"," if begun else before
            yield piece
            begun = True
        yield b"\n ]" + after if begun else line
    yield b"\n"


def spell_rows(field: str, rows: Iterable[object]) -> Iterator[bytes]:
    """Rows of a field as they stand in 审核结果.json, some at a time; between the pieces stand commas, around all brackets."""
    kind, left = ReviewResult.model_fields[field].annotation, iter(rows)
    while some := tuple(islice(left, _FEW)):
        yield _spell(kind, some, indent=1)[1:-2].replace(b"\n", b"\n ")


def spell_lines(field: str, rows: Iterable[object]) -> bytes:
    """Rows of a field, each on a line of its own (.jsonl), with the same names and values as in 审核结果.json."""
    kind = ReviewResult.model_fields[field].annotation
    return b"".join(_spell(kind, (row,))[1:-1] + b"\n" for row in rows)


def list_lines(stream: Iterable[bytes]) -> Iterator[bytes]:
    """What :func:`spell_lines` has spelled, row by row."""
    return filter(None, (line.rstrip(b"\n") for line in stream))


def keep_own_lines(lines: Iterable[bytes], name: str, wanted: Collection[str]) -> Iterator[bytes]:
    """Of these those that have one of the ``wanted`` under that name, perhaps in a record within; no other is taken apart."""
    spelled = {_spell(str, one) for one in wanted}
    said = _find_values(name)
    return (line for line in lines if not spelled.isdisjoint(said(line)))


def names_only(name: str, some: Collection[str]) -> Callable[[bytes], bool]:
    """Whether a row has under that name, also in a record within, one of these, and nothing else."""
    spelled, said = {_spell(str, one) for one in some}, _find_values(name)

    def ask(line: bytes) -> bool:
        found = said(line)
        return bool(found) and spelled.issuperset(found)

    return ask


def find_named(line: bytes, name: str) -> set[str]:
    """What a row, or a record within, has under that name."""
    return {json.loads(value) for value in {*_find_values(name)(line)}}


@cache
def _find_values(name: str) -> Callable[[bytes], list[bytes]]:
    return re.compile(b'"%b":("(?>(?:[^"\\\\]|\\\\.)*)")' % name.encode()).findall


def read_line(field: str, line: bytes) -> Any:
    """A row of a field. Raises ValueError where it is damaged, ValidationError where it holds something else."""
    adapter = _adapter(get_args(ReviewResult.model_fields[field].annotation)[0])
    try:
        return adapter.validate_json(line)
    except ValidationError:  # or half a surrogate pair, see below
        return adapter.validate_python(json.loads(line))


def join_blocks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Pieces put together, as many as are worth writing at once; what is as long as that by itself is not copied."""
    block = bytearray()
    for piece in pieces:
        if len(piece) >= _BLOCK:
            yield bytes(block)
            block.clear()
            yield piece
            continue
        block += piece
        if len(block) >= _BLOCK:
            yield bytes(block)
            block.clear()
    if block:
        yield bytes(block)


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _spell(kind: Any, value: object, indent: int | None = None) -> bytes:
    adapter = _adapter(kind)
    try:
        return adapter.dump_json(value, indent=indent)
    except PydanticSerializationError:
        # A damaged file name holds half a surrogate pair: it has no UTF-8, only JSON's own escape \udXXX.
        separators = (",", ":") if indent is None else None
        text = json.dumps(adapter.dump_python(value), ensure_ascii=False, indent=indent, separators=separators)
        return text.encode("utf-8", "backslashreplace")
