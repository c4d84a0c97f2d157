// Invented films in the shape of the studio's API, for the page's tests. What always holds: every list is consistent
// with the others (segments tile the film, nodes name their shots), and the clips are those of `material()`.

import { RATE, SAMPLES, clip, film, poster, sound } from "./media.mjs";
import { dissolver, painter } from "./paint.mjs";

/** States in the order of the graph's `states`. */
export const STATES = ["waiting", "ready", "running", "done", "reused", "failed", "skipped"];
const KINDS = ["generate", "edit", "conform", "encode", "effects", "rank", "frame", "extend", "join", "mix", "soundtrack", "sheet", "mux"];
const DISSOLVE = 24;

const SCENES = [
  ["quay", "dawn, fog", ["dawn", "nets", "lantern"]],
  ["crossing", "night, wind rising", ["departure", "swell", "beacon"]],
  ["island", "noon, clear", ["landfall", "path", "chapel"]],
  ["return", "golden hour", ["farewell", "wake", "harbour"]],
];
const ACTIONS = [
  "boats rock at the quay, gulls wheel over the masts", "@ines mends a net, rain in her hair", "a brass lantern is lit and swings",
  "@mara casts off, the rope falls", "the bow climbs a long swell", "a light turns far away, then is gone",
  "the keel grinds on shingle", "@ines climbs the path between stone walls", "a bell in an empty chapel, dust in the light",
  "@mara lifts a hand from the shore", "the wake closes behind the boat", "lamps come on around the harbour, one by one",
];
const CAMERAS = ["wide shot, slow push in", "close-up, static", "close-up, handheld", "medium shot, pan right"];
const LENGTHS = [84, 72, 60, 96, 84, 108, 72, 90, 84, 96, 78, 120];

/** The twelve clips, one dissolve, posters, takes, a mix and three versions: paths of files, made when missing. */
export async function material() {
  const clips = [];
  const posters = [];
  for (let i = 0; i < LENGTHS.length; i += 1) {
    const paint = () => painter(i, 7, LENGTHS[i]);
    clips.push(await clip(`clip-${i}`, paint, LENGTHS[i]));
    posters.push(await poster(`poster-${i}`, paint, LENGTHS[i] >> 1));
  }
  const takes = [];
  for (let seed = 8; seed < 11; seed += 1) {
    takes.push(await poster(`take-${seed}`, () => painter(1, seed, 72), 30));
  }
  return { clips, posters, takes, others: await others(), ...(await dissolve()), mix: await mix(), versions: await versions() };
}

/** Clip 1 again by another seed: what a re-roll gives. */
async function others() {
  return clip("clip-1-other", () => painter(17, 12, LENGTHS[1]), LENGTHS[1]);
}

/** Shots 5 and 6 dissolve: their own clips are shorter by the dissolve, which is a clip of its own. */
async function dissolve() {
  const last = LENGTHS[5] - DISSOLVE;
  const from = () => painter(5, 7, LENGTHS[5]);
  const to = () => painter(6, 7, LENGTHS[6]);
  return {
    head: await clip("clip-5-head", from, last),
    between: await clip("clip-between", () => dissolver(16, from(), last, to(), DISSOLVE), DISSOLVE),
    tail: await clip("clip-6-tail", () => { const paint = to(); return (local) => paint(local + DISSOLVE); }, LENGTHS[6] - DISSOLVE),
  };
}

const FILM = LENGTHS.reduce((sum, length) => sum + length) - DISSOLVE;

function seconds(frames) {
  return (frames * RATE[1]) / RATE[0];
}

/** A low tone that changes with the shot, and a short beep at each shot's first picture: sync can be measured. */
async function mix() {
  const starts = twelveStarts();
  return sound("mix", () => {
    const samples = new Float32Array(Math.round(seconds(FILM) * SAMPLES));
    for (let i = 0; i < samples.length; i += 1) {
      const t = i / SAMPLES;
      samples[i] = 0.05 * Math.sin(6.283 * 110 * t) * (0.6 + 0.4 * Math.sin(t * 1.7));
    }
    for (const start of starts) {
      const first = Math.round(seconds(start) * SAMPLES);
      for (let i = 0; i < 4800 && first + i < samples.length; i += 1) samples[first + i] += 0.6 * Math.sin((6.283 * 1000 * i) / SAMPLES);
    }
    return samples;
  });
}

async function versions() {
  const paths = [];
  for (let number = 1; number <= 3; number += 1) {
    const parts = LENGTHS.slice(0, 6).map((length, i) => ({ paint: () => painter(i, number > i ? 7 : 20 + number, length), length }));
    paths.push(await film(`version-${number}`, parts));
  }
  return paths;
}

