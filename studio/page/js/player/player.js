// Plays the film: a clock of its own in frames, which picture and sound follow. What always holds: the clock never waits
// for a picture; where one is missing the stage shows something in its stead, and time goes on.

import { Reel } from "./reel.js";

const SPEEDS = [1, 2, 4, 8];
/** Beyond this many seconds picture or sound is sent to its place; below, it is led there. */
const FAR = 0.25;
const SOUND_FAR = 0.12;

/** Events: `frame` (the playhead moved), `state` (playing, speed, loop, sound changed), `picture` (what is seen changed). */
export class Player extends EventTarget {
  constructor(film, video, audio) {
    super();
    Object.assign(this, { film, video, audio, frame: 0, playing: false, speed: 1, loop: null, shown: null, covered: false });
    this.reel = new Reel(video, film);
    this.reel.addEventListener("change", () => this.follow());
    video.muted = true;
    for (const kind of ["seeked", "loadeddata"]) video.addEventListener(kind, () => this.follow());
    this.watchPictures();
  }

  /** Takes a film that is new or was changed; the playhead goes to `frame`, playing goes on. */
  load(frame = this.frame) {
    this.reel.load();
    this.loop = null;
    this.loadSound();
    this.place(Math.min(frame, Math.max(0, this.film.frames - 1)));
    this.tell("state");
  }

  /** Takes the mix; the same mix is left as it plays. */
  loadSound() {
    const url = this.film.data.sound?.url ?? null;
    if (url === this.soundUrl) return;
    this.soundUrl = url;
    if (url) this.audio.src = url;
    else this.audio.removeAttribute("src");
    this.audio.load();
  }

  /** Which picture the browser really shows, for the tests and the figures. */
  watchPictures() {
    if (!this.video.requestVideoFrameCallback) return;
    const seen = (now, { mediaTime }) => {
      this.shown = this.film.rate.frame(mediaTime + 0.001);
      this.video.requestVideoFrameCallback(seen);
    };
    this.video.requestVideoFrameCallback(seen);
  }

  tell(kind) {
    this.dispatchEvent(new Event(kind));
  }

  // ---- what a hand does

  toggle() {
    if (this.playing) this.pause();
    else this.play(1);
  }

  play(speed) {
    const [first, end] = this.stretch();
    if (speed > 0 && (this.frame >= end - 1 || this.frame < first)) this.place(first);
    this.speed = speed;
    this.anchor(this.playing ? this.position() : this.frame);
    const began = !this.playing;
    this.playing = true;
    this.tell("state");
    if (began) this.run();
  }

  pause() {
    if (!this.playing) return;
    this.playing = false;
    this.speed = 1;
    this.video.pause();
    this.audio.pause();
    this.place(this.frame);
    this.tell("state");
  }

  /** J and L: the same key again is faster, the other one turns round. */
  shuttle(direction) {
    const now = this.playing ? this.speed : 0;
    if (Math.sign(now) !== direction) return this.play(direction);
    const faster = SPEEDS[Math.min(SPEEDS.indexOf(Math.abs(now)) + 1, SPEEDS.length - 1)];
    return this.play(direction * faster);
  }

  seek(frame) {
    this.place(frame);
  }

  step(frames) {
    this.pause();
    this.place(this.frame + frames);
  }

  /** In (`0`) or out (`1`) of the loop at the playhead. */
  mark(which) {
    const loop = this.loop ?? [0, this.film.frames];
    const next = which === 0 ? [this.frame, loop[1]] : [loop[0], this.frame + 1];
    this.loop = next[0] < next[1] ? next : which === 0 ? [this.frame, this.film.frames] : [0, this.frame + 1];
    this.tell("state");
  }

  unmark() {
    this.loop = null;
    this.tell("state");
  }

  // ---- the clock

  stretch() {
    return this.loop ?? [0, this.film.frames];
  }

  anchor(position) {
    this.anchored = { position, at: performance.now() };
  }

