"""Texts of very many projects are compared without holding them, and with the same finds as if they were held."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator

from held_comparison import compare_texts

from workbook_tools.core.review_result import ProjectRow, TextPlace
from workbook_tools.review.checks import check_together

_SIGNS = [chr(0x4E00 + number) for number in range(2500)]
_SECTIONS = ("甲", "乙", "丙")


def project(number: int, texts: dict[str, str]) -> ProjectRow:
    return ProjectRow(
        code=f"P{number}", name=f"项目{number}", department="局", unit="单位", year=2024, scheme="mof-2020", scheme_digest="",
        file=f"P{number}.xlsx", texts=texts, text_places={key: TextPlace(sheet="", cell=key, label="") for key in texts},
    )  # fmt: skip


def write_projects(count: int, seed: int) -> Iterator[ProjectRow]:
    """Projects with a sentence in each section: their own, or one of another project with some of its characters changed,
    dropped and added, from none to a third; or a phrase that many share, alone or within a sentence."""
    chance = random.Random(seed)
    written: list[str] = []
    phrases = ["".join(chance.choices(_SIGNS, k=chance.randrange(12, 40))) for _ in range(60)]
    for number in range(count):
        texts = {}
        for section in _SECTIONS:
            kind = chance.random()
            sentence = "".join(chance.choices(_SIGNS, k=chance.randrange(15, 60)))
            if kind < 0.3 and written:
                sentence = change(chance.choice(written), chance, chance.random() / 3)
            elif kind < 0.33:
                sentence = chance.choice(phrases)
            elif kind < 0.36:
                sentence = sentence[:20] + chance.choice(phrases) + sentence[20:]
            texts[section] = sentence + "。"
            written.append(sentence)
        yield project(number, texts)


def change(sentence: str, chance: random.Random, share: float) -> str:
    changed = []
    for sign in sentence:
        if chance.random() < share:
            changed += chance.choice(([], [chance.choice(_SIGNS)], [sign, chance.choice(_SIGNS)]))
        else:
            changed.append(sign)
    return "".join(changed)


def told(rows: Iterable[ProjectRow]) -> list[tuple[str, str, str, str]]:
    return [(row.code, row.project_code, row.cell, row.shares_with) for row in check_together([*rows])]


def test_ten_thousand_projects_give_what_a_comparison_in_memory_gives_in_its_order() -> None:
    rows = [*write_projects(10_000, 1)]
    wanted = [*compare_texts(rows)]
    assert told(rows) == wanted
    assert {code for code, *_ in wanted} == {"CROSS02", "CROSS03"}
    assert len(wanted) > 10_000
