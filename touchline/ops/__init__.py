"""Operations: status, doctor, lag, replay and rebuild.

They look at a running system from outside and repair it; no stage imports them.
"""
