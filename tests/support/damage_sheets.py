"""Damage to sheets, names and the identity of a workbook."""

from __future__ import annotations

from builders import KEY, MOF
from checking import indicator
from damage import ANALYSIS, BASICS, FUNDS, IDENTITY, STATUS, TABLE, Kind, kind, project, whole, workbook
from surgery import MAIN, Patient

from workbook_tools.form.identity import SigningKey
from workbook_tools.workbooks.writing import build_workbook

GUIDE = "填报说明"
STRANGER = SigningKey(bytes(32))
_JUNK = (
    f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>草稿</t></is></c>'
    '<c r="B1" t="e"><v>#REF!</v></c></row><row r="60000"><c r="ZZ60000"><v>1</v></c></row></sheetData></worksheet>'
).encode()

# -- sheets ---------------------------------------------------------------------------------------------------------


@kind()
def sheets_reordered(patient: Patient) -> None:
    """The tabs in another order."""
    patient.reorder([7, 6, 5, 4, 3, 2, 1, 0])


@kind(("TAMPER05", TABLE, ""))
def sheet_renamed(patient: Patient) -> None:
    """To a title that formulas need not quote."""
    patient.rename(TABLE, "自评")


@kind(("TAMPER05", TABLE, ""), ("TAMPER05", BASICS, ""))
def sheets_renamed_oddly(patient: Patient) -> None:
    """To titles that formulas must quote."""
    patient.rename(TABLE, "自评表 (2)")
    patient.rename(BASICS, "1. 基本-情况")


@kind(("TAMPER04", ANALYSIS, ""), ("TAMPER03", STATUS, "D41"))
def texts_sheet_deleted(patient: Patient) -> None:
    """What pointed to it is one finding."""
    patient.delete(ANALYSIS)


@kind(("TAMPER04", FUNDS, ""), ("TAMPER03", TABLE, "C6"), ("TAMPER03", STATUS, "D14"), total=90.0)
def funding_sheet_deleted(patient: Patient) -> None:
    """Without it the execution rate earns nothing."""
    patient.delete(FUNDS)


@kind(("TAMPER04", STATUS, ""), ("TAMPER03", TABLE, "A18"))
def status_sheet_deleted(patient: Patient) -> None:
    """The hints beside the table came from it."""
    patient.delete(STATUS)


@kind()
def guide_sheet_deleted(patient: Patient) -> None:
    """It holds nothing that is read."""
    patient.delete(GUIDE)


@kind()
def junk_sheets_added(patient: Patient) -> None:
    """Drafts, with an error and a stray figure far below."""
    patient.add("Sheet1", _JUNK)
    patient.add("草稿", _JUNK)


@kind(("FILE31", "", ""), total=None)
def something_in_the_last_cell(patient: Patient) -> None:
    """Ctrl and the arrow keys lead there; a blank typed there makes the sheet gigantic."""
    patient.put(TABLE, "XFD1048576", " ")


@kind(("TAMPER23", "自评表 (2)", ""))
def sheet_copied(patient: Patient) -> None:
    """The copy has the same names for itself; the original counts."""
    patient.double(TABLE, "自评表 (2)")
    patient.put("自评表 (2)", "E13", 1.0)


@kind(("TAMPER05", TABLE, ""), ("TAMPER03", STATUS, "D29"))
def sheet_copied_and_deleted(patient: Patient) -> None:
    """Only the copy is left, and names of its own."""
    patient.double(TABLE, "自评表 (2)")
    patient.delete(TABLE)


@kind(("TAMPER05", TABLE, ""), ("TAMPER23", TABLE, ""))
def another_sheet_has_the_title(patient: Patient) -> None:
    """The form was renamed, and a draft bears its title: the names say which is which."""
    patient.rename(TABLE, "自评表（定稿）")
    patient.add(TABLE, _JUNK)


# -- rows and names ---------------------------------------------------------------------------------------------------


@kind(("TAMPER06", TABLE, ""), ("TAMPER09", TABLE, "C8"))
def rows_inserted_above(patient: Patient) -> None:
    """Two rows above the table, after unprotecting; formulas and names follow."""
    patient.remove(TABLE, "sheetProtection")
    patient.insert_rows(TABLE, 5, 2)


@kind(("TAMPER06", TABLE, ""), ("TAMPER09", TABLE, "B16"))
def row_inserted_within(patient: Patient) -> None:
    """One row within the table: sums grow, names below move."""
    patient.remove(TABLE, "sheetProtection")
    patient.insert_rows(TABLE, 15, 1)


@kind(("TAMPER07", BASICS, "B3"))
def all_names_deleted(patient: Patient) -> None:
    """Some programs drop defined names; everything is read where it was issued."""
    for name in list(patient.names()):
        parent = name.getparent()
        assert parent is not None
        parent.remove(name)


@kind(("TAMPER07", FUNDS, "H8"))
def some_names_deleted(patient: Patient) -> None:
    """Two names are gone."""
    for name in list(patient.names()):
        parent = name.getparent()
        if parent is not None and name.get("name") in ("received_county", "indicator_001_actual"):
            parent.remove(name)


