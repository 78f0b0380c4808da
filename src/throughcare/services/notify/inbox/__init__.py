"""What people read of the messages that were sent, and what they can make of them."""
