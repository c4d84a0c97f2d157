// Two finished films, or one, under one clock: what the versions view plays. What always holds: both show the same frame
// number; a film that is shorter stays on its last.

import { Rate } from "../time.js";

const FAR = 0.12;

/** Events: `frame`, `state`. It takes the same orders as the player. */
export class Pair extends EventTarget {
  constructor(videos) {
    super();
    Object.assign(this, { videos, films: [], frame: 0, playing: false, speed: 1, loop: null, rate: new Rate([24, 1]), frames: 0 });
    for (const video of videos) {
      video.muted = true;
      video.addEventListener("loadedmetadata", () => this.place(this.frame));
    }
  }

  /** Takes versions as the server lists them; the playhead stays. */
  load(films) {
    this.pause();
    this.films = films;
    this.frames = Math.max(0, ...films.map((film) => film.frames));
    if (films.length) this.rate = new Rate(films[0].rate);
    this.videos.forEach((video, i) => {
      const url = films[i]?.film ?? null;
      if (video.getAttribute("src") === url) return;
      if (url) video.src = url;
      else video.removeAttribute("src");
      video.load();
    });
    this.place(Math.min(this.frame, Math.max(0, this.frames - 1)));
    this.tell("state");
  }

  tell(kind) {
    this.dispatchEvent(new Event(kind));
  }

  /** Sound of the first. */
  mute(muted) {
    this.videos[0].muted = muted;
    this.tell("state");
  }

  get muted() {
    return this.videos[0].muted;
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play(1);
  }

  play(speed) {
    if (!this.frames) return;
    if (this.frame >= this.frames - 1 && speed > 0) this.frame = 0;
    this.anchored = { position: this.frame, at: performance.now() };
    this.speed = speed;
    const began = !this.playing;
    this.playing = true;
    this.tell("state");
    if (began) this.run();
  }

  pause() {
    if (!this.playing) return;
    this.playing = false;
    for (const video of this.videos) video.pause();
    this.place(this.frame);
    this.tell("state");
  }

  shuttle(direction) {
    const same = this.playing && Math.sign(this.speed) === direction;
    this.play(same ? Math.sign(direction) * Math.min(8, Math.abs(this.speed) * 2) : direction);
  }

  step(frames) {
    this.pause();
    this.place(this.frame + frames);
  }

  seek(frame) {
    this.place(frame);
  }

  place(frame) {
    this.frame = Math.max(0, Math.min(Math.max(0, this.frames - 1), Math.floor(frame)));
    this.anchored = { position: this.frame, at: performance.now() };
    this.tell("frame");
    this.follow();
  }

  run() {
    if (!this.playing) return;
    const { rate } = this;
    const { position, at } = this.anchored;
    const now = position + ((performance.now() - at) / 1000) * this.speed * (rate.numerator / rate.denominator);
    if (now >= this.frames || now < 0) {
      this.place(now);
      this.pause();
      return;
    }
    if (Math.floor(now) !== this.frame) {
      this.frame = Math.floor(now);
      this.tell("frame");
    }
    this.follow(now);
    requestAnimationFrame(() => this.run());
  }

  follow(position = this.frame) {
    this.videos.forEach((video, i) => {
      const film = this.films[i];
      if (!film || video.readyState === 0) return;
      if (this.playing && this.speed > 0 && position < film.frames - 1) lead(video, this.rate.seconds(position), this.speed);
      else this.hold(video, Math.min(this.frame, film.frames - 1));
    });
  }

  hold(video, frame) {
    if (!video.paused) video.pause();
    const middle = this.rate.middle(frame);
    if (!video.seeking && Math.abs(video.currentTime - middle) > 0.002) {
      video.currentTime = middle;
      video.onseeked = () => !this.playing && this.follow();
    }
  }
}

function lead(video, target, speed) {
  const drift = video.currentTime - target;
  if (video.paused) {
    if (Math.abs(drift) > 0.01) video.currentTime = target;
    video.play().catch(() => {});
  } else if (Math.abs(drift) > FAR * speed && !video.seeking) {
    video.currentTime = target;
  }
  const wanted = speed * (1 - Math.max(-0.1, Math.min(0.1, drift / speed)));
  if (Math.abs(video.playbackRate - wanted) > 0.004) video.playbackRate = wanted;
}
