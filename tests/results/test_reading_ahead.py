"""A result that another process reads is the same result, and what is wrong with it is told as ever."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import pytest
from result_builder import project, result

from workbook_tools.core.errors import SettingsError
from workbook_tools.core.result_parts import HeldParts, hold_whole
from workbook_tools.results import reading_ahead
from workbook_tools.results.folder import StoredResult, read_results
from workbook_tools.results.json_file import write_json
from workbook_tools.results.reading_ahead import LaidParts, read_ahead

FOUND = result([*map(project, range(7))])


@pytest.fixture(autouse=True)
def _little_is_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_ahead, "_LARGE", 1)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "审核结果.json"
    write_json(FOUND, path)
    return path


def read_or_die(home: int, data: Path) -> StoredResult:
    if os.getpid() != home:
        os._exit(9)
    return read_results(data)


def test_the_parts_are_those_of_the_result(data: Path) -> None:
    held = HeldParts(read_results(data).result)
    with read_ahead(partial(read_results, data), data, 2) as take:
        parts, problems = take()
        assert isinstance(parts, LaidParts)
        assert (parts.head, parts.sizes, problems) == (held.head, held.sizes, ())
        assert [parts.read(name) for name in parts.sizes] == [held.read(name) for name in held.sizes]
        assert (parts.read_rest(), hold_whole(parts)) == (held.read_rest(), held.result)
    assert not parts.folder.exists()


@pytest.mark.parametrize("workers", [1, 2])
def test_what_cannot_be_read_is_told_as_ever(data: Path, workers: int) -> None:
    data.write_text("{", "utf-8")
    with read_ahead(partial(read_results, data), data, workers) as take, pytest.raises(SettingsError):
        take()


def test_where_the_process_dies_it_is_read_here(data: Path) -> None:
    with read_ahead(partial(read_or_die, os.getpid(), data), data, 2) as take:
        assert hold_whole(take()[0]) == read_results(data).result


def test_nobody_need_wait_for_it(data: Path) -> None:
    with read_ahead(partial(read_results, data), data, 2):
        pass
