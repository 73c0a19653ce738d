"""Other systems: their messages, our answers, signatures and deliveries."""
