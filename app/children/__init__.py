"""Children and the households that raise them: who they are, not what happens to them.

A child is a person of any age who lives or lived in institutional care, or is at risk of it, with a code such
as `TMM-7K3Q9D` that can be read aloud. Where the child lives is told by placements; they repeat it on the
child's row. How much of a child a person sees is a `View` (app.access.rules): the first name and the task,
the code and the initials, a resident's record, or the whole; what may not be seen is not even selected. A
`restricted` child opens to the responsible worker and the district's supervisor only.

A household is a family of birth, of kin, a foster family (Malayika Murinzi), a guardian's, or a young
person's own. Foster families are checked, approved or no longer willing (`Vetting`); only an approved one may
foster.
"""
