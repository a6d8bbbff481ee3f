"""Work on cases beyond answering one: merge, split, link, macros, mentions, snooze, nudge, undo."""
