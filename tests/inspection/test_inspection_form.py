"""复核表: locked, signed, read back by name; what was issued cannot be changed unnoticed, and no score lacks its reason."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from builders import KEY, MOF
from hypothesis import given, settings
from hypothesis import strategies as st
from inspection_forms import (
    agree,
    evaluated,
    fill_in,
    fill_small,
    issue_form,
    lay_out,
    list_places,
    read_back,
    small_layout,
)
from office import recalculate_with_gnumeric, recalculate_with_libreoffice, requires_gnumeric, requires_libreoffice
from scheme_variants import varied
from stored_values import list_stored_differences, read_stored_formulas
from surgery import Content, Patient
from tampering_means import book, font, merged, row, sheet_state, solid, styled, typing_check

from workbook_tools.form.fields import Evaluation, Role
from workbook_tools.form.identity import Seal, SigningKey
from workbook_tools.form.layout import build_layout
from workbook_tools.inspection import form
from workbook_tools.inspection.form_facts import QualityMark
from workbook_tools.rules.scheme import builtin_schemes
from workbook_tools.workbooks.writing import Return, build_workbook, draw_workbook

LAYOUT = small_layout()
TITLE = form.TITLE
CELL = {name: item.cell for name, item in LAYOUT.fields.items()}
OWN = {"total__rebase": True, "total__self_deduction": True, "total__caps": [{"below": 0.5, "at_most": 60.0}]}
SCHEMES = (*builtin_schemes().values(), varied(MOF, id="own", **OWN))
"""The shipped ones, and one with all that none of them has."""
LENGTH, RATE, COST, ROAD = (row.number for row in LAYOUT.rows[:4])


def cell(part: str, number: int = 1) -> str:
    return CELL[f"indicator_{number:03d}_{part}"]


# -- as it is issued --------------------------------------------------------------------------------------------------


def test_nothing_but_the_yellow_cells_can_be_changed_and_every_cell_has_its_name() -> None:
    issued = openpyxl.load_workbook(io.BytesIO(issue_form(LAYOUT)))
    sheet = issued[TITLE]
    assert sheet.protection.sheet and issued.security.lockStructure
    assert {name for name in issued.defined_names if not name.startswith("id_")} == LAYOUT.fields.keys()
    for item in LAYOUT.fields.values():
        assert sheet[item.cell].protection.locked is (item.role is not Role.INPUT), item.name
        assert issued.defined_names[item.name].attr_text.replace("$", "") == f"{TITLE}!{item.cell}"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)


def test_the_cell_refuses_a_score_over_its_weight() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(issue_form(LAYOUT)))[TITLE]
    checks = {str(check.sqref): check for check in sheet.data_validations.dataValidation}
    for name, most in (
        (f"indicator_{ROAD:03d}_score", f"indicator_{ROAD:03d}_weight"),
        ("quality_01_score", "quality_01_points"),
    ):
        check = checks[CELL[name]]
        assert (float(check.formula1), check.formula2) == (0, CELL[most])
        assert (check.operator, check.errorStyle, check.showErrorMessage) == (None, None, True)


def test_a_score_that_follows_from_the_value_has_the_formula_of_the_evaluation() -> None:
    issued = build_layout(LAYOUT.project, LAYOUT.scheme)
    for item in LAYOUT.rows:
        theirs, ours = issued.fields[item.name("score")], LAYOUT.fields[item.name("score")]
        assert (ours.role is Role.FORMULA) is form.is_scored_by_rule(item)
        assert ours.role is Role.INPUT or ours.rule == theirs.rule
    assert LAYOUT.fields["execution_score"].rule == issued.fields["execution_score"].rule


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.id)
def test_every_scheme_has_a_form_whose_stored_values_are_its_rules_results(scheme) -> None:
    row = evaluated().projects[0].model_copy(update={"scheme_digest": scheme.digest})
    layout = lay_out(evaluated().model_copy(update={"schemes": {scheme.digest: scheme.content()}}), row)
    typed = agree(evaluated(), layout)
    found = read_stored_formulas(issue_form(layout))
    figures = Evaluation(layout, {})
    for item in layout.role(Role.FORMULA):
        assert found[item.sheet, item.cell].value == ("" if figures[item.name] is None else figures[item.name]), (
            item.name
        )
    assert isinstance(Evaluation(layout, typed)[form.TOTAL], float)


def test_without_a_sheet_of_the_office_the_quality_is_not_asked_for(tmp_path: Path) -> None:
    layout = lay_out(evaluated(), evaluated().projects[0], {})
    assert not any(name.startswith("quality") for name in layout.fields)
    read = read_back(fill_in(issue_form(layout), layout, agree(evaluated(), layout)).bytes(), tmp_path)
    assert read.inspection is not None
    assert (read.inspection.quality, read.inspection.quality_total, read.inspection.look.quality_points) == (
        (),
        None,
        None,
    )


def test_an_item_of_the_quality_sheet_has_points() -> None:
    with pytest.raises(ValueError, match="points"):
        QualityMark(points=0)


# -- filled in ----------------------------------------------------------------------------------------------------------


def test_a_reviewer_who_agrees_changes_no_score(tmp_path: Path) -> None:
    read = read_back(fill_small().bytes(), tmp_path)
    assert (list_places(read), read.code) == ([], "P001")
    found, evaluation = read.inspection, evaluated().projects[0]
    assert found is not None
    assert (found.total, found.grade, found.difference) == (evaluation.total_score, evaluation.grade, 0)
    assert (found.differing, found.quality_total, found.look.quality_points) == ((), 100, 100)
    assert [item.score for item in found.scores[1:]] == [item.score for item in evaluated().indicators]
    assert (found.conclusion, found.reviewer, found.date) == ("自评真实，得分恰当。", "李敏", "2025年4月20日")


def test_what_was_found_otherwise_is_told_with_its_value_and_reason(tmp_path: Path) -> None:
    typed = {
        "indicator_001_actual": 50.0,
        "indicator_001_opinion": "验收单只有 50 公里",
        "indicator_001_evidence": "验收单",
    }
    read = read_back(fill_small(**typed).bytes(), tmp_path)
    assert read.inspection is not None
    changed = read.inspection.differing
    assert [(one.name, one.value_text, one.score, one.difference) for one in changed] == [
        ("养护里程", "50公里", 10, -10)
    ]
    assert (changed[0].opinion, changed[0].evidence) == ("验收单只有 50 公里", "验收单")
    assert read.inspection.difference == -10


REFUSED = [
    ({f"indicator_{ROAD:03d}_score": 31.0, f"indicator_{ROAD:03d}_opinion": "做得好"}, [("FILL03", cell("score", ROAD))]),
    ({f"indicator_{ROAD:03d}_score": -1.0, f"indicator_{ROAD:03d}_opinion": "没有做"}, [("FILL03", cell("score", ROAD))]),
    ({f"indicator_{ROAD:03d}_score": 20.0}, [("FILL32", cell("opinion", ROAD))]),
    ({f"indicator_{ROAD:03d}_score": 20.0, f"indicator_{ROAD:03d}_opinion": "　"}, [("FILL32", cell("opinion", ROAD))]),
    ({"indicator_001_actual": 50.0}, [("FILL32", cell("opinion"))]),
    ({"indicator_001_actual": None}, [("FILL01", cell("actual"))]),
    ({"indicator_001_actual": "约五十"}, [("FILL02", cell("actual"))]),
    ({f"indicator_{ROAD:03d}_score": None}, [("FILL01", cell("score", ROAD))]),
    ({"executed_total": 100.0}, [("FILL32", CELL["execution_opinion"])]),
    ({"executed_total": None}, [("FILL01", CELL["executed_total"])]),
    ({"quality_01_score": 41.0}, [("FILL03", CELL["quality_01_score"])]),
    ({"quality_02_score": None}, [("FILL01", CELL["quality_02_score"])]),
    ({form.CONCLUSION: None}, [("FILL01", CELL[form.CONCLUSION])]),
    ({form.REVIEWER: None, form.DATE: None}, [("FILL01", CELL[form.REVIEWER]), ("FILL01", CELL[form.DATE])]),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "found"), REFUSED)
def test_what_a_reviewer_may_not_type_is_refused_with_its_cell(typed, found, tmp_path: Path) -> None:
    read = read_back(fill_small(**typed).bytes(), tmp_path)
    assert (list_places(read), read.inspection) == (found, None)
    assert {(item.file, item.sheet) for item in read.findings} == {("复核表.xlsx", TITLE)}


def test_numbers_with_their_unit_and_percents_are_read_as_on_a_form(tmp_path: Path) -> None:
    typed = {"indicator_001_actual": "102公里", "indicator_002_actual": 96.0, f"indicator_{ROAD:03d}_score": "30分"}
    read = read_back(fill_small(**typed).bytes(), tmp_path)
    assert sorted(list_places(read)) == sorted(
        [("FILL05", cell("actual")), ("FILL05", cell("actual", 2)), ("FILL05", cell("score", ROAD))]
    )
    assert read.inspection is not None and read.inspection.difference == 0


def test_an_empty_form_is_one_finding(tmp_path: Path) -> None:
    read = read_back(issue_form(LAYOUT), tmp_path)
    assert (list_places(read), read.inspection) == ([("FILE18", "")], None)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_differences_are_those_of_the_scores_and_add_up(data: st.DataObject) -> None:
    """Under a scheme that rounds each row and caps nothing."""
    typed = agree(evaluated(), LAYOUT)
    for item in LAYOUT.rows:
        part, most = ("actual", 1000.0) if form.is_scored_by_rule(item) else ("score", item.indicator.weight or 0.0)
        typed[item.name(part)] = data.draw(st.decimals(0, most, places=2).map(float))
    typed["executed_total"] = data.draw(st.decimals(0, 300, places=2).map(float))
    figures = Evaluation(LAYOUT, typed)
    differences = [figures["execution_difference"], *(figures[item.name("difference")] for item in LAYOUT.rows)]
    for item in LAYOUT.rows:
        expected = round(figures[item.name("score")] - figures[item.name("self_score")], 9)
        assert figures[item.name("difference")] == pytest.approx(expected, abs=1e-9)
        asked = figures.problem(LAYOUT.fields[item.name("opinion")])
        assert bool(asked) is (figures[item.name("difference")] != 0)
        assert 0 <= figures[item.name("score")] <= item.indicator.weight
    assert figures[form.DIFFERENCE] == pytest.approx(sum(differences), abs=1e-6)


# -- tampering ----------------------------------------------------------------------------------------------------------


def put(name: str, content: Content, formula: str = "") -> Callable[[Patient], None]:
    return lambda patient: patient.put(TITLE, CELL[name], content, formula=formula)


WEIGHT, VALUE, SCORE, JUDGED = cell("weight"), cell("actual"), cell("score"), cell("score", ROAD)
WHITE = 'rgb="FFFFFFFF"'
TAMPERED: list[tuple[Callable[[Patient], None], list[tuple[str, str]]]] = [
    (put("indicator_001_weight", 30.0), [("TAMPER02", WEIGHT)]),
    (put("indicator_001_self_score", 5.0), [("TAMPER02", cell("self_score"))]),
    (put("indicator_001_central_score", 5.0), [("TAMPER02", cell("central_score"))]),
    (put("indicator_002_target", 0.5), [("TAMPER02", cell("target", 2))]),
    (put("indicator_001_stated", "50公里"), [("TAMPER02", cell("stated"))]),
    (put("self_total", 60.0), [("TAMPER02", CELL["self_total"])]),
    (put("sample_reason", "领导指定"), [("TAMPER02", CELL["sample_reason"])]),
    (put("project_name", "别的项目"), [("TAMPER02", CELL["project_name"])]),
    (put("quality_01_points", 50.0), [("TAMPER02", CELL["quality_01_points"])]),
    (put("indicator_001_score", 20.0), [("TAMPER03", SCORE)]),
    (put("indicator_001_difference", 0.0), [("TAMPER03", cell("difference"))]),
    (put("indicator_001_score", 20.0, f"{WEIGHT}"), [("TAMPER03", SCORE)]),
    (put(form.TOTAL, 100.0), [("TAMPER03", CELL[form.TOTAL])]),
    (lambda p: p.put("标识", "B3", "P002"), [("TAMPER02", "B3")]),
    (lambda p: p.put("标识", "B5", "00000000:00"), [("TAMPER08", "B5")]),
    (lambda p: p.rename(TITLE, "复核表（改）"), [("TAMPER05", "")]),
    (lambda p: p.put(TITLE, "C7", "分数"), [("TAMPER21", "C7")]),
    (lambda p: p.insert(TITLE, "Z7", "已核"), [("TAMPER21", "Z7")]),
    (sheet_state(TITLE, "hidden"), [("TAMPER22", "")]),
    (lambda p: p.double(TITLE, "复核表 (2)"), [("TAMPER23", "")]),
    (row(TITLE, int(WEIGHT[1:]), hidden="1"), [("TAMPER24", "B" + WEIGHT[1:])]),
    (styled(TITLE, WEIGHT, font=font(WHITE), fill=solid(WHITE)), [("TAMPER25", WEIGHT)]),
    (styled(TITLE, SCORE, code='"20"'), [("TAMPER26", SCORE)]),
    (merged(TITLE, f"{VALUE}:{SCORE}"), [("TAMPER27", SCORE)]),
    (typing_check(TITLE, JUDGED, "0", "100"), [("TAMPER30", JUDGED)]),
    (lambda p: p.remove_validation(TITLE, JUDGED), [("TAMPER10", JUDGED)]),
    (book("calcPr", calcMode="manual"), [("TAMPER32", "")]),
    (lambda p: p.remove(TITLE, "sheetProtection"), [("TAMPER06", "")]),
    (styled(TITLE, WEIGHT, protection='locked="0"'), [("TAMPER35", WEIGHT)]),
    (book("workbookProtection", lockStructure="0"), [("TAMPER34", "")]),
]  # fmt: skip
HARMLESS = {
    "TAMPER05",
    "TAMPER06",
    "TAMPER10",
    "TAMPER23",
    "TAMPER24",
    "TAMPER27",
    "TAMPER30",
    "TAMPER32",
    "TAMPER34",
    "TAMPER35",
}
"""What is told, and takes nothing from what was typed."""


@pytest.mark.parametrize(("change", "found"), TAMPERED, ids=[f"{n}-{case[1][0][0]}" for n, case in enumerate(TAMPERED)])
def test_each_kind_of_tampering_is_named_with_its_cell(change, found, tmp_path: Path) -> None:
    patient = fill_small()
    change(patient)
    read = read_back(patient.bytes(), tmp_path)
    assert list_places(read) == found
    assert (read.inspection is None) is (found[0][0] not in HARMLESS)


def test_printed_facts_of_another_project_break_the_signature(tmp_path: Path) -> None:
    other = evaluated().projects[0].model_copy(update={"total_score": 60.0})
    stranger = Patient(issue_form(lay_out(evaluated(), other)))
    patient = fill_small()
    patient.put("标识", "B7", stranger.text("标识", "B7"))
    read = read_back(patient.bytes(), tmp_path)
    assert ("TAMPER01", "B5") in list_places(read) and read.inspection is None


def test_a_form_signed_elsewhere_or_none_of_ours_is_not_taken(tmp_path: Path) -> None:
    other = fill_in(issue_form(LAYOUT, SigningKey.new()), LAYOUT, agree(evaluated(), LAYOUT))
    evaluation = build_workbook(LAYOUT.project, LAYOUT.scheme, KEY)
    for data, found in (
        (other.bytes(), [("TAMPER08", "B5")]),
        (evaluation, [("FILE06", "B2")]),
        (b"", [("FILE02", "")]),
    ):
        read = read_back(data, tmp_path)
        assert (list_places(read), read.inspection) == (found, None)
    told = read_back(evaluation, tmp_path).findings[0]
    assert "自评表" in told.message


def test_cells_that_moved_are_found_by_their_names(tmp_path: Path) -> None:
    patient = fill_small()
    patient.insert_rows(TITLE, int(WEIGHT[1:]), 2)
    read = read_back(patient.bytes(), tmp_path)
    assert "TAMPER09" in {code for code, _ in list_places(read)}
    assert read.inspection is not None and read.inspection.difference == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    "recalculate",
    [
        pytest.param(recalculate_with_libreoffice, id="LibreOffice", marks=requires_libreoffice),
        pytest.param(recalculate_with_gnumeric, id="Gnumeric", marks=requires_gnumeric),
    ],
)
def test_other_programs_save_it_and_compute_the_same(recalculate, tmp_path: Path) -> None:
    """The one that was filled in is taken as it was typed, with the figures that the program computed; a changed one is still named."""
    typed = agree(evaluated(), LAYOUT) | {"indicator_001_actual": 50.0, "indicator_001_opinion": "验收单只有 50 公里"}
    good, bad = tmp_path / "甲.xlsx", tmp_path / "乙.xlsx"
    good.write_bytes(fill_in(issue_form(LAYOUT), LAYOUT, typed).bytes())
    patient = fill_small()
    patient.put(TITLE, WEIGHT, 30.0)
    bad.write_bytes(patient.bytes())
    first, second = recalculate([good, bad], tmp_path / "done")
    read = read_back(first.read_bytes(), tmp_path, "存过.xlsx")
    assert read.inspection is not None, [str(item) for item in read.findings]
    assert not any(code.startswith("TAMPER") for code, _ in list_places(read))
    figures, shown = Evaluation(LAYOUT, typed), read_stored_formulas(first.read_bytes())
    for item in LAYOUT.role(Role.FORMULA):
        value = figures[item.name]
        expected = pytest.approx(value, rel=1e-13) if isinstance(value, float) else value
        assert shown[item.sheet, item.cell].value == expected, item.name
    assert ("TAMPER02", WEIGHT) in list_places(read_back(second.read_bytes(), tmp_path))


@pytest.mark.slow
@requires_libreoffice
def test_libreoffice_computes_the_form_of_every_scheme_as_it_is_stored(tmp_path: Path) -> None:
    """With an indicator that does not apply, where the scheme knows that."""
    paths = []
    for scheme in SCHEMES:
        project = evaluated().projects[0].model_copy(update={"scheme_digest": scheme.digest})
        result = evaluated().model_copy(update={"schemes": {scheme.digest: scheme.content()}})
        last = result.indicators[-1].model_copy(update={"applicable": not scheme.total.rebase, "self_deduction": 1.0})
        result = result.model_copy(update={"indicators": (*result.indicators[:-1], last)})
        layout = lay_out(result, project)
        typed = {name: value for name, value in agree(result, layout).items() if name in layout.fields}
        paths.append(tmp_path / f"{scheme.id}.xlsx")
        paths[-1].write_bytes(draw_workbook(layout, Seal.on(layout, KEY), Return(answers=typed)))
    computed = recalculate_with_libreoffice(paths, tmp_path / "done")
    assert list_stored_differences(paths, lambda *_: computed, tmp_path) == []
