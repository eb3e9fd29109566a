"""Commands whose work others do (``--dask``): the same files as by this computer alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from dask_workers import Office, open_office
from object_storage import BUCKET, Storage, open_storage

from workbook_tools.campaign import Campaign, Settings
from workbook_tools.campaign.settings import ClusterSettings
from workbook_tools.campaign.worker_choice import follow_settings, say_why_alone
from workbook_tools.core.model import ProjectList
from workbook_tools.review import cluster
from workbook_tools.review.batch_work import Workers
from workbook_tools.shipped.example import load_example
from workbook_tools.workbooks.generating import generate

Wbt = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def storage() -> Iterator[Storage]:
    with open_storage() as running:
        yield running


@pytest.fixture(scope="module")
def office(storage: Storage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with open_office(tmp_path_factory.mktemp("各处"), 2, storage.environment) as hired:
        yield hired


def start_campaign(root: Path, shared: str = "") -> Campaign:
    """A working folder with the example's projects, whose workbooks have come back."""
    settings = Settings(year=2021, authority="示例县财政局", scheme="quwo", cluster=ClusterSettings(root=shared))
    campaign = Campaign.create(root, settings)
    projects = [project for project in load_example().projects if project.year == 2021]
    listed = ProjectList(year=2021, projects=tuple(p.model_copy(update={"answers": None}) for p in projects))
    (root / "项目清单.json").write_text(listed.model_dump_json(), "utf-8")
    generate(projects, campaign.folder("回收"), campaign.signing_key(), campaign.notice, prefill=True)
    return campaign


def read_files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*") if path.is_file()}


@pytest.mark.slow
def test_workers_who_share_the_folder_write_what_this_computer_writes(wbt: Wbt, office: Office, tmp_path: Path):
    """Whether the steps are asked for one by one, or all at once."""
    root = tmp_path / "自评2021"
    campaign = start_campaign(root, shared=str(root))
    written = []
    for steps in (("generate", "review", "report", "merge"), ("generate", "run")):
        dask = ("--dask", office.address) if "run" in steps else ()
        for step in steps:
            code, said = wbt(step, "-q", "--fresh", *dask, cwd=root)
            assert code in (0, 1), said
        written.append({folder: read_files(campaign.folder(folder)) for folder in ("下发", "审核", "汇总", "报告")})
    for folder, files in written[0].items():
        assert written[1][folder] == files, folder
        assert files


@pytest.mark.slow
def test_workers_who_share_an_object_storage_alone_give_what_this_computer_writes(
    wbt: Wbt, office: Office, storage: Storage, tmp_path: Path
):
    root, address = tmp_path / "自评2021", f"s3://{BUCKET}/自评2021"
    campaign = start_campaign(root, shared=address)
    storage.upload(root / "回收", f"{address}/回收")
    written = []
    for dask in ((), ("--dask", office.address)):
        for command in ("generate", "review"):
            code, said = wbt(command, "-q", "--fresh", *dask, cwd=root)
            assert code in (0, 1), said
        written.append([read_files(campaign.folder(folder)) for folder in ("下发", "审核")])
    assert written[0] == written[1] and all(written[0])
    storage.put(f"{address}/回收/{min(read_files(root / '回收'))}", b"changed there")
    code, said = wbt("review", "-q", "--fresh", "--dask", office.address, cwd=root)
    assert code == 2 and "与本机的不同" in said


@pytest.mark.slow
def test_a_cluster_of_this_computer(wbt: Wbt, tmp_path: Path):
    root = tmp_path / "自评2021"
    campaign = start_campaign(root)
    wbt("review", "-q", cwd=root)
    results = []
    for dask in ((), ("--dask", "local")):
        code, said = wbt("merge", "-q", "--fresh", *dask, cwd=root)
        assert code == 0, said
        results.append(read_files(campaign.folder("汇总")))
    assert results[0] == results[1] and results[0]


def test_what_needs_the_folder_is_done_here_where_others_do_not_see_it(tmp_path: Path):
    def ask(root: str, dask: str) -> bool:
        settings = Settings(year=2024, cluster=ClusterSettings(root=root))
        return bool(say_why_alone(Campaign(tmp_path, settings), 0, dask))

    assert ask("", "tcp://10.0.0.5:8786") and ask("s3://自评/2024", "tcp://10.0.0.5:8786")
    assert not ask("/共享/自评2024", "tcp://10.0.0.5:8786") and not ask("", "local") and not ask("", "")


def test_a_face_for_which_nobody_names_a_worker_follows_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """So the page and the control workbook do."""
    asked: list[tuple[object, ...]] = []

    @contextmanager
    def open_fake(*place: object) -> Iterator[str]:
        asked.append(place)
        yield "those"

    @follow_settings(need_folder=True)
    def work(campaign: Campaign | None, *, workers: Workers = 0) -> Workers:
        return workers

    monkeypatch.setattr(cluster, "open_cluster", open_fake)
    settings = Settings(year=2024, cluster=ClusterSettings(dask="tcp://10.0.0.5:8786", root="/共享"))
    campaign = Campaign(tmp_path, settings)
    assert work(campaign) == "those" and asked == [("tcp://10.0.0.5:8786", tmp_path, "/共享", None)]
    assert work(campaign, workers=2) == 2 and work(None) == 0
    assert len(asked) == 1
