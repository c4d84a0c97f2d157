// Draws a graph under a camera. What always holds: only what is seen is drawn, and cells of a map are drawn colour after
// colour, so that fifteen thousand take one pass.

import { cut } from "../dom.js";
import { COLORS, STATE_COLORS, STATE_FACES, STATE_GROUNDS } from "../colors.js";
import { STATE_NAMES } from "../film.js";

function clear(context, width, height) {
  context.fillStyle = "#0f0f10";
  context.fillRect(0, 0, width, height);
  context.textBaseline = "middle";
}

/** A shot's graph. `view`: graph, layout, camera, shot, marked (a node). */
export function drawShot({ context, width, height }, view) {
  clear(context, width, height);
  const { layout, camera } = view;
  context.save();
  context.translate(camera.x, camera.y);
  context.scale(camera.scale, camera.scale);
  drawEdges(context, view);
  for (const node of layout.nodes) drawNode(context, view, node);
  context.restore();
}

function drawEdges(context, { graph, layout, marked }) {
  const inside = new Set(layout.nodes);
  const { box } = layout;
  for (const node of layout.nodes) {
    for (const next of graph.after(node)) {
      if (!inside.has(next)) continue;
      const [ax, ay] = [layout.x(node) + box.width, layout.y(node) + box.height / 2];
      const [bx, by] = [layout.x(next), layout.y(next) + box.height / 2];
      const bend = Math.min(60, (bx - ax) / 2);
      const lit = node === marked || next === marked;
      context.strokeStyle = lit ? COLORS.soft : COLORS.edge;
      context.lineWidth = lit ? 2 : 1.25;
      context.beginPath();
      context.moveTo(ax, ay);
      context.bezierCurveTo(ax + bend, ay, bx - bend, by, bx, by);
      context.stroke();
    }
  }
}

function drawNode(context, { graph, layout, shot, marked }, node) {
  const { width, height } = layout.box;
  const [x, y, state] = [layout.x(node), layout.y(node), graph.state(node)];
  const own = graph.nodes.shot[node] === shot;
  context.fillStyle = own ? STATE_GROUNDS[state] : COLORS.ground;
  context.beginPath();
  context.roundRect(x, y, width, height, 4);
  context.fill();
  context.strokeStyle = node === marked ? COLORS.accent : own ? STATE_COLORS[state] : COLORS.edge;
  context.lineWidth = node === marked ? 2 : 1;
  if (state === "skipped") context.setLineDash([4, 3]);
  context.stroke();
  context.setLineDash([]);
  context.fillStyle = STATE_COLORS[state];
  context.fillRect(x, y + 6, 3, height - 12);
  context.fillStyle = COLORS.text;
  context.font = `600 13px ${COLORS.sans}`;
  context.fillText(cut(context, graph.kind(node), width - 26), x + 13, y + 17);
  context.fillStyle = COLORS.soft;
  context.font = `12px ${COLORS.sans}`;
  const progress = graph.nodes.progress[node];
  const words = state === "running" ? `Running ${Math.round(progress * 100)} %` : STATE_NAMES[state];
  context.fillText(cut(context, own ? words : `${graph.nodes.label[node]}, ${words.toLowerCase()}`, width - 26), x + 13, y + 35);
  if (state === "running") {
    context.fillStyle = COLORS.accent;
    context.fillRect(x + 3, y + height - 3, (width - 6) * progress, 2);
  }
}

/** The map of the film. */
export function drawFilm({ context, width, height }, view) {
  clear(context, width, height);
  const { graph, layout, camera } = view;
  context.save();
  context.translate(camera.x, camera.y);
  context.scale(camera.scale, camera.scale);
  const { side, seen } = seenPart(layout, camera, width, height);
  const groups = graph.states.map(() => []);
  for (let node = 0; node < graph.count; node += 1) {
    if (seen(layout.x(node), layout.y(node))) groups[graph.nodes.state[node]].push(node);
  }
  groups.forEach((nodes, i) => {
    context.fillStyle = STATE_FACES[graph.states[i]];
    for (const node of nodes) context.fillRect(layout.x(node), layout.y(node), side, side);
  });
  drawChosen(context, view, side);
  drawMarked(context, view, side);
  context.restore();
  drawBlockNames(context, layout, camera, width);
  if (side * camera.scale > 52) drawCellNames(context, view, seen);
}

function seenPart(layout, camera, width, height) {
  const side = layout.box.width;
  const [left, top] = [-camera.x / camera.scale - side, -camera.y / camera.scale - side];
  const [right, bottom] = [left + width / camera.scale + 2 * side, top + height / camera.scale + 2 * side];
  return { side, seen: (x, y) => x > left && x < right && y > top && y < bottom };
}

function drawChosen(context, { graph, layout, shot, camera }, side) {
  const own = graph.byShot.get(shot) ?? [];
  if (!own.length) return;
  const room = 2 / camera.scale + 1;
  const [x, y] = [layout.x(own[0]) - room, layout.y(own[0]) - room];
  context.strokeStyle = COLORS.text;
  context.lineWidth = 2 / camera.scale;
  context.strokeRect(x, y, side + 2 * room, layout.y(own.at(-1)) + side + room - y);
}

function drawMarked(context, { graph, layout, marked, camera }, side) {
  if (marked === null) return;
  const middle = (node) => [layout.x(node) + side / 2, layout.y(node) + side / 2];
  context.strokeStyle = COLORS.text;
  context.lineWidth = 1 / camera.scale;
  context.globalAlpha = 0.6;
  context.beginPath();
  for (const other of [...graph.before(marked), ...graph.after(marked)].slice(0, 400)) {
    context.moveTo(...middle(marked));
    context.lineTo(...middle(other));
  }
  context.stroke();
  context.globalAlpha = 1;
  context.strokeStyle = COLORS.accent;
  context.lineWidth = 2 / camera.scale;
  context.strokeRect(layout.x(marked), layout.y(marked), side, side);
}

function drawBlockNames(context, layout, camera, width) {
  context.font = `12px ${COLORS.sans}`;
  context.fillStyle = COLORS.soft;
  for (const block of layout.blocks) {
    const [x, y] = [block.left * camera.scale + camera.x, (block.top + 15) * camera.scale + camera.y];
    const room = Math.min(block.width * camera.scale, width);
    if (camera.scale * 30 >= 10 && room > 44) context.fillText(cut(context, block.name, room), x, y);
  }
}

function drawCellNames(context, { graph, layout, camera }, seen) {
  context.font = `12px ${COLORS.sans}`;
  context.fillStyle = "#f2f2f3";
  const room = layout.box.width * camera.scale - 10;
  for (let node = 0; node < graph.count; node += 1) {
    const [x, y] = [layout.x(node), layout.y(node)];
    if (seen(x, y)) context.fillText(cut(context, graph.kind(node), room), x * camera.scale + camera.x + 5, (y + 5) * camera.scale + camera.y);
  }
}
