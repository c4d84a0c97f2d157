//! The second pass: film -> graph. Pure; inputs stand before their users; equal nodes are one.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::assemble::{self, Extent};
use super::builder::Builder;
use super::film::{Film, Handles};
use super::picture::{self, Clip, with_handles};
use super::pieces;
use super::select::{SelectError, Selection};
use super::sound;
use crate::graph::{Graph, NodeIndex};
use crate::units::Frames;

/// What is wanted of a film.
#[derive(Clone, Debug, PartialEq)]
pub struct Wants {
    /// The film itself with its captions; of the whole film also the stems and the contact sheet.
    pub film: bool,
    /// Every shot as ProRes.
    pub shots_mov: bool,
    /// The middle picture of every shot.
    pub stills: bool,
    /// A part of the film; all of it where absent.
    pub only: Option<Selection>,
}

impl Default for Wants {
    fn default() -> Self {
        Self { film: true, shots_mov: false, stills: false, only: None }
    }
}

/// A file of the result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// Relative to the version's folder.
    pub path: String,
    /// Who gives it.
    pub node: NodeIndex,
    /// From which port.
    pub port: &'static str,
}

/// A lowered film.
#[derive(Clone, Debug)]
pub struct Lowered {
    /// The nodes.
    pub graph: Arc<Graph>,
    /// The files they give.
    pub outputs: Vec<Output>,
    /// The film's pictures in it: all of them, or the selected ones.
    pub ranges: Vec<(Frames, Frames)>,
    /// Pictures in it.
    pub frames: Frames,
    /// Of every shot of the film, the handles of its own file.
    pub handles: Vec<Handles>,
}

/// Lowers `film`. Shots in `missing` (by their index, with why) are slates.
pub fn lower(film: &Film, wants: &Wants, missing: &BTreeMap<usize, String>) -> Result<Lowered, SelectError> {
    let ranges = match &wants.only {
        Some(selection) => selection.ranges(film)?,
        None => vec![(Frames(0), film.frames)],
    };
    let whole = ranges == [(Frames(0), film.frames)];
    let wanted = pieces::trimmed(film, &ranges);
    let used = used_shots(film, &ranges);
    let mut builder = Builder::default();
    let clips: Vec<Clip> = clips(&mut builder, film, missing, &used);
    let mut outputs = Vec::new();
    let frames = ranges.iter().map(|(from, to)| *to - *from).sum();
    if wants.film {
        let segments = assemble::segments(&mut builder, film, &clips, &wanted);
        let joined = assemble::joined(&mut builder, film, &segments.all);
        let mix = sound::mix(&mut builder, film);
        let heard = if whole { mix } else { sound::excerpt(&mut builder, film, mix, &ranges) };
        let extent = Extent { pieces: &wanted, frames, whole };
        let mux = assemble::mux(&mut builder, film, &extent, &joined, heard);
        let sheet = assemble::sheet(&mut builder, film, &segments);
        outputs.extend([
            file("film.mp4", mux, "film"),
            file("film.srt", mux, "srt"),
            file("film.vtt", mux, "vtt"),
        ]);
        outputs.push(file("contact-sheet.png", sheet, "sheet"));
        if whole {
            for stem in ["dialogue", "effects", "music", "music-and-effects"] {
                outputs.push(file(&format!("stems/{stem}.wav"), mix, stem));
            }
        }
    }
    let handles = handles(film, missing);
    for (index, shot) in film.shots.iter().enumerate().filter(|(index, _)| used[*index]) {
        let name = assemble::file_name(index, shot);
        if wants.shots_mov {
            let handles = handles[index];
            let clip = if handles.is_none() {
                clips[index]
            } else {
                with_handles(&mut builder, film, shot, handles)
            };
            let node = assemble::prores(&mut builder, film, clip, shot, handles);
            outputs.push(file(&format!("shots/{name}.mov"), node, "mov"));
        }
        // A neighbour is there for the transition alone.
        let asked = wants.only.as_ref().is_none_or(|selection| selection.takes(&shot.scene_name, &shot.name));
        if wants.stills && asked {
            let middle = Frames(shot.frames.0 / 2);
            let node = assemble::frame(&mut builder, film, clips[index], shot, middle);
            outputs.push(file(&format!("stills/{name}.png"), node, "still"));
        }
    }
    let (graph, outputs) = needed(builder.graph, outputs);
    Ok(Lowered { graph: Arc::new(graph), outputs, ranges, frames, handles })
}

/// A slate has no handles.
fn handles(film: &Film, missing: &BTreeMap<usize, String>) -> Vec<Handles> {
    let shots = film.shots.iter().enumerate();
    shots
        .map(
            |(index, shot)| {
                if missing.contains_key(&index) { Handles::default() } else { picture::handles(shot) }
            },
        )
        .collect()
}

fn file(path: &str, node: NodeIndex, port: &'static str) -> Output {
    Output { path: path.to_owned(), node, port }
}

fn used_shots(film: &Film, ranges: &[(Frames, Frames)]) -> Vec<bool> {
    let within = |start: Frames, end: Frames| ranges.iter().any(|(from, to)| start < *to && *from < end);
    film.shots.iter().map(|shot| within(shot.start, shot.end())).collect()
}

fn clips(builder: &mut Builder, film: &Film, missing: &BTreeMap<usize, String>, used: &[bool]) -> Vec<Clip> {
    let unused = Clip { node: NodeIndex::end(), micros: 0 };
    film.shots
        .iter()
        .enumerate()
        .map(|(index, shot)| match missing.get(&index) {
            _ if !used[index] => unused,
            Some(reason) => picture::slate(builder, film, shot, reason),
            None => picture::clip(builder, film, shot),
        })
        .collect()
}

/// Leaves out what no output needs (a clip that only a handle-bearing copy replaces), keeping order.
fn needed(graph: Graph, outputs: Vec<Output>) -> (Graph, Vec<Output>) {
    let mut wanted = vec![false; graph.node_count()];
    for output in &outputs {
        wanted[output.node.index()] = true;
    }
    for node in graph.node_indices().rev() {
        if wanted[node.index()] {
            for input in graph.neighbors_directed(node, petgraph::Direction::Incoming) {
                wanted[input.index()] = true;
            }
        }
    }
    let mut places = Vec::with_capacity(wanted.len());
    let mut count = 0;
    for keep in &wanted {
        places.push(NodeIndex::new(count));
        count += usize::from(*keep);
    }
    let (nodes, edges) = graph.into_nodes_edges();
    let mut kept = Graph::with_capacity(count, edges.len());
    for node in nodes.into_iter().zip(&wanted).filter_map(|(node, keep)| keep.then_some(node)) {
        kept.add_node(node.weight);
    }
    for edge in edges.into_iter().filter(|edge| wanted[edge.target().index()]) {
        kept.add_edge(places[edge.source().index()], places[edge.target().index()], edge.weight);
    }
    let outputs =
        outputs.into_iter().map(|output| Output { node: places[output.node.index()], ..output }).collect();
    (kept, outputs)
}
