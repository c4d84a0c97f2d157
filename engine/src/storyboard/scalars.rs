//! Values written as one word or number: times, gains, sizes, rates, files.

use serde_json::{Value as Json, json};

use super::codes::Code;
use super::record::Defs;
use super::tree::Node;
use super::types::{FilePath, Fit, Language, Pace, Pitch, Quality, Time, WipeDirection};
use super::value::{Context, FromNode, words};
use crate::units::{Rate, Size};

words!(Pitch, "a pitch",
    "low" "A deep voice." => Pitch::Low,
    "medium" "Neither low nor high." => Pitch::Medium,
    "high" "A high voice." => Pitch::High,
);
words!(Pace, "a pace",
    "slow" "Taking its time." => Pace::Slow,
    "medium" "As people talk." => Pace::Medium,
    "fast" "In a hurry." => Pace::Fast,
);
words!(Fit, "a fit",
    "crop" "Fill the frame and cut what is over." => Fit::Crop,
    "pad" "Show all of it, with bars." => Fit::Pad,
    "stretch" "Squeeze it into the frame." => Fit::Stretch,
);
words!(WipeDirection, "a direction",
    "left" "The edge moves from right to left." => WipeDirection::Left,
    "right" "The edge moves from left to right." => WipeDirection::Right,
    "up" "The edge moves from below to above." => WipeDirection::Up,
    "down" "The edge moves from above to below." => WipeDirection::Down,
);

/// The grades of `quality:`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grade {
    /// To look at quickly.
    Draft,
    /// To show.
    Good,
    /// To keep.
    Best,
}

words!(Grade, "a quality",
    "draft" "To look at quickly: the fastest encode, coarser pictures." => Grade::Draft,
    "good" "To show: what is used where nothing is written." => Grade::Good,
    "best" "To keep: several times slower, next to no loss." => Grade::Best,
);

/// Most seconds between key pictures.
const KEY_SECONDS: u32 = 10;

impl Grade {
    /// What it means to x264.
    pub fn quality(self) -> Quality {
        let (preset, crf_tenths) = match self {
            Self::Draft => ("ultrafast", 260),
            Self::Good => ("superfast", 220),
            Self::Best => ("slow", 160),
        };
        Quality { preset: preset.into(), tuned: true, crf_tenths, key_seconds: KEY_SECONDS }
    }
}

/// x264's presets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset(pub &'static str);

words!(Preset, "a preset of x264",
    "ultrafast" "Fastest, largest." => Preset("ultrafast"),
    "superfast" "Very fast; what is used where nothing is written: a third faster than veryfast." => Preset("superfast"),
    "veryfast" "Fast; half as large as superfast." => Preset("veryfast"),
    "faster" "A little slower, a little smaller." => Preset("faster"),
    "fast" "Slower, smaller." => Preset("fast"),
    "medium" "x264's own default." => Preset("medium"),
    "slow" "Slow and small." => Preset("slow"),
    "slower" "Slower still." => Preset("slower"),
    "veryslow" "Slowest, smallest." => Preset("veryslow"),
);

/// A time of which nothing more is asked than that it reads as one, not before zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment(pub Time);

/// A length of time above zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Length(pub Time);

/// What a time looks like.
const TIME: &str =
    r"^([0-9]+(\.[0-9]+)? ?(s|ms|m)|[0-9]+ ?f|([0-9]{1,2}:)?([0-9]{1,3}:)?[0-9]{1,3}:[0-9]{2}(\.[0-9]+)?)$";

/// Why a text is no time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadTime {
    code: Code,
    message: String,
    help: Option<String>,
}

