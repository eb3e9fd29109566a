"""TEXT, wording: unfinished sentences, missing evidence, phrases of the application, misprints.

Most of these are for the record: a program sees the words, a person judges them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from workbook_tools.core.findings import Finding
from workbook_tools.review.checks.declaring import TEXTS, reports
from workbook_tools.review.checks.filled_form import Check, FilledForm
from workbook_tools.review.checks.passages import Passage, read_passages, split_sentences

_OPEN_END = re.compile(r"[，,、；;（(“]$")
"""购置设备一批，"""
_PURPOSE_ONLY = re.compile(r"^(?:为了|为使|并使|以便)[^，,：:]*$")
"""为了改善群众出行条件."""
_RULE_ONLY = re.compile(r"(?:按照|依照|根据|依据|遵照)[^，,]*(?:规定|要求|办法|制度)$")
"""严格按照资金管理办法."""
_PICTURE = re.compile("[见如](?:下|附|上)图|下图|图[一二三四1-9]所示|如图")
"""见下图, 如图1所示."""
_PROBLEM = re.compile(
    "问题|不足|不够|不高|不强|不完善|未|没|滞后|困难|原因|由于|缺|偏|还需|仍需|有待|尚|欠|薄弱|难|少|慢"
)
"""Without any of these words a section about problems names none."""
_MONEY = re.compile("成本|费用|支出|资金|预算|经费|造价|[万亿]?元")
"""Without any of these a section about cost says nothing of it."""
_DOCUMENT = re.compile("《[^》]+》|[〔【\\[［(（]20\\d\\d[〕】\\]］)）]|号文|第?\\d+号")
"""《关于…的通知》, 曲财〔2025〕3号."""
_PERCENT = re.compile(r"\d\s*[%％]|百分之|\d\s*分")
"""95%, 百分之九十五, 95分."""
_ARRIVED = re.compile(r"[全足]额?部?(?:拨付)?到位|预算.*\d\s*[万亿]?元.*(?:到位|实到).*\d\s*[万亿]?元")
"""资金全部到位, 预算30万元，实到30万元: the rate follows."""
_SURVEY = re.compile("调查|问卷|访谈|抽样|样本|回访|测评|走访|座谈|\\d\\s*(?:份|人|户|人次)")
"""发放问卷300份, 走访群众50户."""
_RATE_CLAIM = re.compile(
    "(?<!效)率[^，。；\\d]{0,2}(?:大幅|显著|明显|大大|极大)[^，。；\\d]{0,2}(?:下降|降低|减少|提高|提升|上升)"
)
"""事故率大幅下降: a change without its figures; 效率大大提高 has none."""
_APPLICATION = re.compile(
    "现拟|拟(?:建设|购置|购买|采购|新建|投资)|本项目拟|(?:申请|特申请|恳请|现申请)(?:设立|批准|立项|解决)|暂[定按为]|需要?建成|需要?建设"
)
"""现拟建设一条道路, 特申请立项, 造价暂定100万元."""
_MISPRINTS = {
    re.compile("中国人民共和国"): "中华人民共和国",
    re.compile("及时的到(?=沟通|解决|处理|反馈|答复|维修|整改)"): "及时得到",
    re.compile("幅射"): "辐射",
}
"""Only what can never be right, whatever stands around it."""
_QUOTES_REVERSED = re.compile("”[^“”]{1,20}“")
"""”优“."""
_ITEMS = "一二三四五六七八九"


@reports("TEXT09", needs=(TEXTS,))
def sentences_finished(form: FilledForm) -> Iterator[Finding]:
    """每句话都应写完：不以逗号、顿号结尾，不只有目的或依据。"""
    for passage in read_passages(form):
        written = split_sentences(passage.text)
        for message, found in (
            ("结尾没有写完", passage.text[-20:] if _OPEN_END.search(passage.text) else ""),
            ("只写了目的，没有写做了什么", next(filter(_PURPOSE_ONLY.search, written), "")),
            ("只写了依据，没有写怎样执行", next(filter(_RULE_ONLY.search, written), "")),
        ):
            if found:
                yield form.finding(passage.name, "TEXT09", message, found=found)


@reports("TEXT10", needs=(TEXTS,))
def pictures_present(form: FilledForm) -> Iterator[Finding]:
    """文字提到的图应附在报告中；指标完成情况以评分表为准。"""
    yield from _find_words(form, "TEXT10", _PICTURE)


@reports("TEXT19", needs=(TEXTS,))
def no_application_text(form: FilledForm) -> Iterator[Finding]:
    """自评报告写已经做了什么，不沿用申报时“拟建设、暂定、申请设立”等文字。"""
    yield from _find_words(form, "TEXT19", _APPLICATION, lambda p: not p.analysis and "必要" not in p.section.label)


def _find_words(
    form: FilledForm, code: str, words: re.Pattern[str], wanted: Callable[[Passage], bool] = lambda _: True
) -> Iterator[Finding]:
    """One finding per passage in which the words stand, quoting the first."""
    for passage in read_passages(form):
        match = words.search(passage.text) if wanted(passage) else None
        if match:
            start, end = max(0, match.start() - 10), match.end() + 10
            yield form.finding(passage.name, code, found=passage.text[start:end])


@reports("TEXT14", needs=(TEXTS,))
def sections_on_topic(form: FilledForm) -> Iterator[Finding]:
    """问题部分应写问题和原因，成本部分应写成本。"""
    for passage in read_passages(form):
        label = passage.section.label
        if passage.nil:
            continue
        if "问题" in label and "原因" in label and not _PROBLEM.search(passage.text):
            yield form.finding(passage.name, "TEXT14", "没有写出问题和原因", found=passage.text)
        if "成本" in label and not _MONEY.search(passage.text):
            yield form.finding(passage.name, "TEXT14", "没有写成本", found=passage.text)


@reports("TEXT15", needs=(TEXTS,))
def evidence_given(form: FilledForm) -> Iterator[Finding]:
    """立项依据应有文件或文号，满意度应有调查情况和满意率，执行情况应有执行率。"""
    for passage in read_passages(form):
        missing = [] if passage.nil else [what for what, lacks in _EVIDENCE.items() if lacks(passage)]
        if missing:
            yield form.finding(passage.name, "TEXT15", f"没有写{'、'.join(missing)}", found=passage.text)


_EVIDENCE: dict[str, Callable[[Passage], bool]] = {
    "文件名称或文号": lambda p: "依据" in p.section.label and not _DOCUMENT.search(p.text),
    "满意率": lambda p: "满意度" in p.section.label and not _PERCENT.search(p.text),
    "调查情况": lambda p: "满意度" in p.section.label and not _SURVEY.search(p.text),
    "执行率": lambda p: "执行率" in p.section.prompt and not _PERCENT.search(p.text),
    "到位率": lambda p: "到位率" in p.section.prompt and not (_PERCENT.search(p.text) or _ARRIVED.search(p.text)),
    "变化的数据": lambda p: _RATE_CLAIM.search(p.text) is not None,
}


@reports("TEXT23", needs=(TEXTS,))
def questions_answered(form: FilledForm) -> Iterator[Finding]:
    """问结果应用和公开的部分，应写怎样应用、是否公开或在哪里公开；写“无”的也要写明不公开。"""
    for passage in read_passages(form):
        asked = {what: words for what, (label, words) in _QUESTIONS.items() if label.search(passage.section.label)}
        missing = [what for what, words in asked.items() if not words.search(passage.text)]
        if missing:
            yield form.finding(passage.name, "TEXT23", f"没有写{'、'.join(missing)}", found=passage.text)


_QUESTIONS = {
    "结果怎样应用": (
        re.compile("结果.{0,4}应用"),
        re.compile("[应运]用|用于|作为|参考|依据|挂钩|安排|指导|改进|调整|整改|反馈|考核|借鉴"),
    ),
    "是否公开、在哪里公开": (
        re.compile("公开"),
        re.compile("公[开示布告]|网站?|门户|公众号|平台|官网|政务|涉密|保密|上墙"),
    ),
}
"""What a section asks → the words of its label, and the words of which an answer has at least one."""


@reports("TEXT18", needs=(TEXTS,))
def wording_clean(form: FilledForm) -> Iterator[Finding]:
    """没有明显的错别字，引号不写反，序号前后一致。"""
    for passage in read_passages(form):
        for wrong, right in _MISPRINTS.items():
            match = wrong.search(passage.text)
            if match:
                yield form.finding(passage.name, "TEXT18", "有错别字", found=match[0], expected=right)
        for message, found in (
            ("引号方向写反", _find_reversed_quotes(passage.text)),
            ("序号写法前后不一", _find_mixed_numbering(passage.text)),
        ):
            if found:
                yield form.finding(passage.name, "TEXT18", message, found=found)


def _find_reversed_quotes(text: str) -> str:
    """Words between ” and “ that no earlier “ opened."""
    for match in _QUOTES_REVERSED.finditer(text):
        if text.count("“", 0, match.start()) <= text.count("”", 0, match.start()):
            return match[0]
    return ""


def _find_mixed_numbering(text: str) -> str:
    """一是、二是 followed by 三、: the words that continue the count in another way."""
    for last, following in pairwise(_ITEMS[1:]):
        if "一是" in text and f"{last}是" in text and f"{following}是" not in text and f"{following}、" in text:
            return f"{last}是……{following}、"
    return ""


CHECKS: tuple[Check, ...] = (
    sentences_finished,
    pictures_present,
    no_application_text,
    sections_on_topic,
    evidence_given,
    questions_answered,
    wording_clean,
)
