"""The figures: what the registry holds, whom the schemes reach, how good the lists are."""
