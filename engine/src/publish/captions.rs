//! Captions as people read them: at most two lines of 42 letters at a time.

use crate::kinds::sound::Captions;
use crate::units::Samples;

/// Letters a line.
pub const LINE: usize = 42;

/// What stands on the screen at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// From this millisecond ...
    pub from_ms: i64,
    /// ... to this.
    pub to_ms: i64,
    /// Who speaks.
    pub speaker: String,
    /// One or two lines.
    pub lines: Vec<String>,
}

/// The captions in pieces that fit the screen; a long one is shown in turns, each as long as its
/// share of the letters.
pub fn shown(captions: &Captions) -> Vec<Shown> {
    let mut all = Vec::new();
    for caption in &captions.captions {
        let pages = pages(&caption.text);
        let letters = |page: &Vec<String>| page.iter().map(|line| line.chars().count() as i64).sum::<i64>();
        let total: i64 = pages.iter().map(letters).sum::<i64>().max(1);
        let mut before = 0;
        for page in pages {
            let after = before + letters(&page);
            let at = |part: i64| caption.from.0 + (caption.to.0 - caption.from.0) * part / total;
            all.push(Shown {
                from_ms: millis(Samples(at(before))),
                to_ms: millis(Samples(at(after))),
                speaker: caption.speaker.clone(),
                lines: page,
            });
            before = after;
        }
    }
    all
}

/// Milliseconds nearest to a sample, halves up.
pub fn millis(samples: Samples) -> i64 {
    (samples.0 + 24).div_euclid(48)
}

/// `hh:mm:ss` and the milliseconds.
pub(super) fn clock(millis: i64) -> (String, i64) {
    let seconds = millis / 1000;
    (format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60), millis % 1000)
}

/// The text in pages of one or two lines.
fn pages(text: &str) -> Vec<Vec<String>> {
    let words = words(text);
    let mut pages = Vec::new();
    let mut rest: &[String] = &words;
    while !rest.is_empty() {
        let first = fitting(rest);
        let second = fitting(&rest[first..]);
        let page = &rest[..first + second];
        pages.push(if second == 0 { vec![page.join(" ")] } else { balanced(page) });
        rest = &rest[first + second..];
    }
    pages
}

/// Words; one longer than a line is cut to lines.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for word in text.split_whitespace() {
        let letters: Vec<char> = word.chars().collect();
        words.extend(letters.chunks(LINE).map(|part| part.iter().collect::<String>()));
    }
    words
}

/// How many of `words` a line holds.
fn fitting(words: &[String]) -> usize {
    let mut length = 0;
    words
        .iter()
        .take_while(|word| {
            length += word.chars().count() + usize::from(length > 0);
            length <= LINE
        })
        .count()
}

/// Two lines as equal as the words allow, the upper one rather the shorter.
fn balanced(words: &[String]) -> Vec<String> {
    let halves = |at: usize| (words[..at].join(" "), words[at..].join(" "));
    let best = (1..words.len())
        .map(halves)
        .filter(|(upper, lower)| upper.chars().count() <= LINE && lower.chars().count() <= LINE)
        .min_by_key(|(upper, lower)| upper.chars().count().abs_diff(lower.chars().count()));
    match best {
        Some((upper, lower)) => vec![upper, lower],
        None => vec![words.join(" ")],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::sound::Caption;

    fn captions(text: &str) -> Captions {
        let caption = Caption {
            from: Samples(48_000),
            to: Samples(240_000),
            speaker: "Mara".into(),
            text: text.into(),
        };
        Captions { captions: vec![caption] }
    }

    #[test]
    fn a_short_line_stays_one() {
        let shown = shown(&captions("She is late tonight."));
        assert_eq!(shown[0].lines, ["She is late tonight."]);
        assert_eq!((shown[0].from_ms, shown[0].to_ms), (1000, 5000));
    }

    #[test]
    fn two_lines_are_balanced() {
        let shown = shown(&captions("I have kept this light for forty years and never lost a ship."));
        assert_eq!(shown[0].lines, ["I have kept this light for forty", "years and never lost a ship."]);
    }

    #[test]
    fn long_speech_comes_in_turns_without_gaps() {
        let shown = shown(&captions(&"the sea takes what it wants ".repeat(9)));
        assert!(shown.len() > 1);
        assert!(shown.windows(2).all(|pair| pair[0].to_ms == pair[1].from_ms));
        assert_eq!((shown[0].from_ms, shown[shown.len() - 1].to_ms), (1000, 5000));
        assert!(shown.iter().flat_map(|one| &one.lines).all(|line| line.chars().count() <= LINE));
        assert!(shown.iter().all(|one| one.lines.len() <= 2));
    }

    #[test]
    fn both_formats_are_written() {
        let both = captions("Salt & <wind>");
        assert_eq!(super::super::srt::srt(&both), "1\n00:00:01,000 --> 00:00:05,000\nSalt & <wind>\n\n");
        assert_eq!(
            super::super::vtt::vtt(&both),
            "WEBVTT\n\n1\n00:00:01.000 --> 00:00:05.000\n<v Mara>Salt &amp; &lt;wind&gt;\n\n"
        );
    }
}
