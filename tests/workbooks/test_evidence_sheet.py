"""The sheet 佐证材料: who has it, what may be typed there, and that it comes back as it was typed."""

import pytest
from builders import INDICATORS, KEY, MET, MOF
from checking import ANSWERS, at, found, good, places, proposing, read, row, variant
from engines import ENGINES
from stored_values import list_stored_differences

from workbook_tools.core.model import Indicator, Material
from workbook_tools.form import evidence
from workbook_tools.form.fields import Evaluation, Role
from workbook_tools.form.layout import build_layout
from workbook_tools.form.materials import read_materials
from workbook_tools.workbooks.writing import build_workbook

REQUIRED, WITHOUT = (variant(MOF, form={"evidence": kind}) for kind in ("required", "none"))
REPORT = Material(name="养护验收报告", pages="12")
PHOTOS = Material(name="施工照片", file="施工照片.zip")


def listed(**changes):
    """The good project with two materials under the first indicator and one for several."""
    rows = (MET[0].model_copy(update={"materials": (REPORT, PHOTOS)}), *MET[1:])
    survey = Material(used_for="2、5", name="问卷汇总表", file="问卷.xlsx")
    return good(answers=ANSWERS.model_copy(update={"indicators": rows, "materials": (survey,)}), **changes)


def test_a_scheme_without_the_section_has_no_such_sheet_and_no_word_of_it_in_the_guide():
    layout = build_layout(good(), WITHOUT)
    assert evidence.TITLE not in layout.sheets
    texts = [str(item.value) for plan in layout.sheets.values() for item in plan.fields if item.role is Role.LABEL]
    assert not [text for text in texts if "佐证" in text]


def test_every_indicator_has_its_own_lines_and_there_are_lines_for_several():
    layout = build_layout(good(), MOF)
    lines = evidence.evidence_lines(layout)
    assert [line.row.number for line in lines if line.row] == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert len([line for line in lines if line.row is None]) == 6
    assert all(
        layout.fields[line.name(part)].role is Role.INPUT for line in lines for part in ("name", "pages", "file")
    )


@pytest.mark.parametrize("given", [good(), proposing(*INDICATORS)], ids=["approved", "open"])
def test_an_empty_section_is_no_finding_and_counts_as_nothing_missing(tmp_path, given):
    _, findings = found(given, tmp_path)
    assert not [one for one in findings if one.sheet == evidence.TITLE]
    layout = build_layout(given, MOF)
    typed = {item.name: item.value for item in layout.role(Role.INPUT)}
    assert not [item for item in layout.fields.values() if item.sheet == evidence.TITLE and item.problem]
    assert Evaluation(layout, typed)["count_empty"] == 0


def test_what_was_listed_comes_back(tmp_path):
    reading = read(listed(), tmp_path)
    assert places(reading.findings) == []
    answers = {name: one.value for name, one in reading.submission.answers.items() if name.startswith("evidence_")}
    assert {name: value for name, value in answers.items() if value is not None} == {
        "evidence_001_1_name": "养护验收报告",
        "evidence_001_1_pages": "12",
        "evidence_001_2_name": "施工照片",
        "evidence_001_2_file": "施工照片.zip",
        "evidence_other_01_used_for": "2、5",
        "evidence_other_01_name": "问卷汇总表",
        "evidence_other_01_file": "问卷.xlsx",
    }


def test_what_is_filled_in_beforehand_and_has_no_room_goes_below_and_comes_back_whole(tmp_path):
    many = tuple(Material(name=f"材料{number}", file=f"{number}.pdf") for number in range(1, 11))
    reading = read(row(1, good(), materials=many), tmp_path)
    assert places(reading.findings) == []
    listed = read_materials(reading.submission)
    assert [one.indicator for one in listed] == ["养护里程"] * 8
    assert "、".join(one.name for one in listed) == "、".join(one.name for one in many)
    assert "、".join(one.file for one in listed) == "、".join(one.file for one in many)


def test_where_the_scheme_asks_for_it_each_indicator_without_a_material_is_not_filled_in(tmp_path):
    reading, findings = found(row(1, good(), materials=(REPORT,)), tmp_path, REQUIRED)
    missing = [("FILL01", f"evidence_00{number}_1_name") for number in range(2, 6)]
    assert places(findings) == at(reading, missing)


def test_a_material_for_several_indicators_is_one(tmp_path):
    survey = Material(used_for="全部", name="问卷汇总表", pages="3")
    _, findings = found(good(answers=ANSWERS.model_copy(update={"materials": (survey,)})), tmp_path, REQUIRED)
    assert places(findings) == []


def test_rows_that_are_not_used_are_not_asked_for_a_material(tmp_path):
    own = Indicator(**INDICATORS[0].model_dump() | {"weight": 90})
    reading, findings = found(proposing(own, indicators=MET[:1]), tmp_path, REQUIRED)
    asked = [one for one in findings if one.sheet == evidence.TITLE]
    assert places(asked) == at(reading, [("FILL01", "evidence_001_1_name")])


@pytest.mark.slow
@pytest.mark.parametrize("recalculate", ENGINES)
def test_the_stored_values_are_those_that_programs_compute(recalculate, tmp_path):
    paths = []
    for number, (given, scheme) in enumerate(
        [(listed(), MOF), (listed(), REQUIRED), (proposing(*INDICATORS, indicators=MET), REQUIRED)]
    ):
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(build_workbook(given, scheme, KEY))
        paths.append(path)
    assert list_stored_differences(paths, recalculate, tmp_path / "out") == []
