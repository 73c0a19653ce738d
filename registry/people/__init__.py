"""Persons and links: who is one person, by weights, guards and officers' decisions."""
