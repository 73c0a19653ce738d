"""Reads of persons across schemes: found, confirmed, shown."""
