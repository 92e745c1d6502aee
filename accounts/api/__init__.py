"""The Backend API of who people are and who may come in: users and the instance."""
