//! Numbered images: which files of a folder they are, and in which order.

/// The last part of a path such as `frames/%04d.png`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    before: String,
    width: usize,
    after: String,
}

impl Pattern {
    /// The pattern that `name` is: `%d` or `%04d` with text around it.
    pub fn of(name: &str) -> Option<Self> {
        let (before, rest) = name.split_once('%')?;
        let (digits, after) = rest.split_once('d')?;
        let width = match digits {
            "" => 1,
            _ if digits.len() <= 3 && digits.bytes().all(|b| b.is_ascii_digit()) => digits.parse().ok()?,
            _ => return None,
        };
        Some(Self { before: before.into(), width, after: after.into() })
    }

    fn number(&self, name: &str) -> Option<u64> {
        let digits = name.strip_prefix(&self.before)?.strip_suffix(&self.after)?;
        let long_enough =
            digits.len() == self.width || (digits.len() > self.width && !digits.starts_with('0'));
        (long_enough && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.parse().ok()).flatten()
    }
}

/// The numbered images among `names`, in order: those of `pattern`, or all pictures of a folder.
/// An error says what is missing.
pub fn order(names: &[String], pattern: Option<&Pattern>) -> Result<Vec<String>, String> {
    let number = |name: &str| match pattern {
        Some(pattern) => pattern.number(name),
        None if is_picture(name) => last_number(name),
        None => None,
    };
    let mut numbered: Vec<_> = names.iter().filter_map(|name| Some((number(name)?, name.clone()))).collect();
    numbered.sort();
    if numbered.is_empty() {
        return Err("it has no numbered images".into());
    }
    for pair in numbered.windows(2) {
        match pair[1].0 - pair[0].0 {
            0 => {
                return Err(format!("`{}` and `{}` have the same number", pair[0].1, pair[1].1));
            }
            1 => {}
            _ => {
                return Err(format!("number {} is missing after `{}`", pair[0].0 + 1, pair[0].1));
            }
        }
    }
    Ok(numbered.into_iter().map(|(_, name)| name).collect())
}

fn is_picture(name: &str) -> bool {
    let end = name.rsplit_once('.').map_or("", |(_, end)| end);
    ["png", "jpg", "jpeg", "webp"].iter().any(|known| end.eq_ignore_ascii_case(known))
}

fn last_number(name: &str) -> Option<u64> {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let end = stem.rfind(|c: char| c.is_ascii_digit())? + 1;
    let start = stem[..end]
        .rfind(|c: char| !c.is_ascii_digit())
        .map_or(0, |at| at + stem[at..].chars().next().map_or(1, char::len_utf8));
    stem[start..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn images_come_in_the_order_of_their_numbers() {
        let pattern = Pattern::of("f%02d.png").unwrap();
        let files = names(&["f100.png", "f99.png", "f98.png", "f1.png", "note.txt"]);
        assert_eq!(order(&files, Some(&pattern)).unwrap(), names(&["f98.png", "f99.png", "f100.png"]));
        let files = names(&["a10.png", "a9.PNG", "a11.jpg"]);
        assert_eq!(order(&files, None).unwrap(), names(&["a9.PNG", "a10.png", "a11.jpg"]));
    }

    #[test]
    fn a_gap_is_named() {
        let files = names(&["0001.png", "0003.png"]);
        assert!(order(&files, None).unwrap_err().contains("number 2"));
        assert!(order(&[], None).is_err());
    }

    #[test]
    fn only_d_is_a_pattern() {
        assert_eq!(Pattern::of("100%.png"), None);
        assert_eq!(Pattern::of("%s.png"), None);
        assert!(Pattern::of("%d.png").is_some());
    }
}
