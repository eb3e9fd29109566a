"""What the steps have written into the working folder: listed, and downloaded one by one or as one zip."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from urllib.parse import quote

from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response, StreamingResponse

from workbook_tools.campaign.answering import FILE as DOUBTS
from workbook_tools.campaign.exchanging import EXCHANGE
from workbook_tools.campaign.folder import (
    FORM_FOLDER,
    INBOX,
    INSPECTION_FOLDER,
    LIST_FILE,
    LIST_FOLDER,
    RECTIFICATION,
    SAMPLE_FOLDER,
    SENT_OUT,
    Campaign,
)
from workbook_tools.campaign.importing import OLD_FORMS
from workbook_tools.campaign.ledger.reminder import REMINDER_FILE
from workbook_tools.campaign.proposing import OUTCOME
from workbook_tools.campaign.publishing import LIST_FILE as PUBLIC_LIST
from workbook_tools.core.errors import SettingsError
from workbook_tools.files.sources import list_files
from workbook_tools.files.zip_writing import ZippedFile, fit_gbk, stream_zip
from workbook_tools.page.visiting import Visit, inside, route
from workbook_tools.returns.archiving import ARCHIVE

ZIPPED = ("汇总", "报告", "退回", "公开", SAMPLE_FOLDER, INSPECTION_FOLDER, RECTIFICATION, OUTCOME, EXCHANGE)
"""Folders that can be had as one zip."""
EVERYTHING = "全部结果"
"""All of them, and the workbooks of the review, in one zip."""
DOWNLOADS = (
    *SENT_OUT,
    INBOX,
    "审核",
    *ZIPPED,
    LIST_FILE,
    LIST_FOLDER,
    "项目清单.json",
    REMINDER_FILE,
    PUBLIC_LIST,
    OLD_FORMS,
    FORM_FOLDER,
    DOUBTS,
)
"""Folders and files of which anything may be downloaded."""

_PIECE = 2**18
"""Bytes of a zip that are sent at once."""


def list_outputs(campaign: Campaign, name: str) -> list[str]:
    """Paths within the working folder of what lies in one of its folders; what was replaced there is left out."""
    folder = campaign.root / name
    paths = list_files(folder) if folder.is_dir() else []
    return [path.relative_to(campaign.root).as_posix() for path in paths if ARCHIVE not in path.parts]


def is_behind(campaign: Campaign, name: str) -> bool:
    """The result is newer than all that lies there."""
    times = [(campaign.root / path).stat().st_mtime for path in list_outputs(campaign, name)]
    return not times or max(times) < campaign.result_file.stat().st_mtime


def _download(visit: Visit) -> Response:
    path = inside(visit.folder.root, visit.request.path_params["path"], DOWNLOADS)
    return FileResponse(path, filename=path.name, media_type="application/octet-stream")


def _download_all(visit: Visit) -> Response:
    """One zip with all that lies in a folder of results, or in one ``of`` its folders, which is sent to one department; or with all results."""
    campaign, name = visit.campaign, visit.request.path_params["name"]
    if name not in (*ZIPPED, EVERYTHING):
        raise SettingsError(f"没有“{name}”。")
    paths = _list_everything(campaign) if name == EVERYTHING else list_outputs(campaign, name)
    inner, prefix = visit.asked("of"), "" if name == EVERYTHING else f"{name}/"
    if inner:
        prefix += f"{inner}/"
        paths = [path for path in paths if path.startswith(prefix)]
    if not paths:
        raise SettingsError(f"“{inner or name}”里还没有文件。")
    named = quote(f"{campaign.settings.year}年度{name}{f'_{inner}' if inner else ''}.zip")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{named}"}
    return _spool(_zip_outputs(campaign.root, paths, prefix), headers)


def _spool(files: Iterable[ZippedFile], headers: Mapping[str, str]) -> Response:
    """The zip by way of a nameless file on the disk: nothing is sent before all of it is there, and what cannot be read is told in a page."""
    place = TemporaryFile()  # noqa: SIM115 - closed when it has been sent
    try:
        for piece in stream_zip(files):
            place.write(piece)
        size = place.tell()
        place.seek(0)
    except BaseException:
        place.close()
        raise
    pieces = iter(partial(place.read, _PIECE), b"")
    close = BackgroundTask(place.close)
    headers = {**headers, "Content-Length": str(size)}
    return StreamingResponse(pieces, media_type="application/zip", headers=headers, background=close)


def _list_everything(campaign: Campaign) -> list[str]:
    """What people read of all steps: workbooks of the review, and all that can be had folder by folder."""
    reviewed = [path for path in list_outputs(campaign, "审核") if path.endswith(".xlsx")]
    return [*reviewed, *(path for name in ZIPPED for path in list_outputs(campaign, name))]


def _zip_outputs(root: Path, paths: Iterable[str], prefix: str) -> Iterator[ZippedFile]:
    """The files under names that every system takes; where two become the same, one gets a number."""
    seen: set[str] = set()
    for path in paths:
        name = fitted = fit_gbk(path.removeprefix(prefix))
        number = 1
        while name in seen:
            number += 1
            name = f"（{number}）.".join(fitted.rsplit(".", 1))
        seen.add(name)
        saved_at = datetime.fromtimestamp((root / path).stat().st_mtime).astimezone()
        yield ZippedFile(name, (root / path).read_bytes(), saved_at)


ROUTES = [
    route("/f/{folder}/file/{path:path}", _download, whole=True),
    route("/f/{folder}/zip/{name}", _download_all, whole=True),
]
