"""Many short texts that are seldom looked at, such as the codes of all projects, the names of all files: packed they take a tenth of the memory."""

from __future__ import annotations

import marshal
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, overload

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema


class PackedTexts(Sequence[str]):
    """Read like a tuple of texts; each look at them unpacks all. As a field of a model it is a list in JSON."""

    __slots__ = ("_count", "_packed")

    def __init__(self, texts: Iterable[str] = ()) -> None:
        held = [*texts]
        self._count, self._packed = len(held), zlib.compress(marshal.dumps(held), 1)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[str]:
        return iter(self._unpack())

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        return self._unpack()[place]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PackedTexts) and self._unpack() == other._unpack()

    def __hash__(self) -> int:
        return hash((*self,))

    def _unpack(self) -> list[str]:
        texts: list[str] = marshal.loads(zlib.decompress(self._packed))  # noqa: S302 - packed by this process
        return texts

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        texts = core_schema.list_schema(core_schema.str_schema())
        as_list = core_schema.plain_serializer_function_ser_schema(list, return_schema=texts)
        return core_schema.no_info_after_validator_function(cls, texts, serialization=as_list)
