"""The only door to linkage: records in, links and reviews out."""
