"""Instruments: the forms of the case work, as data.

A *definition* is a file of `data/instruments`, named by its key and version: sections of a few questions in three
languages, kinds of answers, conditions, scores, guidance. One loader checks the definitions, one set of rules reads
and judges answers, one renderer draws them. A *set of answers* is a draft until it is submitted; a submitted set never
changes, a correction is a new set that names the old one, and each is read in the version it was given in. A newer
version asks only where the district has switched it on.
"""
