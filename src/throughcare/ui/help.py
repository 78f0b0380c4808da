"""What people are told when something is wrong: what happened, and what they can do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from throughcare.kit.web.pages import Help, NavigationItem
from throughcare.ui.referral.model import Side
from throughcare.ui.session.model import Visit
from throughcare.ui.unfinished.model import Gone, Kind

KEPT = ["What you typed is kept, and filled in again when you go back to the form.", "Try again in a minute."]
HELPER = "Ask an administrator of your organisation to check your account."
HELPS = {
    "SIGN_IN_FAILED": Help(
        "You were not signed in",
        ["Signing in took too long, or was begun in another browser."],
        NavigationItem("Sign in", "/sign-in"),
    ),
    "NO_WORKPLACE": Help(
        "You do not have permission to view this service",
        [
            "Your account has no role in this service.",
            "Ask an administrator of your organisation to add the role for your work: probation practitioner, or "
            "provider of Commissioned Rehabilitative Services (CRS).",
            "Then sign out and in again.",
        ],
    ),
    "ROLE_MISSING": Help(
        "You do not have permission to view this page",
        [
            "It is for people with another role than yours.",
            "If you need it for your work, ask an administrator of your organisation to add the role to your account. "
            "Then sign out and in again.",
        ],
    ),
    "UNFINISHED_WORK_OF_ANOTHER": Help(
        "You are not authorised to view this page", ["Somebody else began this work, and only they can go on with it."]
    ),
    "FORBIDDEN": Help(
        "You are not authorised to view this page",
        ["Go back to the page that you came from, and try again from there."],
    ),
    "SIGN_IN_CHECKS_UNAVAILABLE": Help(
        "Sign-in checks unavailable",
        ["We cannot check that you are still signed in. You have not been signed out.", "Try again in a minute."],
    ),
}
SIGNED_OUT = (
    "You were signed out",
    "This happens when you have not used the service for 2 hours, or signed out elsewhere. Nothing was sent.",
    "Sign in and go back to the form",
)
OPEN_TOO_LONG = (
    "Check and send again",
    "The page was open while you signed in again, so the form was not accepted. Nothing was sent.",
    "Go back to the form",
)
AGAIN = {
    Kind.REFERRAL: "Find the intervention and begin again.",
    Kind.ASSIGNMENT: "Open the referral and assign a caseworker again.",
    Kind.BULK_ASSIGNMENT: "Choose the referrals in your list and assign them again.",
    Kind.ASSESSMENT: "Open the referral and book the supplier assessment again.",
    Kind.SESSION: "Open the referral and book the session again.",
    Kind.CASE_NOTE: "Open the referral and write the case note again.",
    Kind.WITHDRAWAL: "Open the referral and withdraw it again.",
}


def reasons(body: Mapping[str, Any]) -> list[str]:
    """Every reason for which a service refuses somebody, as sentences, and who can help."""
    said = [str(one) for one in body.get("accessErrors") or ["your account may not see this"]]
    return [f"{one[:1].upper()}{one[1:]}." for one in said] + [HELPER]


def finished(gone: Gone) -> Help:
    """DR-2: the work was done, and led somewhere."""
    said = f"You already {gone.kind.value}." if gone.kind else "You already sent this."
    to = NavigationItem("See what it led to", gone.outcome or "/")
    return Help(str(gone.title), [said, "Nothing was done a second time."], to)


def expired(gone: Gone, ids: Mapping[str, Any], path: str) -> Help:
    """DR-1: the work is not there any more, or never was; the way on is the referral where the address names one."""
    happened = "It was not finished within 7 days, or the address is not complete."
    begin = AGAIN[gone.kind] if gone.kind else "Begin again from the referral."
    side = path.split("/", 2)[1]
    if "referral_id" in ids and side in {"probation-practitioner", "service-provider"}:
        to = NavigationItem("Go to the referral", f"/{side}/referrals/{ids['referral_id']}/progress")
    elif gone.kind is Kind.REFERRAL:
        to = NavigationItem("Find interventions", "/find-interventions")
    else:
        to = NavigationItem("Go to your unfinished work", "/drafts")
    return Help(str(gone.title), [happened, begin], to)


def account_details(visit: Visit, groups: Sequence[str] | None) -> str:
    """An account as this service sees it, for an administrator: line by line."""
    known = "could not be looked up" if groups is None else ", ".join(groups) or "none"
    lines = (
        ("User name", visit.username),
        ("Name", visit.name),
        ("Signs in with", visit.auth_source),
        ("Organisation", ", ".join(visit.organisations) or "none"),
        ("Roles", ", ".join(sorted(visit.roles)) or "none"),
        ("Groups", known),
    )
    return "\n".join(f"{label}: {said}" for label, said in lines)


def of_other_side(side: Side, path: str) -> Help:
    """What somebody of ``side`` is told who opens a page of the other one, ``path`` being their own page like it."""
    button = NavigationItem(f"Open the page for {side.people}", path)
    return Help(f"This page is for {side.other.people}", ["You have a page of your own like it."], button)
