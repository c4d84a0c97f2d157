// Draws the timeline: ruler, scenes, shots with their transitions, cues, stems, and the strip of the whole film. What
// always holds: only what is seen is drawn, and shots too narrow to tell apart are drawn as runs of one state.

import { cut } from "../dom.js";
import { COLORS, STATE_COLORS, STATE_FACES, STATE_GROUNDS } from "../colors.js";
import { indexAt } from "../film.js";
import { trace } from "./wave.js";

export const RULER = 24;
export const STRIP = 16;
/** Width of the names on the left. */
export const NAMES = 92;
const SCENES = 20;
const GAP = 3;
/** A shot narrower than this is drawn in a run. */
const NARROW = 3;

/** The rows for a field of this height: name, top and height of each. Shots take what the others leave. */
export function rows(film, height) {
  const others = film.data.cues.length ? 1 : 0;
  const stems = film.data.stems.length;
  const free = height - RULER - SCENES - STRIP - GAP * (3 + others + stems);
  const thin = Math.max(14, Math.min(52, (free - 92) / Math.max(1, others + stems)));
  const shots = Math.max(34, Math.min(150, free - thin * (others + stems)));
  const list = [{ kind: "scenes", name: "Scenes", height: SCENES }, { kind: "shots", name: "Shots", height: shots }];
  if (others) list.push({ kind: "cues", name: "Score", height: thin });
  film.data.stems.forEach((stem) => list.push({ kind: "stem", name: stem.name[0].toUpperCase() + stem.name.slice(1), stem, height: thin }));
  let top = RULER + GAP;
  for (const row of list) {
    row.top = top;
    top += row.height + GAP;
  }
  return list;
}

/** Draws all of it. `view` has film, scale, posters, waves, selected (a shot's index), loop, drag. */
export function draw({ context, width, height }, view) {
  context.fillStyle = COLORS.ground;
  context.fillRect(0, 0, width, height);
  context.textBaseline = "middle";
  context.save();
  context.beginPath();
  context.rect(NAMES, 0, width - NAMES, height - STRIP);
  context.clip();
  context.translate(NAMES, 0);
  drawRuler(context, view, height);
  for (const row of view.rows) ROWS[row.kind](context, row, view);
  context.restore();
  drawNames(context, view, height);
  drawStrip(context, view, width, height);
}

function drawRuler(context, { film, scale, loop }, height) {
  context.fillStyle = COLORS.panel;
  context.fillRect(0, 0, scale.width, RULER);
  if (loop) {
    const [from, to] = [scale.x(loop[0]), scale.x(loop[1])];
    context.fillStyle = "rgba(232, 161, 58, 0.07)";
    context.fillRect(from, RULER, to - from, height);
    context.fillStyle = COLORS.accent;
    context.fillRect(from, RULER - 3, to - from, 3);
  }
  const step = scale.mark(film.rate.nominal);
  const small = step / (step % 5 === 0 ? 5 : 2);
  context.font = `11px ${COLORS.mono}`;
  const last = Math.min(film.frames, scale.frame(scale.width));
  context.fillStyle = COLORS.edge;
  for (let frame = Math.floor(scale.left / small) * small; frame <= last; frame += small) {
    context.fillRect(Math.round(scale.x(frame)), RULER - 5, 1, 5);
  }
  for (let frame = Math.floor(scale.left / step) * step; frame <= last; frame += step) {
    const x = Math.round(scale.x(frame));
    context.fillStyle = COLORS.edge;
    context.fillRect(x, RULER - 11, 1, 11);
    context.fillStyle = COLORS.soft;
    context.fillText(film.timecode.of(frame), x + 5, 9);
  }
}

/** Items of a sorted list that are seen, at most one before the first. */
function* seen(items, scale) {
  for (let i = indexAt(items, scale.left); i < items.length; i += 1) {
    if (scale.x(items[i].start) > scale.width) return;
    yield [items[i], i];
  }
}

function box(scale, item) {
  const from = Math.round(scale.x(item.start));
  return [from, Math.max(1, Math.round(scale.x(item.start + item.length)) - from)];
}