/// `6s`, `250ms`, `2m`, `144f`, `0:06`, `0:06:00`, `01:00:06:00`; a leading `-` is read, too.
pub fn parse_time(text: &str) -> Result<Time, BadTime> {
    let bad = |code, message: String, help: Option<String>| BadTime { code, message, help };
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest.trim_start()),
        None => (false, text),
    };
    let sign = if negative { -1 } else { 1 };
    let not = || {
        bad(
            Code::BadDuration,
            format!("`{text}` is not a time"),
            Some("write 6s, 250ms, 144f, or 0:06".into()),
        )
    };
    if digits.contains(':') {
        return clock(digits, sign).ok_or_else(not);
    }
    let split = digits.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(digits.len());
    let (number, unit) = (&digits[..split], digits[split..].trim());
    let (num, den) = decimal(number).ok_or_else(not)?;
    match unit {
        "s" => Ok(Time::Seconds { num: sign * num, den }),
        "ms" => Ok(Time::Seconds { num: sign * num, den: den * 1000 }),
        "m" => Ok(Time::Seconds { num: sign * num * 60, den }),
        "f" if den == 1 => Ok(Time::Frames(sign * num)),
        "f" => Err(bad(Code::BadDuration, format!("`{text}` is not a whole number of frames"), None)),
        "" => Err(bad(
            Code::NoUnit,
            format!("`{text}` has no unit"),
            Some(format!("write `{text}s` for seconds or `{text}f` for frames")),
        )),
        other => Err(bad(
            Code::WrongUnit,
            format!("`{other}` is not a unit of time"),
            Some(wrong_unit(number, other)),
        )),
    }
}

fn wrong_unit(number: &str, unit: &str) -> String {
    let lower = unit.to_lowercase();
    let guess = match () {
        () if lower.starts_with("ms") || lower.starts_with("milli") => "ms",
        () if lower.starts_with('s') => "s",
        () if lower.starts_with('m') => "m",
        () if lower.starts_with("fr") || lower == "f" || lower == "pictures" => "f",
        () => return "the units are s, ms, m (minutes) and f (frames)".into(),
    };
    format!("write `{number}{guess}`")
}

/// `0:06`, `0:06.5`, `0:06:00`, `01:00:06:00`.
fn clock(text: &str, sign: i64) -> Option<Time> {
    let parts: Vec<&str> = text.split(':').collect();
    let number = |part: &str| match part.len() {
        1..=3 if part.bytes().all(|b| b.is_ascii_digit()) => part.parse::<i64>().ok(),
        _ => None,
    };
    let below = |limit: i64, value: i64| (value < limit).then_some(value);
    match parts.as_slice() {
        [minutes, seconds] => {
            let (num, den) = decimal(seconds)?;
            (num < 60 * den).then_some(())?;
            Some(Time::Seconds { num: sign * (number(minutes)? * 60 * den + num), den })
        }
        [minutes, seconds, frames] => Some(Time::Timecode {
            seconds: sign * (number(minutes)? * 60 + below(60, number(seconds)?)?),
            frames: sign * number(frames)?,
        }),
        [hours, minutes, seconds, frames] => Some(Time::Timecode {
            seconds: sign
                * (number(hours)? * 3600 + below(60, number(minutes)?)? * 60 + below(60, number(seconds)?)?),
            frames: sign * number(frames)?,
        }),
        _ => None,
    }
}

/// `1.5` as (15, 10): at most 9 digits before and 6 after the point.
fn decimal(text: &str) -> Option<(i64, i64)> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty()
        || whole.len() > 9
        || part.len() > 6
        || !digits(whole)
        || !digits(part)
        || text.ends_with('.')
    {
        return None;
    }
    let den = 10_i64.pow(part.len() as u32);
    let num =
        whole.parse::<i64>().ok()? * den + if part.is_empty() { 0 } else { part.parse::<i64>().ok()? };
    Some((num, den))
}

fn read_time(node: &Node, cx: &mut Context<'_>) -> Option<Time> {
    let text = cx.scalar(node, "a time such as 6s")?;
    match parse_time(text) {
        Ok(time) => Some(time),
        Err(bad) => {
            cx.mistake(bad.code, node.span, bad.message).maybe_help(bad.help);
            None
        }
    }
}

fn sign(time: Time) -> i64 {
    match time {
        Time::Frames(frames) => frames.signum(),
        Time::Seconds { num, .. } => num.signum(),
        Time::Timecode { seconds, frames } => seconds.signum() + frames.signum(),
    }
}

