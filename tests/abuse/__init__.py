"""Faults under load, then the ledgers must agree: ``make abuse``."""
