"""When relators hold: bounds from authored dates, certain and possible days."""
