"""What the steps have written into the working folder: listed, and downloaded one by one or as one zip."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from starlette.responses import FileResponse, Response

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
from workbook_tools.files.zip_writing import ZippedFile, write_zip
from workbook_tools.page.visiting import Visit, inside, route
from workbook_tools.returns.archiving import ARCHIVE

ZIPPED = ("汇总", "报告", "退回", "公开", SAMPLE_FOLDER, INSPECTION_FOLDER, RECTIFICATION, OUTCOME, EXCHANGE)
"""Folders that can be had as one zip."""
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
    """One zip with all that lies in a folder of results."""
    campaign, name = visit.campaign, visit.request.path_params["name"]
    if name not in ZIPPED:
        raise SettingsError(f"没有“{name}”。")
    paths = [campaign.root / path for path in list_outputs(campaign, name)]
    if not paths:
        raise SettingsError(f"“{name}”里还没有文件。")
    whole = write_zip(
        ZippedFile(
            path.relative_to(campaign.root / name).as_posix(),
            path.read_bytes(),
            datetime.fromtimestamp(path.stat().st_mtime).astimezone(),
        )
        for path in paths
    )
    named = quote(f"{campaign.settings.year}年度{name}.zip")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{named}"}
    return Response(whole, media_type="application/zip", headers=headers)


ROUTES = [
    route("/f/{folder}/file/{path:path}", _download, whole=True),
    route("/f/{folder}/zip/{name}", _download_all, whole=True),
]
