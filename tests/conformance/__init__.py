"""One suite for every message bus: what ``throughcare.kit.messaging.bus`` promises, on each adapter."""
