"""Values in payloads of foreign systems, read alike by the adapters of SDKs and of webhooks. Pure."""
