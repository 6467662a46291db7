"""Operations: status, doctor, lag, replay and rebuild.

They examine and repair a running system from outside; neither a worker nor `touchline up` imports them.
"""
