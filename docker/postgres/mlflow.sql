-- MLflow has a database of its own beside the history's. Run once, when PostgreSQL makes its folder.
CREATE DATABASE mlflow;