/** Frames of each of the three versions. */
export const VERSION_FRAMES = LENGTHS.slice(0, 6).reduce((sum, length) => sum + length);

function twelveStarts() {
  let at = 0;
  return LENGTHS.map((length, i) => {
    const start = i === 6 ? at - DISSOLVE : at;
    at = start + length;
    return start;
  });
}

/** Peaks of a stem as bytes: pairs of lowest and highest, 50 a second. */
export function peaks(frames, which) {
  const pairs = Math.ceil(seconds(frames) * 50);
  const bytes = Buffer.alloc(pairs * 2);
  for (let i = 0; i < pairs; i += 1) {
    const speech = Math.sin(i / 37) > 0.45 ? Math.abs(Math.sin(i * 1.3) * Math.sin(i / 5)) : 0.02;
    const level = [speech, 0.25 + 0.2 * Math.sin(i / 21) * Math.sin(i * 0.9), 0.35 + 0.3 * Math.sin(i / 90)][which];
    const height = Math.round(Math.min(1, Math.abs(level) * (0.7 + 0.3 * Math.sin(i * 12.9898))) * 120);
    bytes.writeInt8(-height, i * 2);
    bytes.writeInt8(height, i * 2 + 1);
  }
  return bytes;
}

function base(title, frames) {
  return {
    api: 1, event: 0, revision: 1, storyboard: "film.yaml", title, version: 3, draft: false, size: [640, 360], rate: RATE, frames,
    timecode: "01:00:00:00", codec: "avc1.64001E", editor: false, stale: false, scenes: [], shots: [], segments: [],
    transitions: [], cues: [], stems: [], sound: null,
    render: { state: "idle", done: 0, total: 0, work: 1, left_millis: null, failed: 0, message: null, running: [] },
    diagnostics: [],
  };
}

function stems(film) {
  return ["dialogue", "effects", "music"].map((name, i) => ({ name, peaks: `/media/peaks/${film.frames}-${i}.bin`, per_second: 50 }));
}

/** The film of twelve shots, all rendered. */
export function twelve() {
  const starts = twelveStarts();
  const film = base("Lantern Bay", FILM);
  SCENES.forEach(([scene, , names], s) => {
    const first = s * 3;
    film.scenes.push({ name: scene, start: starts[first], length: (s < 3 ? starts[first + 3] : FILM) - starts[first] });
    names.forEach((name, n) => {
      const i = first + n;
      film.shots.push({
        id: `${scene}.${name}`, name, scene: s, start: starts[i], length: LENGTHS[i], caption: ACTIONS[i].replaceAll("@", ""),
        state: i % 3 === 1 ? "done" : "reused", progress: 1, poster: `/media/poster/${i}.jpg`,
        approved: i === 0 || i === 3, notes: i === 0 ? 2 : 0, candidates: i === 1 ? 3 : 1,
      });
    });
  });
  film.segments = segments(film);
  film.transitions = [{ kind: "dissolve", start: starts[6], length: DISSOLVE, from: film.shots[5].id, to: film.shots[6].id }];
  film.cues = [{ name: "theme", start: 0, length: 420 }, { name: "homeward", start: 520, length: FILM - 520 }];
  film.stems = stems(film);
  film.sound = { url: "/media/sound/mix.m4a", whole: true };
  return film;
}

function segments(film) {
  const list = [];
  film.shots.forEach((shot, i) => {
    if (i === 5) {
      list.push({ id: shot.id, start: shot.start, length: shot.length - DISSOLVE, clip: "/media/clip/head.mp4" });
      list.push({ id: `${shot.id}>${film.shots[6].id}`, start: film.shots[6].start, length: DISSOLVE, clip: "/media/clip/between.mp4" });
    } else if (i === 6) {
      list.push({ id: shot.id, start: shot.start + DISSOLVE, length: shot.length - DISSOLVE, clip: "/media/clip/tail.mp4" });
    } else {
      list.push({ id: shot.id, start: shot.start, length: shot.length, clip: `/media/clip/${i}.mp4` });
    }
  });
  return list;
}

