"""The sheet password of a workbook that was issued: it follows from the office's key and the project."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from workbook_tools.campaign.folder import Campaign
from workbook_tools.campaign.ledger.records import LedgerError
from workbook_tools.campaign.ledger.standing import read_expected
from workbook_tools.core.errors import SettingsError
from workbook_tools.core.model import Project
from workbook_tools.files.sources import SourceFile
from workbook_tools.form.identity import BLANK_KEY, SigningKey
from workbook_tools.review.guarded_reading import read_submission
from workbook_tools.workbooks.reading import Keys


@dataclass(frozen=True, slots=True)
class SheetPassword:
    """The password of every sheet of a project's workbook."""

    code: str
    """Empty: the blank form."""
    name: str
    password: str
    trouble: str = ""
    """Why the ledger could not be asked which key it was issued with; empty where it was."""


def find_password(campaign: Campaign, target: str, keys: Keys, signing: SigningKey | None) -> SheetPassword:
    """The password of a workbook file, or of the listed project of that code.

    ``keys`` are those that it may have been issued with, ``signing`` the one where the ledger does not say.
    Raises SettingsError: neither is there, or it was issued with another key.
    """
    # A password may be asked for whatever has become of the key since.
    usable = {key.id: replace(key, revoked=False) for key in keys.values()}
    path, trouble = Path(target), ""
    if path.is_file():
        project, key = _read_issued(path, usable, signing)
    else:
        project = _find_listed(campaign, target)
        try:
            key = _find_key(campaign, project, usable, signing)
        except LedgerError as exc:
            key, trouble = _need(signing), str(exc)
    password = (key if project.code else BLANK_KEY).password(project)
    return SheetPassword(project.code, project.name, password, trouble)


def _read_issued(path: Path, keys: Keys, signing: SigningKey | None) -> tuple[Project, SigningKey]:
    """The project a workbook was issued for, and the key."""
    reading = read_submission(SourceFile(path, path.name), keys)
    if reading.submission is None:
        raise SettingsError(f"“{path}”没有密码可给：{'；'.join(f.message for f in reading.findings)}。")
    if any(finding.code == "TAMPER08" for finding in reading.findings):
        raise SettingsError(f"“{path}”不是用这里的密钥下发的，无法得知它的密码。请到下发它的工作文件夹里运行。")
    project: Project = reading.submission.layout.project
    return project, reading.seal.key if reading.seal else _need(signing)


def _find_listed(campaign: Campaign, code: str) -> Project:
    project = next((project for project in read_expected(campaign) if project.code == code), None)
    if project is None:
        raise SettingsError(f"项目清单中没有编码“{code}”，也没有这个名字的文件。")
    return project


def _find_key(campaign: Campaign, project: Project, keys: Keys, signing: SigningKey | None) -> SigningKey:
    """The key that the project was issued with."""
    with campaign.open_ledger() as ledger:
        issued_with = ledger.key_id((project.year, project.code))
    if not issued_with:
        return _need(signing)
    if issued_with not in keys:
        raise SettingsError(
            f"{project.code} 是用另一个密钥（{issued_with}）下发的，这里没有它，给不出密码。"
            "请用 --key 指明原来的密钥文件，或用 wbt key add 加入它。"
        )
    return keys[issued_with]


def _need(signing: SigningKey | None) -> SigningKey:
    if signing is None:
        raise SettingsError("没有签名的密钥，台账里也没有它是用哪把密钥下发的，给不出密码。请用 --key 指明密钥文件。")
    return signing
