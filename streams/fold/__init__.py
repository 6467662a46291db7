"""The pure core: what one record of `activity` does to the state it belongs to. No I/O, no clock, no chance.

A touch meets the steps in this order, one file or a few each:

    dedupe     has this very touch been counted before?
    identity   who belongs to whom: `identity` (the state and what it says), `claims` (how it comes about),
               `tree` (the summaries that travel up). Claims are taken from duplicates too: a touch that is sent
               again may name more identifiers than it did at first
    enrich     what the touch tells only together with the profile: first and last touch, lead source
    sessions   runs of touches without a long gap
    score      engagement with forward decay, by rule
    profile    the summary itself, and the rows made of it
"""