impl FromNode for Moment {
    fn read(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let time = read_time(node, cx)?;
        if sign(time) < 0 {
            cx.mistake(Code::Negative, node.span, "a time cannot lie before zero");
            return None;
        }
        Some(Self(time))
    }

    fn schema(_: &mut Defs) -> Json {
        json!({"type": "string", "pattern": TIME})
    }
}

impl FromNode for Length {
    fn read(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let time = read_time(node, cx)?;
        if sign(time) <= 0 {
            cx.mistake(Code::NotPositive, node.span, "a duration is above zero");
            return None;
        }
        Some(Self(time))
    }

    fn schema(defs: &mut Defs) -> Json {
        Moment::schema(defs)
    }
}

/// `24`, `24000/1001`, `23.976`.
impl FromNode for Rate {
    fn read(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let text = cx.scalar(node, "pictures a second")?;
        let rate = parse_rate(text)
            .filter(|rate| rate.num >= rate.den && u64::from(rate.num) <= 240 * u64::from(rate.den));
        if rate.is_none() {
            cx.mistake(Code::BadRate, node.span, format!("`{text}` is not a frame rate from 1 to 240"))
                .help("write 24, 25, 30, 24000/1001, ...");
        }
        if rate.is_some_and(|rate| !rate.has_film_clock()) {
            let message = format!("no film's clock counts both `{text}` pictures a second and 48 kHz sound");
            cx.mistake(Code::BadRate, node.span, message).help(
                "usual rates are 24, 25, 30, 48, 50, 60, and 24000/1001, 30000/1001, 60000/1001 for NTSC",
            );
            return None;
        }
        rate
    }

    fn schema(_: &mut Defs) -> Json {
        json!({"anyOf": [
            {"type": "number", "minimum": 1, "maximum": 240},
            {"type": "string", "pattern": r"^[1-9][0-9]*/[1-9][0-9]*$"},
        ]})
    }
}

fn parse_rate(text: &str) -> Option<Rate> {
    if let Some((num, den)) = text.split_once('/') {
        return Rate::new(num.trim().parse().ok()?, den.trim().parse().ok()?);
    }
    let ntsc = match text {
        "23.976" | "23.98" => Some(24),
        "29.97" => Some(30),
        "47.952" | "47.95" => Some(48),
        "59.94" => Some(60),
        "119.88" => Some(120),
        _ => None,
    };
    if let Some(nominal) = ntsc {
        return Rate::new(nominal * 1000, 1001);
    }
    let (num, den) = decimal(text)?;
    Rate::new(u32::try_from(num).ok()?, u32::try_from(den).ok()?)
}

/// `1920x1080`.
impl FromNode for Size {
    fn read(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let text = cx.scalar(node, "a size such as 1920x1080")?;
        let parsed = text.split_once(['x', 'X', '\u{d7}']).and_then(|(width, height)| {
            Some(Self { width: width.trim().parse().ok()?, height: height.trim().parse().ok()? })
        });
        let Some(size) = parsed else {
            let help = match text.trim_end_matches(['p', 'i']) {
                "720" => "write 1280x720",
                "1080" => "write 1920x1080",
                "2160" | "4K" | "4k" | "UHD" => "write 3840x2160",
                _ => "write width x height in pixels: 1920x1080",
            };
            cx.mistake(Code::BadSize, node.span, format!("`{text}` is not a picture size")).help(help);
            return None;
        };
        if !(16..=8192).contains(&size.width) || !(16..=8192).contains(&size.height) {
            cx.mistake(Code::SizeRange, node.span, format!("{size} is not between 16x16 and 8192x8192"));
            return None;
        }
        if size.width % 2 == 1 || size.height % 2 == 1 {
            let even = Self { width: size.width + size.width % 2, height: size.height + size.height % 2 };
            cx.mistake(Code::OddSize, node.span, format!("{size} has an odd side"))
                .help(format!("write {even}"));
            return None;
        }
        Some(size)
    }

