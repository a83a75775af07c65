"""Where our copy differs from the platform, and mending it."""

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from homeground.ui.paging import page_of
from homeground.ui.toasts import toast
from homeground.wecom.models import Difference, DriftReport, Staff
from homeground.wecom.queries import pages
from homeground.wecom.services import drift as comparing

_SUBJECTS = {
    "staff": gettext_lazy("员工"),
    "staff.follows": gettext_lazy("员工的好友"),
    "tag": gettext_lazy("企业标签"),
    "follow": gettext_lazy("好友关系"),
    "follow.name": gettext_lazy("客户昵称"),
    "follow.began_at": gettext_lazy("添加时间"),
    "follow.remark": gettext_lazy("备注"),
    "follow.description": gettext_lazy("描述"),
    "follow.mobiles": gettext_lazy("备注手机号"),
    "follow.state": gettext_lazy("渠道标识"),
    "follow.tags": gettext_lazy("客户标签"),
    "follows": gettext_lazy("好友关系"),
    "tags": gettext_lazy("企业标签"),
    "group": gettext_lazy("客户群"),
    "groups": gettext_lazy("客户群"),
    "group.name": gettext_lazy("群名或群主"),
    "group_member": gettext_lazy("群成员"),
    "group_members": gettext_lazy("群成员"),
}
_SIDES = {"friend": gettext_lazy("好友"), "ended": gettext_lazy("已结束"), "group": gettext_lazy("有这个群")}


@login_required
@permission_required("wecom.view_driftreport", raise_exception=True)
@require_GET
def drift(request: HttpRequest) -> HttpResponse:
    """The newest report."""
    report = pages.last_report()
    page = page_of(Difference.objects.filter(report=report), request.GET, by=("pk",), size=50)
    members = Staff.objects.in_bulk([line.userid for line in page], field_name="userid")
    context = {
        "report": report,
        "reports": DriftReport.objects.order_by("-pk")[:14],
        "compared": [(_SUBJECTS.get(name, name), count) for name, count in report.compared.items()] if report else [],
        "page": page,
        "lines": [
            {
                "line": line,
                "subject": _SUBJECTS.get(line.subject, line.subject),
                "here": _SIDES.get(line.here, line.here),
                "there": _SIDES.get(line.there, line.there),
                "member": members.get(line.userid),
            }
            for line in page
        ],
    }
    return render(request, "wecom/drift.html", context)


@login_required
@permission_required("wecom.sync_corp", raise_exception=True)
@require_POST
def compare(request: HttpRequest) -> HttpResponse:
    """Have a worker compare."""
    comparing.queue_compare()
    toast(request, _("正在后台核对，完成后刷新本页。"))
    return redirect("wecom:drift")
