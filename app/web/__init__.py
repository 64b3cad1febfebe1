"""The pages: their assembly, navigation, home, errors, health, and the built front-end files."""
