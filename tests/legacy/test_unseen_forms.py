"""Forms of words and layouts that nobody has seen: the words are none of the importer's, and what is read wrong is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
import unseen_words as words
from unseen_forms import make_workbook

from workbook_tools.legacy.words.label_text import label_key
from workbook_tools.legacy.words.vocabulary import default_vocabulary

_TABLES = (words.HEADERS, words.FACTS, words.MONEY)
_LISTS = (
    words.TOTAL_MONEY, words.FISCAL_MONEY, words.OTHER_MONEY, words.EXECUTION_NAMES, words.SUM_ROWS, words.PART_SUM_ROWS,
    words.DEDUCTION_ROWS, words.GOALS, words.RESULTS, words.BLOCK_OF_INDICATORS, words.BLOCK_OF_MONEY, words.LESS,
)  # fmt: skip
# The unit is called 分值, 单位 and 项目 by everybody: a far word has none of the longer entries in it.
_LONGEST_SHARED = 1


def _entries() -> Iterator[str]:
    for lists in default_vocabulary().tables.values():
        for entries in lists.values():
            yield from (label_key(entry.removeprefix("="), keep_brackets=True) for entry in entries)


def _all_words() -> Iterator[str]:
    for table in _TABLES:
        for near, far in table.values():
            yield from (*near, *far)
    for some in _LISTS:
        yield from some
    for wordings, kinds in words.LEVELS.values():
        yield from wordings
        for names in kinds.values():
            yield from names


def test_no_word_of_the_unseen_forms_is_an_entry_of_the_vocabulary() -> None:
    entries = set(_entries())
    known = [word for word in _all_words() if label_key(word, keep_brackets=True) in entries]
    assert not known


@pytest.mark.parametrize(
    ("table", "rooms"),
    [
        (words.HEADERS, ("columns", "column_ends", "column_parts")),
        (words.FACTS, ("head", "texts", "sections")),
        (words.MONEY, ("measures", "sources")),
    ],
)
def test_far_words_have_no_label_of_the_vocabulary_in_them(
    table: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]], rooms: tuple[str, ...]
) -> None:
    labels = [
        label_key(entry.removeprefix("="))
        for name in rooms
        for entries in default_vocabulary().tables[name].values()
        for entry in entries
    ]
    long = {label for label in labels if len(label) > _LONGEST_SHARED}
    shared = [(word, label) for _, far in table.values() for word in far for label in long if label in word]
    assert not shared


def test_the_same_seed_gives_the_same_form() -> None:
    assert [form.rows for form in make_workbook(7).forms] == [form.rows for form in make_workbook(7).forms]
