//! The synth sound model: effects from words, scratch voices, a score composed by rule.
