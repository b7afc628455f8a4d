"""Price pictures: what to draw, how it looks, and the process that draws it off the loop."""
