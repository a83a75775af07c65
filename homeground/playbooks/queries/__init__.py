"""Reads of the room: which type a brand is, whether it should begin, and how an installed pack does."""

from homeground.playbooks.queries.counting import Period, Product
from homeground.playbooks.queries.estimate import Answers, Estimate, Proposal, estimated, proposed
from homeground.playbooks.queries.kpis import Board, Shown, board
from homeground.playbooks.queries.suitability import Figures, Verdict, figures, overall, verdicts

__all__ = [
    "Answers", "Board", "Estimate", "Figures", "Period", "Product", "Proposal", "Shown", "Verdict", "board",
    "estimated", "figures", "overall", "proposed", "verdicts",
]  # fmt: skip
