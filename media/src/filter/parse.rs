//! From a line of words to filters with checked values.
//!
//! `name=value:option=value,name`: filters apart by `,`, options by `:`; what stands in brackets or single quotes is kept
//! together, a backslash takes the next character as it is.

use super::allowed::{Allowed, Form};
use super::{formula, refused};
use crate::error::{MediaError, Result};

/// The longest line, in bytes.
const LONGEST: usize = 4096;
/// The most filters of a line.
const MOST: usize = 16;

/// A filter with its options' values, checked.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Filter {
    allowed: &'static Allowed,
    options: Vec<(&'static str, String)>,
}

impl Filter {
    pub(super) fn name(&self) -> &'static str {
        self.allowed.name
    }

    pub(super) fn looks_around(&self) -> bool {
        self.allowed.looks_around
    }

    /// What FFmpeg is handed: one thread, what is always set, the options.
    pub(super) fn handed(&self) -> Vec<(&'static str, String)> {
        let mut all = vec![("threads", "1".to_owned())];
        all.extend(self.allowed.always.iter().map(|(key, value)| (*key, (*value).to_owned())));
        let mut options = self.options.clone();
        if self.allowed.name == "scale" {
            // The graph's own manner of scaling is not handed to filters that are named.
            let words = options.iter().position(|(key, _)| *key == "flags").map(|at| options.remove(at).1);
            let words = words.unwrap_or_else(|| "bicubic".to_owned());
            all.push(("flags", format!("{words}+accurate_rnd+full_chroma_int+full_chroma_inp+bitexact")));
        }
        all.extend(options);
        all
    }
}

/// A line as it was understood.
pub(super) fn written(filters: &[Filter]) -> String {
    let one = |filter: &Filter| {
        let options: Vec<String> =
            filter.options.iter().map(|(key, value)| format!("{key}='{value}'")).collect();
        if options.is_empty() {
            filter.name().to_owned()
        } else {
            format!("{}={}", filter.name(), options.join(":"))
        }
    };
    filters.iter().map(one).collect::<Vec<_>>().join(",")
}

fn wrong<T>(problem: impl Into<String>) -> Result<T> {
    Err(MediaError::Parameter(problem.into()))
}

/// `, did you mean ...?` where a known word is near.
pub(super) fn hint<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> String {
    if word.len() > 64 {
        return String::new();
    }
    let scored = known.map(|known| (strsim::damerau_levenshtein(word, known), known));
    match scored.min_by_key(|(distance, _)| *distance) {
        Some((distance, near))
            if distance <= near.len().max(word.len()) / 3 + usize::from(word.len() > 3) =>
        {
            format!(", did you mean `{near}`?")
        }
        _ => String::new(),
    }
}

fn shown(word: &str) -> String {
    word.chars().take(40).flat_map(char::escape_default).collect()
}

/// The filters of a line, all of the given list.
pub(super) fn parse(line: &str, list: &'static [Allowed]) -> Result<Vec<Filter>> {
    if line.len() > LONGEST {
        return wrong(format!("a line of filters has at most {LONGEST} characters, not {}", line.len()));
    }
    if let Some(odd) = line.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        return wrong(format!("a line of filters has no `{}` in it", odd.escape_default()));
    }
    let parts = split(line, ',')?;
    if parts.len() > MOST {
        return wrong(format!("a line has at most {MOST} filters, not {}", parts.len()));
    }
    parts.iter().map(|part| one(part.trim(), list)).collect()
}

