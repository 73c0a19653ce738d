"""The DCI door: social protection systems ask in the messages of the interoperability standard."""
