"""Records as bytes: JSON where they are to outlive a run and come back the same, else a pickle, which goes between the processes of one run alone."""

from __future__ import annotations

import pickle
import zlib
from functools import cache
from typing import Any, TypeVar

from pydantic import GetCoreSchemaHandler, TypeAdapter, ValidationError
from pydantic_core import CoreSchema, PydanticSerializationError, core_schema

FAST = 1
"""Level of compression: a third of the bytes, in a hundredth of the time that the review of a file takes."""
PICKLE = b"\x80"
"""A pickle begins with it; what zlib gives never does."""

T = TypeVar("T")


class AsPairs:
    """For a mapping whose keys are no texts: ``Annotated[dict[tuple[str, str], float], AsPairs]`` is a list of pairs in JSON."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        as_list = core_schema.plain_serializer_function_ser_schema(lambda mapping: [*mapping.items()], when_used="json")
        return core_schema.no_info_before_validator_function(_join_pairs, handler(source), serialization=as_list)


def _join_pairs(found: Any) -> Any:
    if not isinstance(found, list):
        return found
    return {tuple(key) if isinstance(key, list) else key: value for key, value in found}


def is_exact(data: bytes) -> bool:
    """It is JSON that comes back the same, and not a pickle, which goes between the processes of one run alone."""
    return not data.startswith(PICKLE)


def pack_record(kind: TypeAdapter[T], record: T, *, lasting: bool = True) -> bytes:
    """Any record that is data: JSON where it is to be ``lasting`` and comes back the same, else a pickle."""
    if lasting:
        try:
            text = kind.dump_json(record)
            if kind.validate_json(text) == record:
                return zlib.compress(text, FAST)
        except (PydanticSerializationError, ValidationError):
            pass
    return PICKLE + zlib.compress(pickle.dumps(record, pickle.HIGHEST_PROTOCOL), FAST)


def unpack_record(kind: TypeAdapter[T], data: bytes) -> T:
    """It again."""
    if is_exact(data):
        return kind.validate_json(unpack_json(data))
    record: T = pickle.loads(zlib.decompress(data[1:]))  # noqa: S301 - from this run
    return record


def unpack_json(data: bytes) -> bytes:
    """The JSON of a record that is exact."""
    return zlib.decompress(data)


def adapter(kind: Any) -> TypeAdapter[Any]:
    """What makes JSON of records of a kind, and records of it again."""
    return _make_adapter(kind)


@cache
def _make_adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
