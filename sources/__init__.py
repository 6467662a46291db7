"""How touches come in: the emitter that anybody can use, and importers of logs and tables.

Everything here speaks the contract of the raw topics and knows nothing of the pipeline behind them.
"""