    fn schema(_: &mut Defs) -> Json {
        json!({"type": "string", "pattern": r"^[0-9]+ ?[xX\u00d7] ?[0-9]+$"})
    }
}

/// `01:00:00:00`; frames are checked against the rate where both are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timecode {
    /// Whole seconds.
    pub seconds: i64,
    /// Frames beyond them.
    pub frames: i64,
}

impl FromNode for Timecode {
    fn read(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let text = cx.scalar(node, "a timecode such as \"01:00:00:00\"")?;
        let parts: Vec<i64> = text
            .split(':')
            .filter(|part| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit()))
            .filter_map(|part| part.parse().ok())
            .collect();
        match parts.as_slice() {
            [hours @ 0..24, minutes @ 0..60, seconds @ 0..60, frames] if text.len() == 11 => {
                Some(Self { seconds: hours * 3600 + minutes * 60 + seconds, frames: *frames })
            }
            _ => {
                cx.mistake(Code::BadTimecode, node.span, format!("`{text}` is not a timecode"))
                    .help("write hours, minutes, seconds and frames with two digits each: \"01:00:00:00\"");
                None
            }
        }
    }

    fn schema(_: &mut Defs) -> Json {
        json!({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]:[0-9]{2}$"})
    }
}

/// A gain in hundredths of a decibel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gain(pub i32);

impl FromNode for Gain {
    fn read(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let text = cx.scalar(node, "a gain such as -6 dB")?;
        let Some(hundredths) = with_unit(text, "db").and_then(hundredths) else {
            cx.mistake(Code::BadGain, node.span, format!("`{text}` is not a gain"))
                .help("write decibels: -6 dB");
            return None;
        };
        if !(-6000..=2400).contains(&hundredths) {
            cx.mistake(Code::GainRange, node.span, format!("`{text}` is not between -60 dB and +24 dB"));
            return None;
        }
        Some(Self(hundredths))
    }

    fn schema(_: &mut Defs) -> Json {
        json!({"type": "string", "pattern": r"^[+-]?[0-9]+(\.[0-9]+)? ?[dD][bB]$"})
    }
}

/// The number before `unit`, whatever its case.
pub fn with_unit<'t>(text: &'t str, unit: &str) -> Option<&'t str> {
    let at = text.len().checked_sub(unit.len())?;
    let (number, end) = (text.get(..at)?, text.get(at..)?);
    end.eq_ignore_ascii_case(unit).then(|| number.trim())
}

/// `-6.5` as -650.
pub fn hundredths(text: &str) -> Option<i32> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let (num, den) = decimal(digits)?;
    i32::try_from(sign * (num * 100 + den / 2) / den).ok()
}

/// A whole number between two bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whole<const MIN: u64, const MAX: u64>(pub u64);

impl<const MIN: u64, const MAX: u64> FromNode for Whole<MIN, MAX> {
    fn read(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let text = cx.scalar(node, "a whole number")?;
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            cx.mistake(Code::BadNumber, node.span, format!("`{text}` is not a whole number"));
            return None;
        }
        match text.parse::<u64>() {
            Ok(number) if (MIN..=MAX).contains(&number) => Some(Self(number)),
            _ => {
                cx.mistake(Code::NumberRange, node.span, format!("`{text}` is not between {MIN} and {MAX}"));
                None
            }
        }
    }

    fn schema(_: &mut Defs) -> Json {
        json!({"type": "integer", "minimum": MIN, "maximum": MAX})
    }
}

/// A seed. Up to 2^53 - 1, so that every reader of JSON keeps it whole.
pub type Seed = Whole<0, 9_007_199_254_740_991>;

/// x264's constant quality, in tenths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crf(pub u32);

