//! A plan as text for a terminal of any width. Nothing is left out: captions are wrapped, not cut.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::timeline::write_timeline;
use super::{Plan, PlanNode, PlanScene, PlanShot, State};
use crate::told::{bytes, counted};
use crate::units::{Frames, Rate, SAMPLE_RATE, Samples};

/// The plan as text, wrapped at `width` letters.
pub fn table(plan: &Plan, width: usize) -> String {
    let width = width.clamp(60, 160);
    let mut text = String::new();
    let shots: usize = plan.scenes.iter().map(|scene| scene.shots.len()).sum();
    let title = if plan.title.is_empty() { "Untitled" } else { &plan.title };
    let _ = writeln!(
        text,
        "{title}\n{} at {} fps, {} ({} pictures), {}, {}",
        plan.size,
        plan.rate,
        clock(plan.rate, plan.frames),
        plan.frames.0,
        counted(plan.scenes.len() as u64, "scene"),
        counted(shots as u64, "shot"),
    );
    if plan.ranges != [(Frames(0), plan.frames)] {
        let parts = plan
            .ranges
            .iter()
            .map(|(from, to)| format!("{} to {}", clock(plan.rate, *from), clock(plan.rate, *to)));
        let _ = writeln!(text, "only {}", parts.collect::<Vec<_>>().join(", "));
    }
    let todo = unfinished(&plan.nodes);
    for scene in &plan.scenes {
        write_scene(&mut text, plan, scene, &todo, width);
    }
    write_score(&mut text, plan, width);
    write_work(&mut text, plan);
    if plan.totals.todo > 0 {
        write_timeline(&mut text, plan, width);
    }
    text
}

/// Of every shot, the stored nodes to do and all of them.
fn unfinished(nodes: &[PlanNode]) -> BTreeMap<(&str, &str), (usize, usize)> {
    let mut counts = BTreeMap::new();
    for node in nodes.iter().filter(|node| node.stored) {
        if let (Some(scene), Some(shot)) = (&node.scene, &node.shot) {
            let count: &mut (usize, usize) = counts.entry((scene.as_str(), shot.as_str())).or_default();
            count.0 += usize::from(node.state == State::Todo);
            count.1 += 1;
        }
    }
    counts
}

type Counts<'a> = BTreeMap<(&'a str, &'a str), (usize, usize)>;

fn write_scene(text: &mut String, plan: &Plan, scene: &PlanScene, todo: &Counts, width: usize) {
    let into = match scene.transition_frames {
        Frames(0) => String::new(),
        frames => format!(", then {} {}", scene.transition, length(plan.rate, frames)),
    };
    let start = clock(plan.rate, scene.start);
    let _ = writeln!(text, "\n{}  {start}, {}{into}", scene.name, length(plan.rate, scene.frames));
    for shot in &scene.shots {
        let state = match todo.get(&(scene.name.as_str(), shot.name.as_str())) {
            None => String::new(),
            Some((0, _)) => "done".into(),
            Some((left, all)) if left == all => "to do".into(),
            Some((left, all)) => format!("{left} of {all} to do"),
        };
        let _ = writeln!(
            text,
            "{:>4}  {:<20} {:>9} {:>8}  {:<12} {state}",
            shot.number,
            shot.name,
            clock(plan.rate, shot.start),
            length(plan.rate, shot.frames),
            shot.source,
        );
        write_words(text, shot, width);
    }
}

fn write_words(text: &mut String, shot: &PlanShot, width: usize) {
    let takes = match (shot.take, shot.candidates) {
        (Some(take), _) => format!("take {take}"),
        (None, 1) => String::new(),
        (None, count) => format!("the best of {count}"),
    };
    let lines = [
        ("", shot.caption.clone()),
        ("avoid: ", shot.avoid.clone()),
        ("not drawn: ", shot.not_drawn.join(", ")),
        ("edits: ", shot.edits.join("; ")),
        ("steps: ", shot.steps.join("; ")),
        ("takes: ", takes),
        ("sound: ", shot.sounds.join("; ")),
        ("no sound for: ", shot.not_sounded.join(", ")),
    ];
    for (name, words) in lines {
        if !words.is_empty() {
            wrap(text, &format!("{name}{words}"), width);
        }
    }
    for line in &shot.lines {
        wrap(text, line, width);
    }
}