function drawScenes(context, row, { film, scale }) {
  context.font = `12px ${COLORS.sans}`;
  for (const [scene] of seen(film.data.scenes, scale)) {
    const [x, width] = box(scale, scene);
    context.fillStyle = COLORS.raised;
    context.fillRect(x, row.top, Math.max(1, width - 1), row.height);
    const from = Math.max(x, 0);
    context.fillStyle = COLORS.text;
    context.fillText(cut(context, scene.name, x + width - from - 14), from + 7, row.top + row.height / 2 + 1);
  }
}

function drawShots(context, row, view) {
  const { film, scale, selected } = view;
  let run = null;
  const flush = () => {
    if (run) {
      context.fillStyle = STATE_FACES[run.state];
      context.fillRect(run.from, row.top, Math.max(1, run.to - run.from), row.height);
    }
    run = null;
  };
  for (const [shot, i] of seen(film.shots, scale)) {
    const [x, width] = box(scale, shot);
    if (width >= NARROW) {
      flush();
      drawShot(context, row, view, shot, x, width, i === selected);
    } else if (run && run.state === shot.state) {
      run.to = x + width;
    } else {
      flush();
      run = { state: shot.state, from: x, to: x + width };
    }
  }
  flush();
  for (const transition of film.data.transitions) drawTransition(context, row, scale, transition);
  if (film.shots[selected]) drawSelected(context, row, scale, film.shots[selected]);
}

function drawSelected(context, row, scale, shot) {
  const [x, width] = box(scale, shot);
  context.strokeStyle = COLORS.text;
  context.lineWidth = 2;
  context.strokeRect(x + 1, row.top + 1, Math.max(2, width - 3), row.height - 2);
}

function drawShot(context, row, view, shot, x, width, selected) {
  const inner = width > 5 ? width - 1 : width;
  const label = row.height > 46 && width > 30 ? 18 : 0;
  context.fillStyle = STATE_GROUNDS[shot.state];
  context.fillRect(x, row.top, inner, row.height);
  const top = row.top + 3;
  if (shot.poster && inner > 26) drawPosters(context, view, shot, x, inner, top, row.height - 3 - label);
  context.fillStyle = STATE_COLORS[shot.state];
  context.fillRect(x, row.top, shot.state === "running" ? inner * shot.progress : inner, 3);
  if (label) drawLabel(context, shot, x, inner, row.top + row.height - label, label, selected);
  if (inner > 40) drawMarks(context, shot, x + inner - 6, row.top + 8);
}

function drawPosters(context, { film, posters, scale }, shot, x, width, top, height) {
  const picture = posters.get(shot.poster);
  if (!picture) return;
  const [across, down] = film.data.size;
  const each = (height * across) / down;
  const end = Math.min(x + width, scale.width);
  context.save();
  context.beginPath();
  context.rect(x, top, width, height);
  context.clip();
  if (shot.state !== "done" && shot.state !== "reused") context.globalAlpha = 0.35;
  for (let at = x + Math.max(0, Math.floor((0 - x) / each)) * each; at < end; at += each) {
    context.drawImage(picture, at, top, each, height);
  }
  context.restore();
}

function drawLabel(context, shot, x, width, top, height, selected) {
  const from = Math.max(x, 0);
  context.font = `12px ${COLORS.sans}`;
  context.fillStyle = selected ? "#ffffff" : COLORS.text;
  const words = shot.state === "running" ? `${shot.name}  ${Math.round(shot.progress * 100)} %` : shot.name;
  context.fillText(cut(context, words, x + width - from - 10), from + 5, top + height / 2);
}

/** A tick for an approved shot, a flag for open notes, from the right edge leftwards. */
function drawMarks(context, shot, right, top) {
  let x = right;
  if (shot.approved) {
    mark(context, x, top);
    context.strokeStyle = "#9fdcb8";
    context.lineWidth = 1.8;
    context.beginPath();
    context.moveTo(x - 11, top + 7);
    context.lineTo(x - 8, top + 10);
    context.lineTo(x - 3, top + 4);
    context.stroke();
    x -= 17;
  }
  if (shot.notes && x > 0) {
    mark(context, x, top);
    context.fillStyle = COLORS.text;
    context.fillRect(x - 11, top + 4, 8, 5);
    context.fillRect(x - 10, top + 8, 2, 3);
  }
}

