"""A digest of facts, whatever records they stand in: equal facts have the same one, in every process and on every computer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Set
from dataclasses import fields, is_dataclass
from pathlib import PurePath

from pydantic import BaseModel
from pydantic_core import PydanticSerializationError


def digest_facts(*facts: object) -> str:
    """SHA-256 of texts, numbers, paths, records, and lists, sets and mappings of them; no two different ones are spelt alike.

    The order of a mapping counts, that of a set does not. Raises TypeError for what is no data.
    """
    digest = hashlib.sha256()
    for part in _spell(facts):
        digest.update(part)
    return digest.hexdigest()


def _spell(fact: object) -> Iterator[bytes]:
    match fact:
        case None | bool() | int() | float():
            yield repr(fact).encode() + b";"
        case str():
            if type(fact) is not str:  # it may be printed otherwise
                yield type(fact).__name__.encode()
            yield from _spell_bytes("s", fact.encode("utf-8", "surrogatepass"))
        case bytes():
            yield from _spell_bytes("b", fact)
        case PurePath():
            yield from _spell_bytes("p", fact.as_posix().encode("utf-8", "surrogatepass"))
        case BaseModel():
            yield type(fact).__name__.encode()
            yield from _spell_model(fact)
        case Mapping():
            yield b"{"
            for item in fact.items():
                yield from _spell(item)
            yield b"}"
        case Set():
            yield b"<"
            yield from sorted(b"".join(_spell(item)) for item in fact)
            yield b">"
        case list() | tuple():
            yield b"["
            for item in fact:
                yield from _spell(item)
            yield b"]"
        case _ if is_dataclass(fact) and not isinstance(fact, type):
            yield type(fact).__name__.encode()
            yield from _spell([getattr(fact, part.name) for part in fields(fact)])
        case _:
            yield type(fact).__name__.encode()
            yield from _spell(_find_state(fact))


def _find_state(fact: object) -> tuple[object, ...]:
    """What an object of another kind holds, as it would be copied."""
    state = fact.__getstate__()
    if not state or isinstance(fact, type):
        raise TypeError(f"{type(fact).__name__} is no data")
    return (state,)


def _spell_model(fact: BaseModel) -> Iterator[bytes]:
    try:
        yield from _spell_bytes("j", fact.model_dump_json().encode())
    except PydanticSerializationError:  # half a surrogate pair, of a damaged file name
        yield from _spell(fact.model_dump())


def _spell_bytes(kind: str, data: bytes) -> Iterator[bytes]:
    yield f"{kind}{len(data)}:".encode()
    yield data
