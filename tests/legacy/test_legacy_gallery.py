"""The recogniser against forms as offices draw them: the same values out of every layout, and nothing out of other tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import drawn_forms
import pytest
from drawn_forms import drawn
from drawn_gallery import LAMPS, LAYOUTS, ROADS, Content, Facts, Layout, document, draw, expected, workbook
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from random_layouts import layouts

from workbook_tools.files.sources import SourceFile
from workbook_tools.legacy.reading import LegacyReading, read_forms
from workbook_tools.legacy.words.records import Concern, FormIndicator, HandmadeForm, Stated
from workbook_tools.legacy.words.vocabulary import default_vocabulary

DRAWINGS = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def reading(data: bytes, folder: Path, name: str = "自评表.xlsx") -> LegacyReading:
    path = folder / name
    path.write_bytes(data)
    return read_forms(SourceFile(path, name), default_vocabulary())


def value(stated: Stated | None) -> Any:
    """A stated value; floats as precise as a cell shows them."""
    if stated is None or stated.value in (None, ""):
        return None
    return round(stated.value, 6) if isinstance(stated.value, float) else stated.value


def facts(form: HandmadeForm, wanted: Facts) -> Facts:
    """What a form says of the things that are wanted."""
    found: Facts = {name: value(form.head.get(name)) for name in ("project", "department", "unit")}
    found |= {"year": value(form.year), "total": value(form.total)}
    found["rows"] = [row(entry) for entry in form.entries if not entry.is_part]
    if "money" in wanted:
        total = form.total_line
        found["money"] = {measure.value: value(stated) for measure, stated in total.amounts.items()} if total else {}
        found["rate"] = value(total.rate) if total else None
    if "execution_weight" in wanted:
        found["execution_weight"] = value(form.execution_weight)
        found["execution_score"] = value(form.execution_score)
    if "goal" in wanted:
        found |= {"goal": value(form.texts.get("goal_annual")), "done": value(form.texts.get("goal_actual"))}
    if "parts" in wanted:
        found["parts"] = [(entry.name.value, value(entry.target)) for entry in form.entries if entry.is_part]
    return found


def row(entry: FormIndicator) -> Facts:
    return {
        "level1": entry.dimension,
        "level2": entry.category,
        "name": entry.name.value,
        "direction": entry.direction.value,
        "target": value(entry.target),
        "unit": entry.unit,
        "actual": value(entry.actual),
        "weight": value(entry.weight),
        "score": value(entry.score),
        "reason": value(entry.reason) or "",
    }


def check(form: HandmadeForm, content: Content, layout: Layout) -> None:
    wanted = expected(content, layout)
    assert facts(form, wanted) == wanted


def lines(form: HandmadeForm) -> list[tuple[Any, ...]]:
    """The indicators in short: name, target, actual, weight, score."""
    figures = ("target", "actual", "weight", "score")
    return [(entry.name.value, *(value(getattr(entry, name)) for name in figures)) for entry in form.entries]


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_says_the_same(name: str, tmp_path: Path) -> None:
    layout = LAYOUTS[name]
    [form] = reading(workbook([draw(ROADS, layout)], layout), tmp_path).forms
    check(form, ROADS, layout)


@pytest.mark.parametrize(
    "name",
    ["1 national", "4 yunnan two header rows", "unit in the name", "funding turned", "header again at a page break"],
)
def test_a_word_table_says_the_same(name: str, tmp_path: Path) -> None:
    layout = LAYOUTS[name]
    [form] = reading(document(draw(ROADS, layout)), tmp_path, "自评表.docx").forms
    check(form, ROADS, layout)


@pytest.mark.parametrize("name", ["1 national", "8 total in the head", "no goals, no margin", "levels on every row"])
def test_two_forms_one_below_the_other(name: str, tmp_path: Path) -> None:
    layout = LAYOUTS[name]
    first = draw(ROADS, layout)
    forms = reading(workbook([first, draw(LAMPS, layout, first.row + 2)], layout), tmp_path).forms
    assert len(forms) == 2
    check(forms[0], ROADS, layout)
    check(forms[1], LAMPS, layout)


@DRAWINGS
@given(layout=layouts())
def test_no_drawing_changes_a_value(layout: Layout, tmp_path: Path) -> None:
    """Columns in any order, any start cell, labels spaced, synonyms, further columns and rows, units in other places."""
    [form] = reading(workbook([draw(ROADS, layout)], layout), tmp_path).forms
    check(form, ROADS, layout)


@settings(DRAWINGS, max_examples=25)
@given(layout=layouts(), gap=st.integers(0, 4))
def test_nor_does_a_second_form_below_it(layout: Layout, gap: int, tmp_path: Path) -> None:
    first = draw(ROADS, layout)
    forms = reading(workbook([first, draw(LAMPS, layout, first.row + gap)], layout), tmp_path).forms
    for form, content in zip(forms, (ROADS, LAMPS), strict=True):
        check(form, content, layout)


# -- published kinds and oddities, drawn by hand ----------------------------------------------------------------------


def only(name: str, folder: Path) -> HandmadeForm:
    [form] = reading(drawn(getattr(drawn_forms, name)), folder).forms
    return form


def money(form: HandmadeForm) -> list[tuple[Any, ...]]:
    """The funding block: whose money, then the amounts."""
    return [
        (line.source.value if line.source else line.label, *(value(stated) for stated in line.amounts.values()))
        for line in form.funding
    ]


def test_two_header_rows_amounts_in_yuan_and_a_grade_in_the_total_row(tmp_path: Path) -> None:
    form = only("YUNNAN", tmp_path)
    assert money(form) == [
        ("total", 120.0, 126.00005, 113.400045),
        ("fiscal_subtotal", 120.0, 126.00005, 113.400045),
        ("carried_over", 0.0, 0.0, 0.0),
        ("other", 0.0, 0.0, 0.0),
    ]
    assert lines(form) == [
        ("护林员人数", 210, 210, 25, 25),
        ("补助兑现率", 98, 99.2, 25, 25),
        ("增收", "带动增收", "带动增收", 30, 28),
        ("护林员满意度", 90, 95, 10, 10),
    ]
    assert [entry.direction.value for entry in form.entries] == ["equal", "at_least", "qualitative", "at_least"]
    assert (value(form.total), value(form.total_weight), value(form.grade)) == (97, 100, "优")


def test_amounts_by_source_without_a_measure_are_a_doubt(tmp_path: Path) -> None:
    form = only("NINGXIA", tmp_path)
    assert money(form) == [("total", 650.5), ("central", 600), ("provincial", 30.5), ("市县资金", 20)]
    assert {r.where.cell for r in form.remarks if r.concern is Concern.AMBIGUOUS} >= {"F5", "F6", "F7", "F8"}
    assert value(form.total) == 98
    assert form.entries[3].reason is not None
    assert (form.entries[1].target and form.entries[1].target.value) == "12月底前"


def test_labels_and_levels_broken_over_rows(tmp_path: Path) -> None:
    form = only("SPLIT_LABELS", tmp_path)
    assert [(e.dimension, e.category, e.name.value) for e in form.entries] == [
        ("产出指标", "数量指标", "改造长度"),
        ("产出指标", "数量指标", "检查井数量"),
        ("产出指标", "质量指标", "合格率"),
        ("效益指标", "社会效益", "漏损率"),
    ]
    assert lines(form)[0] == ("改造长度", 10, 10, 30, 30)


def test_a_page_of_several_forms_with_texts_between_them(tmp_path: Path) -> None:
    first, second = reading(drawn(drawn_forms.SICHUAN_LIST), tmp_path).forms
    assert first.head["project"].value == "51090000R000000012345-工资性支出"
    assert second.head["project"].value == "51090024T000010254321-2023年设备更新补助"
    assert money(first)[:2] == [("total", 238.93, 251.89, 251.89), ("fiscal_subtotal", 238.93, 251.89, 251.89)]
    assert money(second) == [("total", 0, 3.36, 3.36), ("fiscal_subtotal", 0, 3.36, 3.36)]
    assert lines(second) == [("成本控制数", 3.36, "完成", 30, 30), ("设备合格", "好坏", "好", 60, 60)]
    assert [value(form.texts["conclusion"]) for form in (first, second)] == ["发放及时。", "设备已到位。"]


@pytest.mark.parametrize(
    "header",
    [
        "考核内容|年初目标|完成情况|标准分值|自评得分|备注",
        "指标名称|计划数|实际数|权重分值|得分|扣分原因",
        "绩效指标|绩效标准|全年完成|分值（分）|得分（分）|未完成原因",
        "具体绩效指标|批复指标值|实际完成指标值|指标权重（%）|自评分（分）|偏差原因",
        "绩效指标名称|2023年目标值|2023年完成值|分值|得分|原因",
        "指标|计划|完成|分|得分|原因",
        "三级指标|年度绩效目标值|绩效完成值|指标分值|评价分值|偏差及改进",
    ],
)
def test_headers_in_an_office_s_own_words(header: str, tmp_path: Path) -> None:
    text = (
        f"2023年度项目支出绩效自评表|<|<|<|<|<\n项目名称|道路维修|<|<|<|<\n{header}\n维修道路|≥30公里|32公里|50|48|雨季"
    )
    [form] = reading(drawn(text), tmp_path).forms
    assert lines(form) == [("维修道路", 30, 32, 50, 48)]
    assert value(form.entries[0].reason) == "雨季"


@pytest.mark.parametrize("table", ["columns", "measures", "sources", "head", "texts", "rows"])
def test_no_word_of_the_vocabulary_means_two_things(table: str) -> None:
    words = [word.removeprefix("=") for entries in default_vocabulary().tables[table].values() for word in entries]
    assert sorted(words) == sorted(set(words))


# -- other tables -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["BUDGET", "PROJECT_BUDGETS", "ROSTER", "ATTENDANCE", "APPRAISAL", "QUESTIONNAIRE", "TARGETS"]
)
def test_other_tables_are_refused(name: str, tmp_path: Path) -> None:
    found = reading(drawn(getattr(drawn_forms, name)), tmp_path)
    assert found.forms == []
    assert "寻找绩效自评表" in found.looked_for
    assert "没有找到" in found.looked_for


def test_an_empty_sheet_is_refused(tmp_path: Path) -> None:
    found = reading(drawn("", ""), tmp_path)
    assert found.forms == []
    assert "指标表头" in found.looked_for


def test_a_table_of_targets_is_told_so(tmp_path: Path) -> None:
    assert "绩效目标表" in reading(drawn(drawn_forms.TARGETS), tmp_path).looked_for
