"""The collector: touches come in over HTTP, and records of the raw topics go out."""
