//! Inputs varied by a seed: bits, words of the dictionary, numbers, lines moved, repeated and indented,
//! inputs spliced and cut short; JSON varied as values, so that what comes out is JSON again.
//!
//! The same seed varies the same inputs in the same way on every machine.

use serde_json::Value;

/// Of what an input is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Lines of text.
    Lines,
    /// Files of lines, some of them JSON after a mark.
    JsonLines,
    /// One JSON document.
    Json,
}

/// Numbers that go wrong more often than others.
const NUMBERS: [&str; 24] = [
    "0",
    "1",
    "-1",
    "2",
    "9",
    "10",
    "24",
    "99",
    "1001",
    "4096",
    "32767",
    "65535",
    "65536",
    "2147483647",
    "2147483648",
    "4294967295",
    "4294967296",
    "999999999",
    "9007199254740993",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551615",
    "1e308",
    "0.0000001",
];

/// Characters that go wrong more often than others.
const CHARACTERS: [&str; 14] = [
    "\u{0}",
    "\u{1b}",
    "\u{7f}",
    "\u{feff}",
    "\u{202e}",
    "\u{200d}",
    "\u{0301}",
    "\u{130}",
    "\u{1e9e}",
    "\u{1f469}\u{200d}\u{1f692}",
    "\u{10ffff}",
    "\r\n",
    "\t",
    "\u{fb03}",
];

/// A source of numbers by a seed (SplitMix64; Steele, Lea, Flood 2014).
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// The source of that seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`; 0 where `end` is.
    pub fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }

    /// One of `all`; `None` where there is none.
    pub fn pick<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        all.get(self.below(all.len()))
    }
}

/// What inputs are made from.
#[derive(Clone, Debug)]
pub struct Mutator {
    /// Inputs, and what they are of.
    pub corpus: Vec<Vec<u8>>,
    /// Words of the language.
    pub words: Vec<Vec<u8>>,
    /// Of what inputs are made.
    pub shape: Shape,
    /// Bytes that one may have.
    pub max_bytes: usize,
}

impl Mutator {
    /// Another input.
    pub fn vary(&self, chance: &mut Chance) -> Vec<u8> {
        let mut input = chance.pick(&self.corpus).cloned().unwrap_or_default();
        for _ in 0..=chance.below(5) {
            let structured = chance.below(3) > 0;
            input = match self.shape {
                Shape::Json if structured => self.json(&input, chance),
                Shape::JsonLines if structured => self.json_lines(&input, chance),
                _ => self.text(input, chance),
            };
        }
        input.truncate(self.max_bytes);
        input
    }

    fn text(&self, input: Vec<u8>, chance: &mut Chance) -> Vec<u8> {
        match chance.below(12) {
            0 => flip(input, chance),
            1 => put(input, chance.pick(&CHARACTERS).map_or(b"", |text| text.as_bytes()), chance),
            2 | 3 => self.word(input, chance),
            4 | 5 => number(input, chance),
            6 => cut(input, chance),
            7 => remove(input, chance),
            8 => self.splice(input, chance),
            9 => self.repeat(input, chance),
            _ => lines(&input, chance),
        }
    }

    fn word(&self, input: Vec<u8>, chance: &mut Chance) -> Vec<u8> {
        let word = chance.pick(&self.words).map_or(b"".as_slice(), Vec::as_slice);
        put(input, word, chance)
    }

    /// The beginning of this input with the end of another.
    fn splice(&self, mut input: Vec<u8>, chance: &mut Chance) -> Vec<u8> {
        let Some(other) = chance.pick(&self.corpus) else { return input };
        input.truncate(chance.below(input.len() + 1));
        input.extend(&other[chance.below(other.len() + 1)..]);
        input
    }

    /// Some of it again and again, up to as much as an input may have.
    fn repeat(&self, mut input: Vec<u8>, chance: &mut Chance) -> Vec<u8> {
        let from = chance.below(input.len());
        let length = 1 + chance.below((input.len() - from).min(400));
        let part = input[from.min(input.len())..(from + length).min(input.len())].to_vec();
        let room = self.max_bytes.saturating_sub(input.len()) / part.len().max(1);
        let most = room.min([2, 30, 100_000][chance.below(3)]);
        let all = part.repeat(chance.below(most + 1));
        let at = (from + length).min(input.len());
        input.splice(at..at, all);
        input
    }

