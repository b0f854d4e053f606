"""The demo workspace: half a year of a public broadcaster's ten teams, made by running the real commands."""
