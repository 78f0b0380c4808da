"""Settings of the authorisation server, from ``THROUGHCARE_AUTH__…``."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_address

from throughcare.kit.settings import ServiceSettings


class AuthSettings(ServiceSettings):
    """What an operator may set.

    ``trusted_proxies`` are the networks whose ``X-Forwarded-For`` is believed. ``key_days`` is how long a key
    signs before the next one takes over. The limits are failed sign-ins from one address, and from the
    network that it lies in (/24 or /56), in five minutes.
    """

    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    key_days: int = 30
    attempts_per_address: int = 60
    attempts_per_network: int = 300

    def address_of(self, peer: str, forwarded: str) -> str:
        """Who calls: the peer itself, or, when that is one of the proxies, the last hop that it names."""
        peer = _plain(peer)
        last_hop = _plain(forwarded.rpartition(",")[2].strip())
        return last_hop if last_hop and self._trusts(peer) else peer

    def _trusts(self, peer: str) -> bool:
        try:
            return any(ip_address(peer) in network for network in self.trusted_proxies)
        except ValueError:
            return False


def _plain(address: str) -> str:
    """An address as it is compared: an IPv4 address that came by an IPv6 socket is an IPv4 address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)
