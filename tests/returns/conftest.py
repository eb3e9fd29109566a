"""What the tests of 退回 share."""

from pathlib import Path

import pytest


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """An empty 回收."""
    folder = tmp_path / "回收"
    folder.mkdir()
    return folder
