// Building elements from data. What always holds: text arrives through text nodes and attributes through
// `setAttribute`, so nothing in a storyboard can become markup.

const SVG = "http://www.w3.org/2000/svg";

/** An element: `h("button", {class: "quiet", onclick: act, "aria-label": name}, child, ...)`. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) set(element, name, value);
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

function set(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (name === "value" || name === "checked" || name === "disabled" || name === "hidden") element[name] = value;
  else element.setAttribute(name, value === true ? "" : value);
}

/** Changes the text of an element only where it differs: no layout for nothing. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** A sentence whose `names` between backticks are set apart. */
export function prose(text) {
  return text.split("`").map((part, i) => (i % 2 && part ? h("code", { class: "name" }, part) : part));
}

/** All children replaced. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
}

/** The drawings on buttons, on a field of 16 by 16: filled paths, or lines where the name ends in `-line`. */
const ICONS = {
  play: "M4 2.5v11l9-5.5z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z",
  first: "M3 3h2v10H3zM13 3v10L6 8z",
  last: "M11 3h2v10h-2zM3 3v10l7-5z",
  back: "M9 3v10L3 8zM11 3h2v10h-2z",
  forth: "M7 3v10l6-5zM3 3h2v10H3z",
  loop: "M4 5h7V3l3 3-3 3V7H5v2H3V6a1 1 0 0 1 1-1zM12 11H5v2l-3-3 3-3v2h6V7h2v3a1 1 0 0 1-1 1z",
  sound: "M2 6h3l4-3v10l-4-3H2zM11 5.2a4 4 0 0 1 0 5.6l.9.9a5.2 5.2 0 0 0 0-7.4z",
  silent: "M2 6h3l4-3v10l-4-3H2zM11 6l1-1 1.5 1.5L15 5l1 1-1.5 1.5L16 9l-1 1-1.5-1.5L12 10l-1-1 1.5-1.5z",
  check: "M6.4 12.4 2.3 8.3l1.4-1.4 2.7 2.7 6-6 1.4 1.4z",
  close: "m3.4 4.8 1.4-1.4L8 6.6l3.2-3.2 1.4 1.4L9.4 8l3.2 3.2-1.4 1.4L8 9.4l-3.2 3.2-1.4-1.4L6.6 8z",
  dice: "M3 2h10a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1V3a1 1 0 0 1 1-1zm.5 1.5v9h9v-9zM5 5h2v2H5zm4 4h2v2H9zM9 5h2v2H9zM5 9h2v2H5z",
  note: "M2 3h12v8H8l-3 3v-3H2zm1.5 1.5v5h9v-5z",
  full: "M2 2h5v1.5H3.5V7H2zM9 2h5v5h-1.5V3.5H9zM2 9h1.5v3.5H7V14H2zM12.5 9H14v5H9v-1.5h3.5z",
  less: "M3 7.2h10v1.6H3z",
  more: "M7.2 3h1.6v4.2H13v1.6H8.8V13H7.2V8.8H3V7.2h4.2z",
};

/** A drawing, hidden from screen readers: its button has the name. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  path.setAttribute("fill-rule", "evenodd");
  svg.append(path);
  return svg;
}

/** A button with a drawing; `key` is told in its tooltip. */
export function iconButton(name, label, key, act) {
  return h("button", { type: "button", class: "icon-button", "aria-label": label, title: key ? `${label} (${key})` : label, onclick: act }, icon(name));
}

/** Calls `act` once before the next picture, however often it was asked. */
export function onceAFrame(act) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame((now) => {
      asked = false;
      act(now);
    });
  };
}

/** Fits a canvas to its box in device pixels; its context draws in CSS pixels. */
export function fit(canvas) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const ratio = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return { context, width, height };
}

/** `text` cut to `width` with an ellipsis, in the context's font. */
export function cut(context, text, width) {
  if (width < 12) return "";
  if (context.measureText(text).width <= width) return text;
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (context.measureText(`${text.slice(0, middle)}…`).width <= width) low = middle;
    else high = middle - 1;
  }
  return low ? `${text.slice(0, low)}…` : "";
}
