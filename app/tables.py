"""All tables, so that foreign keys resolve and migrations see the whole; importing this imports every model."""

import app.approvals.models
import app.audit.models
import app.cases.models
import app.children.models
import app.consents.models
import app.decisions.models
import app.documents.models
import app.finding.models
import app.fostering.models
import app.indicators.models
import app.institutions.models
import app.instruments.models
import app.people.models
import app.placements.models
import app.places.models
import app.plans.models
import app.record.models
import app.referrals.models
import app.supervision.models
import app.tasks.models
import app.tracing.models
import app.transformation.models
import app.visits.models  # noqa: F401
from app.core.db import Base

metadata = Base.metadata
