//! The storyboard language as its users meet it: what mistakes are told, what editors offer.

mod editor;
mod faulty;
