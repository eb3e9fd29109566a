"""汇总 workbooks, tables and reports are the same, whether one process draws them or several."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from result_builder import project, result

from workbook_tools.campaign import output_drawing
from workbook_tools.campaign.merging import merge_result
from workbook_tools.campaign.output_drawing import choose_output_drawing
from workbook_tools.campaign.reporting import report_result
from workbook_tools.core.errors import TemplateError
from workbook_tools.files.earlier_outputs import EarlierOutputs, Output, OutputBatch

NOW = datetime(2024, 3, 1)
FOUND = result([*map(project, range(25))])


@pytest.fixture(autouse=True)
def _few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output_drawing, "SINGLE_PROCESS", 3)


def read(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_summaries_and_tables_are_the_same(tmp_path: Path) -> None:
    one, two = (merge_result(None, FOUND, tmp_path / str(n), workers=n) for n in (1, 2))
    assert [path.name for path in (*two.workbooks, *two.tables)] == [
        path.name for path in (*one.workbooks, *one.tables)
    ]
    assert read(tmp_path / "2") == read(tmp_path / "1")
    assert len(one.workbooks) == len(one.tables) == 5


def test_reports_are_the_same(tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []
    for n in (1, 2):
        report_result(None, FOUND, tmp_path / str(n), None, NOW, workers=n, watch=lambda *done: heard.append(done))
    assert read(tmp_path / "2") == read(tmp_path / "1")
    assert heard[: len(heard) // 2] == heard[len(heard) // 2 :]


def draw(number: int) -> bytes:
    return b"%d" % number


def die_elsewhere(home: int) -> bytes:
    if os.getpid() != home:
        os._exit(9)
    return b"here"


def refuse() -> bytes:
    raise TemplateError("模板写错了")


@dataclass(frozen=True)
class Lone:
    """A batch of one output."""

    path: Path
    draw: Callable[[], bytes]
    said: int = 0

    def __call__(self) -> OutputBatch:
        return OutputBatch([Output(self.path, self.path.name, self.draw)], self.said)


def test_what_ends_its_process_is_drawn_here(tmp_path: Path) -> None:
    draws = [partial(draw, 1), partial(die_elsewhere, os.getpid()), *(partial(draw, n) for n in range(2, 9))]
    batches = [Lone(tmp_path / f"{n}.txt", draw, n) for n, draw in enumerate(draws)]
    done = list(EarlierOutputs().write_batches(batches, choose_output_drawing(9, 2)))
    assert sorted(batch.said for batch in done) == list(range(9))
    assert [batch.path.read_bytes() for batch in batches] == [b"1", b"here", *(b"%d" % n for n in range(2, 9))]


def wait_for(path: Path) -> bytes:
    while not path.exists():
        time.sleep(0.01)
    return b"last"


def test_a_long_batch_holds_no_others_up(tmp_path: Path) -> None:
    """The first one waits until all others are written."""
    batches = [Lone(tmp_path / f"{n}.txt", partial(draw, n), n) for n in range(1, 20)]
    first = Lone(tmp_path / "0.txt", partial(wait_for, batches[-1].path))
    done = [batch.said for batch in EarlierOutputs().write_batches([first, *batches], choose_output_drawing(9, 2))]
    assert done[-1] == 0
    assert first.path.read_bytes() == b"last"


def test_what_is_wrong_with_a_form_is_told_as_by_one_process(tmp_path: Path) -> None:
    draws: list[Callable[[], bytes]] = [partial(draw, 1), refuse]
    batches = [Lone(tmp_path / f"{n}.txt", one) for n, one in enumerate(3 * draws)]
    with pytest.raises(TemplateError, match="模板写错了"):
        list(EarlierOutputs().write_batches(batches, choose_output_drawing(6, 2)))


@dataclass(frozen=True)
class Light(Lone):
    """One of which it is known how little it is."""

    weight: float = 1


def where(_: Path) -> bytes:
    return b"%d" % os.getpid()


def test_where_little_is_due_no_process_is_started(tmp_path: Path) -> None:
    here = b"%d" % os.getpid()
    paths = [tmp_path / f"{n}.txt" for n in range(4)]
    list(EarlierOutputs().write_batches([Light(p, partial(where, p)) for p in paths[:3]], choose_output_drawing(9, 2)))
    assert [path.read_bytes() for path in paths[:3]] == [here] * 3
    batches = [Lone(paths[3], partial(where, paths[3]))]  # nobody knows how much that is
    list(EarlierOutputs().write_batches(batches, choose_output_drawing(9, 2)))
    assert paths[3].read_bytes() != here
