"""The command ``lexloci``: thin doors over the functions of the package."""
