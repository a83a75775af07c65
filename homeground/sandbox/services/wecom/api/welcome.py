"""欢迎语 for a new friend."""

from homeground.sandbox.services.wecom import attachments, welcome
from homeground.sandbox.services.wecom.fields import Given, text, thing, things
from homeground.sandbox.services.wecom.registry import Answer, Caller, post


@post(
    "externalcontact/send_welcome_msg",
    text("welcome_code", size=512, needed=41049, wrong=41050),
    thing("text"),
    things("attachments"),
)
def send(caller: Caller, given: Given) -> Answer:
    """Welcome a new friend within 20 seconds of the callback's making, once."""
    code = welcome.use(given["welcome_code"], caller.at)
    welcome.deliver(code, attachments.message(caller, given), caller.at)
    return {}
