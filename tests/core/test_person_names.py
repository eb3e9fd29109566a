"""Names of persons: what is known and what stands behind a label is sure, what stands before a title is only told."""

from __future__ import annotations

import pytest

from workbook_tools.core.person_names import find_names, hide_names, is_person


def told(text: str, *known: str) -> list[tuple[str, bool]]:
    return [(one.name, one.sure) for one in find_names(text, known)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("联系人：张三，电话略", [("张三", True)]),
        ("经办人:李小四电话138", [("李小四", True)]),
        ("联系人：张某某科长", [("张某某", True)]),
        ("项目负责人为欧阳建国。", [("欧阳建国", True)]),
        ("联系人（王　强）", [("王　强", True)]),
        ("填报人：王强、李敏和赵小川；", [("王强", True), ("李敏", True), ("赵小川", True)]),
        ("负责人姓名：王强", [("王强", True)]),
        ("负责人王强表示", []),
        ("由负责人王强。", [("王强", False)]),
        ("由王强局长牵头，李敏同志参加。", [("王强", False), ("李敏", False)]),
        ("兼任王强局长", [("王强", False)]),
        ("由现任王强局长牵头", [("王强", False)]),
        ("由兼任王强主任负责", [("王强", False)]),
        ("由现任任强局长牵头", [("任强", False)]),
        ("由任强局长牵头", [("任强", False)]),
        ("副局长兼任计财科长", []),
    ],
)
def test_names_behind_labels_and_before_titles(text, names):
    assert told(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "负责人高度重视",
        "项目负责人员到位",
        "联系人：各股室",
        "负责人：财务股",
        "由局长负责",
        "高级工程师3名",
        "常务副局长主持",
        "经办人员签字",
        "联系人：",
        "成立以局长为组长的小组",
        "全年计划完成100公里",
        "审核人员为财政所人员",
    ],
)
def test_what_is_no_name_is_not_hidden(text):
    assert hide_names(text) == text
    assert [name for name, sure in told(text) if sure] == []


def test_a_known_name_is_hidden_wherever_it_stands():
    assert (
        hide_names("李敏核对，后由李敏、王强办理。", ["李敏", "财务股"]) == "（姓名略）核对，后由（姓名略）、王强办理。"
    )


def test_what_is_typed_for_a_name_may_be_an_office():
    assert [text for text in ("李敏", "财务股", "办公室", "公路段", "138", "张", "欧阳建国") if is_person(text)] == [
        "李敏",
        "欧阳建国",
    ]


def test_a_known_name_behind_a_label_is_found_once():
    assert told("联系人：李敏", "李敏") == [("李敏", True)]
