"""Lists as they come: received, previewed, parsed, kept chunk by chunk, and given back."""
