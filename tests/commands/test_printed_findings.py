"""What a command prints of many findings: the lone slip is not lost among many alike."""

from __future__ import annotations

import pytest

from workbook_tools.commands.terminal import print_findings
from workbook_tools.core.findings import Finding, finding


def _units(count: int) -> list[Finding]:
    return [finding("LIST14", sheet="指标", cell=f"H{row}") for row in range(2, 2 + count)]


def test_a_lone_slip_comes_before_many_alike_whose_other_cells_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    alone = finding("LIST19", sheet="项目", cell="N6")
    assert print_findings([*_units(40), alone], rest="改好再运行一次") == 0
    lines = capsys.readouterr().out.splitlines()
    assert "LIST19" in lines[0]
    assert ["LIST14" in line for line in lines[1:]] == [True] * 4
    assert "还有 37 条：指标!H5、指标!H6" in lines[-1]
    assert lines[-1].endswith("等，改好再运行一次。")


def test_the_others_are_named_by_their_cells_in_one_file_and_by_their_files_in_several(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def others(*places: Finding) -> str:
        print_findings([*_units(31), *places])
        return capsys.readouterr().out.splitlines()[3]

    in_json = [finding("LIST03", file="清单.json", cell=f"第{n}个项目") for n in range(1, 6)]
    assert others(*in_json).endswith("还有 2 条：第4个项目、第5个项目。")
    in_forms = [finding("IMPORT04", file=f"{n}.xlsx", sheet="Sheet1", cell="A2") for n in range(1, 6)]
    assert others(*in_forms).endswith("还有 2 条：4.xlsx、5.xlsx。")


def test_errors_come_before_what_is_rarer_and_few_are_all_printed(capsys: pytest.CaptureFixture[str]) -> None:
    error = finding("LIST02", sheet="项目", cell="A2")
    assert print_findings([*_units(5), error]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 6
    assert "LIST02" in lines[0]
