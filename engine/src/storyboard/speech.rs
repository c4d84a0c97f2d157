//! How long it takes to say something, at least. For refusing what cannot fit, not for timing.

use super::types::Pace;

/// Syllables a second that a fast reading of each pace does not exceed.
fn syllables_a_second(pace: Pace) -> f64 {
    match pace {
        Pace::Slow => 5.0,
        Pace::Medium => 6.5,
        Pace::Fast => 8.5,
    }
}

/// The least milliseconds in which `text` can be said at `pace`: its syllables at a fast reading.
pub fn least_millis(text: &str, pace: Pace) -> i64 {
    (f64::from(syllables(text)) * 1000.0 / syllables_a_second(pace)) as i64
}

/// Syllables of a text: groups of vowels, without a silent `e` at the end; a digit is two (`seven`,
/// `sixty`), a letter of a script without separate vowels is one.
pub fn syllables(text: &str) -> u32 {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '\u{2019}').map(word_syllables).sum()
}

fn word_syllables(word: &str) -> u32 {
    let lower = word.to_lowercase();
    let mut groups = 0;
    let mut in_vowels = false;
    for c in lower.chars() {
        let vowel = is_vowel(c);
        match c {
            _ if c.is_numeric() => groups += 2,
            _ if vowel && !in_vowels => groups += 1,
            // Scripts that write syllables or words, not vowels and consonants.
            _ if !vowel && c.is_alphabetic() && c as u32 >= 0x0900 => groups += 1,
            _ => {}
        }
        in_vowels = vowel;
    }
    let silent = groups > 1 && lower.ends_with('e') && !lower.ends_with("le");
    let spoken = if silent { groups - 1 } else { groups };
    let has_letters = lower.chars().any(char::is_alphabetic);
    if has_letters { spoken.max(1) } else { spoken }
}

fn is_vowel(c: char) -> bool {
    "aeiouyàáâãäåæèéêëìíîïòóôõöøœùúûüýāēīōūаеёиоуыэюяіїєαεηιουωάέήίόύώ".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_are_near_what_is_spoken() {
        assert_eq!(syllables("She is late tonight."), 5);
        assert_eq!(syllables("lighthouse keeper"), 4);
        assert_eq!(syllables("little table"), 4);
        assert_eq!(syllables("hm"), 1);
        assert_eq!(syllables("42"), 4);
        assert_eq!(syllables(""), 0);
        assert_eq!(syllables("..."), 0);
    }

    #[test]
    fn a_slow_voice_takes_longer() {
        let line = "I have kept this light for forty years.";
        assert!(least_millis(line, Pace::Slow) > least_millis(line, Pace::Medium));
        assert!(least_millis(line, Pace::Medium) > least_millis(line, Pace::Fast));
        assert!((1000..3000).contains(&least_millis(line, Pace::Medium)));
    }
}
