"""What clerks write, read into the forms of the normalised record: one subject a module."""
