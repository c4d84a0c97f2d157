//! The words of an expression, each with its column.

use crate::error::{PixelError, Result};

/// A word.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Word {
    Number(f32),
    /// A name, as `x`, `exposure` or `i1.r`.
    Name(String),
    /// An operator or a bracket.
    Sign(&'static str),
    End,
}

/// A word with the column of its first character, and whether it begins a line.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub word: Word,
    pub column: usize,
    pub new_line: bool,
}

/// Longer ones first.
const SIGNS: [&str; 22] = [
    "<=", ">=", "==", "!=", "&&", "||", "+", "-", "*", "/", "%", "^", "<", ">", "!", "?", ":", "(", ")", ",",
    "=", ";",
];

pub(super) fn mistake<T>(column: usize, problem: impl Into<String>) -> Result<T> {
    Err(PixelError::Expression { column, problem: problem.into() })
}

/// The words of a text; `#` begins a comment to the end of the line.
pub(super) fn words(text: &str) -> Result<Vec<Token>> {
    let letters: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let (mut at, mut new_line) = (0, true);
    while let Some(&letter) = letters.get(at) {
        let column = at + 1;
        let word = match letter {
            '\n' => {
                new_line = true;
                at += 1;
                continue;
            }
            '#' => {
                at += letters[at..].iter().take_while(|c| **c != '\n').count();
                continue;
            }
            c if c.is_whitespace() => {
                at += 1;
                continue;
            }
            '0'..='9' | '.' => number(&letters, &mut at)?,
            'a'..='z' | 'A'..='Z' | '_' => name(&letters, &mut at),
            _ => sign(&letters, &mut at)?,
        };
        tokens.push(Token { word, column, new_line });
        new_line = false;
    }
    tokens.push(Token { word: Word::End, column: letters.len() + 1, new_line: true });
    Ok(tokens)
}

fn name(letters: &[char], at: &mut usize) -> Word {
    let part = |c: &&char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
    let name: String = letters[*at..].iter().take_while(part).collect();
    *at += name.len();
    Word::Name(name)
}

fn number(letters: &[char], at: &mut usize) -> Result<Word> {
    let begin = *at;
    let digits = |at: &mut usize| {
        *at += letters[*at..].iter().take_while(|c| c.is_ascii_digit()).count();
    };
    digits(at);
    if letters.get(*at) == Some(&'.') {
        *at += 1;
        digits(at);
    }
    if matches!(letters.get(*at), Some('e' | 'E')) {
        let signed = usize::from(matches!(letters.get(*at + 1), Some('+' | '-')));
        if letters.get(*at + 1 + signed).is_some_and(char::is_ascii_digit) {
            *at += 1 + signed;
            digits(at);
        }
    }
    let text: String = letters[begin..*at].iter().collect();
    match text.parse::<f32>() {
        Ok(number) if number.is_finite() => Ok(Word::Number(number)),
        _ => mistake(begin + 1, format!("`{}` is no number", crate::named::shortened(&text))),
    }
}

fn sign(letters: &[char], at: &mut usize) -> Result<Word> {
    let found = SIGNS
        .into_iter()
        .find(|sign| sign.chars().enumerate().all(|(offset, c)| letters.get(*at + offset) == Some(&c)));
    let Some(found) = found else {
        let letter = letters[*at];
        let hint = match letter {
            '&' => ": \"and\" is `&&`",
            '|' => ": \"or\" is `||`",
            '~' => ": \"not equal\" is `!=`",
            _ => "",
        };
        return mistake(*at + 1, format!("`{}` means nothing here{hint}", letter.escape_default()));
    };
    *at += found.len();
    Ok(Word::Sign(found))
}
