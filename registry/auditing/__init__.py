"""The audit: written with what it records, verified, reported."""
