"""Whether schemes cover somebody on a day."""
