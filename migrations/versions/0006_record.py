"""The child's record in full, consents, and encrypted documents."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from app.core.second_lock import OF_VISIBLE_CHILD, lock_table, open_table, unlock_table

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# Health opens to the worker whose case it is and to the supervisor of the district; nobody else's query finds a row.
HEALTH = (
    "exists (select from children c where c.id = child_id and c.responsible_post_id = (select tubarerere_post())) "
    "or (exists (select from posts p where p.id = (select tubarerere_post()) and p.role = 'district_supervisor') "
    f"and {OF_VISIBLE_CHILD})"
)


def upgrade() -> None:
    op.create_table(
        "documents",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=True),
        sa.Column("given_by", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(withdrawn_at is null) = (withdrawn_reason is null)", name=op.f("ck_documents_withdrawn")),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_documents_child_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("address", name=op.f("uq_documents_address")),
    )
    op.create_index("ix_documents_child_id", "documents", ["child_id", "created_at", "id"], unique=False)
    op.create_index(
        "ix_documents_photo",
        "documents",
        ["child_id", "created_at"],
        unique=False,
        postgresql_where=sa.text("kind = 'photo' and withdrawn_at is null"),
    )
    op.create_table(
        "health_records",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_health_records_child_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_health_records")),
        sa.UniqueConstraint("child_id", name=op.f("uq_health_records_child_id")),
    )
    op.create_table(
        "identities",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(withdrawn_at is null) = (withdrawn_reason is null)", name=op.f("ck_identities_withdrawn")),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_identities_child_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identities")),
    )
    op.create_index(op.f("ix_identities_child_id"), "identities", ["child_id"], unique=False)
    op.create_index("ix_identities_fingerprint", "identities", ["fingerprint"], unique=False)
    op.create_table(
        "previous_addresses",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("place_code", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(), nullable=True),
        sa.Column("with_whom", sa.String(), nullable=True),
        sa.Column("from_year", sa.Integer(), nullable=True),
        sa.Column("until_year", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(withdrawn_at is null) = (withdrawn_reason is null)", name=op.f("ck_previous_addresses_withdrawn")
        ),
        sa.CheckConstraint("place_code is not null or words is not null", name=op.f("ck_previous_addresses_somewhere")),
        sa.CheckConstraint(
            "until_year is null or from_year is null or until_year >= from_year",
            name=op.f("ck_previous_addresses_order"),
        ),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_previous_addresses_child_id")),
        sa.ForeignKeyConstraint(["place_code"], ["places.code"], name=op.f("fk_previous_addresses_place_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_previous_addresses")),
    )
    op.create_index(op.f("ix_previous_addresses_child_id"), "previous_addresses", ["child_id"], unique=False)
    op.create_table(
        "record_parts",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("content", JSONB(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_record_parts_child_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_parts")),
        sa.UniqueConstraint("child_id", "part", name=op.f("uq_record_parts_child_id_part")),
    )
    op.create_table(
        "withholdings",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("from_whom", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("lifted_on", sa.Date(), nullable=True),
        sa.Column("lifted_reason", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(lifted_on is null) = (lifted_reason is null)", name=op.f("ck_withholdings_lifted")),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_withholdings_child_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withholdings")),
    )
    op.create_index("ix_withholdings_child_id", "withholdings", ["child_id"], unique=False)
    op.create_table(
        "consents",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("how", sa.String(), nullable=True),
        sa.Column("given_by", sa.String(), nullable=True),
        sa.Column("giver_name", sa.String(), nullable=True),
        sa.Column("assent", sa.String(), nullable=True),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(basis = 'consent') = (answer <> 'not_asked')", name=op.f("ck_consents_answer")),
        sa.CheckConstraint("basis = 'consent' or reason is not null", name=op.f("ck_consents_reason")),
        sa.CheckConstraint("purpose = 'sharing' or organisation is null", name=op.f("ck_consents_organisation")),
        sa.CheckConstraint("(withdrawn_on is null) = (withdrawn_reason is null)", name=op.f("ck_consents_withdrawn")),
        sa.CheckConstraint("withdrawn_on is null or withdrawn_on >= given_on", name=op.f("ck_consents_order")),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_consents_child_id")),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_consents_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index("ix_consents_child_id", "consents", ["child_id", "purpose", "given_on"], unique=False)
    open_table("record_parts")
    lock_table("record_parts")
    open_table("health_records")
    lock_table("health_records", HEALTH)
    open_table("identities")
    lock_table("identities")
    open_table("previous_addresses")
    lock_table("previous_addresses")
    open_table("documents")
    lock_table("documents")
    open_table("consents")
    lock_table("consents")
    open_table("withholdings")
    lock_table("withholdings")


def downgrade() -> None:
    unlock_table("withholdings")
    unlock_table("consents")
    unlock_table("documents")
    unlock_table("previous_addresses")
    unlock_table("identities")
    unlock_table("health_records")
    unlock_table("record_parts")
    op.drop_index("ix_consents_child_id", table_name="consents")
    op.drop_table("consents")
    op.drop_index("ix_withholdings_child_id", table_name="withholdings")
    op.drop_table("withholdings")
    op.drop_table("record_parts")
    op.drop_index(op.f("ix_previous_addresses_child_id"), table_name="previous_addresses")
    op.drop_table("previous_addresses")
    op.drop_index("ix_identities_fingerprint", table_name="identities")
    op.drop_index(op.f("ix_identities_child_id"), table_name="identities")
    op.drop_table("identities")
    op.drop_table("health_records")
    op.drop_index(
        "ix_documents_photo",
        table_name="documents",
        postgresql_where=sa.text("kind = 'photo' and withdrawn_at is null"),
    )
    op.drop_index("ix_documents_child_id", table_name="documents")
    op.drop_table("documents")
