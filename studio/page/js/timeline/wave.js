// Waveforms of stems from the server's peaks. What always holds: drawing a column looks at a bounded number of peaks,
// however far out the view is, since coarser peaks are made once when a stem comes.

import { bytes } from "../api.js";

/** Each level is this many times coarser than the one before. */
const COARSER = 4;

export class Waves {
  constructor(came) {
    Object.assign(this, { came, waves: new Map() });
  }

  /** Levels of a stem, finest first, or null while it loads. */
  get(stem) {
    const wave = this.waves.get(stem.peaks);
    if (wave === undefined) {
      this.waves.set(stem.peaks, null);
      this.load(stem.peaks);
    }
    return wave ?? null;
  }

  async load(url) {
    try {
      const levels = [new Int8Array(await bytes(url))];
      while (levels.at(-1).length > 2048) levels.push(coarse(levels.at(-1)));
      this.waves.set(url, levels);
      this.came();
    } catch {
      setTimeout(() => this.waves.delete(url), 4000);
    }
  }
}

function coarse(fine) {
  const pairs = Math.ceil(fine.length / 2 / COARSER);
  const made = new Int8Array(pairs * 2);
  for (let i = 0; i < pairs; i += 1) {
    let [low, high] = [0, 0];
    const end = Math.min(fine.length / 2, (i + 1) * COARSER);
    for (let j = i * COARSER; j < end; j += 1) {
      low = Math.min(low, fine[j * 2]);
      high = Math.max(high, fine[j * 2 + 1]);
    }
    made[i * 2] = low;
    made[i * 2 + 1] = high;
  }
  return made;
}

/** Adds a waveform between pixels `from` and `to` to the path; `time(x)` gives seconds. */
export function trace(context, levels, perSecond, time, from, to, middle, half) {
  const perPixel = (time(from + 1) - time(from)) * perSecond;
  const level = Math.max(0, Math.min(levels.length - 1, Math.floor(Math.log(Math.max(1, perPixel)) / Math.log(COARSER))));
  const peaks = levels[level];
  const rate = perSecond / COARSER ** level;
  for (let x = from; x < to; x += 1) {
    const first = Math.max(0, Math.floor(time(x) * rate));
    const last = Math.min(peaks.length / 2, Math.max(first + 1, Math.floor(time(x + 1) * rate)));
    let [low, high] = [0, 0];
    for (let i = first; i < last; i += 1) {
      low = Math.min(low, peaks[i * 2]);
      high = Math.max(high, peaks[i * 2 + 1]);
    }
    const top = middle - (high / 127) * half;
    context.rect(x, top, 1, Math.max(1, middle - (low / 127) * half - top));
  }
}