impl FromNode for Crf {
    fn read(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let text = cx.scalar(node, "a number from 0 to 51")?;
        let Some(value) = hundredths(text) else {
            cx.mistake(Code::BadNumber, node.span, format!("`{text}` is not a number"));
            return None;
        };
        if !(0..=5100).contains(&value) {
            cx.mistake(Code::NumberRange, node.span, format!("`{text}` is not between 0 and 51"));
            return None;
        }
        Some(Self(value.unsigned_abs() / 10))
    }

    fn schema(_: &mut Defs) -> Json {
        json!({"type": "number", "minimum": 0, "maximum": 51})
    }
}

/// A share of a whole in ten-thousandths: `0.25`, `25%`. `None` where `text` is none; may exceed it.
pub fn share(text: &str) -> Option<i64> {
    let (number, scale) = match text.strip_suffix('%') {
        Some(number) => (number.trim(), 100),
        None => (text, 10_000),
    };
    let (sign, digits) = match number.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, number),
    };
    let (num, den) = decimal(digits)?;
    Some(sign * (num * scale * 2 + den) / (2 * den))
}

/// What a share looks like.
pub fn share_schema() -> Json {
    json!({"anyOf": [
        {"type": "number", "minimum": 0, "maximum": 1},
        {"type": "string", "pattern": r"^(100|[0-9]{1,2}(\.[0-9]+)?) ?%$"},
    ]})
}

/// How much of an edit is made, in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Strength(pub u32);

impl FromNode for Strength {
    fn read(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let text = cx.scalar(node, "a strength from 0 to 1")?;
        match share(text) {
            Some(share @ 0..=10_000) => Some(Self((share / 10) as u32)),
            _ => {
                cx.mistake(Code::BadStrength, node.span, format!("`{text}` is not between 0 and 1"))
                    .help("write 0.7 or 70%");
                None
            }
        }
    }

    fn schema(_: &mut Defs) -> Json {
        share_schema()
    }
}

/// How fast footage plays, as a reduced fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Speed(pub u32, pub u32);

impl FromNode for Speed {
    fn read(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let text = cx.scalar(node, "a speed such as 0.5")?;
        let speed = match text.strip_suffix('%') {
            Some(percent) => decimal(percent.trim())
                .and_then(|(num, den)| Rate::new(u32::try_from(num).ok()?, u32::try_from(den * 100).ok()?)),
            None => parse_rate(text.trim_end_matches('x')),
        };
        match speed {
            Some(Rate { num, den })
                if u64::from(num) * 10 >= u64::from(den) && u64::from(num) <= u64::from(den) * 10 =>
            {
                Some(Self(num, den))
            }
            _ => {
                cx.mistake(Code::BadSpeed, node.span, format!("`{text}` is not a speed from 0.1 to 10"));
                None
            }
        }
    }

    fn schema(_: &mut Defs) -> Json {
        json!({"anyOf": [
            {"type": "number", "minimum": 0.1, "maximum": 10},
            {"type": "string", "pattern": r"^([0-9]+/[0-9]+|[0-9]+(\.[0-9]+)? ?(%|x))$"},
        ]})
    }
}

/// A file of the project.
impl FromNode for FilePath {
    fn read(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let text = cx.scalar(node, "a file name")?;
        if text.contains("://") || text.contains('\0') || text.len() > 1024 {
            cx.mistake(Code::BadReference, node.span, "this is not the name of a file in the project")
                .help("copy the file into the project and write its path relative to this file");
            return None;
        }
        Some(Self { written: text.to_owned(), base: cx.sources.folder(node.span.file).to_owned() })
    }

    fn schema(_: &mut Defs) -> Json {
        json!({"type": "string", "minLength": 1, "pattern": "^(?!.*://)"})
    }
}

/// `en`, `en-gb`.
impl FromNode for Language {
    fn read(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let text = cx.scalar(node, "a language such as en")?;
        let tag = text.to_lowercase().replace('_', "-");
        let base = tag.split('-').next().unwrap_or_default();
        match super::languages::iso_639_2(base) {
            Some(iso) => Some(Self { iso: iso.to_owned(), tag }),
            None => {
                cx.mistake(
                    Code::BadLanguage,
                    node.span,
                    format!("`{text}` is not a language code of ISO 639-1"),
                )
                .help("write en, de, fr, ja, ...");
                None
            }
        }
    }

