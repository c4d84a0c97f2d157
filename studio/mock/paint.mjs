// Pictures for the page's tests: an invented landscape for each shot, panned a little, with a strip of sixteen blocks
// at the lower edge that tells which clip and which of its pictures this is. What always holds: the same arguments give
// the same bytes, and the strip survives H.264 (each block is as wide as a sixteenth of the picture, black or white).

/** Size of every test picture in pixels; both even, for 4:2:0. */
export const WIDTH = 640;
export const HEIGHT = 360;
/** Height of the strip in pixels. */
export const STRIP = 12;
/** How many pixels a shot pans at most. */
const PAN = 96;
const WIDE = WIDTH + PAN;

/** Skies from above to the horizon, the disc, and hills from far to near: one set a scene. */
const PALETTES = [
  { sky: [[38, 52, 74], [196, 150, 122]], disc: [250, 214, 160], hills: [[104, 96, 108], [70, 72, 84], [34, 38, 46]] },
  { sky: [[14, 20, 34], [52, 72, 98]], disc: [224, 230, 236], hills: [[44, 58, 76], [28, 38, 52], [14, 18, 26]] },
  { sky: [[120, 156, 180], [220, 220, 204]], disc: [255, 246, 222], hills: [[146, 160, 152], [100, 120, 104], [54, 70, 56]] },
  { sky: [[70, 44, 58], [226, 132, 84]], disc: [255, 196, 120], hills: [[140, 84, 80], [92, 56, 60], [42, 28, 34]] },
];

/** Small seeded numbers in 0..1. */
function numbers(seed) {
  let state = (seed * 2654435761 + 97) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

function hillLine(random, base, height) {
  const waves = [1, 2, 3, 5, 9].map((times) => [times * (0.6 + random()), random() * 6.28, height / times]);
  return (x) => base - waves.reduce((sum, [speed, phase, size]) => sum + Math.sin((x / WIDE) * 6.28 * speed + phase) * size, 0);
}

/** The wide landscape as RGB bytes. */
function landscape(clip, seed) {
  const random = numbers(clip * 131 + seed * 7 + 1);
  const palette = PALETTES[Math.floor(clip / 3) % PALETTES.length];
  const disc = { x: WIDE * (0.2 + random() * 0.6), y: HEIGHT * (0.18 + random() * 0.3), r: 16 + random() * 26 };
  const lines = palette.hills.map((_, i) => hillLine(random, HEIGHT * (0.55 + i * 0.16), 46 - i * 10));
  const rgb = Buffer.alloc(WIDE * HEIGHT * 3);
  for (let x = 0; x < WIDE; x += 1) {
    const tops = lines.map((line) => line(x));
    for (let y = 0; y < HEIGHT; y += 1) {
      const t = Math.min(1, y / (HEIGHT * 0.75));
      let color = palette.sky[0].map((from, i) => from + (palette.sky[1][i] - from) * t);
      const near = Math.hypot(x - disc.x, y - disc.y) / disc.r;
      const glow = near < 1 ? 1 : Math.max(0, 0.35 - (near - 1) * 0.12);
      color = color.map((from, i) => from + (palette.disc[i] - from) * glow);
      tops.forEach((top, i) => {
        if (y > top) color = palette.hills[i].map((part) => part * (1 - (y - top) / HEIGHT / 2));
      });
      rgb.set(color.map((part) => Math.max(0, Math.min(250, part + ((x * 7 + y * 13) % 3) - 1))), (y * WIDE + x) * 3);
    }
  }
  return rgb;
}

/** BT.709, limited range. */
function toPlanes(rgb) {
  const y = Buffer.alloc(WIDE * HEIGHT);
  const u = Buffer.alloc((WIDE * HEIGHT) / 4);
  const v = Buffer.alloc((WIDE * HEIGHT) / 4);
  for (let i = 0; i < WIDE * HEIGHT; i += 1) {
    const [r, g, b] = [rgb[i * 3], rgb[i * 3 + 1], rgb[i * 3 + 2]];
    const luma = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    y[i] = 16 + luma * 0.859;
    const [row, column] = [Math.floor(i / WIDE), i % WIDE];
    if (row % 2 === 0 && column % 2 === 0) {
      const at = (row / 2) * (WIDE / 2) + column / 2;
      u[at] = 128 + ((b - luma) / 1.8556) * 0.878;
      v[at] = 128 + ((r - luma) / 1.5748) * 0.878;
    }
  }
  return { y, u, v };
}

function crop(plane, stride, left, width, height, into, at) {
  for (let row = 0; row < height; row += 1) {
    plane.copy(into, at + row * width, row * stride + left, row * stride + left + width);
  }
}

function stamp(frame, clip, local) {
  const bits = (clip << 11) | local;
  const block = WIDTH / 16;
  for (let row = HEIGHT - STRIP; row < HEIGHT; row += 1) {
    for (let i = 0; i < 16; i += 1) {
      frame.fill((bits >> (15 - i)) & 1 ? 235 : 16, row * WIDTH + i * block, row * WIDTH + (i + 1) * block);
    }
  }
  for (const plane of [WIDTH * HEIGHT, (WIDTH * HEIGHT * 5) / 4]) {
    frame.fill(128, plane + ((HEIGHT - STRIP) / 2) * (WIDTH / 2), plane + (HEIGHT / 2) * (WIDTH / 2));
  }
}

/**
 * The painter of one clip: `painter(clip, seed, length)(local)` is picture `local` as yuv420p bytes.
 * `clip` < 32 and `local` < 2048 fit the strip.
 */
export function painter(clip, seed, length) {
  const { y, u, v } = toPlanes(landscape(clip, seed));
  return (local, stamped = true) => {
    const far = clip % 2 ? 1 - local / length : local / length;
    const left = Math.min(PAN, Math.max(0, Math.round((far * PAN) / 2) * 2));
    const frame = Buffer.alloc((WIDTH * HEIGHT * 3) / 2);
    crop(y, WIDE, left, WIDTH, HEIGHT, frame, 0);
    crop(u, WIDE / 2, left / 2, WIDTH / 2, HEIGHT / 2, frame, WIDTH * HEIGHT);
    crop(v, WIDE / 2, left / 2, WIDTH / 2, HEIGHT / 2, frame, (WIDTH * HEIGHT * 5) / 4);
    if (stamped) stamp(frame, clip, local);
    return frame;
  };
}

/** A dissolve from one painter's end to another's begin, as a clip of its own. */
export function dissolver(clip, from, fromStart, to, length) {
  return (local) => {
    const a = from(fromStart + local, false);
    const b = to(local, false);
    const t = (local + 0.5) / length;
    for (let i = 0; i < a.length; i += 1) a[i] += (b[i] - a[i]) * t;
    stamp(a, clip, local);
    return a;
  };
}
