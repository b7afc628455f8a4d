"""Use-cases that every face calls; a face parses, calls one of these, presents the result."""
