"""Telling one consumer again what it was told, or would have been."""