/** The same film while shots 4, 7 and on are not there yet. */
export function rendering() {
  const film = twelve();
  film.version = 2;
  film.shots.forEach((shot, i) => {
    if (i === 4 || i >= 7) {
      Object.assign(shot, { state: i === 4 || i === 7 ? "running" : i < 10 ? "ready" : "waiting", progress: i === 4 ? 0.43 : i === 7 ? 0.12 : 0 });
      if (i >= 7) shot.poster = null;
      for (const segment of film.segments) if (segment.id === shot.id) segment.clip = null;
    }
  });
  film.sound.whole = false;
  film.render = {
    state: "running", done: 31, total: 64, work: 0.46, left_millis: 83000, failed: 0, message: null,
    running: [
      { label: film.shots[4].id, kind: "encode", device: "cpu:0", phase: "pictures", done: 36, total: 84 },
      { label: film.shots[7].id, kind: "encode", device: "cpu:1", phase: "pictures", done: 11, total: 90 },
    ],
  };
  return film;
}

/** The same film with a storyboard that has mistakes now. */
export function faulty() {
  const film = twelve();
  film.stale = true;
  film.diagnostics = [
    { severity: "error", code: "E0104", message: "unknown character `marra`", file: "film.yaml", line: 41, column: 19,
      label: "not in `characters`", snippet: { line: 41, text: "        action: \"@marra casts off, the rope falls\"", from: 17, to: 23 },
      labels: [{ file: "cast.yaml", line: 9, column: 3, text: "`mara` is described here", snippet: { line: 9, text: "  mara:", from: 2, to: 6 } }],
      help: "did you mean `mara`?" },
    { severity: "error", code: "E0203", message: "a shot needs a length", file: "film.yaml", line: 58, column: 9, label: "this shot has no `duration`",
      snippet: { line: 58, text: "      - shot: chapel", from: 8, to: 20 }, labels: [], help: "write for instance `duration: 4s`, or set `duration` on the scene" },
    { severity: "warning", code: "W0301", message: "`crane` is not a move the animatic can draw", file: "film.yaml", line: 63, column: 17,
      label: "drawn as a static camera", snippet: { line: 63, text: "        camera: crane up", from: 16, to: 21 }, labels: [], help: null },
  ];
  film.shots[8].state = "failed";
  return film;
}

/** A film of `count` shots (2,000), in scenes of twenty. */
export function long(count = 2000) {
  const film = base("The Long Year", 0);
  let at = 0;
  for (let i = 0; i < count; i += 1) {
    const kind = i % 12;
    const length = LENGTHS[kind];
    const scene = Math.floor(i / 20);
    if (i % 20 === 0) film.scenes.push({ name: `scene-${String(scene + 1).padStart(3, "0")}`, start: at, length: 0 });
    film.scenes[scene].length += length;
    const state = i < 1400 ? (i % 7 ? "reused" : "done") : i < 1404 ? "running" : i === 1410 ? "failed" : i < 1500 ? "ready" : "waiting";
    const there = i < 1400;
    const id = `${film.scenes[scene].name}.${SCENES[Math.floor(kind / 3)][2][kind % 3]}-${i + 1}`;
    film.shots.push({
      id, name: id.split(".")[1], scene, start: at, length, caption: ACTIONS[kind].replaceAll("@", ""), state, progress: there ? 1 : state === "running" ? 0.2 * (i - 1399) : 0,
      poster: there ? `/media/poster/${kind}.jpg` : null, approved: i % 9 === 0 && there, notes: i % 31 === 0 ? 1 : 0, candidates: 1,
    });
    film.segments.push({ id, start: at, length, clip: there ? `/media/clip/${kind}.mp4` : null });
    at += length;
  }
  film.frames = at;
  film.cues = Array.from({ length: 40 }, (_, i) => ({ name: `cue ${i + 1}`, start: Math.floor((at * i) / 40), length: Math.floor(at / 44) }));
  film.stems = stems(film);
  film.render = { state: "running", done: 10500, total: 15000, work: 0.7, left_millis: 5400000, failed: 1, message: null, running: [] };
  return film;
}

/** Names that would do harm if they were ever taken for HTML. */
export function hostile() {
  const film = twelve();
  const evil = "<img src=x onerror=\"window.harmed=1\">";
  film.title = `${evil}<script>window.harmed=2</script>`;
  film.storyboard = `film.yaml"><svg onload=window.harmed=3>`;
  film.scenes[0].name = evil;
  film.shots.forEach((shot, i) => {
    const old = shot.id;
    shot.name = `${evil}${i}`;
    shot.caption = evil;
    shot.id = `${evil}.${i}`;
    for (const segment of film.segments) if (segment.id === old) segment.id = shot.id;
  });
  film.cues[0].name = evil;
  film.stems[0].name = evil;
  film.render.message = evil;
  film.diagnostics = faulty().diagnostics.map((one) => ({ ...one, message: evil, help: evil, label: evil, snippet: { ...one.snippet, text: `${evil}${one.snippet.text}` } }));
  return film;
}

