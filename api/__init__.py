"""The HTTP door: parse, call one registry function, render."""
