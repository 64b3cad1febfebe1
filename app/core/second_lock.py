"""Rights and row-level security for the tables of a migration: the second lock, in two calls.

Migration 0002 explains the limits that the policies read. A table that no call here has opened is closed to the web
and the worker.
"""

from alembic import op

from app.core.db import WEB_ROLE, WORKER_ROLE

IN_AREA = "area_code between (select tubarerere_lo()) and (select tubarerere_hi())"
OF_VISIBLE_CHILD = "tubarerere_sees_child(child_id)"
AREA_OR_CHILD = f"case when {IN_AREA} then true else {OF_VISIBLE_CHILD} end"
_POLICIES = ("web_reads", "web_adds", "web_changes", "worker")


def open_table(table: str, *, web: str = "select, insert, update", worker: str = "select") -> None:
    """Grants what the two roles of the service may ever do with a table; nobody but the owner deletes."""
    op.execute(f"grant {web} on {table} to {WEB_ROLE}")
    op.execute(f"grant {worker} on {table} to {WORKER_ROLE}")


def lock_table(table: str, condition: str = OF_VISIBLE_CHILD) -> None:
    """Lets the web read and change only the rows of a table that fit a condition; the worker reaches all.

    What may be written is the verbs' business; that only visible rows are changed is the policy's.
    """
    op.execute(f"alter table {table} enable row level security")
    op.execute(f"create policy web_reads on {table} for select to {WEB_ROLE} using ({condition})")
    op.execute(f"create policy web_adds on {table} for insert to {WEB_ROLE} with check (true)")
    op.execute(f"create policy web_changes on {table} for update to {WEB_ROLE} using ({condition}) with check (true)")
    op.execute(f"create policy worker on {table} to {WORKER_ROLE} using (true) with check (true)")


def unlock_table(table: str) -> None:
    """Takes the policies away again, for a migration's way down."""
    for policy in _POLICIES:
        op.execute(f"drop policy {policy} on {table}")
    op.execute(f"alter table {table} disable row level security")
