"""The FHIR door: health systems ask in FHIR R4, by the IHE profiles PIXm and PDQm."""