    /// One value of a JSON document is another.
    fn json(&self, input: &[u8], chance: &mut Chance) -> Vec<u8> {
        let Ok(mut document) = serde_json::from_slice::<Value>(input) else {
            return self.text(input.to_vec(), chance);
        };
        let other = chance.pick(&self.corpus).and_then(|other| serde_json::from_slice(other).ok());
        alter(&mut document, &other.unwrap_or(Value::Null), chance);
        document.to_string().into_bytes()
    }

    /// One line of JSON is another.
    fn json_lines(&self, input: &[u8], chance: &mut Chance) -> Vec<u8> {
        let mut all: Vec<Vec<u8>> = input.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
        let at = chance.below(all.len());
        let Some(line) = all.get_mut(at) else { return input.to_vec() };
        let mark = usize::from(line.starts_with(b"!"));
        if let Ok(mut value) = serde_json::from_slice::<Value>(&line[mark..]) {
            alter(&mut value, &Value::Null, chance);
            line.truncate(mark);
            line.extend(value.to_string().into_bytes());
        } else {
            return self.text(input.to_vec(), chance);
        }
        all.join(&b'\n')
    }
}

fn flip(mut input: Vec<u8>, chance: &mut Chance) -> Vec<u8> {
    let at = chance.below(input.len());
    if let Some(byte) = input.get_mut(at) {
        *byte ^= 1 << chance.below(8);
    }
    input
}

fn put(mut input: Vec<u8>, what: &[u8], chance: &mut Chance) -> Vec<u8> {
    let at = chance.below(input.len() + 1);
    input.splice(at..at, what.iter().copied());
    input
}

/// A number of the input is another.
fn number(mut input: Vec<u8>, chance: &mut Chance) -> Vec<u8> {
    let digit = |at: &usize| input[*at].is_ascii_digit();
    let starts: Vec<usize> =
        (0..input.len()).filter(|at| digit(at) && (*at == 0 || !digit(&(at - 1)))).collect();
    let Some(start) = chance.pick(&starts).copied() else { return input };
    let end = (start..input.len()).find(|at| !digit(at)).unwrap_or(input.len());
    let new = chance.pick(&NUMBERS).copied().unwrap_or("0");
    input.splice(start..end, new.bytes());
    input
}

fn cut(mut input: Vec<u8>, chance: &mut Chance) -> Vec<u8> {
    input.truncate(chance.below(input.len() + 1));
    input
}

fn remove(mut input: Vec<u8>, chance: &mut Chance) -> Vec<u8> {
    let from = chance.below(input.len() + 1);
    let length = chance.below((input.len() - from).min(64) + 1);
    input.drain(from..from + length);
    input
}

/// Lines doubled, left out, moved, indented otherwise.
fn lines(input: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut all: Vec<Vec<u8>> = input.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let (at, to) = (chance.below(all.len()), chance.below(all.len()));
    match chance.below(5) {
        0 => all.insert(to, all[at].clone()),
        1 => drop(all.remove(at)),
        2 => all.swap(at, to),
        3 => all[at].splice(0..0, b"  ".iter().copied()).for_each(drop),
        _ => {
            let blanks = all[at].iter().take_while(|byte| **byte == b' ').count();
            all[at].drain(..blanks.min(2));
        }
    }
    all.join(&b'\n')
}

/// Alters one value below `value`; `other` lends values of its own.
fn alter(value: &mut Value, other: &Value, chance: &mut Chance) {
    let inner = match value {
        Value::Array(items) => items.len(),
        Value::Object(entries) => entries.len(),
        _ => 0,
    };
    if inner > 0 && chance.below(6) > 0 {
        let at = chance.below(inner);
        let next = match value {
            Value::Array(items) => items.get_mut(at),
            Value::Object(entries) => entries.values_mut().nth(at),
            _ => None,
        };
        if let Some(next) = next {
            return alter(next, other, chance);
        }
    }
    match chance.below(6) {
        0 => *value = part_of(other, chance).clone(),
        1 => *value = plain(chance),
        2 => leave_out(value, chance),
        3 => double(value, chance),
        4 => *value = Value::Array(vec![value.take(); chance.below(4)]),
        _ => {
            let text = value.to_string().into_bytes();
            let altered = number(text, chance);
            *value = serde_json::from_slice(&altered).unwrap_or(Value::Null);
        }
    }
}

