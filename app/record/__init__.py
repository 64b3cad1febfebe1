"""The child's record in full: what a worker knows about the person beyond name, sex and age.

It has groups (other names, birth, parents, languages, school), each with a version of its own, so that two people who
write in different groups never meet; previous addresses and identity numbers, which are added one by one and
withdrawn, never deleted; and health, which only the responsible worker and the supervisor of the district read. An
identity number is kept sealed, shown masked, revealed by a verb that is noted, and found by the whole number only.
There is no field for ethnicity and none for biometrics. Adults who grew up in an institution have the same record.
"""
