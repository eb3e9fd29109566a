"""Of a list that has changed only the projects whose rows have changed are read once more, and it comes to what it would come to otherwise."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from builders import project

from workbook_tools.core.model import Direction, FundingSource, Indicator, Project, ProjectList
from workbook_tools.core.names import Aliases
from workbook_tools.projects import reading
from workbook_tools.projects.writing import project_list_workbook
from workbook_tools.review.lists_elsewhere import ListTerms
from workbook_tools.rules.scheme import load_scheme

TERMS = ListTerms(2024, load_scheme("mof-2020"), load_scheme, Aliases({"公路段": "示例县公路段"}))
TWO = tuple(
    Indicator(
        dimension="产出指标", category="数量指标", name=name, weight=40, direction=Direction.AT_LEAST, target=5, unit=""
    )
    for name in ("条数", "里程")
)


def budget(amount: float) -> dict[str, object]:
    return {"initial_budget": {FundingSource.COUNTY: amount}, "annual_budget": {FundingSource.COUNTY: amount}}


PROJECTS = (
    project(),
    project(code="P002", unit="公路段", name="名称很长很长" * 9, indicators=TWO),
    project(code="P003", scheme="没有这个方案"),
    project(code="P004", indicators=(*TWO, *project().indicators)),
    project(code="P005", unit=""),
    project(code="P006", initial_budget={FundingSource.COUNTY: 1_200_000.0}, indicators=()),
    project(code="P007", scheme="sichuan", unit="示例县公路段机关"),
)
IN_YUAN = tuple(project(code=f"Y{number}", **budget(1_500_000.0 + number)) for number in range(3))


def take(number: int, **changes: Any) -> tuple[Project, ...]:
    return tuple(one.model_copy(update=changes) if at == number else one for at, one in enumerate(PROJECTS))


CHANGES: dict[str, tuple[tuple[Project, ...], int]] = {
    "nothing": (PROJECTS, 0),
    "a goal": (take(3, annual_goal="修通"), 1),
    "one more above": ((project(code="P000"), *PROJECTS), 1),
    "the first is gone": (PROJECTS[1:], 0),
    "all stand otherwise": (PROJECTS[::-1], 0),
    "a code is another's": (take(3, code="P001"), 2),
    "a code is nearly another's": (take(3, code="p001"), 1),
    "an office is written otherwise": (take(0, department="示例县交通运输局机关"), 1),
    "an office nobody else has": (take(6, unit="公路段"), 1),
    "no indicators": (take(0, indicators=()), 1),
}


def write(path: Path, projects: tuple[Project, ...], **facts: Any) -> None:
    listed = ProjectList(**({"year": 2024} | facts), projects=projects)
    if path.suffix == ".xlsx":
        path.write_bytes(project_list_workbook(listed, load_scheme("mof-2020")))
    else:
        path.write_text(listed.model_dump_json(), "utf-8")


@pytest.fixture
def compare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Reads a list, changes it, and reads it with what is known by then and without; how many of its projects were read that can be known."""
    judged: list[str] = []
    plain = reading.judge_project

    def judge(row: Any, *others: Any) -> object:
        judged.append(row.code)
        return plain(row, *others)

    monkeypatch.setattr(reading, "judge_project", judge)

    def compare_reading(ending: str, before: Callable[[Path], object], after: Callable[[Path], object]) -> int:
        path = tmp_path / f"项目清单.{ending}"
        before(path)
        first = TERMS.read(path, {})
        assert first.judgements
        known = first.judgements.restore(first.listed.projects)  # type: ignore[arg-type]
        after(path)
        expected = TERMS.read(path, {})
        judged.clear()
        again = TERMS.read(path, known)
        assert ([*again.listed.projects], again.findings.restore()) == (
            [*expected.listed.projects],
            expected.findings.restore(),
        )
        assert again.judgements == expected.judgements
        assert expected.findings.places
        return sum(code not in ("P003", "P005") for code in judged)

    return compare_reading


@pytest.mark.parametrize("ending", ["json", "xlsx"])
@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_list_comes_to_the_same(compare: Callable[..., int], ending: str, change: str) -> None:
    changed, read = CHANGES[change]
    if ending == "json" and change == "a code is another's":
        read = 1  # in a workbook nobody knows whose indicators are whose
    assert compare(ending, partial(write, projects=PROJECTS), partial(write, projects=changed)) == read


@pytest.mark.parametrize("ending", ["json", "xlsx"])
def test_what_only_shows_beside_others_is_found_among_the_known(compare: Callable[..., int], ending: str) -> None:
    """Three budgets are plainly in 元 once no other stands beside them; and a fourth makes each of them a slip again."""
    mixed = partial(write, projects=(*IN_YUAN, project(**budget(20.0))))
    alone = partial(write, projects=IN_YUAN)
    assert compare(ending, mixed, alone) == 0
    assert compare(ending, alone, mixed) == 1


def test_json_that_is_not_the_models_is_told_at_its_place(compare: Callable[..., int]) -> None:
    def spoil(path: Path) -> None:
        write(path, PROJECTS)
        data = json.loads(path.read_bytes())
        data["projects"][3]["indicators"][1]["weight"] = "很多"
        data["projects"].insert(1, "没有")
        path.write_text(json.dumps(data), "utf-8")

    assert compare("json", partial(write, projects=PROJECTS), spoil) == 0


@pytest.mark.parametrize(("facts", "read"), [({"year": 2023}, 0), ({"scheme": "sichuan"}, 5)])
def test_what_a_json_list_says_of_all_counts(compare: Callable[..., int], facts: dict[str, Any], read: int) -> None:
    assert compare("json", partial(write, projects=PROJECTS), partial(write, projects=PROJECTS, **facts)) == read


def test_rows_of_a_workbook_are_known_wherever_they_stand(compare: Callable[..., int]) -> None:
    def move(path: Path) -> None:
        write(path, PROJECTS)
        book = openpyxl.load_workbook(path)
        sheet = book["指标"]
        first = [cell.value for cell in sheet[2]]
        sheet.delete_rows(2)
        sheet.append(["P999", *first[1:]])
        sheet.append(first)
        book.save(path)

    # of the first one the order of its indicators is another
    assert compare("xlsx", partial(write, projects=PROJECTS), move) == 1


def test_a_column_less_and_everything_is_read(compare: Callable[..., int]) -> None:
    def cut(path: Path) -> None:
        write(path, PROJECTS)
        book = openpyxl.load_workbook(path)
        titles = [str(cell.value) for cell in book["指标"][1]]
        book["指标"].delete_cols(1 + next(at for at, title in enumerate(titles) if "单位" in title))
        book.save(path)

    assert compare("xlsx", partial(write, projects=PROJECTS), cut) == 4