  /** Where the playhead is, in frames and their parts. */
  position() {
    if (!this.playing) return this.frame;
    const { rate } = this.film;
    const { position, at } = this.anchored;
    return position + ((performance.now() - at) / 1000) * this.speed * (rate.numerator / rate.denominator);
  }

  place(frame) {
    const last = Math.max(0, this.film.frames - 1);
    const next = Math.max(0, Math.min(last, Math.floor(frame)));
    const moved = next !== this.frame;
    this.frame = next;
    this.anchor(next);
    this.jumped = true;
    if (moved) this.tell("frame");
    this.follow();
  }

  run() {
    if (!this.playing) return;
    this.advance();
    requestAnimationFrame(() => this.run());
  }

  advance() {
    const position = this.position();
    const [first, end] = this.stretch();
    if (this.speed > 0 && position >= end) return this.loop ? this.place(first) : this.stop(end - 1);
    if (this.speed < 0 && position < first) return this.loop ? this.place(end - 1) : this.stop(first);
    const frame = Math.floor(position);
    if (frame !== this.frame) {
      this.frame = frame;
      this.tell("frame");
    }
    return this.follow();
  }

  stop(frame) {
    this.place(frame);
    this.pause();
  }

  // ---- picture and sound

  /** Brings picture and sound to where the clock is. */
  follow() {
    if (!this.film.data) return;
    this.reel.near(this.frame);
    const segment = this.film.segments[this.film.segmentAt(this.frame)];
    const covered = segment !== undefined && this.reel.has(segment) && this.video.readyState > 0;
    if (covered) this.followPicture(this.reel.there.get(segment.start));
    else if (!this.video.paused) this.video.pause();
    this.followSound();
    const seen = covered && (this.covered || !this.video.seeking);
    if (seen !== this.covered || segment !== this.segment) {
      this.covered = seen;
      this.segment = segment;
      this.tell("picture");
    }
  }

  /** `there` is the segment as it lies in the buffer: another one at the same place has to be sought anew to be seen. */
  followPicture(there) {
    const { video, film } = this;
    const fresh = this.drawn !== there;
    this.drawn = there;
    if (!this.playing || this.speed < 0) {
      const middle = film.rate.middle(this.frame);
      if (!video.paused) video.pause();
      if (fresh || (!video.seeking && Math.abs(video.currentTime - middle) > 0.002)) video.currentTime = middle;
      this.jumped = false;
      return;
    }
    const target = film.rate.seconds(this.position());
    const drift = video.currentTime - target;
    if (video.paused || this.jumped || Math.abs(drift) > FAR * this.speed) {
      this.jumped = false;
      if (Math.abs(drift) > 0.01 && !video.seeking) video.currentTime = target;
      if (video.paused) video.play().catch(() => {});
    }
    const wanted = this.speed * (1 - Math.max(-0.1, Math.min(0.1, drift / this.speed)));
    if (Math.abs(video.playbackRate - wanted) > 0.004) video.playbackRate = wanted;
  }

  /** Sound is heard at the film's own speed only. It leads the clock gently: an ear minds what an eye does not. */
  followSound() {
    const { audio } = this;
    if (!this.soundUrl) return;
    if (!this.playing || this.speed !== 1) {
      if (!audio.paused) audio.pause();
      return;
    }
    const position = this.position();
    const target = this.film.rate.seconds(position);
    const drift = audio.currentTime - target;
    if (audio.paused || Math.abs(drift) > SOUND_FAR) {
      if (!audio.seeking && (audio.paused || audio.readyState > 2) && target < (audio.duration || Infinity)) {
        audio.currentTime = target;
        if (audio.paused) audio.play().catch(() => {});
      }
    } else if (audio.readyState > 2 && !audio.seeking) {
      this.anchor(position + drift * 0.08 * (this.film.rate.numerator / this.film.rate.denominator));
    }
  }

  get muted() {
    return this.audio.muted;
  }

  mute(muted) {
    this.audio.muted = muted;
    this.tell("state");
  }
}
