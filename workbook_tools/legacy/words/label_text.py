"""Labels as they are compared: without what varies from form to form and says nothing of their meaning."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from workbook_tools.legacy.words.numbering import without_serial

# Of a label's key; a longer text is none. The longest entry of the vocabulary has 13 characters, and around it stand a few
# more (偏差大或目标未完成原因分析及下一步改进措施 has 22).
LONGEST_LABEL = 24
# So much of a text is looked at: whole paragraphs stand in cells too, and no label is so long.
_LOOKED_AT = 200

# Points of a label: （50分）, (50), 50分, （12.5 分）; also where a closing or an opening bracket was lost (效益指标30分)).
# Not the time in 10分钟.
_POINTS = re.compile(
    r"[(（【\[]\s*\d+(?:\.\d+)?\s*分?\s*[)）】\]]"
    r"|(?<![(（【\[\d.])\d+(?:\.\d+)?\s*分(?!钟)\s*[)）]?"
    r"|[(（]\s*\d+(?:\.\d+)?\s*$"
)
# The number of points that a label states, and what 分 is not: 分之, 分析, 分类, 分配, 分值, 分项, 分钟, or an office (10分局).
_STATED_POINTS = re.compile(r"(\d+(?:\.\d+)?)\s*分(?!之|析|类|配|值|项|钟|公司|局|所|队|中心)")
# （A）, （万元）, (B/A), 【必填】: what stands in brackets explains a label.
_BRACKETED = re.compile(r"[(（【\[〔][^()（）【】\[\]〔〕]*[)）】\]〕]")
# A bracket without its other half, where a label is cut off or broken over cells: 执行率（B/A, 30分)).
_HALF_BRACKET = re.compile(r"[(（【\[〔].*$|^[^()（）]*[)）]$")
# 2023年度绩效目标: the year before a label; 2023年度 alone is no label with a year.
_LEADING_YEAR = re.compile(r"^20\d{2}年度?(?=\w{2})")
# 年度绩效目标1, 绩效指标2: the second block of a kind.
_TRAILING_NUMBER = re.compile(r"\d{1,2}$")
# Score 得分: the same in English beside it says nothing new.
_ENGLISH, _CHINESE = re.compile(r"[A-Za-z]{3,}"), re.compile("[一-鿿]{2}")
# 三 级 指 标, 得分：, ★补助面积, 年度—指标值: blanks, punctuation and ornaments.
_BLANKS = re.compile(r"[\s\u200b\ufeff]+")
_PUNCTUATION = re.compile(r"[\s\u200b\ufeff,，.。:：;；、“”\"'‘’_\-—–/\\·*★☆▲△●◆#()（）【】\[\]〔〕<>《》×+=]")
_ORNAMENTS = "★*▲"
# 农 村 客 运: each character by itself.
_SET_APART = re.compile(r"(?:[一-鿿][ \u3000]+)+[一-鿿]")


def without_blanks(text: str) -> str:
    """Without any blanks or line breaks."""
    return _BLANKS.sub("", text)


def close_up(text: str) -> str:
    """A name whose characters were set apart to fill its cell, without these blanks.

    >>> close_up("农 村 客 运"), close_up("张 三"), close_up("农村 客运")
    ('农村客运', '张三', '农村 客运')
    """
    return without_blanks(text) if _SET_APART.fullmatch(text) else text


def without_points(text: str) -> str:
    """A level's name without blanks and points: ``产出指标\\n(50分)`` → 产出指标."""
    return _POINTS.sub("", without_blanks(text)).strip("()（）:： ") or without_blanks(text)


def stated_points(text: str) -> float | None:
    """The points that a label states: ``预算执行情况(20分)`` → 20."""
    match = _STATED_POINTS.search(unicodedata.normalize("NFKC", without_blanks(text)))
    return float(match[1]) if match else None


@lru_cache(maxsize=1 << 15)
def label_key(text: str, *, keep_brackets: bool = False) -> str:
    """A label as it is compared: no blanks, punctuation, full-width forms, points, serial number; brackets with or
    without what stands in them.

    >>> label_key(" 一、年度\\n指标值 （A） "), label_key("得分(20分*执行率)"), label_key("实施（主管）单位", keep_brackets=True)
    ('年度指标值', '得分', '实施主管单位')
    """
    # ① would be a bare 1 once it is narrowed.
    bare = without_serial(without_blanks(text[:_LOOKED_AT]).lstrip(_ORNAMENTS))
    plain = without_serial(without_blanks(unicodedata.normalize("NFKC", bare)))
    plain = _LEADING_YEAR.sub("", _POINTS.sub("", plain))
    if _CHINESE.search(plain):
        plain = _ENGLISH.sub("", plain)
    if not keep_brackets:
        shorter = _HALF_BRACKET.sub("", _BRACKETED.sub("", plain))
        plain = shorter or plain
    plain = _PUNCTUATION.sub("", plain)
    return _TRAILING_NUMBER.sub("", plain) or plain
