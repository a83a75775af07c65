"""The clock and the jobs of the room."""

from procrastinate.contrib.django import app

from homeground.service.services import chats, handover, kf, planning, scorecard, sorting, waits
from homeground.service.services.jobs import READ_KF
from homeground.wecom.client import connect
from homeground.wecom.queries import is_connected


@app.periodic(cron="* * * * *")
@app.task(name=sorting.JOB, queueing_lock=sorting.JOB, pass_context=False)
def sort_messages(timestamp: int | None = None) -> None:
    """Each minute, and when messages came: label them, and open the tickets that follow."""
    sorting.sort_messages()


@app.periodic(cron="* * * * *")
@app.task(name="service.take_comments", queueing_lock="service.take_comments", pass_context=False)
def take_comments(timestamp: int) -> None:
    """Every minute: comments under our Moments, and the answers to them."""
    waits.take_comments()


@app.periodic(cron="7 * * * *")
@app.task(name="service.plan_day", queueing_lock="service.plan_day", pass_context=False)
def plan_day(timestamp: int | None = None) -> None:
    """Every hour, so that a day begins soon after midnight of the brand's zone: tasks, birthdays, the care round."""
    planning.plan_day()


@app.periodic(cron="23 3 * * *")
@app.task(name="service.erase_texts", queueing_lock="service.erase_texts", pass_context=False)
def erase_texts(timestamp: int) -> None:
    """Every night: the words of messages older than the retention."""
    chats.erase_old_texts()


@app.task(name=READ_KF)
def read_kf(open_kfid: str, token: str = "") -> None:
    """Read what an account of 微信客服 got."""
    kf.read(connect(), open_kfid, token)


@app.task(name=handover.JOB)
def run_handover(handover_id: int) -> None:
    """Ask the platform for what one handover has planned."""
    handover.run_handover(handover_id)


@app.periodic(cron="*/5 * * * *")
@app.task(name="service.mind_handovers", queueing_lock="service.mind_handovers", pass_context=False)
def mind_handovers(timestamp: int) -> None:
    """Every five minutes: what became of handovers, and on with those that had to stop."""
    handover.mind_handovers()


@app.periodic(cron="41 1,5,9 * * *")
@app.task(name="service.read_platform", queueing_lock="service.read_platform", pass_context=False)
def read_platform(timestamp: int) -> None:
    """Three times a day, since figures of yesterday come late: what the platform counted of each member."""
    if is_connected():
        scorecard.read_platform()
