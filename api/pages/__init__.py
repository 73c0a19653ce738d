"""Officers' pages: rendered on the server, in Khmer and English, whole without scripts."""
