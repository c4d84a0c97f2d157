//! A plan as a drawing: every node where it stands on the film's clock, scenes and shots above,
//! sound below, what is left in another colour.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::table::{clock, duration, length};
use super::timeline::{Sort, busy, lane};
use super::{Plan, PlanNode, State};
use crate::units::Frames;

const LEFT: f64 = 120.0;
const RIGHT: f64 = 40.0;
/// How long a letter takes to say, roughly.
const SAMPLES_A_LETTER: i64 = 3_200;
const ROW: f64 = 24.0;
const GAP: f64 = 6.0;

const PAPER: &str = "#fbfaf7";
const INK: &str = "#22262b";
const FAINT: &str = "#8b8f94";
const LINE: &str = "#e2dfd8";

/// The drawing, as SVG.
pub fn svg(plan: &Plan) -> String {
    let mut page = Page::new(plan);
    page.ruler();
    page.scenes();
    let clips = page.clips();
    page.segments(clips);
    page.sounds();
    page.ends();
    page.devices();
    page.finish()
}

struct Page<'a> {
    plan: &'a Plan,
    body: String,
    /// Pixels a picture.
    scale: f64,
    width: f64,
    y: f64,
}

/// A block on the clock.
struct Block {
    from: f64,
    to: f64,
    text: String,
    title: String,
    state: State,
    streamed: bool,
}

impl<'a> Page<'a> {
    fn new(plan: &'a Plan) -> Self {
        let shortest = plan.scenes.iter().flat_map(|scene| &scene.shots).map(|shot| shot.frames.0).min();
        let frames = plan.frames.0.max(1) as f64;
        let readable = 74.0 / shortest.unwrap_or(1).max(1) as f64;
        let scale = readable.max(1320.0 / frames).min((4200.0 / frames).max(0.2));
        let width = LEFT + frames * scale + RIGHT;
        let mut page = Self { plan, body: String::new(), scale, width, y: 34.0 };
        page.heading();
        page
    }

    fn heading(&mut self) {
        let plan = self.plan;
        let title = if plan.title.is_empty() { "Untitled" } else { &plan.title };
        self.words(LEFT, self.y + 8.0, 24.0, INK, "start", "700", title);
        let totals = &plan.totals;
        let done = totals.stored - totals.todo;
        let left = match totals.todo {
            0 => "nothing to do".to_owned(),
            todo => format!("{todo} of {} steps to do, about {}", totals.stored, duration(totals.millis)),
        };
        let facts =
            format!("{} at {} fps · {} · {left}", plan.size, plan.rate, clock(plan.rate, plan.frames));
        self.words(LEFT, self.y + 30.0, 13.0, FAINT, "start", "400", &facts);
        let mut x = self.width - RIGHT - 250.0;
        let legend = [
            (State::Done, false, format!("done ({done})")),
            (State::Todo, false, format!("to do ({})", totals.todo)),
            (State::Done, true, "streamed".to_owned()),
        ];
        for (state, streamed, name) in legend {
            self.rect(x, self.y + 20.0, 12.0, 12.0, 3.0, colours(state, streamed));
            self.words(x + 17.0, self.y + 30.0, 12.0, INK, "start", "400", &name);
            x += 88.0;
        }
        self.y += 52.0;
    }

    fn x(&self, frame: Frames) -> f64 {
        LEFT + frame.0 as f64 * self.scale
    }

    fn at(&self, sample: i64) -> f64 {
        let frames = self.plan.frames.0.max(1) as f64;
        LEFT + sample as f64 / self.plan.samples.0.max(1) as f64 * frames * self.scale
    }

    /// Where a run is shown that may overlap its neighbours under transitions: each takes half.
    fn shared(&self, start: Frames, frames: Frames, incoming: Frames, outgoing: Frames) -> (f64, f64) {
        let half = |frames: Frames| frames.0 as f64 * self.scale / 2.0;
        (self.x(start) + half(incoming), self.x(start + frames) - half(outgoing))
    }

    /// Pictures that a scene shares with the one before it and the one after it.
    fn overlaps(&self, scene: usize) -> (Frames, Frames) {
        let scenes = &self.plan.scenes;
        let before = scene.checked_sub(1).map_or(Frames(0), |before| scenes[before].transition_frames);
        let after = if scene + 1 < scenes.len() { scenes[scene].transition_frames } else { Frames(0) };
        (before, after)
    }

