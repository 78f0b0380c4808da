"""The main job, performed through the public doors of a running system."""
