"""No title, rule, advice or message names a column, a block or a section that the form of the submission lacks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import INDICATORS, answers, filled
from checking import read_file
from filling import Filler, compact_project, submission
from label_words import foreign_labels, labels_of, relabelled

from workbook_tools.core.codes import CODES, Family
from workbook_tools.core.findings import Finding
from workbook_tools.core.model import IndicatorAnswer, Value
from workbook_tools.form.fields import Role
from workbook_tools.form.layout import build_layout
from workbook_tools.form.submission import Submission
from workbook_tools.projects.columns import INDICATOR_COLUMNS
from workbook_tools.review.checks import check, declaring
from workbook_tools.review.scoring import score_all
from workbook_tools.rules import library
from workbook_tools.rules.scheme import Scheme, builtin_schemes, load_scheme

OTHER = relabelled(load_scheme("mof-2020"))
SCHEMES = [*builtin_schemes().values(), OTHER]
OTHER_TABLES = {
    Family.LIST: frozenset({column.label for column in INDICATOR_COLUMNS} | {"完成值"}),
    Family.REVIEW: frozenset({"权重", "指标得分"}),
}
"""Families about 项目清单 and 审核结果.xlsx, whose columns are our own and the same everywhere."""
FILLINGS = 4


@pytest.mark.parametrize("scheme", builtin_schemes().values(), ids=list(builtin_schemes()))
def test_the_catalogue_names_only_what_the_form_has(scheme: Scheme) -> None:
    own = labels_of(scheme)
    wrong = {}
    for code, entry in CODES.items():
        said = entry.under(scheme.form.labels)
        found = foreign_labels(
            f"{said.title}。{said.rule}{said.advice}", own | OTHER_TABLES.get(entry.family, frozenset())
        )
        wrong |= {code: found} if found else {}
    assert wrong == {}


def test_the_words_of_the_live_checks_name_no_column_that_a_form_lacks() -> None:
    words = (library.EMPTY, library.NOT_A_NUMBER, library.OUT_OF_RANGE, library.REASON_NEEDED, library.TIER_MISFIT)
    assert [foreign_labels("；".join(words), labels_of(scheme)) for scheme in SCHEMES] == [[]] * len(SCHEMES)


def test_why_a_check_could_not_look_names_no_column_that_a_form_lacks() -> None:
    needs = "；".join(item.missing for item in vars(declaring).values() if isinstance(item, declaring.Need))
    assert [foreign_labels(needs, labels_of(scheme)) for scheme in SCHEMES] == [[]] * len(SCHEMES)


def test_a_title_stands_over_the_findings_of_any_form() -> None:
    assert [entry.code for entry in CODES.values() if "{" in entry.title] == []


def wrong_submissions(scheme: Scheme) -> Iterator[Submission]:
    """Forms filled at random, approved and proposed, ours and of today, in which no formula shows what it should."""
    for approved in (True, False):
        layout = build_layout(compact_project(scheme, approved=approved), scheme)
        shown: dict[str, Value] = {item.name: 0.123 for item in layout.role(Role.FORMULA)}
        shown["grade"] = "甲"
        filler = Filler(layout, seed=7)
        for number in range(FILLINGS):
            given = submission(layout, filler.filling())
            given.shown, given.partial = shown, number % 2 == 1
            yield given
        copied = submission(layout, {row.name("actual"): row.target for row in layout.rows})
        yield copied


FOUND: dict[str, list[Finding]] = {}
"""What checks find under each scheme, by digest; made once."""


def findings_under(scheme: Scheme) -> list[Finding]:
    if scheme.digest not in FOUND:
        scored = score_all(list(wrong_submissions(scheme)))
        FOUND[scheme.digest] = [item for one in scored for item in check(one)]
    return FOUND[scheme.digest]


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda s: "relabelled" if s is OTHER else s.id)
def test_what_checks_say_names_only_what_the_form_has(scheme: Scheme) -> None:
    own = labels_of(scheme)
    found = findings_under(scheme)
    wrong = {
        (item.code, part): labels
        for item in found
        for part in ("message", "expected", "advice", "field")
        if (labels := foreign_labels(getattr(item, part), own))
    }
    assert wrong == {}
    assert len({item.code for item in found}) > 25


def test_advice_on_a_loss_names_the_column_of_the_form() -> None:
    advice = {s.id: {f.advice for f in findings_under(s) if f.code == "FILL08"} for s in builtin_schemes().values()}
    assert "请在“偏差原因”中说明。" in advice["guizhou"] and "请在“未完成原因”中说明。" in advice["shandong"]
    assert "请在“偏差原因分析及改进措施”中说明。" in advice["mof-2020"]


def test_what_the_reader_says_names_the_columns_of_the_form(tmp_path: Path) -> None:
    quwo = load_scheme("quwo")
    bare = (INDICATORS[0].model_copy(update={"unit": ""}), *INDICATORS[1:])
    given = answers(quwo).indicators
    typed = answers(quwo, indicators=(IndicatorAnswer(actual="102公里"), *given[1:]))
    reading = read_file(filled(tmp_path, quwo, answers=typed, indicators=bare))
    (found,) = [item for item in reading.findings if item.code == "FILL06"]
    assert found.message == "目标值没有单位，业绩值写了“公里”；按 102 读取"
    assert found.of_the_list, "the unit cannot put right a target without unit"
