"""佐证材料: what is listed beside what came; nothing of it is opened."""

import struct
import sys
import zipfile
from typing import ClassVar

import pytest
from builders import KEYS, MOF
from checking import variant
from evidence_folders import files, form, listing, put, review, states, told, zipped

from workbook_tools.core.codes import Severity
from workbook_tools.core.model import Material
from workbook_tools.core.states import State
from workbook_tools.files import sources
from workbook_tools.form.evidence import TITLE
from workbook_tools.review import review_folder

FIRST = f"{TITLE}!E4"
"""Where the first file name stands."""


@pytest.mark.parametrize(
    "place",
    [
        "P001.佐证",
        "P001佐证材料",
        "佐证材料",
        "农村道路养护经费（佐证）",
        "佐证-P001",
        "P001附件",
        "P001 证明材料",
        "p001_佐证材料2",
        "佐证材料/P001",
        "佐证材料/农村道路养护经费",
        "养护佐证/P001/照片",
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_the_folder_or_archive_of_a_project_is_known_by_its_name(tmp_path, place, packed):
    book = {"局/P001.xlsx": form(listing(*files("验收.pdf")))}
    top, _, below = place.partition("/")
    inside = f"{below}/验收.pdf".lstrip("/")
    put(tmp_path, book | ({f"局/{top}.zip": zipped([inside])} if packed else {f"局/{top}/{inside}": b"x"}))
    done = review(tmp_path)
    assert (told(done), states(done)) == ([], [("已收到", "验收.pdf")])
    (project,) = done.result.projects
    assert (project.evidence.listed, project.evidence.found, project.evidence.unlisted) == (1, 1, 0)
    assert done.result.evidence[0].on_disk == (f"局/{top}.zip" if packed else f"局/{place}/验收.pdf")


def test_what_is_listed_and_absent_is_a_question_at_its_cell_and_what_is_not_listed_is_for_the_record(tmp_path):
    book = form(listing(*files("验收报告.pdf", "照片.jpg")))
    put(tmp_path, {"P001.xlsx": book, "P001.佐证/照片.jpg": b"x", "P001.佐证/会议纪要.docx": b"x"})
    done = review(tmp_path)
    assert told(done) == [("EVID01", "P001", FIRST), ("EVID03", "P001", "")]
    assert states(done) == [("未收到", "验收报告.pdf"), ("已收到", "照片.jpg"), ("没有列出", "P001.佐证/会议纪要.docx")]
    assert done.result.projects[0].state is State.TO_EXPLAIN


def test_a_name_that_is_nearly_the_listed_one_is_named(tmp_path):
    put(tmp_path, {"P001.xlsx": form(listing(*files("验收报告终稿.pdf"))), "P001.佐证/验收报告（终稿）.docx": b"x"})
    (absent, _) = [one for one in review(tmp_path).result.findings if one.code.startswith("EVID")]
    assert "验收报告（终稿）.docx" in absent.message


@pytest.mark.parametrize(
    ("scheme", "severity", "state"),
    [
        (MOF, Severity.INFO, State.READY),
        (variant(MOF, form={"evidence": "required"}), Severity.WARNING, State.TO_EXPLAIN),
    ],
)
def test_where_no_folder_came_at_all_it_is_one_line(tmp_path, scheme, severity, state):
    materials = (*files("甲.pdf", "乙.pdf", "丙.pdf"), Material(name="合同", pages="3"))
    others = (Material(used_for="全部", name="总结", pages="2"),)
    put(tmp_path, {"P001.xlsx": form(listing(*materials, materials=others), scheme)})
    done = review(tmp_path)
    assert told(done) == [("EVID02", "P001", FIRST)]
    assert [one.severity for one in done.result.findings if one.code == "EVID02"] == [severity]
    assert [state for state, _ in states(done)] == ["未收到", "未收到", "未收到", "纸质", "纸质"]
    assert done.result.projects[0].state is (state if severity is Severity.WARNING else done.result.projects[0].state)


def test_an_empty_section_without_a_folder_says_nothing(tmp_path):
    put(tmp_path, {"P001.xlsx": form(listing())})
    done = review(tmp_path)
    assert (told(done), done.result.evidence) == ([], ())


def test_a_folder_without_a_list_is_one_line_for_the_record(tmp_path):
    put(tmp_path, {"P001.xlsx": form(listing()), **{f"P001.佐证/{n}.pdf": b"x" for n in range(30)}})
    done = review(tmp_path)
    assert told(done) == [("EVID03", "P001", "")]
    assert done.result.projects[0].evidence.unlisted == 30


def test_an_empty_file_that_is_listed_is_told_at_its_cell(tmp_path):
    put(tmp_path, {"P001.xlsx": form(listing(*files("验收.pdf"))), "P001.佐证/验收.pdf": b""})
    done = review(tmp_path)
    assert (told(done), states(done)) == ([("EVID05", "P001", FIRST)], [("空文件", "验收.pdf")])


@pytest.mark.parametrize(
    ("material", "said"),
    [
        (Material(name="验收报告", pages="第三页"), "不是数字"),
        (Material(name="验收报告", pages="-1"), "不是数字"),
        (Material(pages="3"), "材料名称"),
        (Material(name="验收报告"), "没有写页数"),
    ],
)
def test_a_line_that_is_not_clear_is_for_the_record(tmp_path, material, said):
    put(tmp_path, {"P001.xlsx": form(listing(material))})
    done = review(tmp_path)
    assert [code for code, *_ in told(done)] == ["EVID04"]
    (one,) = [one for one in done.result.findings if one.code == "EVID04"]
    assert said in one.message and one.severity is Severity.INFO


@pytest.mark.parametrize("pages", ["3", "12页", "共 5 页", "８"])
def test_page_counts_are_read_as_people_write_them(tmp_path, pages):
    put(tmp_path, {"P001.xlsx": form(listing(Material(name="验收报告", pages=pages)))})
    assert told(review(tmp_path)) == []


def test_a_number_below_that_no_indicator_has_is_told_and_the_others_are_named(tmp_path):
    below = (Material(used_for="1、3", name="问卷", pages="2"), Material(used_for="9", name="总结", pages="2"))
    put(tmp_path, {"P001.xlsx": form(listing(materials=below))})
    done = review(tmp_path)
    assert [row.indicator for row in done.result.evidence] == ["养护里程、每公里成本", "9"]
    assert [code for code, *_ in told(done)] == ["EVID04"]


def test_several_names_in_a_cell_folders_and_archives_by_their_name_and_a_name_with_a_comma(tmp_path):
    book = form(listing(*files("甲.pdf、乙.pdf", "施工照片"), Material(name="合同", file="合同、发票.pdf")))
    put(
        tmp_path,
        {
            "P001.xlsx": book,
            "P001.佐证/甲.pdf": b"x",
            "P001.佐证/乙.pdf": b"x",
            "P001.佐证/施工照片/1.jpg": b"x",
            "P001.佐证/施工照片/2.jpg": b"x",
            "P001.佐证/合同、发票.pdf": b"x",
        },
    )
    done = review(tmp_path)
    assert (told(done), [state for state, _ in states(done)]) == ([], ["已收到"] * 3)


@pytest.mark.parametrize(("listed", "unlisted"), [("照片.zip", 0), ("1.jpg", 1), ("别的.pdf", 1)])
def test_an_archive_in_the_folder_is_one_thing_or_the_files_in_it(tmp_path, listed, unlisted):
    put(tmp_path, {"P001.xlsx": form(listing(*files(listed))), "P001.佐证/照片.zip": zipped(["1.jpg", "2.jpg"])})
    assert review(tmp_path).result.projects[0].evidence.unlisted == unlisted


def test_workbooks_and_documents_among_the_evidence_are_no_forms_and_are_not_told_as_unreadable(tmp_path):
    other = form(listing(code="P002", name="别的项目"))
    put(
        tmp_path,
        {
            "P001.xlsx": form(listing()),
            "P001.佐证/P002.xlsx": other,
            "P001.佐证/扫描.pdf": b"x",
            "P001.佐证/说明.docx": b"x",
            "P001.佐证/照片.rar": b"x",
            "P001.佐证/Thumbs.db": b"x",
            "P001.佐证/~$说明.docx": b"x",
        },
    )
    done = review(tmp_path)
    assert [project.code for project in done.result.projects] == ["P001"]
    assert [one.code for one in done.result.findings if one.code.startswith("FILE")] == []
    assert done.result.projects[0].evidence.unlisted == 4


def test_a_folder_that_holds_the_forms_too_is_no_folder_of_evidence(tmp_path):
    put(
        tmp_path,
        {"自评表和佐证材料/P001.xlsx": form(listing()), "附件/P002.xlsx": form(listing(code="P002", name="别的项目"))},
    )
    done = review(tmp_path)
    assert [project.code for project in done.result.projects] == ["P001", "P002"]


def test_a_scan_beside_the_form_that_is_called_evidence_is_evidence(tmp_path):
    put(tmp_path, {"P001.xlsx": form(listing(*files("P001佐证材料.pdf"))), "P001佐证材料.pdf": b"x"})
    done = review(tmp_path)
    assert (told(done), [one.code for one in done.result.findings]) == ([], [])


def test_a_form_that_was_put_among_its_evidence_is_missing_and_that_is_said(tmp_path):
    project = listing()
    put(tmp_path, {"局/P001.佐证/P001.xlsx": form(project)})
    done = review(tmp_path, [project])
    assert told(done) == [("EVID09", "P001", "")]
    assert [(row.code, "没有收到自评表" in row.reason) for row in done.result.missing] == [("P001", True)]
    (one,) = [one for one in done.result.findings if one.code == "EVID09"]
    assert "P001.xlsx" in one.found


@pytest.mark.parametrize("folder", ["局/P001.佐证", "局/佐证材料"])
def test_a_form_that_cannot_be_opened_is_named_at_the_evidence_that_lies_beside_it(tmp_path, folder):
    locked = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504) + "EncryptedPackage".encode("utf-16le") + bytes(2000)
    put(tmp_path, {"局/P001 自评表.xlsx": locked, f"{folder}/验收.pdf": b"x"})
    done = review(tmp_path, [listing()])
    assert told(done) == [("EVID09", "P001", "")]
    unread, about_evidence = ([f for f in done.result.findings if f.code == c] for c in ("FILE04", "EVID09"))
    assert "P001 自评表.xlsx" in about_evidence[0].message
    assert about_evidence[0].advice == unread[0].advice
    assert ["P001 自评表.xlsx" in row.reason for row in done.result.missing] == [True]


@pytest.mark.parametrize("folder", ["局/自评佐证材料", "局/P002.佐证"])
def test_a_form_that_lies_among_the_evidence_of_others_or_of_nobody_is_missing_and_that_is_said(tmp_path, folder):
    one, two = listing(), listing(code="P002", name="农村饮水维修")
    put(
        tmp_path,
        {
            "局/P002.xlsx": form(two),
            "水务/P003.xlsx": form(listing(code="P003", name="党建")),
            f"{folder}/P001_养护.xlsx": form(one),
        },
    )
    done = review(tmp_path, [one, two])
    assert ("EVID09", "P001", "") in told(done)
    assert [(row.code, "没有收到自评表" in row.reason) for row in done.result.missing] == [("P001", True)]


def test_a_folder_of_nobody_is_told_with_its_path(tmp_path):
    one, two = (listing(code=code, name=f"{code}项目") for code in ("P001", "P002"))
    put(tmp_path, {"局/P001.xlsx": form(one), "局/P002.xlsx": form(two), "局/其他佐证/会议.pdf": b"x"})
    done = review(tmp_path)
    assert told(done) == [("EVID06", "", "")]
    assert [item.file for item in done.result.findings if item.code == "EVID06"] == ["局/其他佐证"]


def test_in_a_folder_of_several_projects_a_file_is_of_the_one_that_lists_it(tmp_path):
    one, two = (listing(*files(f"{code}.pdf"), code=f"P00{code}", name=f"项目{code}") for code in "12")
    put(tmp_path, {"P001.xlsx": form(one), "P002.xlsx": form(two), "佐证材料/1.pdf": b"x", "佐证材料/2.pdf": b"x"})
    done = review(tmp_path)
    assert (told(done), [state for state, _ in states(done)]) == ([], ["已收到", "已收到"])


def test_names_in_an_archive_of_chinese_windows_come_out_right_in_an_archive_too(tmp_path):
    class Raw(zipfile.ZipInfo):
        def _encodeFilenameFlags(self):  # noqa: N802 - zipfile's own hook
            return self.filename.encode("gb18030"), self.flag_bits & ~0x800

    path = tmp_path / "P001.佐证.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(Raw("照片/验收报告.pdf"), b"x")
    book = form(listing(*files("验收报告")))
    put(tmp_path, {"P001.xlsx": book})
    assert told(review(tmp_path)) == []
    path.rename(tmp_path / "inner")
    put(tmp_path, {"报送.zip": zipped({"P001.xlsx": book, "P001.佐证.zip": (tmp_path / "inner").read_bytes()})})
    (tmp_path / "P001.xlsx").unlink()
    (tmp_path / "inner").unlink()
    done = review(tmp_path)
    assert (told(done), done.result.evidence[0].on_disk) == ([], "报送.zip")


def _locked(data: bytes) -> bytes:
    changed = bytearray(data)
    changed[changed.index(b"PK\x01\x02") + 8] |= 1
    return bytes(changed)


def _with_huge_directory(data: bytes) -> bytes:
    at = data.index(b"PK\x05\x06")
    return data[:at] + bytes(20_000_000) + data[at : at + 12] + struct.pack("<I", 20_000_000) + data[at + 16 :]


@pytest.mark.parametrize(
    "data",
    [
        b"PK not really",
        _locked(zipped(["验收.pdf"])),
        zipped(["../../验收.pdf"]),
        zipped(["/etc/验收.pdf"]),
        zipped([f"{n}.pdf" for n in range(5001)]),
        _with_huge_directory(zipped(["验收.pdf"])),
    ],
    ids=["damaged", "locked", "climbing", "absolute", "many", "huge"],
)
def test_a_hostile_archive_is_told_and_stops_nothing(tmp_path, data):
    put(tmp_path, {"P001.xlsx": form(listing()), "P001.佐证.zip": data})
    done = review(tmp_path)
    assert ("EVID07", "P001", "") in told(done)
    assert len(done.result.evidence) <= 5000
    assert not [row for row in done.result.evidence if ".." in row.path or row.path.startswith("/")]


@pytest.mark.parametrize("name", ["P001.佐证.rar", "P001.佐证.zip"])
def test_what_may_be_in_an_archive_that_cannot_be_listed_is_not_said_to_be_absent(tmp_path, name):
    put(tmp_path, {"P001.xlsx": form(listing(*files("甲.pdf", "乙.pdf"))), name: b"Rar!"})
    done = review(tmp_path)
    assert [code for code, *_ in told(done)] == ["EVID07"]
    assert [state for state, _ in states(done)] == ["没有核对", "没有核对"]


def test_an_archive_in_the_folder_that_cannot_be_listed_is_named_as_where_a_file_may_be(tmp_path):
    put(tmp_path, {"P001.xlsx": form(listing(*files("验收.pdf"))), "P001.佐证/全部.rar": b"Rar!"})
    absent = [one.message for one in review(tmp_path).result.findings if one.code == "EVID01"]
    assert ["全部.rar" in message for message in absent] == [True]


def test_folders_whose_names_begin_alike_are_not_mixed_up(tmp_path):
    one, two = (listing(code=code, name=f"{code}项目") for code in ("P001", "P002"))
    put(
        tmp_path,
        {
            "P001.xlsx": form(one),
            "P002.xlsx": form(two),
            "P001佐证/a.exe": b"MZ",
            "P001佐证（P002）/b.pdf": b"x",
            "P002佐证/c.pdf": b"x",
        },
    )
    assert [found for found in told(review(tmp_path)) if found[0] == "EVID08"] == [("EVID08", "P001", "")]


def test_a_bomb_is_told_and_not_unpacked(tmp_path):
    with zipfile.ZipFile(tmp_path / "P001.佐证.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("验收.pdf", bytes(50_000_000))
    put(tmp_path, {"P001.xlsx": form(listing(*files("验收.pdf")))})
    done = review(tmp_path)
    assert [code for code, *_ in told(done)] == ["EVID07"]


def test_programs_among_the_evidence_are_told(tmp_path):
    put(tmp_path, {"P001.xlsx": form(listing(*files("照片.exe"))), "P001.佐证/照片.exe": b"MZ"})
    assert [code for code, *_ in told(review(tmp_path))] == ["EVID08"]


class Watch:
    """Which files are opened while it is on; a hook cannot be taken away again."""

    on = False
    opened: ClassVar[list[str]] = []

    @classmethod
    def note(cls, event, arguments):
        if cls.on and event == "open":
            cls.opened.append(str(arguments[0]))


sys.addaudithook(Watch.note)


def test_nothing_of_the_evidence_is_opened_and_of_an_archive_only_the_names_are_read(tmp_path, monkeypatch):
    names = ("验收.pdf", "表.xlsx", "名单.txt", "脚本.exe", "照片.rar")
    put(tmp_path, {"P001.xlsx": form(listing(*files("验收.pdf"))), **{f"P001.佐证/{name}": b"x" for name in names}})
    put(tmp_path, {"P001佐证.zip": zipped(["一.xlsx", "二.zip"])})
    monkeypatch.setattr(Watch, "on", True)
    found = sources.find_files(tmp_path)
    monkeypatch.setattr(Watch, "on", False)
    assert {name for name in Watch.opened if str(tmp_path) in name} == {str(tmp_path / "P001佐证.zip")}
    assert [source.name for source in found.sources] == ["P001.xlsx"]  # no process is given anything else
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: 1 / 0)
    assert len(sources.find_files(tmp_path).evidence) == 2


def test_a_form_without_a_list_of_evidence_is_told_so(tmp_path):
    book = form(listing(), variant(MOF, form={"evidence": "none"}))
    put(tmp_path, {"P001.xlsx": book, "P001.佐证/甲.pdf": b"x"})
    (one,) = [one for one in review(tmp_path).result.findings if one.code == "EVID03"]
    assert "没有清单" in one.message


def test_an_archive_in_an_archive_in_an_archive_is_not_unpacked(tmp_path):
    inner = zipped({"P001.佐证.zip": zipped(["甲.pdf"])})
    put(tmp_path, {"P001.xlsx": form(listing()), "报送.zip": zipped({"里层.zip": inner})})
    assert ("EVID07", "P001", "") in told(review(tmp_path))


def test_switched_off_nothing_is_said(tmp_path):
    put(tmp_path, {"P001.xlsx": form(listing()), "P001.佐证/甲.pdf": b"x"})
    assert [f.code for f in review_folder(tmp_path, keys=KEYS, checks={"EVID03": "off"}).result.findings] == []
