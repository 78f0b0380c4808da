"""What is deleted when nothing can ask for it any more."""
