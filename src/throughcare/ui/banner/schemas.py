"""What is asked about a banner."""

from __future__ import annotations

from throughcare.ui.banner.model import Audience, Kind
from throughcare.ui.fields import Choice, ClockTime, Day, Line, Text
from throughcare.ui.form import PageForm

KINDS = (
    (Kind.OUTAGE.value, "Something does not work"),
    (Kind.BROADCAST.value, "A message"),
    (Kind.NEWS.value, "Something new in the service"),
)
AUDIENCES = (
    (Audience.EVERYBODY.value, "Everybody"),
    (Audience.PRACTITIONERS.value, "Probation practitioners"),
    (Audience.PROVIDERS.value, "Service providers"),
)


class BannerForm(PageForm):
    """A banner."""

    kind = Choice(required="Select what the banner is about", choices=KINDS)
    audience = Choice(required="Select who sees the banner", choices=AUDIENCES)
    heading = Line(what="Heading", required="Enter a heading", longest=150)
    body = Text(what="Text", longest=1_000)
    starts_on = Day(what="First day")
    starts_at = ClockTime(what="Time of the first day")
    ends_on = Day(what="Last day", required=False)
    dismissible = Choice(required="Select whether people can hide the banner", choices=(("yes", "Yes"), ("no", "No")))
