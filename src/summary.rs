//! What a render ends with: where the film is, what it is, what ran.

use std::fs;
use std::path::Path;
use std::time::Duration;

use storyreel_engine::kinds::sound::Loudness;
use storyreel_engine::publish::Published;
use storyreel_engine::publish::recipe::Recipe;
use storyreel_engine::run::RunReport;
use storyreel_engine::storyboard::render::visible;
use storyreel_engine::storyboard::types;
use storyreel_engine::units::{Frames, Rate};

use crate::compiled::Compiled;
use crate::terminal::{Ink, Paint, bytes, counted, span};

/// The lines of a summary.
pub fn lines(
    compiled: &Compiled,
    published: &Published,
    report: Option<&RunReport>,
    paint: Paint,
) -> Vec<String> {
    let film = published.path.join("film.mp4");
    let shown = shown(if film.exists() { &film } else { &published.path });
    let mut lines = vec![String::new(), format!("  {}", paint.with(Ink::Strong, shown))];
    let mut facts = if film.exists() {
        let length = length(compiled.film.rate, compiled.lowered.frames);
        vec![length, format!("{} at {} fps", compiled.film.size, compiled.film.rate)]
    } else {
        vec![counted(compiled.targets().len() as u64, "still"), compiled.film.size.to_string()]
    };
    facts.extend(fs::metadata(&film).ok().map(|meta| bytes(meta.len())));
    let whole = compiled.lowered.ranges == [(Frames(0), compiled.film.frames)];
    let loudness = loudness(&published.path).filter(|_| whole);
    facts.extend(loudness.and_then(heard));
    let news = if published.changed { "" } else { ", as before" };
    facts.push(format!("version {}{news}", published.version));
    lines.push(format!("  {}", facts.join("   ")));
    lines.push(format!("  {}", paint.with(Ink::Faint, work(compiled, report))));
    if !compiled.slates.is_empty() {
        let slated = format!("{} in this film", slated(compiled, compiled.slates.keys()));
        lines.push(format!("  {}", paint.with(Ink::Warn, slated)));
    }
    let estimated = report.and_then(estimated);
    lines.extend(estimated.map(|words| format!("  {}", paint.with(Ink::Faint, words))));
    let missed = loudness.and_then(|loudness| missed(loudness, compiled.film.loudness));
    lines.extend(missed.map(|words| format!("  {}", paint.with(Ink::Warn, words))));
    lines
}

/// `cliff.wide is a slate`: of shots, by their index.
pub fn slated<'a>(compiled: &Compiled, shots: impl Iterator<Item = &'a usize>) -> String {
    let names: Vec<_> = shots.map(|shot| compiled.film.shots[*shot].full_name()).collect();
    let are = if names.len() == 1 { "is a slate" } else { "are slates" };
    format!("{} {are}", listed(&names))
}

/// What the sound of the film in that folder came to.
fn loudness(folder: &Path) -> Option<Loudness> {
    let recipe: Recipe = serde_json::from_slice(&fs::read(folder.join("recipe.json")).ok()?).ok()?;
    recipe.loudness
}

/// `-16.0 LUFS, -1.6 dBTP`.
fn heard(loudness: Loudness) -> Option<String> {
    Some(format!("{:.1} LUFS, {:.1} dBTP", loudness.integrated_lufs?, loudness.true_peak_dbtp?))
}

/// Why the sound is not as loud as wanted, where it is not.
fn missed(loudness: Loudness, wanted: types::Loudness) -> Option<String> {
    let (target, limit) =
        (f64::from(wanted.integrated_centilufs) / 100.0, f64::from(wanted.true_peak_centidb) / 100.0);
    let Some(came) = loudness.integrated_lufs else {
        return Some(format!(
            "the film is silent, or all but: nothing in it could be brought to {target} LUFS"
        ));
    };
    ((came - target).abs() > 0.5).then(|| {
        format!(
            "the sound came to {came:.1} LUFS, not {target}: it is too short or too sparse to be louder under \
             {limit} dBTP"
        )
    })
}

