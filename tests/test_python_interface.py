"""The Python interface: every face has an example in docs/在Python中使用.md, and the page runs from top to bottom."""

from __future__ import annotations

import contextlib
import io
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from locations import ROOT
from made_demo import copy_demo

import workbook_tools as wt
from workbook_tools.review.frames import FRAMES

PAGE = (ROOT / "docs" / "在Python中使用.md").read_text("utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def run_page() -> tuple[dict[str, Any], str]:
    """What the blocks of the page, run one after the other where we are, have made, and what they printed."""
    made: dict[str, Any] = {}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        for number, block in enumerate(BLOCKS, 1):
            exec(compile(block, f"block {number} of the page", "exec"), made)  # noqa: S102
    return made, printed.getvalue()


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str, Path]:
    folder = tmp_path_factory.mktemp("笔记")
    copy_demo(folder / "自评演示")
    with contextlib.chdir(folder):
        return *run_page(), folder


def test_every_face_has_an_example():
    for name in wt.__all__:
        assert any(f"wt.{name}" in block for block in (*BLOCKS, PAGE)), name
    for name in FRAMES:
        assert f"### `{name}`" in PAGE


def test_the_page_runs_from_top_to_bottom(page):
    made, printed, folder = page
    assert made["review"].projects["total_score"].notna().sum() == 5
    assert len(made["listed"].projects) == len(made["made"]) == len(made["review"].projects) == 8
    assert [f.code for f in made["problems"] if f.severity == "error"] == []
    assert "找不到文件夹“没有这个文件夹”" in printed
    assert "8/8" in printed
    written = [*made["summaries"], *made["reports"], made["stored"].workbook, made["stored"].data]
    assert all((folder / path).is_file() for path in written)
    assert [item for item in made["returned"] if item.path]


def test_what_the_page_computes_is_what_the_demo_gave(page):
    made, _, folder = page
    demo = wt.read_results(folder / "自评演示" / "审核")
    here, there = (
        found.sort_values("project_code", kind="stable", ignore_index=True)
        for found in (made["review"].indicators, demo.indicators)
    )
    pd.testing.assert_frame_equal(there, here)  # without a list the projects stand as they were found
    assert made["departments"]["annual_budget"].sum() == pytest.approx(demo.projects["annual_budget"].sum())
    assert len(made["county"]) == 8
    absent = (demo.findings["code"] == "EVID01").sum()  # evidence came to the demo only
    assert made["common"].sum() == demo.projects[["errors", "warnings", "of_the_list"]].sum().sum() - absent


def test_the_package_is_light_until_a_face_is_asked_for():
    program = (
        "import sys, workbook_tools as wt; print('pydantic' in sys.modules);"
        "wt.review_folder; print('pydantic' in sys.modules, set(wt.__all__) <= set(dir(wt)), 'pandas' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True", "True", "False"]


def test_a_name_that_is_no_face_is_an_attribute_error():
    with pytest.raises(AttributeError, match="review_all"):
        wt.review_all  # noqa: B018


def test_every_face_says_what_it_takes_and_raises():
    for name in wt.__all__:
        assert len(getattr(wt, name).__doc__ or "") > 30, name
