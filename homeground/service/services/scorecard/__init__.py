"""记分卡: goals with their dates, and the platform's own figures read each day."""

from homeground.service.services.scorecard.goals import install_goals, set_goal
from homeground.service.services.scorecard.platform import read_platform

__all__ = ["install_goals", "read_platform", "set_goal"]
