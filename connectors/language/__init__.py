"""The French language, whatever the text is about: its typography on the way out, its accents in comparisons."""
