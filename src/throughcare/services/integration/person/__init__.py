"""Who a domain event concerns: identifier, prison and supervision status, asked of the systems that know."""
