"""The lists of the schemes: one adapter a scheme."""
