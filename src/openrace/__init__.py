"""openrace: who said what about open-source AI, and how the words travel."""

__version__ = "0.1.0"
