//! What fuzzers run. Each target is a plain function of bytes that panics where an invariant fails; libFuzzer
//! drives it through `fuzz/libfuzzer`, and [`seeded`] on any toolchain, in every run of the tests.
//!
//! Always holds, whatever the bytes: no panic, at most [`seeded::MAX_TIME`] and [`seeded::MAX_MEMORY`] an input.

pub mod archive;
pub mod cache;
pub mod mutate;
pub mod plan;
pub mod planted;
pub mod seeded;
pub mod storyboard;

/// Something to fuzz.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name: that of its corpus, its dictionary and its libFuzzer binary.
    pub name: &'static str,
    /// What is run.
    pub run: fn(&[u8]),
    /// How its inputs are varied beyond bytes and lines.
    pub shape: mutate::Shape,
    /// Bytes that an input may have.
    pub max_bytes: usize,
}

/// The readers.
pub const TARGETS: &[Target] = &[
    Target { name: "storyboard", run: storyboard::run, shape: mutate::Shape::Lines, max_bytes: 64 << 10 },
    Target { name: "cache", run: cache::run, shape: mutate::Shape::JsonLines, max_bytes: 64 << 10 },
    Target { name: "plan", run: plan::run, shape: mutate::Shape::Json, max_bytes: 256 << 10 },
];

/// The target of that name, planted faults included.
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().chain(planted::TARGETS).find(|target| target.name == name)
}
