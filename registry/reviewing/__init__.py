"""What waits for an officer: possible links and findings, and the work on them."""
