"""Damage done by other programs, and by people in them: LibreOffice and Gnumeric themselves make these files."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from builders import KEY
from damage import ANALYSIS, FUNDS, STATUS, TABLE, Kind, Place, project
from office import requires_gnumeric, requires_uno, run_uno, ssconvert

from workbook_tools.form.layout import TABS

_DEEDS = Path(__file__).with_name("uno_damage.py")


@cache
def _by_libreoffice(data: bytes) -> dict[str, bytes]:
    """All deeds of uno_damage.py, in one LibreOffice."""
    with tempfile.TemporaryDirectory() as folder:
        source, results = Path(folder, "P001.xlsx"), Path(folder, "results")
        source.write_bytes(data)
        results.mkdir()
        run_uno(_DEEDS, source, results, KEY.password(project()))
        return {path.name: path.read_bytes() for path in results.iterdir()}


def _libreoffice(result: str, *findings: Place, total: float | None = 100.0, name: str = "", file: str = "") -> Kind:
    return Kind(
        name or f"libreoffice_{result.partition('.')[0]}",
        lambda data: _by_libreoffice(data)[result],
        findings,
        total,
        file or f"P001.{result.partition('.')[2]}",
        marks=(pytest.mark.slow, requires_uno),
    )


def _converted(*kinds: str) -> Callable[[bytes], bytes]:
    """Through Gnumeric's file formats one after the other (kind:ending)."""

    def make(data: bytes) -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "0.xlsx")
            path.write_bytes(data)
            for number, kind in enumerate(kinds, 1):
                exporter, _, ending = kind.rpartition(".")
                result = Path(folder, f"{number}.{ending}")
                subprocess.run(
                    [str(ssconvert()), f"--export-type={exporter}", path, result], check=True, capture_output=True
                )
                path = result
            return path.read_bytes()

    return make


def _gnumeric(
    name: str, *kinds: str, findings: tuple[Place, ...] = (), total: float | None = 100.0, file: str = "P001.xlsx"
) -> Kind:
    return Kind(name, _converted(*kinds), findings, total, file, marks=(pytest.mark.slow, requires_gnumeric))


_XLSX, _XLS, _ODS = "Gnumeric_Excel:xlsx2.xlsx", "Gnumeric_Excel:excel_biff8.xls", "Gnumeric_OpenCalc:odf.ods"
_LOST_BY_GNUMERIC = (
    *(("TAMPER06", title, "") for title in TABS),
    *(("TAMPER26", FUNDS, cell) for cell in ("C6", "I15")),
    *(("TAMPER26", TABLE, cell) for cell in ("C6", "J6", "D13", "D15", "E15")),
    ("TAMPER26", STATUS, "H6"),
    ("TAMPER30", TABLE, "F16"),
)
"""Its OpenDocument keeps no protection, no list, and of number formats not all: General in them is lost with the number."""

PROGRAMS: tuple[Kind, ...] = (
    _libreoffice("saved.xlsx"),
    _libreoffice("encrypted.xlsx", ("FILE04", "", ""), total=None),
    _libreoffice("old.xls", ("FILE42", "", "")),
    _libreoffice("old.xls", ("FILE42", "", ""), name="wps_et", file="P001.et"),
    _libreoffice("open.ods", ("FILE42", "", "")),
    _libreoffice("old.xls", ("FILE42", "", ""), name="xls_called_xlsx", file="P001.xlsx"),
    _libreoffice("via_old.xlsx"),
    _libreoffice("via_open.xlsx"),
    _libreoffice("insert_rows.xlsx", ("TAMPER06", TABLE, ""), ("TAMPER09", TABLE, "C8")),
    _libreoffice("insert_column.xlsx", ("TAMPER06", TABLE, ""), ("TAMPER09", TABLE, "C3")),
    _libreoffice(
        "delete_row.xlsx",
        ("TAMPER06", TABLE, ""),
        ("TAMPER09", TABLE, "B13"),
        ("TAMPER11", TABLE, "A13"),
        ("FILL01", TABLE, "E13"),
        ("TAMPER03", TABLE, "H17"),
        ("TAMPER03", TABLE, "I17"),
        *(("TAMPER03", STATUS, cell) for cell in ("D4", "D29", "D30", "H6")),
        total=80.0,
    ),
    # The second indicator's name still leads to the cell that the first one's figure was dropped on.
    _libreoffice(
        "cut_and_paste.xlsx",
        ("TAMPER06", TABLE, ""),
        ("TAMPER09", TABLE, "E14"),
        ("TAMPER26", TABLE, "E14"),
        ("FILL05", TABLE, "E14"),
        ("SCORE04", TABLE, "E14"),
        ("SCORE15", TABLE, "E14"),
        ("TAMPER03", TABLE, "G14"),
        ("TAMPER03", TABLE, "L14"),
        ("TAMPER03", STATUS, "D31"),
    ),
    _libreoffice(
        "copy_and_paste.xlsx",
        ("TAMPER06", TABLE, ""),
        ("TAMPER10", TABLE, "E15"),
        ("FILL02", TABLE, "E15"),
        ("TEXT20", ANALYSIS, "B9"),
        total=90.0,
    ),
    _libreoffice("delete_sheet.xlsx", ("TAMPER04", ANALYSIS, ""), ("TAMPER03", STATUS, "D41")),
    _libreoffice("rename_sheet.xlsx", ("TAMPER05", TABLE, "")),
    _libreoffice("copy_sheet.xlsx", ("TAMPER23", "自评表_2", "")),
    _gnumeric("gnumeric_saved", _XLSX),
    _gnumeric("gnumeric_via_old", _XLS, _XLSX),
    _gnumeric("gnumeric_via_open", _ODS, _XLSX, findings=_LOST_BY_GNUMERIC),
    _gnumeric("gnumeric_old", _XLS, findings=(("FILE42", "", ""),), file="P001.xls"),
    _gnumeric("gnumeric_open", _ODS, findings=(("FILE42", "", ""),), file="P001.ods"),
)
