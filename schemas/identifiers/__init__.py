"""Identifiers of people: one spelling per value, and the values that identify no person.

Pure. A new kind of identifier has its rules here and nowhere else.
"""
