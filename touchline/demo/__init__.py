"""`touchline demo`: three real recordings run through the whole pipeline, shifted in time to end now.

The recordings lie in `sources/recordings`; the demo uses the same emitter, importers and questions as users do.
"""