fn plain(chance: &mut Chance) -> Value {
    let number = chance.pick(&NUMBERS).and_then(|text| serde_json::from_str(text).ok());
    match chance.below(5) {
        0 => Value::Null,
        1 => Value::Bool(true),
        2 => chance.pick(&CHARACTERS).map_or(Value::Null, |text| text.repeat(3).into()),
        _ => number.unwrap_or(Value::Null),
    }
}

fn part_of<'a>(value: &'a Value, chance: &mut Chance) -> &'a Value {
    let next = match value {
        Value::Array(items) => chance.pick(items),
        Value::Object(entries) => entries.values().nth(chance.below(entries.len())),
        _ => None,
    };
    match next {
        Some(next) if chance.below(4) > 0 => part_of(next, chance),
        _ => value,
    }
}

fn leave_out(value: &mut Value, chance: &mut Chance) {
    match value {
        Value::Array(items) if !items.is_empty() => drop(items.remove(chance.below(items.len()))),
        Value::Object(entries) if !entries.is_empty() => {
            let key = entries.keys().nth(chance.below(entries.len())).cloned().unwrap_or_default();
            entries.remove(&key);
        }
        _ => *value = Value::Null,
    }
}

fn double(value: &mut Value, chance: &mut Chance) {
    match value {
        Value::Array(items) if !items.is_empty() => {
            let (at, to) = (chance.below(items.len()), chance.below(items.len()));
            items.insert(to, items[at].clone());
        }
        Value::Object(entries) => drop(entries.insert("more".into(), Value::Bool(false))),
        Value::String(text) => *text = text.repeat(2),
        _ => {}
    }
}

/// The words of a dictionary in libFuzzer's form: a line `"word"` each, with `\"`, `\\` and `\xAB`.
pub fn dictionary(text: &str) -> Vec<Vec<u8>> {
    let quoted = text.lines().filter_map(|line| line.trim().strip_prefix('"')?.strip_suffix('"'));
    quoted.map(unescaped).filter(|word| !word.is_empty()).collect()
}

fn unescaped(word: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut bytes = word.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => match bytes.next() {
                Some(b'x') => {
                    let digits: String = bytes.by_ref().take(2).map(char::from).collect();
                    out.extend(u8::from_str_radix(&digits, 16).ok());
                }
                other => out.extend(other),
            },
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mutator(shape: Shape) -> Mutator {
        let corpus = vec![b"{\"a\": [1, 2, {\"b\": \"c\"}]}\nline two: 24\n".to_vec(), b"[1, 2]".to_vec()];
        Mutator { corpus, words: vec![b"word".to_vec()], shape, max_bytes: 300 }
    }

    #[test]
    fn a_seed_varies_alike_and_another_otherwise() {
        for shape in [Shape::Lines, Shape::JsonLines, Shape::Json] {
            let made = |seed| {
                let mut chance = Chance::new(seed);
                (0..200).map(|_| mutator(shape).vary(&mut chance)).collect::<Vec<_>>()
            };
            assert_eq!(made(1), made(1));
            assert_ne!(made(1), made(2));
            assert!(made(3).iter().all(|input| input.len() <= 300));
        }
    }

    #[test]
    fn json_stays_json_often_enough() {
        let mut mutator = mutator(Shape::Json);
        mutator.corpus.remove(0);
        let mut chance = Chance::new(7);
        let sound = (0..1000).filter(|_| serde_json::from_slice::<Value>(&mutator.vary(&mut chance)).is_ok());
        assert!(sound.count() > 300);
    }

    #[test]
    fn dictionaries_read_as_libfuzzer_reads_them() {
        let words = dictionary("# words\n\"a\\\"b\"\n\"\\x41\\\\\"\nkey=no\n");
        assert_eq!(words, [b"a\"b".to_vec(), b"A\\".to_vec()]);
    }
}
