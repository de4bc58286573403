"""What may be shared without revealing a laboratory."""

TITLE = "Secret des affaires"
