"""What a text outside the tables is the label of: a fact (项目名称), a paragraph (存在问题) or a whole block (项目资金)."""

from __future__ import annotations

from dataclasses import dataclass

from workbook_tools.legacy.words.label_text import label_key
from workbook_tools.legacy.words.vocabulary import Vocabulary

# Of a label that is no entry itself but contains one (项目实施单位及代码), also before its colon: what is longer is a text.
LONGEST_UNKNOWN = 16
# The share of it that the entry must make up: 主管部门 of 县级业务主管部门, not 负责人 of 群众对项目负责人的评价.
_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Label:
    """What a label asks for: a key of [head], [texts] or [sections]."""

    table: str
    name: str


def find_label(text: str, words: Vocabulary) -> Label | None:
    """What a text is the label of, if it is one."""
    tables = (("head", words.head), ("texts", words.texts), ("sections", words.sections))
    for table, terms in tables:
        if name := terms.find_exact(text):
            return Label(table, name)
    if len(label_key(text)) <= LONGEST_UNKNOWN:
        for table, terms in tables:
            if name := terms.find(text, _SHARE):
                return Label(table, name)
    return None
