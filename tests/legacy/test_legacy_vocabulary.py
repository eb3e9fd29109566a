"""The words of forms: how labels are compared, and an office's own words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from drawn_sheets import read

from workbook_tools.core.errors import SettingsError
from workbook_tools.legacy.words.label_text import label_key, stated_points, without_points
from workbook_tools.legacy.words.records import NAMES_OF_FACTS
from workbook_tools.legacy.words.vocabulary import default_vocabulary

WORDS = default_vocabulary()


@pytest.mark.parametrize(
    ("label", "meaning"),
    [
        ("年度\n指标值", "target"),
        ("年初目标值（A）", "target"),
        ("全年实际\n完成值（B）", "actual"),
        ("单项指标实际完成值", "actual"),
        ("指标分值(100分)", "weight"),
        ("得分（20分*执行率）", "score"),
        ("自评得分", "score"),
        ("得分计算方法", "method"),
        ("偏差原因分析及改进措施", "reason"),
        ("未完成原因及拟采取的改进措施", "reason"),
        ("三 级 指 标", "name"),
        ("权重占比（％）", "share"),
        ("单位（文字描述）", "unit"),
        ("单位名称", None),
        ("养护里程", None),
    ],
)
def test_a_column_means_what_its_label_ends_with(label: str, meaning: str | None):
    assert WORDS.columns.find(label) == meaning


@pytest.mark.parametrize(
    ("label", "measure", "source"),
    [
        ("全年\n执行数(B)", "executed", None),
        ("年度资金总额：", None, "total"),
        ("其中:本年财政拨款", None, "fiscal_subtotal"),
        ("      上年结转资金", None, "carried_over"),
        ("非财政拨款", None, "other"),
        ("执行率得分（分）", "score", None),
        ("预算执行进度(%)", "rate", None),
    ],
)
def test_labels_of_money(label: str, measure: str | None, source: str | None):
    assert (WORDS.measures.find(label), WORDS.sources.find(label)) == (measure, source)


@pytest.mark.parametrize(
    ("text", "compared"),
    [
        (" 一、年度\n指标值 （A） ", "年度指标值"),
        ("预算执行情况\n（万元）\n（20分）", "预算执行情况"),
        ("效益指标\n30分)", "效益指标"),
        ("年度绩效\n目标1\n（80分）", "年度绩效目标"),
        ("★补助面积", "补助面积"),
    ],
)
def test_labels_are_compared_without_what_varies(text: str, compared: str):
    assert label_key(text) == compared


def test_points_stand_in_labels():
    assert [stated_points(text) for text in ("产出指标(50分)", "（12.5 分）", "10分钟到场", "分值")] == [
        50,
        12.5,
        None,
        None,
    ]
    assert without_points("产 出 指 标\n(50分)") == "产出指标"


def own(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "词表.toml"
    path.write_text(text, "utf-8")
    return path


def test_an_office_adds_its_own_words(tmp_path: Path):
    drawing = "自评表\n项目名称|甲\n一级|小项|应达|实达|得分\n产出|培训|5次|4次|8"
    assert read(drawing).forms == []
    words = WORDS.extended(own(tmp_path, '[columns]\nname = ["小项"]\ntarget = ["应达"]\nactual = ["实达"]\n'))
    [form] = read(drawing, words=words).forms
    assert [(e.name.value, e.target and e.target.value, e.actual and e.actual.value) for e in form.entries] == [
        ("培训", 5, 4)
    ]
    assert WORDS.columns.find("应达") is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[columns\n", "不是有效的 TOML"),
        ('["列"]\nname = []\n', "没有 [列] 这个表"),
        ("columns = 3\n", "没有 [columns] 这个表"),
        ('[columns]\n"名称" = ["小项"]\n', "没有“名称”这一项"),
        ('[columns]\nname = "小项"\n', "应是词的列表"),
        ("[columns]\nname = [3]\n", "应是词的列表"),
        ('[columns]\nname = ["……"]\n', "只有标点"),
    ],
)
def test_a_wrong_file_of_words_says_what_to_do(tmp_path: Path, text: str, says: str):
    path = own(tmp_path, text)
    with pytest.raises(SettingsError, match=re.escape(says)) as caught:
        WORDS.extended(path)
    assert str(path) in str(caught.value)


def test_a_file_of_words_that_cannot_be_read_is_told(tmp_path: Path):
    with pytest.raises(SettingsError, match="无法读取"):
        WORDS.extended(tmp_path / "没有.toml")
    (tmp_path / "gbk.toml").write_bytes('[columns]\nname = ["小项"]\n'.encode("gbk"))
    with pytest.raises(SettingsError, match="不是 UTF-8"):
        WORDS.extended(tmp_path / "gbk.toml")


def test_every_fact_of_the_head_has_a_name_for_people():
    assert set(NAMES_OF_FACTS) == set(WORDS.tables["head"])
