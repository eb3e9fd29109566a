"""Texts that go to a system which counts bytes: the form refuses what is too long, and the review names what came all the same."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from builders import KEY, MOF, project
from checking import answered, find_in_figures, found, good, places, proposing, read_file, row, variant, written
from filling import workbook_of
from office import (
    find_invalid_sheets,
    ooxml_errors,
    recalculate_with_libreoffice,
    requires_ooxml_validator,
    requires_uno,
)
from plain_writing import list_different_parts
from surgery import Patient

from workbook_tools.core.model import Indicator
from workbook_tools.excel.writing import Book
from workbook_tools.exchange.format import load_format
from workbook_tools.exchange.limits import write_text_limits
from workbook_tools.form.fields import Notice
from workbook_tools.form.identity import Seal
from workbook_tools.form.layout import build_layout
from workbook_tools.form.shapes import Shapes, is_same_drawing
from workbook_tools.form.text_limits import write_limit
from workbook_tools.rules.form_settings import TextLimits
from workbook_tools.rules.scheme import Scheme, parse_scheme
from workbook_tools.rules.scheme_tools import new_scheme
from workbook_tools.workbooks.writing import build_workbook, draw_workbook

LIMITS = {"actual": 60, "deviation_reason": 100, "execution_reason": 40, "goal_actual": 200, "indicator": 20}


def limited(**changes: int) -> Scheme:
    return variant(MOF, form={"text_limits": {**LIMITS, **changes}})


SCHEME = limited()
ACTUAL, REASON, GOAL = "indicator_004_actual", "indicator_004_deviation_reason", "text_goal_actual"


# -- the setting ------------------------------------------------------------------------------------------------------


def test_a_scheme_without_limits_is_what_it_was() -> None:
    assert "text_limits" not in MOF.content()["form"]
    assert limited().content()["form"]["text_limits"]["wide"] == 2
    assert limited().digest != MOF.digest
    assert Scheme.model_validate(SCHEME.content()) == SCHEME


@pytest.mark.parametrize(("encoding", "wide"), [("gbk", 2), ("utf-8", 3)])
def test_the_limits_of_an_exchange_format_are_settings_of_a_scheme(encoding: str, wide: int) -> None:
    wanted = load_format("一体化", None).model_copy(update={"encoding": encoding})
    copy = new_scheme("own", MOF)
    limits = parse_scheme(copy + write_text_limits(wanted)).form.text_limits
    assert limits == TextLimits(
        wide=wide,
        actual=2000,
        deviation_reason=2000,
        execution_reason=2000,
        indicator=1000,
        target=1000,
        goal_expected=2000,
        goal_actual=2000,
    )
    assert "#[form.text_limits]" in copy, "the commented copy shows how they are written"


# -- the form ---------------------------------------------------------------------------------------------------------


def test_cells_of_texts_refuse_what_is_too_long_and_say_so() -> None:
    layout = build_layout(project(), SCHEME)
    book = openpyxl.load_workbook(io.BytesIO(build_workbook(project(), SCHEME, KEY)))
    for name, most in ((ACTUAL, 60), (REASON, 100), (GOAL, 200), ("execution_reason", 40)):
        item = layout.fields[name]
        [check] = [one for one in book[item.sheet].data_validations.dataValidation if item.cell in one.sqref]
        assert (check.type, check.errorStyle, check.showErrorMessage) == ("custom", None, True)
        assert check.formula1 == write_limit(TextLimits(**LIMITS), item.cell, most)
        assert check.prompt.startswith(f"最多 {most // 2} 个汉字（{most} 字节）。")
        assert f"最多 {most} 个字节" in check.error
    limited_names = {item.name for item in layout.fields.values() if item.most_bytes}
    assert {"indicator_001_actual", "text_overview", "filler"}.isdisjoint(limited_names), (
        "numbers, and texts of no limit"
    )


def test_a_unit_that_proposes_its_indicators_is_limited_too() -> None:
    layout = build_layout(project(indicators=()), SCHEME)
    assert (layout.fields["indicator_001_indicator"].most_bytes, layout.fields["indicator_001_actual"].most_bytes) == (
        20,
        60,
    )


def test_forms_with_limits_are_written_directly_as_by_xlsxwriter() -> None:
    for given in (project(), project(indicators=())):
        layout = build_layout(given, SCHEME)
        assert list_different_parts(lambda layout=layout: draw_workbook(layout, Seal.on(layout, KEY))) == []


@requires_ooxml_validator
def test_a_form_with_limits_is_valid(tmp_path: Path) -> None:
    path, _ = workbook_of(project(), SCHEME, tmp_path / "P001.xlsx")
    assert ooxml_errors(path) == []


# -- what comes back --------------------------------------------------------------------------------------------------


def test_a_form_with_limits_comes_back_as_it_went_out(tmp_path: Path) -> None:
    reading, findings = found(good(), tmp_path, SCHEME)
    assert places([*reading.findings, *findings]) == []


@pytest.mark.parametrize("formula", ["2&gt;1", "LEN(F16)&lt;=9999"])
def test_a_limit_that_was_loosened_is_tampering(formula: str, tmp_path: Path) -> None:
    cell = build_layout(project(), SCHEME).fields[ACTUAL].cell
    patient = Patient(build_workbook(good(), SCHEME, KEY))
    issued = write_limit(TextLimits(**LIMITS), cell, 60).replace("<", "&lt;")
    patient.rewrite(patient.part("自评表"), lambda xml: xml.replace(f"<formula1>{issued}<", f"<formula1>{formula}<"))
    (tmp_path / "P001.xlsx").write_bytes(patient.bytes())
    assert ("TAMPER30", f"自评表!{cell}") in places(read_file(tmp_path / "P001.xlsx").findings)


@pytest.mark.parametrize(
    ("wide", "text", "over"),
    [
        (2, "长" * 30, 0),
        (2, "长" * 29 + "ab", 0),
        (2, "长" * 30 + "a", 1),
        (2, "长" * 28 + "😀", 0),
        (2, "长" * 28 + "😀a", 1),
        (3, "长" * 20, 0),
        (3, "长" * 20 + "a", 1),
        (3, "长" * 18 + "é" * 3, 0),
    ],
)
def test_one_byte_too_long_is_named_with_its_cell(wide: int, text: str, over: int) -> None:
    scheme = limited(wide=wide)
    cell = build_layout(project(), scheme).fields[ACTUAL].cell
    assert find_in_figures(row(4, actual=text), scheme) == ([("FILL23", cell)] if over else [])


def test_every_kind_of_text_is_counted_and_the_finding_says_by_how_much(tmp_path: Path) -> None:
    long = written(goal_actual=good().answers.texts["goal_actual"] + "长" * 200)  # type: ignore[union-attr]
    _, findings = found(answered(long, execution_reason="因为" * 30 + "a"), tmp_path, SCHEME)
    told = {item.field: (item.found, item.expected) for item in findings if item.code == "FILL23"}
    assert told["执行率偏差原因"] == ("121个字节", "最多40个字节")
    assert len(told) == 2


def test_a_proposed_name_is_counted_in_the_form_that_asks_for_it() -> None:
    name = Indicator(dimension="产出指标", category="数量指标", name="长" * 11, weight=50, target=100.0, unit="公里")
    assert [code for code, _ in find_in_figures(proposing(name), SCHEME) if code == "FILL23"] == ["FILL23"]


# -- other programs ---------------------------------------------------------------------------------------------------


@requires_uno
@pytest.mark.slow
def test_libreoffice_counts_the_same_and_saves_the_limit(tmp_path: Path) -> None:
    """The formula is ours; whether a program takes it for a limit only the program can say."""
    texts = (
        "长" * 50,
        "长" * 49 + "ab",
        "长" * 50 + "a",
        "a" * 101,
        "a" * 100,
        "é" * 50,
        "第一行\n" * 14 + "长",
        "第一行\n" * 15,
    )
    path = tmp_path / "counted.xlsx"
    with Book(title="字数") as book:
        for number, text in enumerate(texts):
            sheet = book.sheet(f"表{number}")
            sheet.write(6, 1, text)
            condition = f"={write_limit(TextLimits(), 'B7', 100)}"
            sheet.validate(6, 1, 6, 1, {"validate": "custom", "value": condition, "ignore_blank": True})
    path.write_bytes(book.bytes())
    too_long = [f"表{number}" for number, text in enumerate(texts) if len(text.encode("gb18030")) > 100]
    assert find_invalid_sheets(path) == too_long == ["表2", "表3", "表7"]
    issued, _ = workbook_of(project(), SCHEME, tmp_path / "P001.xlsx")
    [saved] = recalculate_with_libreoffice([issued], tmp_path / "saved")
    assert [code for code, _ in places(read_file(saved).findings) if code.startswith("TAMPER")] == []


def test_projects_of_one_shape_share_the_limits() -> None:
    shapes = Shapes()
    for number in range(4):
        given = project(code=f"P{number}", name=f"第{number}条道路养护")
        assert is_same_drawing(shapes.bind(given, SCHEME, Notice()), build_layout(given, SCHEME))
    assert shapes.bound
