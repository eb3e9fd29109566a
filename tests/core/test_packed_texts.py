"""Packed texts are read like a tuple of them, and take a tenth of its memory."""

from __future__ import annotations

import pickle
import tracemalloc

from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from workbook_tools.core.packed_texts import PackedTexts

TEXTS = st.lists(st.text() | st.just("\ud800"))


@given(TEXTS, st.slices(5))
def test_they_read_like_the_texts(texts: list[str], some: slice) -> None:
    packed = PackedTexts(texts)
    assert [*packed] == texts
    assert len(packed) == len(texts)
    assert packed[some] == texts[some]
    assert [packed[place] for place in range(len(texts))] == texts
    assert packed == PackedTexts(texts) != PackedTexts([*texts, ""])
    assert pickle.loads(pickle.dumps(packed)) == packed  # noqa: S301
    assert hash(packed) == hash(PackedTexts(texts))


@given(st.lists(st.text()))
def test_in_json_they_are_a_list(texts: list[str]) -> None:
    kind = TypeAdapter(PackedTexts)
    assert kind.dump_python(PackedTexts(texts)) == texts
    assert kind.validate_json(kind.dump_json(PackedTexts(texts))) == PackedTexts(texts)
    assert kind.json_schema(mode="serialization") == {"type": "array", "items": {"type": "string"}}


def test_the_codes_of_a_department_take_a_tenth() -> None:
    tracemalloc.start()
    try:
        codes = [f"6221-2024-{number:06}" for number in range(2_500)]
        plain, _ = tracemalloc.get_traced_memory()
        packed = PackedTexts(codes)
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [*packed] == codes
    assert held - plain < plain / 10
