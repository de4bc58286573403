-- Run by the owner after the first refresh and after each upgrade (a migration may add tables):
--   sudo -u vigistock psql -d vigistock -f postgresql-rights.sql
GRANT USAGE ON SCHEMA public TO vigistock_pages;
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO vigistock_pages;
REVOKE INSERT ON alembic_version FROM vigistock_pages;
GRANT UPDATE (withdrawn_by, withdrawn_at) ON comment TO vigistock_pages;   -- a comment is withdrawn by its author, its text stays
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO vigistock_pages;
