"""Who may see what: roles, the access table, whether this server may serve, what the identity provider says."""
