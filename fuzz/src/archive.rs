//! Several files in one input: a line `=== NAME` begins the next file; what stands before the first such line is
//! the file that the target names. Names are confined: no absolute path, no `..`, no odd characters.

/// A file of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part<'a> {
    /// Its path; empty for the first.
    pub name: &'a str,
    /// Its content.
    pub content: &'a [u8],
}

const MARK: &[u8] = b"=== ";

/// The files of `bytes`, in their order. A part whose name cannot be used belongs to the file before it.
pub fn parts(bytes: &[u8]) -> Vec<Part<'_>> {
    let mut found = Vec::new();
    let (mut name, mut start, mut at) = ("", 0, 0);
    while at < bytes.len() {
        let end =
            bytes[at..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |length| at + length + 1);
        if let Some(next) = named(&bytes[at..end]) {
            found.push(Part { name, content: &bytes[start..at] });
            (name, start) = (next, end);
        }
        at = end;
    }
    found.push(Part { name, content: &bytes[start..] });
    found
}

fn named(line: &[u8]) -> Option<&str> {
    let name = std::str::from_utf8(line.strip_prefix(MARK)?).ok()?.trim_end();
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let part = |part: &str| !part.is_empty() && part.len() <= 80 && part.chars().all(plain) && part != "..";
    (name.split('/').all(part) && name.split('/').count() <= 4 && !name.ends_with('.')).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_told_apart_and_names_are_confined() {
        let text = b"one\n=== a/b.yaml\ntwo\n=== ../c\nthree\n=== /d\n=== e\n";
        let found: Vec<_> = parts(text).iter().map(|part| (part.name, part.content.len())).collect();
        assert_eq!(found, [("", 4), ("a/b.yaml", 26), ("e", 0)]);
        assert_eq!(parts(b""), [Part { name: "", content: b"" }]);
    }
}
