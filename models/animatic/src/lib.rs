//! The animatic picture model: reads a shot's words and draws it in moving layers.
