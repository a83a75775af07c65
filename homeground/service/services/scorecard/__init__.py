"""记分卡: goals with their dates, the platform's own figures read each day, and counts kept to be shown again."""

from homeground.service.services.scorecard.counting import ask_audiences, ask_cards
from homeground.service.services.scorecard.goals import install_goals, set_goal
from homeground.service.services.scorecard.platform import read_platform

__all__ = ["ask_audiences", "ask_cards", "install_goals", "read_platform", "set_goal"]
