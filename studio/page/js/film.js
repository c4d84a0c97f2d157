// What the page knows of the film, and who wants to hear of changes. What always holds: lists are in the film's order,
// every lookup by frame or id is quick for thousands of shots, and a patch tells only those whom it concerns.

import { Rate, Timecode } from "./time.js";

/** How a state is said. */
export const STATE_NAMES = {
  waiting: "Waiting", ready: "Ready", running: "Rendering", done: "Done", reused: "From cache", failed: "Failed", skipped: "Skipped",
};

/** Words of a shot's state, with its progress. */
export function stateText(shot) {
  return shot.state === "running" ? `Rendering ${Math.round(shot.progress * 100)} %` : STATE_NAMES[shot.state] ?? shot.state;
}

/** The last item that begins at or before `frame`; the first where none does. */
export function indexAt(items, frame) {
  let [low, high] = [0, items.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (items[middle].start <= frame) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The film. Events, by `addEventListener`: `film` (all anew), `shots`, `segments`, `render`, `diagnostics`, `sound`, `more`. */
export class Film extends EventTarget {
  /** Takes a snapshot. */
  load(data) {
    this.data = data;
    this.rate = new Rate(data.rate);
    this.timecode = new Timecode(data.timecode, this.rate);
    this.byId = new Map(data.shots.map((shot, index) => [shot.id, index]));
    this.segmentById = new Map(data.segments.map((segment, index) => [segment.id, index]));
    this.tell("film");
  }

  get shots() {
    return this.data.shots;
  }

  get segments() {
    return this.data.segments;
  }

  get frames() {
    return this.data.frames;
  }

  /** Index of the shot that is seen at a frame. */
  shotAt(frame) {
    return indexAt(this.data.shots, frame);
  }

  /** Index of the segment that is played at a frame. */
  segmentAt(frame) {
    return indexAt(this.data.segments, frame);
  }

  shotById(id) {
    return this.data.shots[this.byId.get(id)];
  }

  /** The scene's name of a shot. */
  sceneOf(shot) {
    return this.data.scenes[shot.scene]?.name ?? "";
  }

  /** Takes part of a snapshot. */
  patch(change) {
    const kinds = new Set();
    for (const [field, value] of Object.entries(change)) {
      if (field === "shots") this.merge(this.data.shots, this.byId, value);
      else if (field === "segments") this.merge(this.data.segments, this.segmentById, value);
      else this.data[field] = value;
      kinds.add(["shots", "segments", "render", "diagnostics", "sound"].includes(field) ? field : field === "stale" ? "diagnostics" : "more");
    }
    for (const kind of kinds) this.tell(kind, change[kind]);
  }

  merge(list, places, parts) {
    for (const part of parts) {
      const index = places.get(part.id);
      if (index !== undefined) Object.assign(list[index], part);
    }
  }

  tell(kind, detail) {
    this.dispatchEvent(new CustomEvent(kind, { detail }));
  }

  on(kinds, act) {
    for (const kind of kinds.split(" ")) this.addEventListener(kind, (event) => act(event.detail, kind));
  }
}