    /// Where a shot of a scene is shown.
    fn shot_span(&self, scene: usize, shot: usize) -> (f64, f64) {
        let (before, after) = self.overlaps(scene);
        let shots = &self.plan.scenes[scene].shots;
        let incoming = if shot == 0 { before } else { Frames(0) };
        let outgoing = if shot + 1 == shots.len() { after } else { Frames(0) };
        self.shared(shots[shot].start, shots[shot].frames, incoming, outgoing)
    }

    fn ruler(&mut self) {
        let seconds = self.plan.samples.0 as f64 / 48_000.0;
        let pixels = (self.width - LEFT - RIGHT) / seconds.max(0.001);
        let steps = [1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0];
        let step = steps.into_iter().find(|step| step * pixels >= 64.0).unwrap_or(1200.0);
        let mut second = 0.0;
        while second <= seconds + 0.001 {
            let x = LEFT + second * pixels;
            let text = format!("{}:{:02}", second as i64 / 60, second as i64 % 60);
            self.words(x, self.y + 4.0, 11.0, FAINT, "middle", "400", &text);
            let _ = write!(
                self.body,
                r#"<line class="grid" x1="{x:.1}" x2="{x:.1}" y1="{:.1}" y2="@BOTTOM"/>"#,
                self.y + 9.0
            );
            second += step;
        }
        self.y += 18.0;
    }

    fn scenes(&mut self) {
        let plan = self.plan;
        let (top, height) = (self.y, 50.0);
        self.lane("scenes");
        for (index, scene) in plan.scenes.iter().enumerate() {
            let (before, after) = self.overlaps(index);
            let (from, to) = self.shared(scene.start, scene.frames, before, after);
            let tint = ["#e7eef0", "#f1ebe1", "#e9ece3", "#efe7ea"][index % 4];
            self.rect(from, top, to - from, height, 4.0, (tint, "#cfd3d2", "1"));
            let into = match scene.transition_frames {
                Frames(0) => String::new(),
                frames => format!(" · {} {}", scene.transition, length(plan.rate, frames)),
            };
            let name = fitted(&format!("{}{into}", scene.name), to - from - 16.0, 12.0);
            self.words(from + 8.0, top + 16.0, 12.0, INK, "start", "600", &name);
        }
        for (scene_index, scene) in plan.scenes.iter().enumerate() {
            for (index, shot) in scene.shots.iter().enumerate() {
                let (from, to) = self.shot_span(scene_index, index);
                self.rect(from + 1.0, top + 23.0, to - from - 2.0, 22.0, 3.0, ("#ffffff", "#c8ccca", "0.85"));
                let name = fitted(&format!("{} {}", shot.number, shot.name), to - from - 10.0, 11.0);
                self.words(from + 6.0, top + 38.0, 11.0, INK, "start", "400", &name);
                let without = |how: &str, what: &[String]| match what {
                    [] => String::new(),
                    _ => format!("\n{how}: {}", what.join(", ")),
                };
                let missing =
                    without("not drawn", &shot.not_drawn) + &without("no sound for", &shot.not_sounded);
                let title = format!(
                    "{}.{}, {}\n{}{missing}",
                    scene.name,
                    shot.name,
                    length(plan.rate, shot.frames),
                    shot.caption
                );
                self.hover(from, top + 23.0, to - from, 22.0, &title);
            }
        }
        self.y += height + 14.0;
    }

    /// The streamed nodes of every shot, one under the other; gives where they end.
    fn clips(&mut self) -> f64 {
        let plan = self.plan;
        self.lane("clips");
        let top = self.y;
        let mut bottom = top + ROW;
        let mut drawn: BTreeMap<(&str, &str), Vec<&PlanNode>> = BTreeMap::new();
        for node in plan.nodes.iter().filter(|node| is_drawn(node)) {
            if let (Some(scene), Some(shot)) = (&node.scene, &node.shot) {
                drawn.entry((scene, shot)).or_default().push(node);
            }
        }
        for (scene_index, scene) in plan.scenes.iter().enumerate() {
            for (index, shot) in scene.shots.iter().enumerate() {
                let (from, to) = self.shot_span(scene_index, index);
                let own = drawn.get(&(scene.name.as_str(), shot.name.as_str()));
                for (row, node) in own.into_iter().flatten().enumerate() {
                    let y = top + row as f64 * (ROW + GAP);
                    self.block(y, &block(node, from, to, node.kind_name().to_owned()));
                    bottom = f64::max(bottom, y + ROW);
                }
            }
        }
        bottom
    }

