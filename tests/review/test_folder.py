"""The one face of a review: a folder in, the result and what came of each file out."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from builders import KEYS, answers, filled, project

from workbook_tools.core.errors import SettingsError
from workbook_tools.core.findings import finding
from workbook_tools.files.sources import find_sources
from workbook_tools.review import folder
from workbook_tools.review.folder import review_folder, review_meanwhile
from workbook_tools.review.given import KnownBefore, OfficeChoices


def test_a_folder_is_all_that_a_review_needs(tmp_path):
    filled(tmp_path)
    review = review_folder(str(tmp_path))
    assert [(p.code, p.total_score, p.grade) for p in review.result.projects] == [("P001", 100.0, "优")]
    assert [f.code for f in review.result.findings if f.severity == "warning"] == ["TAMPER08"]
    assert review.result.year == 2024
    assert review.folder == tmp_path


def test_with_keys_and_a_list_it_is_verified_and_complete(tmp_path):
    filled(tmp_path)
    listed = [project(), project(code="P002", name="没报的项目")]
    review = review_folder(tmp_path, keys=KEYS, projects=listed, authority="示例县财政局")
    assert [m.code for m in review.result.missing] == ["P002"]
    assert review.result.authority == "示例县财政局"
    assert [f.code for f in review.result.findings if f.severity != "info"] == ["CROSS01"]


def test_sources_are_reviewed_under_the_names_they_have(tmp_path):
    filled(tmp_path, name="甲.xlsx")
    filled(tmp_path, name="乙.xlsx", code="P002", answers=answers())
    sources, _ = find_sources(tmp_path)
    review = review_folder(sources[:1], keys=KEYS)
    assert [item.file for item in review.files] == [sources[0].name]
    assert review.folder is None


def test_a_file_in_an_archive_counts_like_any_other(tmp_path):
    path = filled(tmp_path)
    with zipfile.ZipFile(tmp_path / "报送.zip", "w") as archive:
        archive.write(path, "P001.xlsx")
    path.unlink()
    assert [p.code for p in review_folder(tmp_path, keys=KEYS).result.projects] == ["P001"]


def test_findings_about_the_list_and_the_choice_of_checks_reach_the_result(tmp_path):
    filled(tmp_path)
    checks = {"LIST15": "info", "TAMPER08": "off"}
    review = review_folder(tmp_path, findings=[finding("LIST15", file="项目清单.xlsx")], checks=checks)
    found = [(f.code, f.severity.value) for f in review.result.findings if f.code in checks]
    assert found == [("LIST15", "info")]


def test_who_watches_hears_every_file(tmp_path):
    for i in range(3):
        filled(tmp_path, name=f"{i}.xlsx", code=f"P00{i}")
    heard: list[tuple[int, int]] = []
    review_folder(tmp_path, keys=KEYS, watch=lambda done, total: heard.append((done, total)))
    assert heard[-1] == (3, 3)


def test_no_folder_is_said_in_a_sentence(tmp_path):
    with pytest.raises(SettingsError, match="找不到文件夹"):
        review_folder(tmp_path / "没有")


@pytest.mark.parametrize(
    ("year", "checks", "severity", "on_trial"),
    [
        (2026, {}, "info", True),
        (2027, {}, "warning", False),
        (2026, {"TEXT22": "error"}, "error", False),
        (2026, {"TEXT22": "off"}, "", False),
    ],
)
def test_a_check_on_trial_is_for_the_record_in_the_campaigns_first_year(tmp_path, year, checks, severity, on_trial):
    stating = answers(texts={"use_and_disclosure": "产出指标得分45分。结果用于安排资金，在网站公开。"})
    filled(tmp_path, answers=stating)
    result = review_folder(tmp_path, keys=KEYS, year=year, checks=checks).result
    found = [(f.severity, f.message.startswith("（试行）")) for f in result.findings if f.code == "TEXT22"]
    assert found == ([(severity, on_trial)] if severity else [])


@pytest.mark.parametrize(
    ("workers", "order"),
    [
        (2, ["read 0", "learn", *(f"read {i}" for i in range(1, 5)), "also", "read 5"]),
        (1, ["learn", *(f"read {i}" for i in range(6))]),
    ],
)
def test_what_is_known_before_is_learned_while_others_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int, order: list[str]
):
    """With one process nothing is done beside reading."""
    done: list[str] = []

    def read(*_: Any, **__: Any) -> Iterator[list[Any]]:
        for number in range(6):
            done.append(f"read {number}")
            yield []

    def learn() -> KnownBefore:
        done.append("learn")
        return KnownBefore()

    monkeypatch.setattr(folder, "review_batches", read)
    review_meanwhile(tmp_path, learn, OfficeChoices(), lambda: done.append("also"), workers=workers)
    assert done == order


def test_reading_is_broken_off_where_nothing_can_be_learned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    ended: list[bool] = []

    def read(*_: Any, **__: Any) -> Iterator[list[Any]]:
        try:
            yield []
        finally:
            ended.append(True)

    def learn() -> KnownBefore:
        raise SettingsError("没有清单。")

    monkeypatch.setattr(folder, "review_batches", read)
    with pytest.raises(SettingsError, match="没有清单"):
        review_meanwhile(tmp_path, learn, OfficeChoices())
    assert ended == [True]
