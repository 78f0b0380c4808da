"""Random commands, legal and illegal, on the running system and on a second account of its rules."""
