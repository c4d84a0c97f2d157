// How frames lie on the timeline: zoom, scroll, and the marks of the ruler. What always holds: the scroll stays inside
// the film, and zooming keeps the frame under the pointer where it is.

/** Widest a frame gets, in pixels. */
const WIDEST = 24;
/** Empty pixels after the film's end. */
const END = 40;

export class Scale {
  constructor() {
    Object.assign(this, { frames: 1, width: 1, perFrame: 1, left: 0, fitted: true });
  }

  /** Takes the film's length and the field's width; an untouched zoom shows all of the film. */
  fit(frames, width) {
    Object.assign(this, { frames: Math.max(1, frames), width: Math.max(1, width) });
    if (this.fitted) this.showAll();
    this.clamp();
  }

  showAll() {
    this.fitted = true;
    this.perFrame = this.smallest();
    this.left = 0;
  }

  smallest() {
    return Math.max(1, this.width - END) / this.frames;
  }

  x(frame) {
    return (frame - this.left) * this.perFrame;
  }

  frame(x) {
    return this.left + x / this.perFrame;
  }

  /** Frames that are seen. */
  span() {
    return this.width / this.perFrame;
  }

  zoom(factor, x) {
    const held = this.frame(x);
    const next = Math.max(this.smallest(), Math.min(WIDEST, this.perFrame * factor));
    this.fitted = next <= this.smallest() * 1.0001;
    this.perFrame = next;
    this.left = held - x / next;
    this.clamp();
  }

  scroll(pixels) {
    this.left += pixels / this.perFrame;
    this.clamp();
  }

  clamp() {
    const most = Math.max(0, this.frames + END / this.perFrame - this.span());
    this.left = Math.max(0, Math.min(most, this.left));
  }

  /** Scrolls so that a frame is seen; true where that was needed. */
  reveal(frame) {
    const x = this.x(frame);
    if (x >= 0 && x <= this.width - 8) return false;
    this.left = frame - this.span() * (x < 0 ? 0.5 : 0.1);
    this.clamp();
    return true;
  }

  /** Frames between two marks with a time, for a nominal rate, so that times do not touch. */
  mark(nominal) {
    const least = 110 / this.perFrame;
    const steps = [1, 2, 5, 10].filter((step) => step < nominal);
    for (const seconds of [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200]) steps.push(seconds * nominal);
    return steps.find((step) => step >= least) ?? 14400 * nominal;
  }
}
