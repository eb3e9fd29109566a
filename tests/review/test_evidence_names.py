"""Names of evidence: which are the same, which are not, and whose a folder is."""

import string

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from workbook_tools.files.evidence import EvidenceFile, EvidencePlace, read_owner
from workbook_tools.review.evidence_names import EvidenceIndex, find_alike, read_key, split_names
from workbook_tools.review.evidence_owners import KnownProject, OwnerFinder

_WIDE = {ord(c): ord(c) + 0xFEE0 for c in string.ascii_letters + string.digits + "()-_."}
stems = st.text(st.sampled_from("甲乙丙验收报告合同照片ABcd129（）()-_"), min_size=1, max_size=12).filter(str.strip)
endings = st.sampled_from(("pdf", "PDF", "jpg", "xlsx", "docx", "zip"))


def index(*names):
    return EvidenceIndex(EvidenceFile(f"P001.佐证/{name}", 1, f"P001.佐证/{name}") for name in names)


def means(listed, came):
    return bool(index(came).find(listed))


@given(stems, endings, st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None)
def test_width_case_and_blanks_are_no_difference(stem, ending, random):
    name = f"{stem}.{ending}"
    other = "".join(
        chr(_WIDE.get(ord(c), ord(c))) if random.random() < 0.3 else c.swapcase() if random.random() < 0.5 else c
        for c in name
    )
    at = random.randrange(len(stem) + 1)
    assert means(other[:at] + " \u3000" + other[at:], name) or read_key(name).stem == ""
    assert means(name, other)


@given(stems, endings)
def test_the_ending_may_be_left_out_on_either_side(stem, ending):
    assume("." not in stem)
    assert means(stem, f"{stem}.{ending}")
    assert means(f"{stem}.{ending}", stem)


@given(stems, endings, st.sampled_from(("1.", "2、", "附件3：", "（4）", "12 ", "一、", "5-")))
def test_a_number_before_the_name_may_stand_on_one_side(stem, ending, number):
    assume(read_key(stem).bare == read_key(stem).stem and stem[0] not in "()（）-_0123456789")
    name = f"{stem}.{ending}"
    assert means(name, number + name)
    assert means(number + name, name)


@given(stems, stems, endings, endings)
@settings(max_examples=300)
def test_other_names_and_other_endings_are_others(one, other, ending, second):
    first, last = read_key(one), read_key(other)
    assume(len({first.stem, first.bare, last.stem, last.bare}) >= 2 and first.bare != last.bare)
    assert not means(f"{one}.{ending}", f"{other}.{second}")
    assert means(f"{one}.{ending}", f"{one}.{second}") == (
        read_key(f"a.{ending}").ending == read_key(f"a.{second}").ending
    )


@pytest.mark.parametrize(
    ("listed", "came"),
    [
        ("1.jpg", "2.jpg"),
        ("附件1 合同.pdf", "附件2 合同.pdf"),
        ("验收报告", "验收报告（终稿）.pdf"),
        ("2023年总结.pdf", "2024年总结.pdf"),
        ("合同.pdf", "合同.docx"),
        ("", "合同.pdf"),
        (".pdf", "合同.pdf"),
    ],
)
def test_these_are_not_the_same(listed, came):
    assert not means(listed, came)


@pytest.mark.parametrize(
    ("listed", "came"),
    [
        ("照片/一.jpg", "照片/一.jpg"),
        ("照片\\一.jpg", "照片/一.jpg"),
        ("照片（文件夹）", "照片/一.jpg"),
        ("照片", "照片/一.jpg"),
        ("扫描.jpeg", "扫描.JPG"),
        ("问卷\u200b.xlsx", "问卷.xlsx"),
        ("P001.佐证", "一.jpg"),
    ],
)
def test_these_are_the_same(listed, came):
    assert means(listed, came)


def test_a_cell_may_hold_several_names():
    assert split_names("甲.pdf、乙.pdf；丙.pdf，\n丁.pdf") == ["甲.pdf", "乙.pdf", "丙.pdf", "丁.pdf"]
    assert split_names("、") == ["、"]


