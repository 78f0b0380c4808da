"""Delivery receipts that are posted to the sending service."""
