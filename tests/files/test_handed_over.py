"""A large output lies in a file between the process that draws it and the one that writes it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from workbook_tools.files.earlier_outputs import EarlierOutputs, Output, OutputBatch
from workbook_tools.files.handed_over import WaitingContent, hold_content, set_down

LARGE = [bytes([number]) * 50_000 for number in range(12)]


def test_large_content_waits_in_a_file_and_is_gone_once_it_was_read(tmp_path: Path) -> None:
    waiting, digest = set_down(iter(LARGE), str(tmp_path))
    assert isinstance(waiting, WaitingContent)
    assert [*tmp_path.iterdir()] == [Path(waiting.name)]
    assert digest == hashlib.sha256(b"".join(LARGE)).hexdigest()
    assert hold_content(waiting) == b"".join(LARGE)
    assert not [*tmp_path.iterdir()]


def test_small_content_and_that_of_another_computer_is_handed_over_as_it_is(tmp_path: Path) -> None:
    assert set_down(iter(LARGE[:2]), str(tmp_path)) == (
        b"".join(LARGE[:2]),
        hashlib.sha256(b"".join(LARGE[:2])).hexdigest(),
    )
    assert set_down(b"".join(LARGE), str(tmp_path / "不在"))[0] == b"".join(LARGE)
    assert not [*tmp_path.iterdir()]


def test_an_output_that_comes_in_pieces_is_written_whole(tmp_path: Path) -> None:
    path = tmp_path / "大.bin"
    outputs = EarlierOutputs()
    (drawn,) = outputs.write_batches([lambda: OutputBatch([Output(path, "", lambda: iter(LARGE))])])
    assert path.read_bytes() == b"".join(LARGE)
    (output,) = drawn.outputs
    assert output.digest == hashlib.sha256(path.read_bytes()).hexdigest()
