-- Run once by a superuser: sudo -u postgres psql -f postgresql-roles.sql   (passwords afterwards: \password vigistock …)
-- Two roles: the refresh owns the tables, changes them at an upgrade and deletes old entries of the access log; the pages
-- insert rows and can neither update nor delete them, even if a dashboard process is taken over.
CREATE ROLE vigistock LOGIN;
CREATE ROLE vigistock_pages LOGIN;
CREATE DATABASE vigistock OWNER vigistock ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE vigistock FROM PUBLIC;
GRANT CONNECT ON DATABASE vigistock TO vigistock_pages;
