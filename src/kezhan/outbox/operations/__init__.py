"""Everything that changes rows of the outbox."""
