"""One file per fare provider: build the request, decode the reply, say what came of it."""
