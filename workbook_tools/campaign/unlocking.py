"""The sheet password of a workbook that was issued: it follows from the office's key and the project."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.ledger.records import LedgerError
from workbook_tools.campaign.ledger.standing import read_expected
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.model import Project
from workbook_tools.files.sources import SourceFile
from workbook_tools.form.identity import BLANK_KEY, SigningKey
from workbook_tools.workbooks.reading import read_submission


@dataclass(frozen=True, slots=True)
class SheetPassword:
    """The password of every sheet of a project's workbook."""

    code: str
    """Empty: the blank form."""
    name: str
    password: str
    trouble: str = ""
    """Why the ledger could not be asked which key it was issued with; empty where it was."""


def find_password(campaign: Campaign, target: str, key: SigningKey) -> SheetPassword:
    """The password of a workbook file, or of the listed project of that code.

    Raises SettingsError: neither is there, or it was issued with another key.
    """
    path, trouble = Path(target), ""
    if path.is_file():
        project = _read_issued(path, key)
    else:
        project = _find_listed(campaign, target)
        try:
            _check_key(campaign, project, key)
        except LedgerError as exc:
            trouble = str(exc)
    password = (key if project.code else BLANK_KEY).password(project)
    return SheetPassword(project.code, project.name, password, trouble)


def _read_issued(path: Path, key: SigningKey) -> Project:
    """The project a workbook was issued for."""
    reading = read_submission(SourceFile(path, path.name), {key.id: key})
    if reading.submission is None:
        raise SettingsError(f"“{path}”没有密码可给：{'；'.join(f.message for f in reading.findings)}。")
    if any(finding.code == "TAMPER08" for finding in reading.findings):
        raise SettingsError(f"“{path}”不是用这里的密钥下发的，无法得知它的密码。请到下发它的工作文件夹里运行。")
    project: Project = reading.submission.layout.project
    return project


def _find_listed(campaign: Campaign, code: str) -> Project:
    project = next((project for project in read_expected(campaign) if project.code == code), None)
    if project is None:
        raise SettingsError(f"项目清单中没有编码“{code}”，也没有这个名字的文件。")
    return project


def _check_key(campaign: Campaign, project: Project, key: SigningKey) -> None:
    with campaign.open_ledger() as ledger:
        issued_with = ledger.key_id((project.year, project.code))
    if issued_with and issued_with != key.id:
        raise SettingsError(
            f"{project.code} 是用另一个密钥（{issued_with}）下发的，现在的密钥（{key.id}）给不出它的密码。"
            "请用 --key 指明原来的密钥文件。"
        )
