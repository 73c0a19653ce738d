"""What schemes said of people, and the places in schemes that follow from it."""
