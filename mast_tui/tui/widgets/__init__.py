"""Widgets that more than one screen uses. They draw nouns; they know no controller."""
