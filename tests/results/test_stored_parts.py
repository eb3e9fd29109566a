"""审核数据: the parts of a result on disk, for other processes and other programs."""

from __future__ import annotations

import json
import pickle
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from result_builder import HOSTILE, hostile, multiply, project, result
from two_years import CLOSED, compare

from workbook_tools.core.errors import SettingsError
from workbook_tools.core.result_parts import HeldParts, find_departments, join_parts, read_by_projects, read_projects
from workbook_tools.core.review_result import ReviewResult
from workbook_tools.files.file_digests import digest_file
from workbook_tools.results import opened_parts, spelling, stored_parts
from workbook_tools.results.earlier_rows import EarlierRows, SpeltRows
from workbook_tools.results.json_file import write_json
from workbook_tools.results.opened_parts import open_parts
from workbook_tools.results.parts_index import INDEX
from workbook_tools.results.parts_writing import write_parts
from workbook_tools.results.spelling import read_line, spell_result
from workbook_tools.results.stored_parts import StoredParts

RESULTS = {
    "usual": multiply(result([project(i) for i in range(8)]), 3),
    "none": result([], missing=(), reviewed_files=0),
    "hostile": result([hostile(text, i) for i, text in enumerate(HOSTILE)]),
    "blank": result([project(1, department=""), project(2, department="（未填主管部门）"), project(3)]),
    "two years": compare(result([project(i) for i in range(8)])),
    "half a sign": result([project(1, file="坏\udc81名.xlsx"), project(2)]),
}


def store(content: ReviewResult, folder: Path) -> StoredParts:
    write_json(content, folder / "审核结果.json")
    return write_parts(HeldParts(content), folder / "审核结果.json")


@pytest.mark.parametrize("name", RESULTS)
def test_the_parts_read_back_are_the_parts_that_were_written(name: str, tmp_path: Path) -> None:
    written, held = store(RESULTS[name], tmp_path), HeldParts(RESULTS[name])
    stored = pickle.loads(pickle.dumps(written))  # noqa: S301 - our own
    assert stored.head == held.head
    assert list(stored.sizes.items()) == list(held.sizes.items())
    assert all(stored.read(department) == held.read(department) for department in held.sizes)
    assert stored.read_rest() == held.read_rest()
    assert len(pickle.dumps(stored)) < 500


@pytest.mark.parametrize("name", RESULTS)
def test_some_projects_are_read_as_they_stand_in_their_department(name: str, tmp_path: Path) -> None:
    stored, held = store(RESULTS[name], tmp_path), HeldParts(RESULTS[name])
    for department, size in held.sizes.items():
        codes = stored.find_codes(department)
        for chosen in (None, codes[:1], codes[1:], ["没有"]):
            for first, end in ((0, None), (0, 1), (1, 2), (size.projects, None)):
                asked = department, chosen, first, end
                assert read_projects(stored, *asked) == read_projects(held, *asked)
    assert find_departments(stored, ["没有"]) == []


