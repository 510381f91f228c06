"""One contestant a file: each translates the same rules into the form that its engine likes best."""