/// What ran, how long it took, how fast pictures were made.
fn work(compiled: &Compiled, report: Option<&RunReport>) -> String {
    let stored = compiled.keyed.graph.node_indices().filter(|node| compiled.keyed.stored(*node)).count();
    let Some(report) = report else {
        return format!("nothing to do: all {stored} steps are made");
    };
    let ran = report.ran.len();
    let reused = stored.saturating_sub(ran);
    let pictures = encoded(compiled, report);
    let speed = pictures.0 as f64 / report.elapsed.as_secs_f64().max(0.001);
    let speed = if pictures.0 > 0 { format!(", {speed:.1} pictures a second") } else { String::new() };
    format!("{} ran in {}{speed}; {reused} reused", counted(ran as u64, "step"), span(report.elapsed))
}

/// What it was thought to take, and how far off that was; of next to nothing, nothing is said.
fn estimated(report: &RunReport) -> Option<String> {
    let (thought, took) = (report.estimate.estimate_millis, report.elapsed.as_millis() as u64);
    if thought < 1000 || report.ran.is_empty() {
        return None;
    }
    let time = span(Duration::from_millis(thought));
    let (memory, came) = (report.estimate.memory, report.memory);
    Some(format!(
        "estimated {time}: it took {}; {} of memory: it took {}",
        against(thought, took),
        bytes(memory),
        against(memory, came)
    ))
}

/// How what came compares with what was thought: `3 % less`, `4.2 times as much`.
fn against(thought: u64, came: u64) -> String {
    let times = came as f64 / thought.max(1) as f64;
    let percent = ((times - 1.0) * 100.0).round();
    match percent {
        0.0 => "as much".to_owned(),
        more if more >= 100.0 => format!("{times:.1} times as much"),
        more if more > 0.0 => format!("{more:.0} % more"),
        less => format!("{:.0} % less", -less),
    }
}

/// Pictures that were encoded.
fn encoded(compiled: &Compiled, report: &RunReport) -> Frames {
    let count = |name: &str, params: &serde_json::Value| {
        params.get(name).and_then(serde_json::Value::as_i64).unwrap_or(0)
    };
    let specs =
        report.ran.iter().map(|node| &compiled.keyed.graph[*node]).filter(|spec| spec.kind.name == "encode");
    specs.map(|spec| Frames(count("to", &spec.params) - count("from", &spec.params))).sum()
}

/// A few names of many.
pub fn listed(names: &[String]) -> String {
    const SHOWN: usize = 6;
    let mut text = names.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    if let Some(more) = names.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        text.push_str(&format!(" and {more} more"));
    }
    text
}

/// `2:09.25`.
fn length(rate: Rate, frames: Frames) -> String {
    let hundredths = (rate.seconds(frames) * 100.0).round() as u64;
    let (minutes, rest) = (hundredths / 6000, hundredths % 6000);
    format!("{minutes}:{:02}.{:02}", rest / 100, rest % 100)
}

/// A path as one would type it from here.
fn shown(path: &Path) -> String {
    let here = std::env::current_dir().ok().and_then(|here| path.strip_prefix(here).ok().map(Path::to_owned));
    visible(&here.as_deref().unwrap_or(path).display().to_string()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_far_off_an_estimate_was_is_told_in_words() {
        let told =
            [(100, 100), (100, 103), (100, 55), (100, 1868)].map(|(thought, came)| against(thought, came));
        assert_eq!(told, ["as much", "3 % more", "45 % less", "18.7 times as much"]);
    }

    #[test]
    fn a_missed_loudness_is_told() {
        let came = |lufs, dbtp| Loudness { integrated_lufs: lufs, true_peak_dbtp: dbtp, gain_db: 0.0 };
        let wanted = types::Loudness::default();
        let met = came(Some(-16.04), Some(-1.62));
        assert_eq!(heard(met).as_deref(), Some("-16.0 LUFS, -1.6 dBTP"));
        assert_eq!(missed(met, wanted), None);
        let short = missed(came(Some(-23.4), Some(-1.5)), wanted);
        assert!(short.is_some_and(|words| words.starts_with("the sound came to -23.4 LUFS, not -16:")));
        assert!(missed(came(None, None), wanted).is_some_and(|words| words.contains("silent")));
    }

    #[test]
    fn lengths_are_told_to_the_hundredth() {
        let rate = Rate { num: 24, den: 1 };
        assert_eq!(length(rate, Frames(3102)), "2:09.25");
        assert_eq!(length(rate, Frames(66)), "0:02.75");
    }
}
