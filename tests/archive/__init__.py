"""The archive room, as its user meets it: against the embedded archive, and against servers that misbehave."""
