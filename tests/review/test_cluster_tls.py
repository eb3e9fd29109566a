"""Workers with whom nobody speaks who has not their certificate."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from dask_workers import Office, open_office
from locations import ROOT
from trapped_files import double

from workbook_tools.core.errors import SettingsError
from workbook_tools.review import cluster
from workbook_tools.review.batch_work import Limits, LostItem
from workbook_tools.review.cluster import open_cluster

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two folders, made by the command that the docs give."""
    page = (ROOT / "docs" / "大规模.md").read_text("utf-8")
    command = next(line for line in page.splitlines() if line.startswith("$ openssl "))
    folders = tmp_path_factory.mktemp("证书"), tmp_path_factory.mktemp("别的证书")
    for folder in folders:
        subprocess.run(shlex.split(command.removeprefix("$ ")), cwd=folder, check=True, capture_output=True)
    return folders


@pytest.fixture(scope="module")
def office(certificates: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with open_office(tmp_path_factory.mktemp("各处"), 1, certificates=certificates[0]) as hired:
        yield hired


def give_up(item: int, why: LostItem) -> int:
    raise AssertionError(why)


def test_who_has_the_certificate_is_worked_for(office: Office, certificates: tuple[Path, Path], tmp_path: Path) -> None:
    assert office.address.startswith("tls://")
    with open_cluster(office.address, tmp_path, tls=certificates[0]) as hands:
        assert list(hands.do([[1, 2], [3]], double, give_up, Limits(60, 60))) == [[2, 4], [6]]


def test_any_other_certificate_is_told_as_that(
    office: Office, certificates: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_WAIT", 3)
    with pytest.raises(SettingsError, match="不是同一套"), open_cluster(office.address, tmp_path, tls=certificates[1]):
        pass
    plain = office.address.replace("tls://", "tcp://")
    with pytest.raises(SettingsError, match="地址要写 tls://"), open_cluster(plain, tmp_path):
        pass


def test_a_certificate_that_has_expired_is_told_as_that() -> None:
    assert "过期" in cluster._advise(OSError("certificate verify failed: certificate has expired"))


@pytest.mark.parametrize(
    ("address", "folder", "said"),
    [
        ("tls://127.0.0.1:9", "", r"\[cluster\] tls 没有写"),
        ("tcp://127.0.0.1:9", "证书", "却不加密"),
        ("tls://127.0.0.1:9", "证书", "没有证书文件 .*cert.pem"),
    ],
)
def test_settings_that_do_not_fit(address: str, folder: str, said: str, tmp_path: Path) -> None:
    with (
        pytest.raises(SettingsError, match=said),
        open_cluster(address, tmp_path, tls=tmp_path / folder if folder else None),
    ):
        pass
