"""Records as bytes: JSON if they are to outlive the run and survive JSON unchanged, else a pickle, which only goes between processes of one run."""

from __future__ import annotations

import pickle
import zlib
from functools import cache
from typing import Any, TypeVar

from pydantic import GetCoreSchemaHandler, TypeAdapter, ValidationError
from pydantic_core import CoreSchema, PydanticSerializationError, core_schema

FAST = 1
"""Level of compression: it leaves a third of the bytes, and takes a hundredth of the time of a file's review."""
PICKLE = b"\x80"
"""The first byte of a pickle, and never that of zlib's output."""

T = TypeVar("T")


class AsPairs:
    """For a mapping whose keys are not texts: ``Annotated[dict[tuple[str, str], float], AsPairs]`` becomes a list of pairs in JSON."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        as_list = core_schema.plain_serializer_function_ser_schema(lambda mapping: [*mapping.items()], when_used="json")
        return core_schema.no_info_before_validator_function(_join_pairs, handler(source), serialization=as_list)


def _join_pairs(found: Any) -> Any:
    if not isinstance(found, list):
        return found
    return {tuple(key) if isinstance(key, list) else key: value for key, value in found}


def pack_plainly(record: object) -> bytes:
    """Pack any record for another process, or a later time, of this run."""
    return zlib.compress(pickle.dumps(record, pickle.HIGHEST_PROTOCOL), FAST)


def unpack_plainly(data: bytes) -> Any:
    """The record again."""
    return pickle.loads(zlib.decompress(data))  # noqa: S301 - from this run


def is_exact(data: bytes) -> bool:
    """It is JSON, and not a pickle."""
    return not data.startswith(PICKLE)


def pack_record(kind: TypeAdapter[T], record: T, *, lasting: bool = True) -> bytes:
    """Pack any record of plain data: as JSON if it is to be ``lasting`` and survives JSON unchanged, else as a pickle."""
    if lasting:
        try:
            text = kind.dump_json(record)
            if kind.validate_json(text) == record:
                return zlib.compress(text, FAST)
        except (PydanticSerializationError, ValidationError):
            pass
    return PICKLE + pack_plainly(record)


def unpack_record(kind: TypeAdapter[T], data: bytes) -> T:
    """The record again."""
    if is_exact(data):
        return kind.validate_json(unpack_json(data))
    record: T = unpack_plainly(data[1:])
    return record


def unpack_json(data: bytes) -> bytes:
    """The JSON of a packed record that :func:`is_exact`."""
    return zlib.decompress(data)


def adapter(kind: Any) -> TypeAdapter[Any]:
    """The adapter between records of a kind and JSON."""
    return _make_adapter(kind)


@cache
def _make_adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