    /// Transitions, encoded pieces and joins, where their pictures stand.
    fn segments(&mut self, clips: f64) {
        let plan = self.plan;
        self.y = clips + 14.0;
        let rows = [("transitions", "transition"), ("segments", "encode"), ("joins", "join")];
        let mut spans: Vec<Option<(f64, f64)>> = vec![None; plan.nodes.len()];
        let places = places(plan);
        for (name, kind) in rows {
            let found: Vec<usize> =
                (0..plan.nodes.len()).filter(|index| plan.nodes[*index].kind_name() == kind).collect();
            if found.is_empty() {
                continue;
            }
            self.lane(name);
            for index in found {
                let node = &plan.nodes[index];
                let Some((from, to)) = self.extent(node, &places, &spans) else { continue };
                spans[index] = Some((from, to));
                let text = match kind {
                    "encode" | "transition" => node.part().split(' ').next().unwrap_or_default().to_owned(),
                    _ => node.scene.clone().unwrap_or_default(),
                };
                self.block(self.y, &block(node, from, to, text));
            }
            self.y += ROW + GAP;
        }
        self.y += 8.0;
    }

    /// Where a node's pictures stand in the film.
    fn extent(
        &self,
        node: &PlanNode,
        places: &BTreeMap<(&str, &str), (usize, usize)>,
        spans: &[Option<(f64, f64)>],
    ) -> Option<(f64, f64)> {
        if node.kind_name() == "join" {
            let inputs = node.inputs.iter().filter_map(|input| spans[input.from as usize]);
            return inputs.reduce(|all, one| (all.0.min(one.0), all.1.max(one.1)));
        }
        let (scene, shot) = (node.scene.as_ref()?, node.shot.as_ref()?);
        let (scene, shot) = *places.get(&(scene.as_str(), shot.as_str()))?;
        let scene = &self.plan.scenes[scene];
        let shot = &scene.shots[shot];
        let number = |name: &str| node.params.get(name).and_then(serde_json::Value::as_i64);
        let own = ["core", "head", "tail"].contains(&node.part());
        let start = if own { shot.start } else { shot.start + shot.frames - scene.transition_frames };
        let from = number("from").unwrap_or(0);
        let to = number("to").or(number("frames"))?;
        let at = |frame: i64| self.x(Frames(start.0.saturating_add(frame)));
        Some((at(from), at(to)))
    }

    /// The three stems, from what enters the mix.
    fn sounds(&mut self) {
        let plan = self.plan;
        let Some(mix) = plan.nodes.iter().find(|node| node.kind_name() == "mix") else { return };
        for stem in ["dialogue", "effects", "music"] {
            let entries = mix.params.get(stem).and_then(serde_json::Value::as_array);
            let Some(entries) = entries.filter(|entries| !entries.is_empty()) else { continue };
            self.lane(stem);
            let giving: BTreeMap<u32, u32> = mix
                .inputs
                .iter()
                .filter(|input| input.port == stem)
                .map(|input| (input.index, input.from))
                .collect();
            let mut rows: Vec<f64> = Vec::new();
            let mut spoken = 0;
            for (index, entry) in entries.iter().enumerate() {
                let Some(node) = giving.get(&(index as u32)).map(|from| &plan.nodes[*from as usize]) else {
                    continue;
                };
                let placed = entry.get("placed").unwrap_or(entry);
                let number = |name: &str| placed.get(name).and_then(serde_json::Value::as_i64).unwrap_or(0);
                let waits = entry.get("after_previous").and_then(serde_json::Value::as_bool) == Some(true);
                let start = if waits { spoken.max(number("at")) } else { number("at") };
                let end = match stem {
                    "dialogue" => spoken_end(entry, start),
                    _ => start.saturating_add(number("samples")),
                };
                spoken = end;
                let (from, to) = (self.at(start), self.at(end.min(plan.samples.0)));
                // What sounds at the same time stands in the next row.
                let row = rows.iter().position(|taken| *taken <= from + 0.5).unwrap_or(rows.len());
                if row == rows.len() {
                    rows.push(to);
                } else {
                    rows[row] = to;
                }
                let text = sound_text(stem, entry, node);
                self.block(self.y + row as f64 * (ROW + GAP), &block(node, from, to, text));
            }
            self.y += rows.len() as f64 * (ROW + GAP) + 2.0;
        }
        self.y += 8.0;
    }

