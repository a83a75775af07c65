"""What this room refuses."""

from django.utils.translation import gettext as _

from homeground.core.errors import BusinessError


class NothingToAnswer(BusinessError):
    """A phone that got nothing has nobody to answer."""

    def __str__(self) -> str:
        return _("这部手机还没有收到消息，无法回复。")


class CallbackAddressFailed(BusinessError):
    """The callback address did not open the sealed number. why: a few words; empty when it answered something else."""

    def __init__(self, why: str) -> None:
        self.why = why

    def __str__(self) -> str:
        if self.why:
            return _("回调地址没有通过验证（%(why)s）。请确认产品正在运行，并且已保存同一组回调密钥。") % {
                "why": self.why
            }
        return _("回调地址有回应，但没有解开验证串。请确认产品里保存的是同一组回调密钥。")


class NotFriends(BusinessError):
    """Without a friendship nothing passes between the two."""

    def __str__(self) -> str:
        return _("两人现在不是好友，请先扫码或通过好友申请。")


class AlreadyFriends(BusinessError):
    """The customer has this member already."""

    def __str__(self) -> str:
        return _("已经是好友了，直接聊天即可。")


class MemberIsFull(BusinessError):
    """A member of staff may have so many customers and no more."""

    def __str__(self) -> str:
        return _("这位员工的客户数已到上限，请换一位员工。")


class NobodyToAdd(BusinessError):
    """No member behind this code can be added."""

    def __str__(self) -> str:
        return _("这个码没有可添加的员工：可能已离职、未开通客户联系或不在可见范围。")


class CodeIsOver(BusinessError):
    """The code or link does not work any more."""

    def __str__(self) -> str:
        return _("这个码已失效。")


class NoQuotaLeft(BusinessError):
    """Each customer through an acquisition link uses one unit."""

    def __str__(self) -> str:
        return _("获客助手的额度已用完，客户无法通过链接添加。")


class AlreadyAnswered(BusinessError):
    """A request is answered once."""

    def __str__(self) -> str:
        return _("这条好友申请已经处理过了。")


class NothingWritten(BusinessError):
    """An empty message is not sent."""

    def __str__(self) -> str:
        return _("请输入内容后再发送。")


class NotInGroup(BusinessError):
    """Only who is in the group may write in it or leave it."""

    def __str__(self) -> str:
        return _("不在这个群里。")


class GroupIsFull(BusinessError):
    """A group takes 200 people."""

    def __str__(self) -> str:
        return _("群已满 200 人，请换一个群。")


class GroupIsGone(BusinessError):
    """A dismissed group takes nothing."""

    def __str__(self) -> str:
        return _("这个群已解散。")


class NobodyChosen(BusinessError):
    """A send needs somebody to go to."""

    def __str__(self) -> str:
        return _("没有可以发送的客户。")


class CannotBeSeen(BusinessError):
    """Only whom a post is visible to may like it or comment on it."""

    def __str__(self) -> str:
        return _("这位客户看不到这条朋友圈。")


class TransferIsDecided(BusinessError):
    """A transfer is refused only while it waits."""

    def __str__(self) -> str:
        return _("这次继承已经有结果，不能再拒绝。")


class HasResigned(BusinessError):
    """Who has left does nothing any more."""

    def __str__(self) -> str:
        return _("这位员工已离职。")


class UseridTaken(BusinessError):
    """A userid is given once."""

    def __str__(self) -> str:
        return _("这个员工账号已被使用，请换一个。")


class TagNameTaken(BusinessError):
    """A name stands once in its group."""

    def __str__(self) -> str:
        return _("这个名称已存在，请换一个。")


class SeedIsTaken(BusinessError):
    """The same seed gives the same corp, so one of another size needs another seed."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def __str__(self) -> str:
        return _("种子 %(seed)s 已经生成过另一种规模的企业，请换一个种子。") % {"seed": self.seed}