@kind(("TAMPER11", TABLE, "E13"), ("FILL01", TABLE, "E13"), total=80.0)
def a_name_broken(patient: Patient) -> None:
    """The named cell was deleted: what stands there now is another cell."""
    for name in patient.names():
        if name.get("name") == "indicator_001_actual":
            name.text = "#REF!"


@kind(("TAMPER09", TABLE, "Z99"), ("TAMPER10", TABLE, "Z99"), ("TAMPER21", TABLE, "E13"), ("TAMPER36", TABLE, "Z99"))
def a_name_points_elsewhere(patient: Patient) -> None:
    """The form shows one figure, the name leads to another."""
    patient.put(TABLE, "Z99", 1040.0)
    for name in patient.names():
        if name.get("name") == "indicator_001_actual":
            name.text = f"{TABLE}!$Z$99"


@kind(
    ("TAMPER09", TABLE, "E14"),
    ("TAMPER11", TABLE, "E14"),
    ("FILL01", TABLE, "E14"),
    ("TAMPER03", TABLE, "G14"),
    ("TAMPER03", TABLE, "L14"),
    ("TAMPER03", STATUS, "D31"),
    total=80.0,
)
def a_cell_dragged_onto_another(patient: Patient) -> None:
    """As Excel does it: names and formulas follow the dragged cell, those of the other one break."""
    patient.drag(TABLE, "E13", "E14")


@kind()
def names_as_ranges(patient: Patient) -> None:
    """Programs name the whole merged area instead of its first cell."""
    for name in patient.names():
        if name.text == f"{TABLE}!$B$3":
            name.text = f"{TABLE}!$B$3:$J$3"


# -- identity ---------------------------------------------------------------------------------------------------------


@kind(("FILE05", "", ""), total=None)
def identity_deleted(patient: Patient) -> None:
    """The hidden sheet was found and thrown away."""
    patient.delete(IDENTITY)


@kind()
def identity_shown(patient: Patient) -> None:
    """Showing it changes nothing."""
    for sheet in patient.tree("xl/workbook.xml").iter(f"{{{MAIN}}}sheet"):
        sheet.attrib.pop("state", "")


@kind(("TAMPER02", IDENTITY, "B3"))
def project_code_edited(patient: Patient) -> None:
    """The code is told apart from the signed content."""
    patient.put(IDENTITY, "B3", "P002")


@kind(("FILE06", IDENTITY, "B2"), total=None)
def old_version(patient: Patient) -> None:
    """A layout that this program does not know."""
    patient.put(IDENTITY, "B2", "0")


@kind(("TAMPER01", IDENTITY, "B5"))
def signature_edited(patient: Patient) -> None:
    """Right key, wrong signature."""
    patient.put(IDENTITY, "B5", f"{KEY.id}:{'0' * 64}")


@kind(("TAMPER08", IDENTITY, "B5"))
def signature_gone(patient: Patient) -> None:
    """No key to look up."""
    patient.put(IDENTITY, "B5", None)


@kind(("TAMPER01", IDENTITY, "B7"), total=None)
def content_damaged(patient: Patient) -> None:
    """Nobody knows any more what was issued."""
    patient.put(IDENTITY, "B7", "eJyrVkrOT0lVslIyUtJRSs7PLShKLS5RqgUAXcUHrA==")


@kind(("FILE05", "", ""), total=None)
def another_product(patient: Patient) -> None:
    """The names are like ours, the workbook is not."""
    patient.put(IDENTITY, "B1", "别的工具")


@kind(("TAMPER08", IDENTITY, "B5"))
def another_offices_workbook(patient: Patient) -> None:
    """Signed with a key that is not ours."""
    patient.put(IDENTITY, "B5", STRANGER.sign(patient.text(IDENTITY, "B7")))


@whole(("TAMPER01", IDENTITY, "B5"), ("FILE17", "", ""), total=100.0)
def forged(data: bytes) -> bytes:
    """A lower target, issued anew with another key under our key's name."""
    code = Patient(data).text(IDENTITY, "B3")
    easier = indicator(1, project().model_copy(update={"code": code}), target=950.0)
    patient = Patient(build_workbook(easier, MOF, STRANGER))
    patient.put(IDENTITY, "B5", f"{KEY.id}:{'a' * 64}")
    return patient.bytes()


@whole(("FILE07", "", ""))
def another_project(_: bytes) -> bytes:
    """Somebody else's project."""
    return workbook(code="P999", name="别的项目")


SHEETS: tuple[Kind, ...] = (
    sheets_reordered,
    sheet_renamed,
    sheets_renamed_oddly,
    texts_sheet_deleted,
    funding_sheet_deleted,
    status_sheet_deleted,
    guide_sheet_deleted,
    junk_sheets_added,
    something_in_the_last_cell,
    sheet_copied,
    sheet_copied_and_deleted,
    another_sheet_has_the_title,
    rows_inserted_above,
    row_inserted_within,
    all_names_deleted,
    some_names_deleted,
    a_name_broken,
    a_name_points_elsewhere,
    a_cell_dragged_onto_another,
    names_as_ranges,
    identity_deleted,
    identity_shown,
    project_code_edited,
    old_version,
    signature_edited,
    signature_gone,
    content_damaged,
    another_product,
    another_offices_workbook,
    forged,
    another_project,
)
