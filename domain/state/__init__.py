"""The state of each noun, as rules read it: folded from its stream, never more than a rule needs."""
