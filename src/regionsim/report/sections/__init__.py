"""The page's sections: each a function of the view that returns its content, or nothing where it has none to show."""
