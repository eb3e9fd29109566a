"""Every kind of workbook that the program writes, written directly and by XlsxWriter alone: the same parts."""

from __future__ import annotations

from pathlib import Path

import pytest
from plain_writing import by_xlsxwriter_alone, read_parts
from written_workbooks import KINDS, Office, open_office, write_kind

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return open_office(tmp_path_factory.mktemp("office") / "自评")


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_parts_as_by_xlsxwriter_alone(kind: str, office: Office, tmp_path: Path) -> None:
    ours = write_kind(kind, office, tmp_path / "ours")
    with by_xlsxwriter_alone():
        theirs = write_kind(kind, office, tmp_path / "theirs")
    assert [path.name for path in ours] == [path.name for path in theirs]
    for one, other in zip(ours, theirs, strict=True):
        parts, others = read_parts(one.read_bytes()), read_parts(other.read_bytes())
        assert [name for name in {*parts, *others} if parts.get(name) != others.get(name)] == [], one.name