fn wrap(text: &mut String, words: &str, width: usize) {
    const INDENT: &str = "      ";
    let mut line = INDENT.to_owned();
    for word in words.split_whitespace() {
        if line.len() > INDENT.len() && line.chars().count() + 1 + word.chars().count() > width {
            let _ = writeln!(text, "{line}");
            line = format!("{INDENT}  ");
        } else if !line.trim().is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    let _ = writeln!(text, "{line}");
}

fn write_score(text: &mut String, plan: &Plan, width: usize) {
    if plan.cues.is_empty() {
        return;
    }
    text.push_str("\nscore\n");
    for cue in &plan.cues {
        let at = samples_clock(cue.at);
        let _ = writeln!(text, "      {:<20} {at:>9} {:>8}", cue.name, tenths(cue.samples));
        wrap(text, &cue.music, width);
        if !cue.not_sounded.is_empty() {
            wrap(text, &format!("not played: {}", cue.not_sounded.join(", ")), width);
        }
    }
}

fn write_work(text: &mut String, plan: &Plan) {
    let mut kinds: Vec<(&str, [u64; 4])> = Vec::new();
    for node in plan.nodes.iter().filter(|node| node.stored) {
        let place = kinds.iter().position(|(kind, _)| *kind == node.kind).unwrap_or_else(|| {
            kinds.push((&node.kind, [0; 4]));
            kinds.len() - 1
        });
        let left = u64::from(node.state == State::Todo);
        let sums = &mut kinds[place].1;
        *sums = [sums[0] + 1, sums[1] + left, sums[2] + left * node.millis, sums[3] + left * node.disk];
    }
    text.push_str("\nwork            steps    to do      time        disk\n");
    for (kind, [count, left, millis, disk]) in kinds {
        let (time, disk) = if left == 0 { ("-".into(), "-".into()) } else { (duration(millis), bytes(disk)) };
        let _ = writeln!(text, "{kind:<14} {count:>6} {left:>8} {time:>9} {disk:>11}");
    }
    let totals = &plan.totals;
    if totals.todo == 0 {
        text.push_str("\nNothing to do.\n");
        return;
    }
    let _ = writeln!(
        text,
        "\n{} of {} to do: about {} on {}, {} of disk, {} of memory.",
        totals.todo,
        counted(totals.stored.into(), "step"),
        duration(totals.millis),
        totals.devices.join(", "),
        bytes(totals.disk),
        bytes(totals.memory),
    );
}

/// `1:02.5`: minutes, seconds and tenths.
pub(super) fn clock(rate: Rate, frames: Frames) -> String {
    samples_clock(rate.samples_at(frames))
}

pub(super) fn samples_clock(samples: Samples) -> String {
    let tenths = (samples.0 * 10 + SAMPLE_RATE / 2) / SAMPLE_RATE;
    format!("{}:{:02}.{}", tenths / 600, tenths / 10 % 60, tenths % 10)
}

pub(super) fn length(rate: Rate, frames: Frames) -> String {
    tenths(rate.samples_at(frames))
}

fn tenths(samples: Samples) -> String {
    let tenths = (samples.0 * 10 + SAMPLE_RATE / 2) / SAMPLE_RATE;
    format!("{}.{} s", tenths / 10, tenths % 10)
}

/// `3.2 s`, `1 min 20 s`, `2 h 05 min`.
pub(super) fn duration(millis: u64) -> String {
    let seconds = millis.div_ceil(1000);
    match seconds {
        0..=9 => format!("{}.{} s", millis / 1000, millis / 100 % 10),
        10..=59 => format!("{seconds} s"),
        60..=3599 => format!("{} min {:02} s", seconds / 60, seconds % 60),
        _ => format!("{} h {:02} min", seconds / 3600, seconds / 60 % 60),
    }
}
