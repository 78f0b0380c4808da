"""Who a message goes to."""
