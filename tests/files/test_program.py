"""What an earlier run made stays true as long as the program is the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbook_tools.files import program


def test_a_form_that_somebody_has_open_makes_no_other_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """LibreOffice, WPS and Word lay a file beside it; on a cluster a worker would be told to be of another version."""
    monkeypatch.setattr(program, "templates_folder", lambda: tmp_path)
    (tmp_path / "报告.docx").write_bytes(b"1")
    digest = program.digest_program.__wrapped__
    before = digest()
    for name in (".~lock.报告.docx#", "~$报告.docx"):
        (tmp_path / name).touch()
    assert digest() == before
    (tmp_path / "报告.docx").write_bytes(b"2")
    assert digest() != before
