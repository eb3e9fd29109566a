"""Two texts side by side: what is not in the other is marked, and nothing is lost."""

import pytest

from workbook_tools.review.versions import mark_differences

LONG = "完成养护里程三十公里，群众满意；" * 400


@pytest.mark.parametrize(
    ("old", "new", "gone", "added"),
    [
        ("完成30公里，验收合格", "完成42公里，验收合格", ["30"], ["42"]),
        ("", "新写的", [], ["新写的"]),
        ("删去", "", ["删去"], []),
        (LONG + "旧。", LONG + "新。", ["旧。"], ["新。"]),
        ("没有变", "没有变", [], []),
    ],
)
def test_differences_are_marked(old: str, new: str, gone: list[str], added: list[str]) -> None:
    first, second = mark_differences(old, new)
    assert ([p.text for p in first if p.changed], [p.text for p in second if p.changed]) == (gone, added)
    assert ("".join(p.text for p in first), "".join(p.text for p in second)) == (old, new)
