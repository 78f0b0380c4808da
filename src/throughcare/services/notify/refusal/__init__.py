"""How the Notify API says no."""
