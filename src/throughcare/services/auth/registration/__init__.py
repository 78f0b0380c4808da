"""Giving outside bodies machine clients of their own, and taking them away."""
