"""The law engine: language, compile, evaluate, decide, explain. It knows no particular law."""