    fn schema(_: &mut Defs) -> Json {
        json!({"type": "string", "pattern": "^[A-Za-z]{2}([-_][A-Za-z0-9]{2,8})*$"})
    }
}

/// A voice of espeak-ng.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accent(pub String);

impl FromNode for Accent {
    fn read(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let text = cx.scalar(node, "a voice such as en-gb")?;
        let (language, variant) = text.split_once('+').unwrap_or((text, "m1"));
        let word = |part: &str| {
            !part.is_empty()
                && part.len() <= 24
                && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        };
        let known =
            language.len() >= 2 && language.split('-').next().is_some_and(|base| matches!(base.len(), 2 | 3));
        if word(language) && word(variant) && known {
            return Some(Self(text.to_owned()));
        }
        cx.mistake(Code::BadAccent, node.span, format!("`{text}` is not a voice of espeak-ng"))
            .help("write en-gb, en-us, en-us+f3, ...");
        None
    }

    fn schema(_: &mut Defs) -> Json {
        json!({"type": "string", "pattern": r"^[a-z]{2,3}(-[A-Za-z0-9-]+)?(\+[A-Za-z0-9_-]+)?$"})
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Frames;

    fn frames(text: &str) -> i64 {
        parse_time(text).unwrap().frames(Rate::new(24, 1).unwrap()).0
    }

    #[test]
    fn every_way_to_write_six_seconds_is_144_pictures() {
        for text in
            ["6s", "6 s", "6000ms", "144f", "0:06", "0:06:00", "00:00:06:00", "0.1m", "6.000s", "0:06.0"]
        {
            assert_eq!(frames(text), 144, "{text}");
        }
        assert_eq!(frames("0:06:12"), 156);
        assert_eq!(frames("1:00"), 1440);
    }

    #[test]
    fn timecode_counts_whole_frames_at_broken_rates() {
        let ntsc = Rate::new(30_000, 1001).unwrap();
        assert_eq!(parse_time("0:06:00").unwrap().frames(ntsc), Frames(180));
        assert_eq!(parse_time("6s").unwrap().frames(ntsc), Frames(180));
        assert_eq!(parse_time("60s").unwrap().frames(ntsc), Frames(1798));
        assert_eq!(Time::Frames(30).millis(ntsc), 1001);
    }

    #[test]
    fn what_is_no_time_says_why() {
        let code = |text| parse_time(text).unwrap_err().code;
        assert_eq!(code("6"), Code::NoUnit);
        assert_eq!(code("6 secs"), Code::WrongUnit);
        assert_eq!(code("1.5f"), Code::BadDuration);
        for text in ["long", "", "1:2:3:4:5", "0:75", "..s", "99999999999s", "-", ":"] {
            assert_eq!(code(text), Code::BadDuration, "{text}");
        }
    }

    #[test]
    fn rates_are_exact() {
        assert_eq!(parse_rate("23.976"), Rate::new(24_000, 1001));
        assert_eq!(parse_rate("12.5"), Rate::new(25, 2));
        assert_eq!(parse_rate("0"), None);
        assert_eq!(parse_rate("24/0"), None);
        let nominal = |num, den| Rate::new(num, den).map(Rate::nominal);
        assert_eq!([nominal(30_000, 1001), nominal(25, 2), nominal(1, 4)], [Some(30), Some(13), Some(1)]);
        assert_eq!(nominal(u32::MAX, u32::MAX - 1), Some(1), "no overflow");
    }

    #[test]
    fn gains_and_shares_round_to_nearest() {
        assert_eq!(with_unit("-6.5 dB", "db").and_then(hundredths), Some(-650));
        assert_eq!(hundredths("-0.125"), Some(-13));
        assert_eq!(share("33%"), Some(3300));
        assert_eq!(share("-0.5"), Some(-5000));
        assert_eq!(share("half"), None);
    }
}
