"""When: the timetable, and the clock that runs it."""
