"""Names that may be one office's, those that are not, and aliases."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook_tools.core.names import Aliases, are_alike, find_alias_fault, find_variants, fold_name

ONE_OFFICE = [
    ("县农业农村局", "清河县农业农村局"),
    ("农业农村局", "清河县农业农村局"),
    ("清河县农业农村局", "邢台市清河县农业农村局"),
    ("农业农村局", "农业农村局机关"),
    ("农业农村局", "农业农村局（本级）"),
    ("清河县教育局局机关", "教育局本级"),
    ("县委办", "县委办机关"),
    ("农业农村局", "农业 农村局"),
    ("农业农村局(本级)", "农业农村局（本级）"),
    ("ＢＩＭ中心", "BIM中心"),
    ("市场监督管理局", "清河县市场监督管理局"),
    ("县市场监督管理局", "市场监督管理局"),
    ("县医院", "清河县医院"),
    ("市教育局", "郑州市教育局"),
    ("县第一中学", "清河县第一中学"),
]
TWO_OFFICES = [
    ("县第一中学", "县第二中学"),
    ("教育局", "体育局"),
    ("城关镇人民政府", "城东镇人民政府"),
    ("县教育局", "市教育局"),
    ("清河县教育局", "南宫市教育局"),
    ("清河县教育局", "威县教育局"),
    ("杭州市教育局", "苏州市教育局"),
    ("郑州市教育局", "开封市教育局"),
    ("公安局", "公安局交警大队"),
    ("县公路段", "县公路站"),
    ("卫生服务中心", "社区卫生服务中心"),
    ("管委会", "园区管委会"),
    ("县直机关", "县直机关工委"),
    ("医院", "县医院"),
    ("第一小学", "第十一小学"),
    ("县人民法院", "县人民检察院"),
    ("清河县财政局", "清河县财政局国库支付中心"),
    ("", "本级"),
]


@pytest.mark.parametrize(("one", "other"), ONE_OFFICE)
def test_what_is_probably_one_office(one: str, other: str) -> None:
    assert (are_alike(one, other), are_alike(other, one)) == (True, True)


@pytest.mark.parametrize(("one", "other"), TWO_OFFICES)
def test_what_is_not(one: str, other: str) -> None:
    assert (are_alike(one, other), are_alike(other, one)) == (False, False)


DEPARTMENTS = [
    "发展和改革局",
    "教育局",
    "体育局",
    "工业和信息化局",
    "公安局",
    "民政局",
    "司法局",
    "财政局",
    "人力资源和社会保障局",
    "自然资源局",
    "生态环境局",
    "住房和城乡建设局",
    "交通运输局",
    "水利局",
    "农业农村局",
    "商务局",
    "文化和旅游局",
    "卫生健康局",
    "退役军人事务局",
    "应急管理局",
    "审计局",
    "市场监督管理局",
    "统计局",
    "医疗保障局",
    "信访局",
    "林业局",
    "行政审批局",
    "城市管理局",
    "总工会",
    "妇女联合会",
    "残疾人联合会",
    "人民法院",
    "人民检察院",
    "第一中学",
    "第二中学",
    "第三中学",
    "实验小学",
    "城关镇人民政府",
    "城东镇人民政府",
    "葛仙庄镇人民政府",
    "王官庄镇人民政府",
    "疾病预防控制中心",
    "妇幼保健院",
    "中医院",
]


def test_no_two_departments_of_a_county_are_alike() -> None:
    for place in ("", "县", "清河县", "邢台市清河县", "郑州市金水区"):
        names = [place + name for name in DEPARTMENTS]
        assert [pair for pair in combinations(names, 2) if are_alike(*pair)] == []


def widen(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


@given(
    st.sampled_from([name for name in DEPARTMENTS if len(name) > 2 and name != "中医院"]),
    st.sampled_from(["", "县", "清河县", "邢台市清河县"]),
    st.sampled_from(["", "县", "清河县", "邢台市清河县"]),
    st.sampled_from(["", " ", "　"]),
    st.booleans(),
)
def test_width_blanks_place_and_the_office_itself_make_no_other_office(
    name: str, place: str, other: str, blank: str, itself: bool
) -> None:
    one = place + name
    ending = "（本级）" if itself and name.endswith("局") else ""
    written = widen(f"{other}{name[:2]}{blank}{name[2:]}{ending}")
    assert are_alike(one, written) is (one != written)


@given(st.lists(st.text(alphabet="县清河市教育体局机关本级镇第一二中学 （）", max_size=10), max_size=8))
def test_a_variant_is_like_another_name_of_the_list_and_never_itself(names: list[str]) -> None:
    for name, usual in find_variants(names).items():
        assert name != usual
        assert {name, usual} <= set(names)
        assert are_alike(name, usual)


def test_the_more_frequent_name_is_the_usual_one() -> None:
    assert find_variants(["县教育局", "清河县教育局", "县教育局"]) == {"清河县教育局": "县教育局"}
    assert find_variants(["教育局", "清河县教育局"]) == {"教育局": "清河县教育局"}
    assert find_variants(["清河县教育局", "南宫市教育局", "教育局"]) == {"教育局": "清河县教育局"}


# -- aliases ----------------------------------------------------------------------------------------------------------


def test_an_alias_holds_for_every_width_and_blank_of_it() -> None:
    aliases = Aliases({"县农业局(本级)": "清河县农业农村局"})
    for text in ("县农业局(本级)", "县农业局（本级）", "县 农业局本级"):
        assert aliases.resolve(text) == "清河县农业农村局"
    assert aliases.resolve("县林业局") == "县林业局"


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ({"甲局": "甲局"}, "写成了它自己"),
        ({"甲局": " "}, "缺少名称"),
        ({"（）": "甲局"}, "缺少名称"),
        ({"甲局": "乙局", "乙局": "甲局"}, "互为别名"),
        ({"甲局": "乙局", "乙局": "丙局"}, "本身又是别名"),
        ({"甲局": "乙局", "甲 局": "丙局"}, "写了两次"),
        ({"甲 局": "甲局"}, ""),
        ({"甲局": "丙局", "乙局": "丙局"}, ""),
        ({}, ""),
    ],
)
def test_a_table_of_aliases_that_cannot_be_followed_is_refused(entries: dict[str, str], told: str) -> None:
    assert told in find_alias_fault(entries)
    assert bool(find_alias_fault(entries)) is bool(told)


def test_what_folds_to_nothing_has_no_name() -> None:
    assert fold_name(" （）-") == ""
