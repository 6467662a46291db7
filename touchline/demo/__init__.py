"""The demo: three real recordings travel the whole way, as if they ended now."""