/** The graph of any of these films: eight nodes a shot for a long one, one `join` a scene, five of the film. */
export function graph(film) {
  const nodes = { kind: [], state: [], shot: [], progress: [], label: [] };
  const edges = [];
  const add = (kind, shot, label, state, progress, from) => {
    const index = nodes.kind.length;
    nodes.kind.push(KINDS.indexOf(kind));
    nodes.state.push(STATES.indexOf(state));
    nodes.shot.push(shot);
    nodes.progress.push(progress);
    nodes.label.push(label);
    for (const one of from) edges.push(one, index);
    return index;
  };
  const [perScene, posters, effects] = [film.scenes.map(() => []), [], []];
  film.shots.forEach((shot, i) => {
    const before = ["running", "failed"].includes(shot.state) ? "done" : shot.state;
    const takes = Array.from({ length: Math.max(2, shot.candidates) }, (_, t) => add("generate", i, `${shot.id} take ${t + 1}`, before, 0, []));
    const picked = add("rank", i, shot.id, before, 0, takes);
    const edited = add("edit", i, shot.id, before, 0, [picked]);
    const conformed = add("conform", i, shot.id, before, 0, [edited]);
    const encoded = add("encode", i, shot.id, shot.state, shot.progress, [conformed]);
    posters.push(encoded);
    perScene[shot.scene].push(encoded);
    effects.push(add("effects", i, shot.id, "reused", 1, []));
  });
  const whole = film.shots.every((shot) => shot.state === "done" || shot.state === "reused");
  const state = whole ? "done" : "waiting";
  const joined = perScene.map((from, s) => add("join", -1, film.scenes[s].name, state, 0, from));
  const cues = film.cues.map((cue) => add("extend", -1, cue.name, "reused", 1, []));
  const mixed = add("mix", -1, "film", state, 0, [...effects, ...cues]);
  const track = add("soundtrack", -1, "film", state, 0, [mixed]);
  add("sheet", -1, "film", state, 0, posters);
  add("mux", -1, "film", state, 0, [...joined, track]);
  return { revision: film.revision, kinds: KINDS, states: STATES, nodes, edges };
}

/** What the inspector shows of shot `i`. `kept` is what was noted, approved and chosen so far. */
export function detail(film, nodes, i, kept) {
  const shot = film.shots[i];
  const kind = i % 12;
  const steps = [];
  nodes.nodes.shot.forEach((owner, node) => {
    if (owner === i) {
      const state = STATES[nodes.nodes.state[node]];
      const why = state === "reused" ? "Exactly this was made before." : "camera: `static` -> `slow push in`";
      steps.push({ node, kind: KINDS[nodes.nodes.kind[node]], state, millis: state === "waiting" ? null : 310 + node * 37, why });
    }
  });
  const count = Math.max(1, shot.candidates);
  return {
    id: shot.id, at: { file: film.storyboard, line: 22 + i * 8, column: 9 },
    prompt: { caption: shot.caption, action: shot.caption.includes("<") ? shot.caption : ACTIONS[kind], camera: CAMERAS[kind % 4], setting: SCENES[Math.floor(kind / 3)][1], look: "35mm film, soft light, muted teal palette", avoid: "text, watermark" },
    parameters: [{ name: "model", value: "animatic" }, { name: "steps", value: "30" }, { name: "guidance", value: "5.0" }, { name: "size", value: "640x360" }],
    seed: { value: kept.seed, from: kept.seed === 7 ? "film" : "takes" }, take: kept.take,
    candidates: Array.from({ length: count }, (_, n) => ({
      number: n + 1, seed: kept.seed + n, score: count > 1 ? 0.83 - n * 0.07 : null,
      poster: n === 0 ? shot.poster : `/media/take/${n - 1}.jpg`, clip: n === 0 ? `/media/clip/${kind}.mp4` : "/media/clip/other.mp4",
    })),
    edits: kind === 2 ? [{ text: "replace the storm lamp with a candle", node: steps[3]?.node ?? null }] : [],
    steps, cache: { state: shot.state === "reused" || shot.state === "done" ? "kept" : "none", bytes: 1843200 + i * 4096, step: "b3a1c5d09e77" },
    why: shot.state === "reused" ? "Exactly this was made before." : "camera changed: `static` -> `slow push in`\nso its pictures, their encode and the join after them run again",
    failure: shot.state === "failed" ? { message: "The model ran out of memory at step 12 of 30.", help: "Make the shot shorter than 6 s, or render it with `--devices cpu`." } : null,
    approved: shot.approved ? { at: "2026-03-01T10:12:00Z", note: null } : null, notes: kept.notes,
  };
}

