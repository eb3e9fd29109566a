"""Texts of very many projects are compared without holding them, and with the same finds as if they were held."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from contextlib import closing

import pytest
from held_comparison import compare_texts

from workbook_tools.core.review_result import ProjectRow, TextPlace
from workbook_tools.review.checks import CROSS_CHECKS, check_together, similar_sentences
from workbook_tools.review.checks.cross import TextComparison
from workbook_tools.review.checks.passages import are_alike

_SIGNS = [chr(0x4E00 + number) for number in range(2500)]
_SECTIONS = ("甲", "乙", "丙")


def project(number: int, texts: dict[str, str]) -> ProjectRow:
    return ProjectRow(
        code=f"P{number}",
        name=f"项目{number}",
        department="局",
        unit="单位",
        year=2024,
        scheme="mof-2020",
        scheme_digest="",
        file=f"P{number}.xlsx",
        texts=texts,
        text_places={key: TextPlace(sheet="", cell=key, label="") for key in texts},
    )


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


def compare(rows: Iterable[ProjectRow], known: bytes = b"") -> tuple[list[object], bytes]:
    with closing(TextComparison(known)) as comparison:
        comparison.add(rows)
        return [finding for check in CROSS_CHECKS for finding in check(comparison)], comparison.sentences.pack_unlike()


def test_pairs_that_were_compared_before_are_not_compared_again_and_the_finds_are_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also where projects have changed, are gone or stand in another order."""
    compared: list[tuple[str, str]] = []

    def note(one: str, other: str) -> bool:
        compared.append((one, other))
        return are_alike(one, other)

    monkeypatch.setattr(similar_sentences, "are_alike", note)
    rows = [*write_projects(200, 5)]
    found, known = compare(rows)
    alike = sum(are_alike(*pair) for pair in compared)
    first = len(compared)
    assert found and known and first > alike
    compared.clear()
    assert compare(rows, known) == (found, b""), "there is nothing more to keep"
    assert len(compared) == alike
    others = [*write_projects(220, 6)][190:]
    rows = [*reversed(rows[20:60]), *rows[60:], *others, *rows[:10]]
    plain = compare(rows)[0]
    compared.clear()
    assert compare(rows, known)[0] == plain != found
    assert 0 < len(compared) < first


_OWN = "全年修补路面八千平方米，清理边沟三十公里，更换护栏四百米，增设警示标志二十处，群众出行条件明显改善"
_FILLED = "，".join(f"第{number}季度安排巡查养护班组对责任路段逐一排查" for number in range(40))
"""More than is taken for a sentence."""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (f"{_OWN}。", f"{_OWN.replace('，', '。')}。"),
        (f"{_OWN.replace('，', '；')}。", f"{_OWN.replace('，', '！')}。"),
        (f"{_OWN}。", f"{_FILLED}，{_OWN}。"),
    ],
)
def test_stops_that_are_put_elsewhere_hide_no_copy(one: str, other: str) -> None:
    assert {code for code, *_ in told([project(1, {"甲": one}), project(2, {"甲": other})])} == {"CROSS02"}


def test_a_few_short_sentences_that_are_the_same_are_no_copy() -> None:
    same = "已完成。群众满意。资金到位。"
    assert told([project(1, {"甲": f"{same}修了路。"}), project(2, {"甲": f"{same}建了桥。"})]) == []