    /// What takes the whole film.
    fn ends(&mut self) {
        let plan = self.plan;
        for kind in ["mix", "excerpt", "sheet", "mux"] {
            let Some(node) = plan.nodes.iter().find(|node| node.kind_name() == kind) else { continue };
            self.lane(kind);
            let (from, to) = (self.x(Frames(0)), self.x(plan.frames));
            let outputs: Vec<&str> = plan
                .outputs
                .iter()
                .filter(|output| plan.nodes[output.node as usize].step == node.step)
                .map(|output| output.path.as_str())
                .collect();
            self.block(self.y, &block(node, from, to, outputs.join(" · ")));
            self.y += ROW + GAP;
        }
    }

    fn finish(self) -> String {
        let height = self.y + 24.0;
        let bottom = format!("{:.1}", height - 20.0);
        let body = self.body.replace("@BOTTOM", &bottom);
        format!(
            concat!(
                r#"<svg xmlns="http://www.w3.org/2000/svg" width="{w:.0}" height="{h:.0}" "#,
                r#"viewBox="0 0 {w:.0} {h:.0}" font-family="Inter, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif">"#,
                r#"<style>.grid{{stroke:{line};stroke-width:1}}.hover{{fill:transparent}}</style>"#,
                r#"<rect width="100%" height="100%" fill="{paper}"/>{body}</svg>"#,
                "\n"
            ),
            w = self.width,
            h = height,
            line = LINE,
            paper = PAPER,
            body = body,
        )
    }

    fn lane(&mut self, name: &str) {
        self.words(LEFT - 14.0, self.y + 16.0, 11.0, FAINT, "end", "400", name);
    }

    fn block(&mut self, y: f64, block: &Block) {
        let width = (block.to - block.from - 2.0).max(2.0);
        self.rect(block.from + 1.0, y, width, ROW, 4.0, colours(block.state, block.streamed));
        let text = fitted(&block.text, width - 10.0, 10.5);
        let ink = if block.state == State::Todo && !block.streamed { "#5b3a05" } else { "#1f3b37" };
        self.words(block.from + 6.0, y + 16.0, 10.5, ink, "start", "500", &text);
        self.hover(block.from, y, width, ROW, &block.title);
    }

    fn rect(&mut self, x: f64, y: f64, width: f64, height: f64, round: f64, colour: (&str, &str, &str)) {
        let (fill, stroke, opacity) = colour;
        let _ = write!(
            self.body,
            r#"<rect x="{x:.1}" y="{y:.1}" width="{:.1}" height="{height:.1}" rx="{round}" fill="{fill}" fill-opacity="{opacity}" stroke="{stroke}"/>"#,
            width.max(1.0),
        );
    }

    fn hover(&mut self, x: f64, y: f64, width: f64, height: f64, title: &str) {
        let _ = write!(
            self.body,
            r#"<rect class="hover" x="{x:.1}" y="{y:.1}" width="{:.1}" height="{height:.1}"><title>{}</title></rect>"#,
            width.max(1.0),
            escaped(title),
        );
    }

    /// Who does what when, on a clock of its own: that of the render.
    fn devices(&mut self) {
        let plan = self.plan;
        if plan.totals.todo == 0 {
            return;
        }
        self.y += 30.0;
        self.words(LEFT, self.y, 15.0, INK, "start", "700", "The render");
        let mut x = LEFT + 110.0;
        for (sort, name) in Sort::NAMED {
            self.rect(x, self.y - 10.0, 12.0, 12.0, 3.0, shades(sort));
            self.words(x + 17.0, self.y, 12.0, INK, "start", "400", name);
            x += 40.0 + 7.0 * name.len() as f64;
        }
        let (whole, room) = (plan.totals.millis.max(1), self.width - LEFT - RIGHT);
        let at = |millis: u64| LEFT + millis as f64 / whole as f64 * room;
        self.y += 14.0;
        for device in &plan.totals.devices {
            let lane = lane(plan, device);
            let share = format!("{device}  {} %", busy(&lane) * 100 / whole);
            self.words(LEFT - 10.0, self.y + 16.0, 12.0, FAINT, "end", "400", &share);
            for (begin, end, node) in lane {
                let (x, width) = (at(begin), (at(end) - at(begin)).max(1.0));
                self.rect(x, self.y, width, ROW, 3.0, shades(Sort::of(node)));
                let name = fitted(&node.label, width - 10.0, 10.5);
                self.words(x + 5.0, self.y + 16.0, 10.5, INK, "start", "500", &name);
                let title = block(node, x, x + width, String::new()).title;
                self.hover(x, self.y, width, ROW, &title);
            }
            self.y += ROW + GAP;
        }
        self.words(LEFT, self.y + 10.0, 11.0, FAINT, "start", "400", "0");
        self.words(self.width - RIGHT, self.y + 10.0, 11.0, FAINT, "end", "400", &duration(whole));
        self.y += 18.0;
    }

