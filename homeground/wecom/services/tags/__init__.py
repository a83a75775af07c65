"""企业标签: the corp's tags and ours in step, both ways and without going in circles.

A tag of the corp has a tag of ours beside it. Put on or taken off on the platform, ours follows; put on or taken off
here, the platform's follows. FollowTag.is_in_step remembers that both had it, so that a missing one says who took it
off. Tags that we made there (is_ours) are ours alone to decide.
"""

from homeground.wecom.services.tags.bringing import bring_in, keep_given
from homeground.wecom.services.tags.listing import are_unknown, ensure, keep_tags, read_tags
from homeground.wecom.services.tags.pushing import Pushed, push

__all__ = ["Pushed", "are_unknown", "bring_in", "ensure", "keep_given", "keep_tags", "push", "read_tags"]
