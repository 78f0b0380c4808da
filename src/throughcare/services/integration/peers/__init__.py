"""Clients of the services that know people."""
