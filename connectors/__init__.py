"""Sources of Vigistock: one module per source, found by convention (see ``base``)."""
