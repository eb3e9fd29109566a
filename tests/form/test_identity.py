"""What is signed is the whole content: no later version of the program changes what a workbook that is out means."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from builders import KEY, KEYS, MET, MOF, answers, project
from pydantic import BaseModel

from workbook_tools.core.model import Direction, Indicator, Project
from workbook_tools.core.recent import forget_all
from workbook_tools.files.sources import SourceFile
from workbook_tools.form.identity import pack, project_digest, unpack, write_content
from workbook_tools.form.layout import build_layout
from workbook_tools.review.scoring import score_all
from workbook_tools.rules.scheme import AtMost, Scheme, TextSection
from workbook_tools.workbooks.reading import read_submission
from workbook_tools.workbooks.writing import build_workbook


@contextmanager
def another_default(part: type[BaseModel], name: str, value: Any, *holders: type[BaseModel]) -> Iterator[None]:
    """A later version of the program, in which a setting has another default; ``holders`` are the records around it."""
    info = part.model_fields[name]
    before = info.default

    def put(default: Any) -> None:
        info.default = default
        for model in (part, *holders):
            model.model_rebuild(force=True)

    put(value)
    try:
        yield
    finally:
        put(before)


def exceeding() -> Project:
    """Its costs are above the ≤ target: what that earns is a setting."""
    met = (
        *MET[:2],
        MET[2].model_copy(update={"actual": 3.0, "deviation_reason": "沥青涨价，下一步加强采购。"}),
        *MET[3:],
    )
    return project(answers=answers(indicators=met))


def scored(path: Path) -> tuple[Scheme, list[tuple[str, str]], object]:
    """The scheme of a workbook, what was found in it, and its total."""
    reading = read_submission(SourceFile(path, path.name), KEYS)
    assert reading.submission is not None
    [result] = score_all([reading.submission])
    return reading.submission.scheme, [(f.code, f.cell) for f in reading.findings], result.figures["total_score"]


@pytest.mark.parametrize("spelt", [False, True], ids=["left at its default", "spelt out"])
def test_a_default_that_changes_later_changes_nothing_that_is_out(tmp_path, spelt):
    name = f"out-{int(spelt)}"
    told = {"zero_actual": "zero"} | ({"exceeded": "inverse"} if spelt else {})
    rules = AtMost.model_validate(told)
    scheme = Scheme.model_validate(MOF.model_dump() | {"id": name, "at_most": rules})
    path = tmp_path / "P001.xlsx"
    path.write_bytes(build_workbook(exceeding(), scheme, KEY))
    with another_default(AtMost, "exceeded", "zero", Scheme):
        assert AtMost().exceeded == "zero"
        found, findings, total = scored(path)
    assert (found.at_most.exceeded, findings, total) == ("inverse", [], 95.0)


def test_a_scheme_travels_whole():
    texts = tuple(text.model_copy(update={"draft": "overall", "draft_of": ()}) for text in MOF.texts)
    drafting = MOF.model_copy(update={"texts": texts})
    issued = unpack(pack(write_content(build_layout(project(), drafting))))
    assert issued is not None
    assert issued.scheme == drafting
    assert issued.scheme.digest == drafting.digest
    with another_default(TextSection, "lines", 9, Scheme):
        assert unpack(pack(write_content(build_layout(project(), drafting)))).scheme.texts == drafting.texts


DECOYS = (
    lambda text, scheme: text.replace('"notice":', '"\\u0073cheme":{},"notice":'),  # of two the last one counts
    lambda text, scheme: text.replace('"notice":', f'"notice":{{"scheme":{scheme},"notice":1}},"x":'),
    lambda text, scheme: text.replace(
        f',"scheme":{scheme}', f',"x":{{"y":1,"scheme":{scheme},"notice":1}},"scheme":{{}}'
    ),
    lambda text, scheme: text.replace(f',"scheme":{scheme}', f',"x,\\"scheme":{scheme}'),
    lambda text, scheme: text.replace(f',"scheme":{scheme}', f',"scheme":{scheme},"notice":{{}},"scheme":null'),
    lambda text, scheme: text.replace(f',"scheme":{scheme}', f' , "scheme" : {scheme}'),
    lambda text, scheme: text.replace('"notice":', ',"notice":'),
)


@pytest.mark.parametrize("change", DECOYS)
def test_a_scheme_that_was_read_before_is_only_known_in_its_place(change):
    text = write_content(build_layout(project(), MOF))
    changed = change(text, MOF.content_text)
    assert changed != text
    forget_all()
    alone = unpack(pack(changed))
    forget_all()
    issued = unpack(pack(text))
    assert unpack(pack(changed)) == alone
    assert unpack(pack(text)) == issued
    assert issued.scheme == MOF


def test_what_was_issued_of_a_project_is_the_same_under_other_defaults():
    before = project_digest(project())
    with another_default(Indicator, "direction", Direction.EQUAL, Project):
        assert project_digest(project()) == before
        issued = unpack(pack(write_content(build_layout(project(), MOF))))
    assert issued is not None
    assert issued.project == project()


def test_answers_and_the_order_of_the_sources_do_not_count():
    given = project()
    turned = given.model_copy(
        update={"annual_budget": dict(reversed(given.annual_budget.items())), "answers": answers()}
    )
    assert project_digest(turned) == project_digest(given)
    assert project_digest(project(annual_goal="另一个目标")) != project_digest(given)
