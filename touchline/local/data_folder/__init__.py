"""What lies in the data folder: credentials, keys, ports, the file of a running system, and who may read them."""
