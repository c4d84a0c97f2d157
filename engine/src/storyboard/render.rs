//! Diagnostics for people (miette's graphical reports) and for editors (versioned JSON).
