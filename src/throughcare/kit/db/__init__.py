"""PostgreSQL: one pool, one role and one schema per service."""

from throughcare.kit.db.database import Database, Queries, Store, Views, schema
from throughcare.kit.db.unit_of_work import DuplicateEvent, StaleVersion, UnitOfWork

__all__ = ["Database", "DuplicateEvent", "Queries", "StaleVersion", "Store", "UnitOfWork", "Views", "schema"]
