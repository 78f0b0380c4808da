"""Synthetic referrals, for development and demonstrations."""
