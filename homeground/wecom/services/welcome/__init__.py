"""欢迎语: what a new friend is answered, within the platform's 20 seconds, at most once."""

from homeground.wecom.services.welcome.choosing import Asked, WelcomeMessage, answer_with, chosen
from homeground.wecom.services.welcome.sending import Claim, claim, give_way, send, settle_lost

__all__ = ["Asked", "Claim", "WelcomeMessage", "answer_with", "chosen", "claim", "give_way", "send", "settle_lost"]
