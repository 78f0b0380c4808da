"""The authorisation endpoint: who may have a code, and where it is sent."""
