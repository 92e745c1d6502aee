"""The Backend API of who people are and who may come in: users (contract 5), the instance (6.3)."""
