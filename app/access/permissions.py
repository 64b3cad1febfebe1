"""What can be permitted: each permission with the sentence that the matrix shows."""

from app.core.i18n import N_
from app.core.words import Word


class Permission(Word):
    """A thing that a role may ever do, named resource:action."""

    ACCOUNTS_MANAGE = "accounts:manage", N_("Create, move and disable accounts and posts")
    APPROVALS_DECIDE = "approvals:decide", N_("Approve or return what somebody else wrote")
    AUDIT_READ = "audit:read", N_("Read the audit log")
    CASELOADS_MANAGE = "caseloads:manage", N_("See caseloads, and give cases to other workers")
    CASES_READ = "cases:read", N_("Read the case file of a child")
    CASES_WRITE = "cases:write", N_("Open a case and write in its file")
    CHILDREN_LIST = "children:list", N_("See the list of children in reach")
    CHILDREN_READ = "children:read", N_("Open a child's page")
    CHILDREN_REGISTER = "children:register", N_("Register a child and change the record")
    CHILDREN_UNSEAL = "children:unseal", N_("See a child's name, with a written reason")
    CHILDREN_MERGE = "children:merge", N_("Join two records of one child, and part them again")
    CLAIMS_REPORT = "claims:report", N_("Report who came and who left an institution")
    HOUSEHOLDS_READ = "households:read", N_("See families")
    HOUSEHOLDS_WRITE = "households:write", N_("Register families and change their record")
    INDICATORS_READ = "indicators:read", N_("See the numbers")
    INDICATORS_RECORDS = "indicators:records", N_("Open the list of records behind a number")
    INSTITUTIONS_READ = "institutions:read", N_("See institutions")
    INSTITUTIONS_WRITE = "institutions:write", N_("Register institutions and change their record")
    INSTRUMENTS_MANAGE = "instruments:manage", N_("Switch a newer version of a form on")
    MATRIX_READ = "matrix:read", N_("See who may do what")
    PLACEMENTS_WRITE = "placements:write", N_("Start and end placements")
    PLACES_MANAGE = "places:manage", N_("Keep the list of places")
    PLACES_READ = "places:read", N_("Find a place")
    REFERRALS_ACT = "referrals:act", N_("Acknowledge, accept, return, escalate and resolve referrals")
    REFERRALS_FILE = "referrals:file", N_("File a referral and withdraw one's own")
    REFERRALS_READ = "referrals:read", N_("Read referrals in reach")
    SERVICES_ANSWER = "services:answer", N_("Answer what was asked of a service")
    TASKS_READ = "tasks:read", N_("See what is due")
    VISITS_CHECK = "visits:check", N_("Log a light check in the village")
    VISITS_WRITE = "visits:write", N_("Log professional visits")