/// Splits at a sign outside of quotes and brackets; quotes and backslashes are kept for the next time.
fn split(text: &str, at: char) -> Result<Vec<String>> {
    let mut parts = vec![String::new()];
    let (mut depth, mut quoted, mut letters) = (0_usize, false, text.chars());
    while let Some(letter) = letters.next() {
        let last = parts.len() - 1;
        match letter {
            '\\' if !quoted => {
                parts[last].push(letter);
                match letters.next() {
                    Some(next) => parts[last].push(next),
                    None => return wrong("a line of filters ends with a backslash that takes nothing"),
                }
                continue;
            }
            '\'' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth = depth.saturating_sub(1),
            '[' | ']' | ';' if !quoted => {
                return wrong(format!(
                    "`{letter}` has no place in a line of filters: it has one input and one output, and no labels"
                ));
            }
            _ => {}
        }
        if letter == at && !quoted && depth == 0 {
            parts.push(String::new());
        } else {
            parts[last].push(letter);
        }
    }
    if quoted { wrong("a line of filters opens a `'` that it does not close") } else { Ok(parts) }
}

/// A value without its quotes and backslashes.
fn plain(text: &str) -> String {
    let mut value = String::new();
    let (mut quoted, mut letters) = (false, text.trim().chars());
    while let Some(letter) = letters.next() {
        match letter {
            '\'' => quoted = !quoted,
            '\\' if !quoted => value.extend(letters.next()),
            other => value.push(other),
        }
    }
    value
}

fn one(text: &str, list: &'static [Allowed]) -> Result<Filter> {
    let (name, rest) = text.split_once('=').unwrap_or((text, ""));
    let name = name.trim();
    let Some(allowed) = list.iter().find(|allowed| allowed.name == name) else { return unknown(name, list) };
    let mut filter = Filter { allowed, options: Vec::new() };
    if rest.trim().is_empty() {
        return Ok(filter);
    }
    let mut places = 0;
    for part in split(rest, ':')? {
        let (key, value) = match named(&part) {
            Some((key, value)) => (key.to_owned(), value),
            None => {
                places += 1;
                (by_place(allowed, places, filter.options.len())?, part.as_str())
            }
        };
        let (key, form) = choice(allowed, &key)?;
        let value = plain(value);
        fits(form, &value).map_err(|problem| told(allowed.name, key, &value, &problem))?;
        if filter.options.iter().any(|(known, _)| *known == key) {
            return wrong(format!("`{}` is given `{key}` twice", allowed.name));
        }
        filter.options.push((key, value));
    }
    Ok(filter)
}

/// An option's name and value, where a part has both.
fn named(part: &str) -> Option<(&str, &str)> {
    let (key, value) = part.split_once('=')?;
    let key = key.trim();
    let is_name = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    is_name.then_some((key, value))
}

/// The option of the value that stands in that place.
fn by_place(allowed: &'static Allowed, place: usize, given: usize) -> Result<String> {
    if place != given + 1 {
        return wrong(format!("`{}`: values by place come before those by name", allowed.name));
    }
    match allowed.choices[..allowed.by_place].get(place - 1) {
        Some((names, _)) => Ok(names[0].to_owned()),
        None => wrong(format!(
            "`{}` takes {} values by place; the others are named, as `option=value`: {}",
            allowed.name,
            allowed.by_place,
            names(allowed)
        )),
    }
}

fn names(allowed: &Allowed) -> String {
    let all: Vec<&str> = allowed.choices.iter().map(|(names, _)| names[0]).collect();
    if all.is_empty() { "it has no options".to_owned() } else { all.join(", ") }
}

fn unknown<T>(name: &str, list: &'static [Allowed]) -> Result<T> {
    if name.is_empty() {
        return wrong("a filter is missing: a line is `name=option=value:option=value,name`");
    }
    if let Some((plain, _)) = name.split_once('@') {
        return wrong(format!("`{}` is a label: write `{}`", shown(name), shown(plain)));
    }
    if let Some(reason) = refused::reason(name) {
        return wrong(format!("the filter `{name}` is not allowed: it {reason}"));
    }
    let known: Vec<&str> = list.iter().map(|allowed| allowed.name).collect();
    let hint = hint(name, known.iter().copied());
    wrong(format!("the filter `{}` is not allowed{hint}; there are {}", shown(name), known.join(", ")))
}

