"""Sign-ins on the server's side: alive until signed out, idle too long, or revoked."""
