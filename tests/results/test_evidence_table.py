"""佐证材料 in 审核结果.xlsx: rows, and links that lead to what came and nowhere else."""

import shutil
from urllib.parse import unquote

import openpyxl
import pytest
from builders import KEYS
from evidence_folders import files, form, listing, put, zipped
from office import ooxml_errors, requires_ooxml_validator

from workbook_tools.core.model import Material
from workbook_tools.core.review_result import EvidencePlaces, EvidenceRow, EvidenceState
from workbook_tools.results import read_results, write_results
from workbook_tools.results.evidence_table import EVIDENCE
from workbook_tools.results.output_links import OutputLinks
from workbook_tools.results.tables import PROJECTS
from workbook_tools.results.workbook import write_workbook
from workbook_tools.review import review_folder

ODD = (
    "100%合格 #1.pdf",
    "=HYPERLINK(1).pdf",
    "+cmd.pdf",
    "‘甲’&乙＜丙＞.pdf",
    "甲 乙[1].pdf",
)


def office(tmp_path, names, place="局/P001.佐证", **others):
    """A working folder: what came in 回收, the result beside it."""
    put(
        tmp_path / "回收",
        {"局/P001.xlsx": form(listing(*files(*names))), **{f"{place}/{n}": b"x" for n in names}, **others},
    )
    write_results(review_folder(tmp_path / "回收", keys=KEYS), tmp_path)
    return openpyxl.load_workbook(tmp_path / "审核结果.xlsx")


def links(book, title):
    return {
        cell.value: unquote(cell.hyperlink.target)
        for row in book[title]
        for cell in row
        if cell.hyperlink and cell.hyperlink.target
    }


def test_links_are_relative_and_lead_there_after_the_folder_has_moved(tmp_path):
    home = tmp_path / "工作"
    home.mkdir()
    book = office(home, ODD[:2])
    shutil.move(home, tmp_path / "别处")
    found = links(book, EVIDENCE)
    assert set(found) >= set(ODD[:2])
    for text, target in found.items():
        assert (tmp_path / "别处" / target.partition("#'")[0]).is_file(), text
    (place,) = [target for text, target in links(book, PROJECTS).items() if text == "列 2 份，收到 2 份"]
    assert (tmp_path / "别处" / place).is_dir()


def test_names_that_look_like_formulas_are_texts(tmp_path):
    book = office(tmp_path, ODD)
    cells = [cell for row in book[EVIDENCE] for cell in row if isinstance(cell.value, str)]
    assert set(ODD) <= {cell.value for cell in cells}
    assert {cell.data_type for cell in cells} == {"s"}


def test_what_lies_in_an_archive_leads_to_the_archive_and_a_program_nowhere(tmp_path):
    put(tmp_path / "回收", {"局/P001.佐证.zip": zipped(["甲.pdf"]), "局/P001.佐证/乙.exe": b"MZ"})
    book = office(tmp_path, (), place="局/P001.佐证")
    assert links(book, EVIDENCE) == {"甲.pdf": "回收/局/P001.佐证.zip"}
    assert "回收/局" in links(book, PROJECTS).values()


@pytest.mark.parametrize(
    "path", ["../secret.pdf", "/etc/passwd", "局/../../secret.pdf", "..\\secret.pdf", "C:/secret.pdf", ""]
)
def test_no_link_leads_out_of_the_folder(tmp_path, path):
    (tmp_path / "回收").mkdir()
    (tmp_path / "secret.pdf").write_bytes(b"x")
    assert OutputLinks(tmp_path, tmp_path / "回收").evidence(path) == ""


def test_without_evidence_there_is_no_sheet_and_no_column(tmp_path):
    put(tmp_path / "回收", {"P001.xlsx": form(listing())})
    write_results(review_folder(tmp_path / "回收", keys=KEYS), tmp_path)
    book = openpyxl.load_workbook(tmp_path / "审核结果.xlsx")
    assert EVIDENCE not in book.sheetnames
    assert EVIDENCE not in [cell.value for row in book[PROJECTS].iter_rows(max_row=5) for cell in row]


def test_the_json_has_it_and_gives_it_back(tmp_path):
    office(tmp_path, ("甲.pdf",))
    result = read_results(tmp_path).result
    assert [(row.state, row.on_disk) for row in result.evidence] == [(EvidenceState.FOUND, "局/P001.佐证/甲.pdf")]
    expected = EvidencePlaces(listed=1, found=1, places=("局/P001.佐证",), on_disk=("局/P001.佐证",))
    assert result.projects[0].evidence == expected


@requires_ooxml_validator
def test_such_a_workbook_is_valid(tmp_path):
    put(tmp_path / "回收", {"局/其他佐证.zip": b"PK", "局/P001.佐证.zip": zipped(["甲.pdf", "乙.exe"])})
    office(tmp_path, ODD)
    assert ooxml_errors(tmp_path / "审核结果.xlsx") == []


def test_ten_thousand_rows_are_written(tmp_path):
    project = review_folder(
        put(tmp_path / "回收", {"P001.xlsx": form(listing(Material(name="甲", pages="1")))}), keys=KEYS
    ).result
    row = EvidenceRow(
        project_code="P001", state=EvidenceState.UNLISTED, path="P001.佐证/1.jpg", on_disk="P001.佐证/1.jpg"
    )
    write_workbook(
        project.model_copy(update={"evidence": (row,) * 10_000}), tmp_path / "审核结果.xlsx", inbox=tmp_path / "回收"
    )
    assert openpyxl.load_workbook(tmp_path / "审核结果.xlsx", read_only=True)[EVIDENCE].max_row > 10_000
