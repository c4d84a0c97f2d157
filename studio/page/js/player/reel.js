// The pictures of the film in one media source: the segments around the playhead, each put at its place in the film's
// time. What always holds: one operation on the source buffer at a time, and a segment counts as there only while the
// browser says that all of it is buffered.

import { bytes } from "../api.js";
import { lead } from "./clip.js";

/** Seconds that are fetched ahead, kept ahead and kept behind. */
const AHEAD = 24;
const KEEP_AHEAD = 90;
const KEEP_BEHIND = 45;
/** Segments fetched while another is appended. */
const FETCHES = 3;
/** Browsers round times to microseconds; a picture is never shorter than this, in seconds. */
const SLACK = 0.004;
/** How long a clip that could not be had is left alone, in milliseconds. */
const REST = 4000;

const key = (segment) => `${segment.start}:${segment.length}:${segment.clip}`;

/** Events: `change` when a segment came or went, `fault` with a message in `detail`. */
export class Reel extends EventTarget {
  constructor(video, film) {
    super();
    Object.assign(this, { video, film, there: new Map(), fetched: new Map(), resting: new Map(), frame: 0, busy: false });
    this.source = null;
  }

  /** Takes the film as it is now: what is still true stays in the buffer. */
  load() {
    const type = `video/mp4; codecs="${this.film.data.codec}"`;
    if (!window.MediaSource || !MediaSource.isTypeSupported(type)) {
      this.fault(`This browser cannot play ${this.film.data.codec} from memory. Chromium, Chrome, Edge, Safari and Firefox with H.264 can.`);
      return;
    }
    if (this.source && this.type === type) {
      this.setLength();
      this.pump();
      return;
    }
    this.type = type;
    this.open();
  }

  open() {
    this.there.clear();
    this.buffer = null;
    this.source = new MediaSource();
    if (this.url) URL.revokeObjectURL(this.url);
    this.url = URL.createObjectURL(this.source);
    this.source.addEventListener("sourceopen", () => {
      this.buffer = this.source.addSourceBuffer(this.type);
      this.buffer.mode = "segments";
      this.busy = false;
      this.setLength();
      this.pump();
    }, { once: true });
    this.video.src = this.url;
  }

  setLength() {
    const length = this.film.rate.seconds(this.film.frames);
    if (!this.buffer || this.buffer.updating || this.source.readyState !== "open") return;
    const buffered = this.buffer.buffered;
    const end = buffered.length ? buffered.end(buffered.length - 1) : 0;
    this.source.duration = Math.max(length, end);
  }

  fault(message) {
    this.dispatchEvent(new CustomEvent("fault", { detail: message }));
  }

  /** Whether a segment's pictures are in the buffer. */
  has(segment) {
    const there = this.there.get(segment.start);
    return there !== undefined && there.key === key(segment);
  }

  /** Where the playhead is: what is fetched next follows from it. */
  near(frame) {
    if (frame === this.frame && this.calm) return;
    this.frame = frame;
    this.pump();
  }

  /** Does the next thing that is to be done, if nothing is being done. */
  pump() {
    if (!this.buffer || this.busy || this.source.readyState === "closed") return;
    this.calm = false;
    const gone = this.leaving();
    if (gone) return void this.remove(gone);
    const next = this.wanted();
    this.prefetch();
    if (next) this.append(next);
    else this.ease();
  }

  /** Nothing is to be done. With the film's last picture there, the source says so: else no browser would show it. */
  ease() {
    this.calm = this.missing().length === 0;
    const last = this.film.segments.at(-1);
    if (this.calm && last && this.has(last) && this.source.readyState === "open") this.source.endOfStream();
  }

  /** A segment of the buffer that is not the film's any more, or too far away. */
  leaving() {
    const [from, to] = this.window(KEEP_BEHIND, KEEP_AHEAD);
    for (const there of this.there.values()) {
      const segment = this.film.segments[this.film.segmentAt(there.start)];
      const stale = !segment || segment.start !== there.start || key(segment) !== there.key;
      if (stale || there.start + there.length < from || there.start > to) return there;
    }
    return null;
  }

  window(behind, ahead) {
    const rate = this.film.rate;
    return [this.frame - rate.frame(behind), this.frame + rate.frame(ahead)];
  }

