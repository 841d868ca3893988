"""Text → claims: who said what, with exact offsets."""
