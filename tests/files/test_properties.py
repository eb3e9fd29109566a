"""What a file says of itself: our output is known as such, whoever has saved it since; when it was saved is read from inside."""

from __future__ import annotations

import io

import openpyxl
import pytest

from workbook_tools.excel.writing import Book
from workbook_tools.files.properties import FileProperties, read_properties


def output() -> bytes:
    with Book(title="某表", kind="审核结果") as book:
        book.sheet("表").write(0, 0, "甲", "text")
    return book.bytes()


def saved_again(data: bytes, **changes: str) -> bytes:
    book, buffer = openpyxl.load_workbook(io.BytesIO(data)), io.BytesIO()
    for name, value in changes.items():
        setattr(book.properties, name, value)
    book.save(buffer)
    return buffer.getvalue()


def test_our_output_says_what_it_is_also_after_somebody_saved_it() -> None:
    assert (read_properties(output()).produced, read_properties(output()).untouched) == ("审核结果", True)
    again = read_properties(saved_again(output(), creator="李敏", lastModifiedBy="李敏"))
    assert (again.produced, again.untouched) == ("审核结果", False)


def test_a_file_of_somebody_else_is_no_output_of_ours() -> None:
    assert read_properties(saved_again(output(), creator="李敏", lastModifiedBy="李敏", category="")).produced == ""


def test_when_a_file_was_saved_is_known_only_where_somebody_saved_it() -> None:
    assert read_properties(output()).saved_at is None
    assert (read_properties(saved_again(output(), lastModifiedBy="李敏")).saved_at or 0) > 1_700_000_000


@pytest.mark.parametrize(
    ("modified", "seconds"),
    [
        ("2025-03-10T01:00:00Z", 1741568400.0),
        ("2025-03-10T09:00:00+08:00", 1741568400.0),
        ("2025-03-10T01:00:00", 1741568400.0),
        ("昨天", None),
        ("", None),
    ],
)
def test_the_time_is_read_as_programs_write_it(modified: str, seconds: float | None) -> None:
    assert FileProperties(saved_by="李敏", modified=modified).saved_at == seconds


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", output()[:500], b"not a package"])
def test_a_file_that_is_damaged_or_has_no_properties_gives_blank_ones(data: bytes) -> None:
    assert read_properties(data) == FileProperties()
