"""What the HTTP servers of Touchline share: their page for operators, TLS files, and the stream of their access log."""
