"""Plans of cases, the packages that strengthen a family, reviews, and services that are asked of providers.

A case has one *plan* in force: *goals* (what shall be true), *actions* (who does what until when) and *packages* (what
the family gets, with its cost in Rwf). A plan is a draft, is requested, and is approved by somebody else than its
author; then it is in force until the next version of it is, or until it is closed. Changing a plan in force makes a new
version as a draft, and the old one stays in force until the approval. At least every three months it is *reviewed* with
the child heard. A *service* is asked of a provider with the consent of the family and the minimum told; the provider
sees nothing but what was asked of it.
"""
