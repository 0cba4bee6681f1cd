"""The database backend of the project: Django's for PostgreSQL, patient while the server restarts."""
