"""Readers of the official files of lists, one format a file; ``lexloci.parties.importers.formats`` names them all."""
