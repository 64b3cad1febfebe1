"""What every domain stands on and that knows no domain: database, errors, forms, words, pages, time."""
