"""Files received: from the inbox or over HTTP to untouched copies with their provenance."""
