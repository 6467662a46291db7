"""Everything on one machine: `touchline up`, its data folder and its child processes.

How a single process is run and guarded lives in `deploy`.
"""
