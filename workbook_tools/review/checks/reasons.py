"""Does a reason name a cause, or only what is to be done next?

A clause that tells what will be done names none, nor does one that only says that all is well or points elsewhere; any
other clause tells what happened, in whatever words: 部分路段塌方, 两家公司流标.
"""

from __future__ import annotations

import re

from workbook_tools.review.checks.passages import normal_form, split_clauses, split_sentences

_INTENTION = (
    "今后|以后|下一?步|后续|继续|进一步|加强|强化|加大|加快|努力|争取|力争|尽快|确保|保证|提高|提升|完善|改进|改善"
    "|优化|规范|健全|落实|严格|做好|抓好|合理|及时|积极|认真|切实|不断|持续|推动|推进"
)
"""今后加强管理, 进一步加大力度, 严格按计划执行."""
_INTENDED = re.compile(f"{_INTENTION}|将[在于会进按对由]|[拟需应]要?")
"""A clause with an intention: 拟修复, 将于明年验收, 加强巡查."""
_BEGINS_INTENDED = re.compile(
    f"(?:[一二三四五六七八九\\d]+[是.、]?)?(?:我?[局单位部门们]+)?(?:并|同时|要|将|应|需|拟|下年|明年)*(?:{_INTENTION})"
)
"""How a clause begins that tells plans alone, and with it what follows in its sentence: 加强巡查，减少塌方."""
_CONNECTED = re.compile(
    "由于|因为|因(?![此而地素])|受[^，。]{1,12}(?:影响|限制|制约)|导致|致使|造成"
    "|(?:不够|不足|不到位|不及时|不高|不强|不全|滞后|未完成|未达标|未能.*|偏[低高少大慢]|有限|较[少低慢晚]|困难|缺乏|缺位|短缺)$"
)
"""What makes a cause even of a clause that begins like a plan: 加大宣传的力度不够."""
_CAUSE = re.compile("[因由受致未不缺少偏超慢晚迟难变没欠弱低]|滞|调整|影响|为了|节约|有待|仍|尚")
"""What makes a cause of a clause in which an intention stands: 管理水平有待提高, 推进速度偏慢."""
_MISSING = re.compile("未(?!成年|来)|[没缺欠]|仍有|不满|滞后|不足|不够")
"""What makes a cause of a clause that is or follows a plan: 继续推进中，资金未到位."""
_HOLLOW = re.compile(
    "(?:无|没有|略|同上|暂无|不适用|[无没]有?偏[差离]|正常|良好|合格|达标|其他|其它|客观|主观|实际)?(?:原因|情况)?"
    "|已?经?(?:全部|基本|按时|按期|如期|按计划|按要求)*(?:完成|达到|实现|执行|整改|落实)(?:目标|任务|指标|要求|标准|计划|到位|完毕)*"
    "|(?:详?见|如).*|(?:按|依).{0,10}(?:评分|计分|扣分|打分|得分)|[自实].{0,4}得?分?|得?扣?\\d*分?"
)
"""Says nothing: 无, 已按计划完成, 详见报告, 按比例得分."""


def names_cause(reason: str) -> bool:
    """The reason tells why something was not reached.

    >>> names_cause("部分路段塌方，今后加强巡查"), names_cause("今后加强巡查，减少塌方"), names_cause("已完成")
    (True, False, False)
    """
    return any(_sentence_names_cause(sentence) for sentence in split_sentences(reason))


def tells_plans(reason: str) -> bool:
    """The reason tells what will be done."""
    return _INTENDED.search(reason) is not None


def _sentence_names_cause(sentence: str) -> bool:
    planned = False
    for clause in map(normal_form, split_clauses(sentence)):
        if _BEGINS_INTENDED.match(clause):
            planned = True
        if _CONNECTED.search(clause) or (_MISSING.search(clause) if planned else _tells_fact(clause)):
            return True
    return False


def _tells_fact(clause: str) -> bool:
    if len(clause) < 3 or _HOLLOW.fullmatch(clause):
        return False
    return _INTENDED.search(clause) is None or _CAUSE.search(clause) is not None
