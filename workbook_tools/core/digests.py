"""A digest of facts, whatever records they stand in: equal facts have the same one, in every process and on every computer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Set
from dataclasses import fields, is_dataclass
from pathlib import PurePath

from pydantic import BaseModel
from pydantic_core import PydanticSerializationError

_HELD = 1_000
"""Texts and numbers of a spelling, before they are let go."""


def digest_facts(*facts: object) -> str:
    """SHA-256 of texts, numbers, paths and records, and of lists, sets and mappings of them. Different facts never have the same spelling.

    The order of a mapping counts, that of a set does not. Raises TypeError for what is no data.
    """
    parts = _Spelling()
    _spell_all(facts, parts)
    return parts.digest()


class _Spelling(list[str]):
    """How facts are spelt; of thousands of records only the last ones are held."""

    def __init__(self) -> None:
        super().__init__()
        self._known = hashlib.sha256()

    def let_go(self) -> None:
        """Take what there is into the digest."""
        self._known.update("".join(self).encode("utf-8", "surrogatepass"))
        self.clear()

    def digest(self) -> str:
        """Of all that was spelt."""
        self.let_go()
        return self._known.hexdigest()


def _spell_all(facts: Iterable[object], parts: _Spelling) -> None:
    parts.append("[")
    for fact in facts:
        if type(fact) is str:  # nearly all are
            parts.append(f"s{len(fact)}:{fact}")
        else:
            _spell(fact, parts)
    parts.append("]")
    if len(parts) > _HELD:
        parts.let_go()


def _spell(fact: object, parts: _Spelling) -> None:
    match fact:
        case None | bool() | int() | float():
            parts.append(f"{fact!r};")
        case str():  # a subclass, such as a StrEnum, which may print differently
            parts.append(f"{type(fact).__name__}{len(fact)}:{fact}")
        case list() | tuple():
            _spell_all(fact, parts)
        case Mapping():
            parts.append("{")
            _spell_all(fact.keys(), parts)
            _spell_all(fact.values(), parts)
            parts.append("}")
        case bytes():
            parts.append(f"b{hashlib.sha256(fact).hexdigest()}")
        case PurePath():
            parts.append("p")
            _spell_all((fact.as_posix(),), parts)
        case Set():
            parts.append("<")
            _spell_all(sorted(digest_facts(item) for item in fact), parts)
            parts.append(">")
        case _:
            parts.append(type(fact).__name__)
            _spell_all(_open_record(fact), parts)


def _open_record(fact: object) -> Iterable[object]:
    """The fields of a record; of any other object its state, as ``copy`` would take it."""
    if isinstance(fact, BaseModel):
        try:
            return (fact.model_dump_json(),)
        except PydanticSerializationError:  # half a surrogate pair, of a damaged file name
            return (fact.model_dump(),)
    if is_dataclass(fact) and not isinstance(fact, type):
        return [getattr(fact, part.name) for part in fields(fact)]
    state = fact.__getstate__()
    if not state or isinstance(fact, type):
        raise TypeError(f"{type(fact).__name__} is no data")
    return (state,)
