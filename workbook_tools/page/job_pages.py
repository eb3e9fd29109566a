"""How far a long step is, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from workbook_tools.page.jobs import Job, JobState
from workbook_tools.page.visiting import Visit, route

_ONWARD = {
    "生成工作簿": ("继续：打包", "issue#pack"),
    "打包": ("继续：下载压缩包，发给各部门", "issue#pack"),
    "审核": ("继续：看审核结果", "review"),
    "退回": ("继续：下载要发给单位的文件", "review#return"),
    "出报告": ("继续：下载，核对起草的文字", "report"),
    "抽查": ("继续", "after#sample"),
    "写复核表": ("继续", "after#inspect"),
    "读回复核表": ("继续", "after#inspect"),
    "整改事项": ("继续", "after#rectify"),
    "整改通知": ("继续", "after#rectify"),
    "写建议表": ("继续", "after#propose"),
    "做公开版": ("继续", "after#publish"),
    "公开情况": ("继续", "after#publish"),
    "导出": ("继续", "after#export"),
}
"""What is done after a step: words, page and place."""


@dataclass(frozen=True, slots=True)
class Onward:
    """Where a step leads to when it is over."""

    words: str
    address: str


def _lead_on(job: Job, root: str) -> Onward:
    """To what is done next; after a step that failed, or was begun on a project's page, back to where it was begun."""
    words, place = _ONWARD.get(job.title, ("继续", ""))
    page = job.back.removeprefix(root)
    if job.state is not JobState.DONE or place.partition("#")[0] != page:
        return Onward("返回" if job.state is JobState.FAILED else "继续", job.back)
    return Onward(words, root + place)


def _find(visit: Visit) -> Job | None:
    number = visit.request.path_params["number"]
    job = visit.desk.jobs.find(number)
    return job if job and job.folder == visit.folder.root else None


def _show_job(visit: Visit) -> Response:
    """The whole page, or for htmx the part of it that changes."""
    job = _find(visit)
    if job is None:
        return visit.show(
            "trouble.html",
            404,
            message="程序不记得这一步了：它重新启动过。写好的文件都是完整的，没有办完的再点一次就接着做。",
        )
    part = "job_part.html" if visit.request.headers.get("hx-request") and job.running else "job.html"
    answer = visit.show(part, job=job, onward=_lead_on(job, visit.folder.address))
    if not job.running and visit.request.headers.get("hx-request"):
        answer.headers["HX-Refresh"] = "true"
    return answer


def _stop_job(visit: Visit) -> Response:
    if job := _find(visit):
        visit.desk.jobs.stop(job)
    return visit.go("job", str(visit.request.path_params["number"]))


ROUTES = [
    route("/f/{folder}/job/{number:int}", _show_job),
    route("/f/{folder}/job/{number:int}/stop", _stop_job, "POST"),
]
