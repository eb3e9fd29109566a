"""What Jinja says of a tag that is not well-formed, in Chinese."""

from __future__ import annotations

import re

_BLOCK_TAG = re.compile(r"\{%-?\s*(end)?(if|for)\b[^%]*%\}")
_EXPLANATIONS = (
    (r"Unexpected end of template\. .*", "少了 endif 或 endfor"),
    (r"Encountered unknown tag '(.+?)'\. .* needs to be closed is '(\w+)'\.", "遇到“{0}”时，前面的 {1} 还没有用 end{1} 结束"),
    (r"Encountered unknown tag '(.+?)'\..*", "“{}”多余，或者前面少了与它成对的标签"),
    (r"No (?:filter|test) named '(.+)'.*", "没有名为“{}”的小工具"),
    (r"unexpected end of template.*", "没有写完，少了结尾的括号"),
    (r"Missing end of comment tag", "“{{#”没有对应的“#}}”"),
    (r"unexpected char ['\"](.+)['\"] at \d+", "不认识“{}”"),
    (r"unexpected '(.+)', expected '(.+)'", "“{}”前面少了“{}”"),
    (r"expected name or number", "点后面少了名称"),
    (r"unexpected '\}'", "结尾的括号少了一半"),
    (r".* 'end of (?:print statement|statement block)'", "没有写完"),
    (r"unexpected '(.+)'", "“{}”多余，或者位置不对"),
    (r"expected token '.+', got '(.+)'", "“{}”前面多了空格，或者少了符号"),
)  # fmt: skip


def explain_jinja_error(message: str, source: str) -> str:
    """What is wrong with ``source``, for the user; empty for what Jinja was never heard to say."""
    if message.startswith("Unexpected end of template") and (tag := _unclosed(source)):
        return "“{}”没有对应的 end{}".format(*tag)
    for english, chinese in _EXPLANATIONS:
        if found := re.fullmatch(english, message, re.DOTALL):
            return chinese.format(*found.groups())
    return ""


def _unclosed(source: str) -> tuple[str, str] | None:
    """The last tag that opens a block which nothing ends, and its kind."""
    waiting: list[tuple[str, str]] = []
    for tag in _BLOCK_TAG.finditer(source):
        ends, kind = tag.groups()
        if not ends:
            waiting.append((re.sub(r"<[^>]+>", "", tag.group()), kind))
        elif waiting and waiting[-1][1] == kind:
            waiting.pop()
    return waiting[-1] if waiting else None
