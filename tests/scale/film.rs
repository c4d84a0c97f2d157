//! The large film that everything about scale is measured with: any number of equal shots, tiny and short, so that
//! a real render of two thousand of them is feasible. It was fixed before the first measurement.
//!
//! A shot is 5 nodes: `generate` and `edit` (streamed), `encode` and two `effects` (stored). Ten shots are a scene,
//! which adds one `join`; the film adds `mix`, `soundtrack`, `mux` and `sheet`. So a film of n shots has
//! 5 n + n / 10 + 4 nodes, of which 3 n + n / 10 + 4 are stored: 2,000 shots are 10,204 nodes, 6,204 of them stored.
//! Shots have equal words and differ by their seeds alone.

use std::fmt::Write;

/// Shots of one scene.
pub const SCENE: usize = 10;

/// The storyboard of a film of `shots` shots, a multiple of [`SCENE`].
pub fn storyboard(shots: usize) -> String {
    assert_eq!(shots % SCENE, 0, "scenes are whole");
    let mut text =
        String::from("storyboard: 1\ntitle: Scale\nfilm: {size: 64x36, fps: 24}\nseed: 1\nscenes:\n");
    for scene in 0..shots / SCENE {
        let _ = write!(text, "  - scene: s{scene:05}\n    setting: dawn at sea\n    shots:\n");
        for shot in 0..SCENE {
            let _ = writeln!(
                text,
                "      - {{shot: a{shot}, action: 'waves roll in, gulls circle', camera: push in, duration: 6f, \
                 sound: [{{words: surf}}, {{words: wind}}], edits: [{{style: engraved illustration}}]}}"
            );
        }
    }
    text
}

/// Nodes of the graph of such a film.
pub fn nodes(shots: usize) -> usize {
    5 * shots + shots / SCENE + 4
}

/// Those of them whose results are stored.
pub fn stored(shots: usize) -> usize {
    3 * shots + shots / SCENE + 4
}
