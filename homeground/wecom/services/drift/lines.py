"""One line of a report."""

from dataclasses import dataclass

from homeground.wecom.models import Difference

Why = Difference.Why


@dataclass(frozen=True)
class Line:
    """One thing that is so here and not there. userid: whose contacts to read again to mend it; may be empty."""

    subject: str
    key: str
    userid: str
    here: str
    there: str
    why: str

    def row(self, report_id: int) -> Difference:
        """What is kept of it."""
        return Difference(
            report_id=report_id, subject=self.subject, key=self.key[:150], userid=self.userid[:64],
            here=self.here[:200], there=self.there[:200], why=self.why,
        )  # fmt: skip