/// An option of a filter by one of its names.
fn choice(allowed: &'static Allowed, key: &str) -> Result<(&'static str, Form)> {
    let found = allowed.choices.iter().find(|(names, _)| names.contains(&key));
    if let Some((names, form)) = found {
        return Ok((names[0], *form));
    }
    let filter = allowed.name;
    if let Some(reason) = refused::option_reason(key) {
        return wrong(format!("the option `{key}` of `{filter}` is not allowed: it {reason}"));
    }
    let known = allowed.choices.iter().flat_map(|(names, _)| names.iter().copied());
    let hint = hint(key, known);
    wrong(format!("`{filter}` has no option `{}`{hint}; allowed are: {}", shown(key), names(allowed)))
}

fn told(filter: &str, key: &str, value: &str, problem: &MediaError) -> MediaError {
    MediaError::Parameter(format!("`{filter}={key}={}`: {problem}", shown(value)))
}

/// Passes a value of that form.
fn fits(form: Form, value: &str) -> Result<()> {
    match form {
        Form::Number(low, high) => number(value, low, high),
        Form::Whole(low, high) => match value.parse::<i64>() {
            Ok(number) if (low..=high).contains(&number) && digits(value) => Ok(()),
            _ => wrong(format!("wanted is a whole number from {low} to {high}")),
        },
        Form::Words(words) if words.contains(&value) => Ok(()),
        Form::Words(words) => {
            let hint = hint(value, words.iter().copied());
            wrong(format!("wanted is one of {}{hint}", words.join(", ")))
        }
        Form::Formula(variables) => formula::check(value, variables),
        Form::Numbers(most, sign, low, high) => {
            let parts: Vec<&str> = value.split(sign).collect();
            if parts.len() > most {
                return wrong(format!("at most {most} numbers"));
            }
            parts.into_iter().try_for_each(|part| number(part, low, high))
        }
        Form::Points => points(value),
        Form::Colour => colour(value),
        Form::Loudness => {
            let (number_part, low, high) = match value.strip_suffix("dB") {
                Some(decibels) => (decibels, -200.0, 60.0),
                None => (value, 0.0, 1000.0),
            };
            number(number_part, low, high)
        }
    }
}

fn digits(value: &str) -> bool {
    value.chars().all(|c| c.is_ascii_digit() || c == '-')
}

fn number(value: &str, low: f64, high: f64) -> Result<()> {
    let plain = value.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '+'));
    match value.parse::<f64>() {
        Ok(number) if plain && (low..=high).contains(&number) => Ok(()),
        _ => wrong(format!("wanted is a number from {low} to {high}")),
    }
}

/// `x/y x/y`, from left to right.
fn points(value: &str) -> Result<()> {
    let mut before = -1.0;
    let all: Vec<&str> = value.split(' ').filter(|point| !point.is_empty()).collect();
    if !(2..=64).contains(&all.len()) {
        return wrong("a curve has from 2 to 64 points, as `0/0 0.5/0.6 1/1`");
    }
    for point in all {
        let Some((x, y)) = point.split_once('/') else {
            return wrong("a curve's points are `x/y`, as `0/0 0.5/0.6 1/1`");
        };
        number(x, 0.0, 1.0)?;
        number(y, 0.0, 1.0)?;
        let place = x.parse::<f64>().unwrap_or(0.0);
        if place <= before {
            return wrong("a curve's points go from left to right");
        }
        before = place;
    }
    Ok(())
}

const COLOURS: [&str; 12] = [
    "black", "white", "gray", "red", "green", "blue", "yellow", "cyan", "magenta", "orange", "brown", "none",
];

fn colour(value: &str) -> Result<()> {
    let hex = value.strip_prefix('#').or_else(|| value.strip_prefix("0x"));
    let is_hex = |hex: &str| matches!(hex.len(), 6 | 8) && hex.chars().all(|c| c.is_ascii_hexdigit());
    if COLOURS.contains(&value) || hex.is_some_and(is_hex) {
        return Ok(());
    }
    wrong(format!("wanted is a colour: `#rrggbb`, `#rrggbbaa` or one of {}", COLOURS.join(", ")))
}