function mark(context, right, top) {
  context.fillStyle = "rgba(10, 10, 11, 0.78)";
  context.fillRect(right - 14, top, 14, 14);
}

function drawTransition(context, row, scale, transition) {
  const [x, width] = box(scale, transition);
  if (x > scale.width || x + width < 0 || width < 6) return;
  const [top, height] = [row.top + 3, Math.min(24, row.height - 3)];
  context.fillStyle = "rgba(10, 10, 11, 0.72)";
  context.fillRect(x, top, width, height);
  context.strokeStyle = COLORS.text;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(x, top + height);
  context.lineTo(x + width, top);
  context.stroke();
  context.strokeRect(x + 0.5, top + 0.5, width - 1, height - 1);
  context.font = `11px ${COLORS.sans}`;
  context.fillStyle = COLORS.text;
  if (width > 64) context.fillText(cut(context, transition.kind, width - 12), x + 6, top + height / 2);
}

function drawCues(context, row, { film, scale }) {
  context.font = `12px ${COLORS.sans}`;
  for (const [cue] of seen(film.data.cues, scale)) {
    const [x, width] = box(scale, cue);
    context.fillStyle = "#312b3a";
    context.fillRect(x, row.top, Math.max(1, width - 1), row.height);
    context.fillStyle = "#a897c2";
    context.fillRect(x, row.top, 2, row.height);
    const from = Math.max(x, 0);
    context.fillStyle = COLORS.text;
    context.fillText(cut(context, cue.name, x + width - from - 14), from + 8, row.top + row.height / 2);
  }
}

function drawStem(context, row, { film, scale, waves }) {
  const end = Math.min(scale.width, Math.max(0, scale.x(film.frames)));
  context.fillStyle = "#19191b";
  context.fillRect(0, row.top, end, row.height);
  const levels = waves.get(row.stem);
  if (!levels) return;
  context.fillStyle = "#74838b";
  context.beginPath();
  const time = (x) => film.rate.seconds(scale.frame(x));
  trace(context, levels, row.stem.per_second, time, 0, Math.ceil(end), row.top + row.height / 2, row.height / 2 - 1);
  context.fill();
}

const ROWS = { scenes: drawScenes, shots: drawShots, cues: drawCues, stem: drawStem };

function drawNames(context, view, height) {
  context.fillStyle = COLORS.panel;
  context.fillRect(0, 0, NAMES, height);
  context.fillStyle = COLORS.line;
  context.fillRect(NAMES - 1, 0, 1, height);
  context.font = `12px ${COLORS.sans}`;
  context.fillStyle = COLORS.soft;
  for (const row of view.rows) {
    context.fillText(cut(context, row.name, NAMES - 20), 12, row.top + Math.min(row.height, 60) / 2 + 1);
  }
}

/** The whole film below everything: states as colours, what is seen as a frame. */
function drawStrip(context, { film, scale, rows: list, strip }, width, height) {
  const top = height - STRIP;
  context.fillStyle = COLORS.panel;
  context.fillRect(0, top, width, STRIP);
  if (list.length) context.drawImage(strip(width - NAMES), NAMES, top + 5, width - NAMES, 6);
  const per = (width - NAMES) / film.frames;
  const from = NAMES + scale.left * per;
  context.strokeStyle = COLORS.soft;
  context.lineWidth = 1;
  context.strokeRect(from + 0.5, top + 2.5, Math.max(8, Math.min(scale.span() * per, width - from - 1)) - 1, 11);
}

/** The strip's picture: one column a pixel, the worst news of its shots. */
export function paintStrip(film, width) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.floor(width));
  canvas.height = 1;
  const context = canvas.getContext("2d");
  for (let x = 0; x < canvas.width; x += 1) {
    const first = film.shotAt(Math.floor((x * film.frames) / canvas.width));
    const last = film.shotAt(Math.floor(((x + 1) * film.frames) / canvas.width));
    const news = ["failed", "running", "waiting", "ready", "skipped", "done", "reused"];
    let worst = news.length - 1;
    for (let i = first; i <= last && i < film.shots.length; i += 1) worst = Math.min(worst, news.indexOf(film.shots[i].state));
    context.fillStyle = STATE_FACES[news[worst]];
    context.fillRect(x, 0, 1, 1);
  }
  return canvas;
}
