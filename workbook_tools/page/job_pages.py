"""How far a long step is, and what came of it."""

from __future__ import annotations

from starlette.responses import Response

from workbook_tools.page.jobs import Job
from workbook_tools.page.visiting import Visit, route


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
    answer = visit.show(part, job=job)
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
