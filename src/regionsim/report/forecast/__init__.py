"""The page and the pictures of a forecast; made of a dataset and tables, without a model."""