    #[allow(clippy::too_many_arguments, reason = "the attributes of one element")]
    fn words(&mut self, x: f64, y: f64, size: f64, fill: &str, anchor: &str, weight: &str, text: &str) {
        if !text.is_empty() {
            let _ = write!(
                self.body,
                r#"<text x="{x:.1}" y="{y:.1}" font-size="{size}" font-weight="{weight}" fill="{fill}" text-anchor="{anchor}">{}</text>"#,
                escaped(text),
            );
        }
    }
}

impl PlanNode {
    /// `encode`.
    fn kind_name(&self) -> &str {
        self.kind.split('@').next().unwrap_or_default()
    }

    /// What follows the shot's name in the label.
    fn part(&self) -> &str {
        self.label.split_once(' ').map_or("", |(_, part)| part)
    }
}

/// Whether a node is one of those that make its shot's pictures.
fn is_drawn(node: &PlanNode) -> bool {
    !node.stored && node.kind_name() != "transition" || node.kind_name() == "rank"
}

/// Where the scene and the shot of each name stand; of equal names the first.
fn places(plan: &Plan) -> BTreeMap<(&str, &str), (usize, usize)> {
    let mut places = BTreeMap::new();
    for (at, scene) in plan.scenes.iter().enumerate() {
        for (number, shot) in scene.shots.iter().enumerate() {
            places.entry((scene.name.as_str(), shot.name.as_str())).or_insert((at, number));
        }
    }
    places
}

fn block(node: &PlanNode, from: f64, to: f64, text: String) -> Block {
    let state = if node.state == State::Todo { "to do" } else { "done" };
    let time = if node.stored { format!(", {}", duration(node.millis)) } else { String::new() };
    let place = node.device.as_ref().map(|device| format!(" on {device}")).unwrap_or_default();
    let step: String = node.step.to_string().chars().take(12).collect();
    Block {
        from,
        to,
        text,
        title: format!("{}\n{} · {state}{time}{place}\nstep {step}", node.label, node.kind),
        state: node.state,
        streamed: !node.stored,
    }
}

/// A line's length by its words; the real one is known when it has been spoken.
fn spoken_end(entry: &serde_json::Value, start: i64) -> i64 {
    let text = entry.get("text").and_then(serde_json::Value::as_str).unwrap_or_default();
    let until = entry.get("until").and_then(serde_json::Value::as_i64).unwrap_or(i64::MAX);
    start.saturating_add(text.chars().count() as i64 * SAMPLES_A_LETTER).min(until).max(start)
}

fn sound_text(stem: &str, entry: &serde_json::Value, node: &PlanNode) -> String {
    let of = |value: &serde_json::Value, name: &str| {
        value.get(name).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
    };
    match stem {
        "dialogue" => format!("{}: {}", of(entry, "speaker"), of(entry, "text")),
        "effects" => {
            Some(of(&node.params, "words")).filter(|words| !words.is_empty()).unwrap_or("recording".into())
        }
        _ => Some(of(&node.params, "prompt")).filter(|words| !words.is_empty()).unwrap_or("recording".into()),
    }
}

/// Fill, stroke, opacity.
fn colours(state: State, streamed: bool) -> (&'static str, &'static str, &'static str) {
    match (state, streamed) {
        (State::Done, false) => ("#bfe0d6", "#6fae9d", "1"),
        (State::Todo, false) => ("#f7d9a3", "#d9a441", "1"),
        (State::Done, true) => ("#eceff0", "#c3c9cc", "1"),
        (State::Todo, true) => ("#fbf1de", "#e0c48d", "1"),
    }
}

/// Fill, stroke, opacity of a sort of work.
fn shades(sort: Sort) -> (&'static str, &'static str, &'static str) {
    match sort {
        Sort::Pictures => ("#f7d9a3", "#d9a441", "1"),
        Sort::Sound => ("#c9d6ee", "#7f9bc9", "1"),
        Sort::Assembly => ("#dccfe6", "#a78bbd", "1"),
    }
}

/// `text` cut to about `width` pixels at `size`.
fn fitted(text: &str, width: f64, size: f64) -> String {
    let room = (width / (size * 0.6)).floor().max(0.0) as usize;
    if text.chars().count() <= room {
        return text.to_owned();
    }
    match room {
        0..3 => String::new(),
        _ => text.chars().take(room - 1).collect::<String>().trim_end().to_owned() + "…",
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
