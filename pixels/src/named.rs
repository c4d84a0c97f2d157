//! Words that stand for a choice, and the nearest one where a word is unknown.

use crate::error::{PixelError, Result};

/// The choice of that name; else an error that names the nearest one, or all of them.
pub(crate) fn named<T: Copy>(operation: &str, what: &str, name: &str, all: &[(&str, T)]) -> Result<T> {
    if let Some((_, found)) = all.iter().find(|(known, _)| *known == name) {
        return Ok(*found);
    }
    let names: Vec<&str> = all.iter().map(|(known, _)| *known).collect();
    let hint = hint(name, names.iter().copied());
    let names = names.join(", ");
    Err(PixelError::argument(
        operation,
        format_args!("knows no {what} `{}`{hint}; there are {names}", shortened(name)),
    ))
}

/// `, did you mean ...?` where a known word is near.
pub(crate) fn hint<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    nearest(name, known).map_or(String::new(), |near| format!(", did you mean `{near}`?"))
}

/// The known word nearest to this one, if any is near.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if name.len() > 64 {
        return None;
    }
    let scored = known.map(|word| (strsim::damerau_levenshtein(name, word), word));
    let (distance, word) = scored.min_by_key(|(distance, _)| *distance)?;
    (distance <= word.len().max(name.len()) / 3 + usize::from(name.len() > 3)).then_some(word)
}

/// A word as far as an error shows it.
pub(crate) fn shortened(word: &str) -> String {
    match word.char_indices().nth(40) {
        Some((end, _)) => format!("{}...", &word[..end]),
        None => word.to_owned(),
    }
}
