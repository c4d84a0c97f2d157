//! The built-in node kinds, one folder each.