@pytest.mark.parametrize("content", RESULTS.values(), ids=RESULTS)
def test_a_department_is_read_some_projects_at_a_time(
    content: ReviewResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = store(content, tmp_path)
    monkeypatch.setattr(stored_parts, "AT_ONCE", 2)
    for department in stored.sizes:
        pieces = [*read_by_projects(stored, department)]
        assert [row for one in pieces for row in one.projects] == [*stored.read(department).projects]
        for piece in pieces:
            asked = read_projects(stored, department, [row.code for row in piece.projects])
            assert piece == asked.model_copy(update={"indicators": ()})


def test_of_other_projects_nothing_is_taken_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = store(RESULTS["usual"], tmp_path)
    [department, *_] = find_departments(stored, [RESULTS["usual"].projects[0].code])
    taken: list[bytes] = []
    monkeypatch.setattr(stored_parts, "read_line", lambda field, line: taken.append(line) or read_line(field, line))
    part = read_projects(stored, department, [RESULTS["usual"].projects[0].code])
    assert len(taken) == len(part.projects) + len(part.indicators) + len(part.findings)
    assert len(part.projects) == 1


def test_a_row_that_holds_something_else_is_named(tmp_path: Path) -> None:
    folder = store(RESULTS["usual"], tmp_path).folder
    place = next(folder.rglob("项目.jsonl"))
    before = digest_file(place)
    place.write_bytes(re.sub(rb'"year":\d+', b'"year":"?"', place.read_bytes(), count=1))
    index = folder / INDEX
    index.write_text(index.read_text("utf-8").replace(before, digest_file(place)), "utf-8")
    stored = StoredParts(folder)
    with pytest.raises(SettingsError, match=r"内容有误（projects\.0\.year）"):
        [*map(stored.read, stored.sizes)]


def test_a_project_that_is_gone_stands_with_its_department_or_where_that_is_gone_with_none(tmp_path: Path) -> None:
    stored = store(RESULTS["two years"], tmp_path)
    [left] = [row for name in stored.sizes for row in stored.read(name).gone]
    assert left.department in stored.sizes
    assert [row.department for row in stored.read_rest().gone] == [CLOSED]
    assert join_parts(stored).gone == (*stored.read_rest().gone, left)


@pytest.mark.parametrize("name", RESULTS)
def test_the_json_in_pieces_is_that_of_the_whole(name: str, tmp_path: Path) -> None:
    joined = join_parts(HeldParts(RESULTS[name]))
    if "half" not in name:
        assert b"".join(spell_result(joined)) == joined.model_dump_json(indent=1).encode() + b"\n"
    assert b"".join(store(joined, tmp_path).spell()) == b"".join(spell_result(joined))


def test_parts_of_another_result_count_for_nothing(tmp_path: Path) -> None:
    store(RESULTS["usual"], tmp_path)
    assert isinstance(open_parts(tmp_path), StoredParts)
    other = result([project(1)])
    write_json(other, tmp_path / "审核结果.json")
    assert join_parts(open_parts(tmp_path / "审核结果.json")) == join_parts(HeldParts(other))


def test_what_was_broken_off_counts_for_nothing(tmp_path: Path) -> None:
    stored = store(RESULTS["usual"], tmp_path)
    (stored.folder / INDEX).write_bytes((stored.folder / INDEX).read_bytes()[:-9])
    assert isinstance(open_parts(tmp_path), HeldParts)
    (stored.folder / INDEX).unlink()
    assert isinstance(open_parts(tmp_path), HeldParts)


@pytest.mark.parametrize("name", RESULTS)
def test_a_large_json_without_its_parts_is_taken_apart_and_never_held(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = store(RESULTS[name], tmp_path)
    (tmp_path / "审核数据" / INDEX).unlink()
    monkeypatch.setattr(opened_parts, "LARGE", 0)
    monkeypatch.setattr(opened_parts, "read_json", pytest.fail)
    opened = open_parts(tmp_path)
    assert isinstance(opened, StoredParts)
    assert opened.folder != written.folder
    assert opened.index == written.index
    anew = pickle.loads(pickle.dumps(opened))  # noqa: S301 - our own
    assert join_parts(anew) == join_parts(written)
    assert join_parts(HeldParts(RESULTS[name])) == join_parts(opened)
    folder = opened.folder
    del opened
    assert not folder.exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda text: json.dumps(json.loads(text), ensure_ascii=False, indent=4),
        lambda text: re.sub(r'"code": "[^"]+"', '"code": 1', text, count=1),
        lambda text: re.sub(r'"scheme_digest": "[^"]+"', '"scheme_digest": "别的"', text),
        lambda text: text[:-200],
    ],
    ids=["written by another program", "a row that holds something else", "a scheme that is not there", "cut off"],
)
def test_one_that_is_not_as_it_was_written_is_read_as_a_whole(
    change: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "审核结果.json"
    write_json(RESULTS["usual"], data)
    text = data.read_text("utf-8")
    data.write_text(changed := change(text), "utf-8")
    assert changed != text
    told = []
    for large in (10**9, 0):
        monkeypatch.setattr(opened_parts, "LARGE", large)
        try:
            told.append(repr(join_parts(open_parts(data))))
        except SettingsError as exc:
            told.append(str(exc))
    assert told[0] == told[1]


def test_a_part_that_somebody_has_changed_is_told(tmp_path: Path) -> None:
    stored = store(RESULTS["usual"], tmp_path)
    name = next(iter(stored.sizes))
    changed = stored.folder / next(iter(stored.index.departments[name].files))
    changed.write_bytes(changed.read_bytes().replace("卫生".encode(), "教育".encode()) + b"\n")
    with pytest.raises(SettingsError, match="重新运行 wbt review"):
        stored.read(name)


def test_what_stays_the_same_is_left_and_what_is_gone_is_removed(tmp_path: Path) -> None:
    stored = store(RESULTS["usual"], tmp_path)
    own = stored.folder / "项目" / "我的说明.txt"
    own.write_text("留着", "utf-8")
    first, *_ = stored.sizes
    less = HeldParts(RESULTS["usual"]).read(first)
    before = {path: path.stat().st_mtime_ns for path in stored.folder.rglob("*.jsonl")}
    again = store(less, tmp_path)
    after = {path: path.stat().st_mtime_ns for path in again.folder.rglob("*.jsonl")}
    assert list(again.sizes) == [first]
    assert {path.name for path in own.parent.iterdir()} == {own.name, f"主管部门={first}"}
    assert after.items() & before.items()
    assert join_parts(open_parts(tmp_path)).projects == less.projects


def test_pandas_reads_a_kind_of_row_as_a_table(tmp_path: Path) -> None:
    content = RESULTS["usual"]
    stored = store(content, tmp_path)
    files = sorted((stored.folder / "指标").glob("*/*.jsonl"))
    table = pd.concat(pd.read_json(path, lines=True, dtype=False) for path in files)
    assert sorted(table["project_code"]) == sorted(row.project_code for row in content.indicators)
    assert table["score"].sum() == pytest.approx(sum(row.score or 0 for row in content.indicators))


def test_every_name_is_one_that_windows_takes(tmp_path: Path) -> None:
    stored = store(RESULTS["hostile"], tmp_path)
    names = [path.name for path in stored.folder.rglob("*")]
    assert not any(set(name) & set('<>:"/\\|?*') or name[-1] in " ." for name in names)
    folders = {path.parent.name.lower() for path in stored.folder.rglob("*.jsonl")}
    assert len(folders) == len(stored.sizes) + 1  # and what belongs to none


def test_the_index_follows_its_schema(tmp_path: Path) -> None:
    import jsonschema

    from workbook_tools.results.parts_index import describe_index

    stored = store(RESULTS["usual"], tmp_path)
    schema = jsonschema.Draft202012Validator(describe_index())
    schema.validate(json.loads((stored.folder / INDEX).read_bytes()))


@pytest.mark.parametrize("name", RESULTS)
def test_rows_of_the_json_that_stands_there_are_copied_and_not_read(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spelling, "_FEW", 2)
    stored, place = store(join_parts(HeldParts(RESULTS[name])), tmp_path), tmp_path / "审核结果.json"
    spelt, again = SpeltRows(), SpeltRows()
    whole = b"".join(stored.spell(spelt=spelt))
    assert (whole, spelt.digest) == (place.read_bytes(), digest_file(place))
    earlier = EarlierRows(place, spelt.digest, spelt.places)
    with monkeypatch.context() as patch:
        patch.setattr(StoredParts, "_list_kept", lambda *_: pytest.fail("read"))
        assert b"".join(stored.spell(earlier, again)) == whole
    assert (again.digest, again.places) == (spelt.digest, spelt.places)
    for rows in spelt.places:
        others = {other: stands for other, stands in spelt.places.items() if other != rows}
        assert b"".join(stored.spell(replace(earlier, places=others))) == whole
    place.write_bytes(whole[:-1000])
    assert b"".join(stored.spell(earlier)) == whole
