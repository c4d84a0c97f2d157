//! What the model understands, for people who look for a word: `storyreel models animatic`.

use crate::grade;
use crate::reading::vocabulary as tables;
use crate::{settings, subjects};

/// Words of one sort.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The sort: `settings`, `subjects`, `camera`, ...
    pub name: &'static str,
    /// A meaning and the words for it, the plainest first.
    pub entries: Vec<Vec<&'static str>>,
}

/// All that the model understands.
pub fn words() -> Vec<Group> {
    vec![
        Group {
            name: "settings",
            entries: settings::ALL
                .iter()
                .map(|one| own(one.name(), one.words().iter().map(|(word, _)| *word)))
                .collect(),
        },
        Group {
            name: "subjects",
            entries: subjects::ALL.iter().map(|one| own(one.name(), one.words().iter().copied())).collect(),
        },
        Group { name: "hours", entries: listed(tables::HOURS) },
        Group { name: "weather", entries: listed(tables::WEATHER) },
        Group { name: "seasons", entries: listed(tables::SEASONS) },
        Group { name: "moods", entries: listed(tables::MOODS) },
        Group {
            name: "framing",
            entries: [listed(tables::SIZES), listed(tables::ANGLES), listed(tables::VIEWS)].concat(),
        },
        Group { name: "camera", entries: tables::MOVES.iter().map(|(words, _, _)| words.to_vec()).collect() },
        Group { name: "motions", entries: tables::MOTIONS.iter().map(|(words, _)| words.to_vec()).collect() },
        Group { name: "looks", entries: grade::LOOKS.iter().map(|(word, _)| vec![*word]).collect() },
    ]
}

/// A name first, then the other words.
fn own(name: &'static str, words: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    std::iter::once(name).chain(words.filter(|word| *word != name)).collect()
}

fn listed<T>(table: tables::Table<T>) -> Vec<Vec<&'static str>> {
    table.iter().map(|(words, _)| words.to_vec()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sort_has_words() {
        let all = words();
        assert!(all.iter().all(|group| !group.entries.is_empty() && group.entries.iter().all(|entry| !entry.is_empty())));
        let camera = all.iter().find(|group| group.name == "camera").unwrap();
        assert!(camera.entries.iter().any(|entry| entry.contains(&"push in")));
    }
}
