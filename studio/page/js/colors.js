// Colours that canvases draw with: those of the style sheet, by name.

const style = getComputedStyle(document.documentElement);
const named = (name) => style.getPropertyValue(`--${name}`).trim();

export const COLORS = Object.fromEntries(
  ["black", "ground", "panel", "raised", "hover", "line", "edge", "text", "soft", "faint", "accent", "done", "reused", "failed"].map((name) => [name, named(name)]),
);
COLORS.sans = named("sans");
COLORS.mono = named("mono");

/** A state's colour. */
export const STATE_COLORS = {
  waiting: "#4a4a50", ready: "#74747c", running: COLORS.accent, done: COLORS.done, reused: COLORS.reused, failed: COLORS.failed, skipped: "#7d5350",
};

/** The same for large plain faces, quiet where all is well: news must stand out. */
export const STATE_FACES = {
  waiting: "#303034", ready: "#4c4c53", running: COLORS.accent, done: "#42684f", reused: "#3b5567", failed: COLORS.failed, skipped: "#5f4341",
};

/** A still ground in a state's colour, for large faces with text on them. */
export const STATE_GROUNDS = {
  waiting: "#1f1f22", ready: "#26262a", running: "#3a2e1c", done: "#22322a", reused: "#212c34", failed: "#43211f", skipped: "#2e2221",
};
