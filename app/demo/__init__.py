"""The demonstration and the data for measurements: invented people in real places.

`load` writes a small Rwanda that a person can walk through, `dataset` a large one for figures. Both follow from a
seed and are dated back from today. Both are made by the same rules as the verbs use, and both refuse to mix with
records of real people.
"""