  /** Segments ahead that are ready but not in the buffer, the nearest first; then the one before. */
  missing() {
    const segments = this.film.segments;
    const end = this.window(0, AHEAD)[1];
    const at = this.film.segmentAt(this.frame);
    const list = [];
    for (let i = at; i < segments.length && segments[i].start <= end; i += 1) list.push(segments[i]);
    if (at > 0) list.push(segments[at - 1]);
    const now = performance.now();
    return list.filter((one) => one.clip && !this.has(one) && !((this.resting.get(one.clip) ?? 0) > now));
  }

  wanted() {
    return this.missing()[0] ?? null;
  }

  prefetch() {
    for (const segment of this.missing().slice(0, FETCHES)) this.fetch(segment.clip);
    for (const clip of this.fetched.keys()) {
      if (this.fetched.size <= FETCHES * 2) break;
      this.fetched.delete(clip);
    }
  }

  fetch(clip) {
    if (!this.fetched.has(clip)) {
      const coming = bytes(clip);
      coming.catch(() => {});
      this.fetched.set(clip, coming);
    }
    return this.fetched.get(clip);
  }

  async append(segment) {
    this.busy = true;
    const { start, length, clip } = segment;
    const mark = key(segment);
    try {
      const data = await this.fetch(clip);
      this.fetched.delete(clip);
      await this.operate(() => {
        this.buffer.timestampOffset = this.film.rate.seconds(start) - lead(data);
        this.buffer.appendBuffer(data);
      });
      this.there.set(start, { start, length, key: mark });
      if (!this.covered(start, length)) this.rest(start, clip, `The clip ${clip} is shorter than its shot.`);
      this.verify(start, length);
    } catch (error) {
      await this.failed(error, start, clip);
    }
    this.settle();
  }

  async failed(error, start, clip) {
    this.fetched.delete(clip);
    if (error.name === "QuotaExceededError") {
      const far = [...this.there.values()].sort((a, b) => Math.abs(b.start - this.frame) - Math.abs(a.start - this.frame))[0];
      if (far && far.start !== start) return void (await this.take(far));
    }
    this.rest(start, clip, error.message);
  }

  rest(start, clip, message) {
    this.there.delete(start);
    this.resting.set(clip, performance.now() + REST);
    setTimeout(() => this.pump(), REST + 50);
    this.fault(message);
  }

  async remove(there) {
    this.busy = true;
    await this.take(there);
    this.settle();
  }

  async take(there) {
    const { rate } = this.film;
    this.there.delete(there.start);
    const from = Math.max(0, rate.seconds(there.start) - SLACK / 2);
    await this.operate(() => this.buffer.remove(from, rate.seconds(there.start + there.length) - SLACK)).catch((error) => this.fault(error.message));
    this.verify(there.start, there.length);
  }

  settle() {
    this.busy = false;
    this.setLength();
    this.dispatchEvent(new Event("change"));
    this.pump();
  }

  operate(act) {
    return new Promise((resolve, reject) => {
      const { buffer } = this;
      const end = (result) => () => {
        buffer.removeEventListener("updateend", done);
        buffer.removeEventListener("error", broken);
        result();
      };
      const done = end(resolve);
      const broken = end(() => reject(new Error("The browser could not read a clip.")));
      buffer.addEventListener("updateend", done);
      buffer.addEventListener("error", broken);
      try {
        act();
      } catch (error) {
        end(() => reject(error))();
      }
    });
  }

  /** Neighbours that lost pictures to a rounded time are brought again. */
  verify(start, length) {
    for (const there of [...this.there.values()]) {
      const beside = there.start === start + length || there.start + there.length === start;
      if (beside && !this.covered(there.start, there.length)) this.there.delete(there.start);
    }
  }

  covered(start, length) {
    const { rate } = this.film;
    const [from, to] = [rate.seconds(start) + SLACK, rate.seconds(start + length) - 4 * SLACK];
    const { buffered } = this.buffer;
    for (let i = 0; i < buffered.length; i += 1) {
      if (buffered.start(i) <= from && buffered.end(i) >= to) return true;
    }
    return false;
  }
}
