"""客户继承: plan whose customers go to whom, hand them over in batches, see what became of each."""

from homeground.service.services.handover.jobs import JOB, queue_handover
from homeground.service.services.handover.planning import (
    Rule,
    cancel_handover,
    discard_handover,
    plan_handover,
    start_handover,
)
from homeground.service.services.handover.polling import mind_handovers, poll_handover
from homeground.service.services.handover.refusals import note_refusals
from homeground.service.services.handover.running import run_handover

__all__ = [
    "JOB", "Rule", "cancel_handover", "discard_handover", "mind_handovers", "note_refusals", "plan_handover",
    "poll_handover", "queue_handover", "run_handover", "start_handover",
]  # fmt: skip
