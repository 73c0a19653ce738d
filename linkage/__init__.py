"""Records in, links out: record linkage that knows no database, no web and no scheme."""
