"""What a text outside the tables is the label of: a fact (项目名称), a paragraph (存在问题) or a whole block (项目资金)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbook_tools.legacy.words.label_text import label_key
from workbook_tools.legacy.words.vocabulary import Vocabulary

# Of a label that is no entry itself but contains one (项目实施单位及代码), also before its colon: what is longer is a text.
LONGEST_UNKNOWN = 16
# The share of it that the entry must make up: 主管部门 of 县级业务主管部门, not 负责人 of 群众对项目负责人的评价.
_SHARE = 0.5
# Characters of a label that is put together: what is longer is the name of an indicator.
_LONGEST_COMPOSED = 9


@dataclass(frozen=True, slots=True)
class Label:
    """What a label asks for: a key of [head], [texts] or [sections]."""

    table: str
    name: str


def find_head(text: str, words: Vocabulary) -> str | None:
    """The fact of the head that a text asks for: an entry of the vocabulary, or put together as such labels are."""
    return words.head.find_exact(text) or _compose_head(label_key(text), words)


def _compose_head(bare: str, words: Vocabulary) -> str | None:
    """项目落实单位, 项目全名: the end says what is asked for, and what stands before it is put together of known parts."""
    if len(bare) > _LONGEST_COMPOSED:
        return None
    for name, ends in words.tables["head_ends"].items():
        for end in ends:
            before = bare.removesuffix(end)
            if before not in ("", bare) and _is_made_of(before, words.tables["head_parts"][name]):
                return name.removeprefix("this_")
    return None


def _is_made_of(text: str, parts: Sequence[str]) -> bool:
    while text:
        part = next((part for part in parts if text.startswith(part)), None)
        if part is None:
            return False
        text = text.removeprefix(part)
    return True


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
    fact = _compose_head(label_key(text), words)
    return Label("head", fact) if fact else None
