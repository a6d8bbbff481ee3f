"""Organisation, people, rights, settings and the Event log: nothing with a survey or a case in it."""
