"""How good forecasts of drivers are: rolling origins, scores, tests."""
