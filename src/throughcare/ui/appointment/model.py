"""An appointment for somebody's calendar (RFC 5545)."""

from __future__ import annotations

from datetime import datetime, timedelta

from icalendar import Calendar, Event

from throughcare.ui.peers.delivery import Appointment


def calendar_of(held: Appointment, reference: str, number: int | None, now: datetime) -> bytes:
    """A calendar with one appointment: what it is and for which referral, nothing about the person."""
    what = "Supplier assessment" if number is None else f"Session {number}"
    calendar, event = Calendar(), Event()
    calendar.add("prodid", "-//throughcare//appointments//EN")
    calendar.add("version", "2.0")
    event.add("uid", f"{held.id}@throughcare")
    event.add("dtstamp", now)
    event.add("dtstart", held.appointment_time)
    event.add("dtend", held.appointment_time + timedelta(minutes=held.duration_in_minutes))
    event.add("summary", f"{what}, referral {reference}")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
