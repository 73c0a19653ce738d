"""The figures as pictures and tables."""
