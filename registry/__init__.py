"""What is true of persons, and who may change it."""
