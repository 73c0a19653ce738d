"""Who may come in, as whom, and how far they see."""
