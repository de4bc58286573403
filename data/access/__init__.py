"""Who may see what: roles, the access table, whether this server may serve, the identity provider's claims."""
