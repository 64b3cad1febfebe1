"""The numbers: a catalogue of indicators, each with its meaning, its query and the list of records behind it.

An indicator is counted over a period and a place. A ratio is kept as numerator and denominator and never averaged.
The stock-flow ledger shows that opening + admissions - exits = closing, with whatever does not add up as a residual.
Published figures of others are quoted with their source beside the computed ones and never mixed with them.
"""
