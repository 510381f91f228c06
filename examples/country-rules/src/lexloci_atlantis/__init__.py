"""The law of Atlantis, which is invented: data for lexloci, and no code."""
