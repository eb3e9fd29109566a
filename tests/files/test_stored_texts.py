"""A set of texts on the disk is a set."""

from __future__ import annotations

from workbook_tools.files.stored_texts import StoredTexts


def test_texts_are_among_them_once() -> None:
    texts = StoredTexts(["乙", "甲", "半\udcff字"])
    texts.add(["甲", "a"])
    assert ["甲" in texts, "半\udcff字" in texts, "丙" in texts] == [True, True, False]
    assert [*texts] == ["a", "乙", "半\udcff字", "甲"] == sorted(texts)
    assert [*StoredTexts()] == []
    assert (
        texts.digest()
        == StoredTexts(["甲", "a", "乙", "半\udcff字"]).digest()
        != StoredTexts(["甲a", "乙", "半\udcff字"]).digest()
    )