def test_of_the_names_that_came_the_nearest_is_suggested_if_there_is_one():
    assert find_alike("验收报告.pdf", ["会议纪要.pdf", "验收报告终稿.pdf"]) == "验收报告终稿.pdf"
    assert find_alike("验收报告.pdf", ["会议纪要.docx"]) == ""


@pytest.mark.parametrize(
    ("name", "beside", "whose"),
    [
        ("佐证", (), ""),
        ("佐证材料", (), ""),
        ("P001.佐证", (), "P001"),
        ("佐证材料（P001 养护）", (), "P001 养护"),
        ("自评表.佐证", (), "自评表"),
        ("自评表和佐证材料", (), None),
        ("自评表、佐证", (), None),
        ("佐证及自评表", (), None),
        ("自评表及相关佐证材料", (), None),
        ("附件", ("P001",), None),
        ("P001附件", ("P001_养护",), "P001"),
        ("P001附件", ("P002",), None),
        ("附件1自评表", ("附件1自评表",), None),
        ("养护证明材料", ("P001_养护经费",), "养护"),
        ("下发", ("P001",), None),
        ("证据", ("P001",), None),
    ],
)
def test_what_the_name_of_a_folder_says(name, beside, whose):
    assert read_owner(name, beside) == whose


def owners(path, *files, whose=None, projects=None):
    known = projects or [
        KnownProject("P001", "农村道路养护", ("局/P001_农村道路养护.xlsx",)),
        KnownProject("P0011", "农村道路养护机械", ("局/机械.xlsx",)),
        KnownProject("P003", "饮水", ("水务/表.xlsx",)),
    ]
    place = EvidencePlace(path, read_owner(path.rpartition("/")[2]) if whose is None else whose, path)
    place.files += [EvidenceFile(f"{path}/{name}", 1, f"{path}/{name}") for name in files or ("一.pdf",)]
    return [(part.path, part.owners, part.certain) for part in OwnerFinder(known).divide(place)]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("局/P001_农村道路养护.佐证", "P001"),
        ("局/P0011佐证", "P0011"),
        ("局/机械.佐证", "P0011"),
        ("别处/p001 佐证", "P001"),
        ("农村道路养护机械佐证材料", "P0011"),
        ("佐证-农村道路养护", "P001"),
        ("水务/佐证材料", "P003"),
        ("P003/佐证材料", "P003"),
    ],
)
def test_a_folder_is_of_the_form_of_its_name_of_its_code_of_its_project_of_the_only_form_beside_it(path, code):
    assert owners(path) == [(path, (code,), True)]


def test_a_folder_of_several_is_divided_by_its_folders_and_what_is_left_is_of_who_lists_it():
    assert owners("局/佐证材料", "P001/一.pdf", "扫描/农村道路养护机械/二.pdf", "四.pdf") == [
        ("局/佐证材料/P001", ("P001",), True),
        ("局/佐证材料/扫描/农村道路养护机械", ("P0011",), True),
        ("局/佐证材料", ("P001", "P0011"), False),
    ]


def test_a_folder_with_a_name_that_is_nobodys_is_of_nobody_for_sure():
    assert owners("水务/会议佐证") == [("水务/会议佐证", ("P003",), False)]


@pytest.mark.parametrize(
    ("path", "owned"),
    [
        ("局/村道养护.佐证", ((), False)),  # two units have a project of that name
        ("局/村道养护二期.佐证", (("7",), True)),
        ("局/7月照片.佐证", ((), False)),  # no project's code, though it stands there
        ("局/7.佐证", (("7",), True)),
    ],
)
def test_a_name_that_several_projects_have_and_a_number_in_a_name_are_nobodys(path, owned):
    known = [KnownProject("P1", "村道养护"), KnownProject("P2", "村道 养护"), KnownProject("7", "村道养护二期")]
    assert owners(path, projects=known) == [(path, *owned)]
