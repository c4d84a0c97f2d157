// Where nodes lie: a shot's nodes in columns from cause to effect, or the whole film as a map of small cells, a block a
// scene and a column a shot. What always holds: equal graphs get equal pictures, and both take time in proportion to what
// they lay out.

/** A node of a shot's graph, in pixels at scale 1: columns share the field between these pitches. */
const NODE = { height: 50, down: 18, least: 136, most: 236 };
/** How many nodes after the shot's own are shown. */
const BEYOND = 24;
/** Side of a map's cell; room between columns; room of a block's name. */
const CELL = { side: 10, room: 2, name: 30, apart: 22 };

/** A shot's nodes and what they lead to, for a field of this width: `{nodes, x, y, width, height, box}`. */
export function layoutShot(graph, shot, room) {
  const own = graph.byShot.get(shot) ?? [];
  const nodes = reach(graph, own);
  const inside = new Set(nodes);
  const depth = new Map();
  const columns = [];
  const row = new Map();
  for (const node of nodes) {
    const before = [...graph.before(node)].filter((one) => inside.has(one));
    const deep = before.length ? Math.max(...before.map((one) => depth.get(one))) + 1 : 0;
    depth.set(node, deep);
  }
  late(graph, nodes, inside, depth);
  for (const node of nodes) (columns[depth.get(node)] ??= []).push(node);
  for (const column of columns.filter(Boolean)) order(graph, column, row);
  return place(columns.filter(Boolean), row, nodes, room);
}

/** Moves each node as far to its effects as it can go, so that edges are short. */
function late(graph, nodes, inside, depth) {
  for (const node of [...nodes].reverse()) {
    const after = [...graph.after(node)].filter((one) => inside.has(one)).map((one) => depth.get(one));
    if (after.length) depth.set(node, Math.min(...after) - 1);
  }
}

/** The shot's nodes and those after them, in the graph's order. */
function reach(graph, own) {
  const found = new Set(own);
  const queue = [...own];
  for (let i = 0; i < queue.length && found.size < own.length + BEYOND; i += 1) {
    for (const next of graph.after(queue[i])) {
      if (!found.has(next) && found.size < own.length + BEYOND) {
        found.add(next);
        queue.push(next);
      }
    }
  }
  return [...found].sort((a, b) => a - b);
}

/** Each node beside the middle of those before it, so that edges cross little. */
function order(graph, column, row) {
  const wish = (node) => {
    const rows = [...graph.before(node)].filter((one) => row.has(one)).map((one) => row.get(one));
    return rows.length ? rows.reduce((sum, one) => sum + one, 0) / rows.length : column.indexOf(node);
  };
  const wished = new Map(column.map((node) => [node, wish(node)]));
  column.sort((a, b) => wished.get(a) - wished.get(b) || a - b);
  column.forEach((node, i) => row.set(node, i - (column.length - 1) / 2));
}

function place(columns, row, nodes, room) {
  const pitch = Math.max(NODE.least, Math.min(NODE.most, room / Math.max(1, columns.length)));
  const box = { width: Math.round(pitch * 0.77), height: NODE.height };
  const most = Math.max(1, ...columns.map((column) => column.length));
  const [x, y] = [new Map(), new Map()];
  columns.forEach((column, deep) => {
    for (const node of column) {
      x.set(node, deep * pitch);
      y.set(node, (row.get(node) + (most - 1) / 2) * (NODE.height + NODE.down));
    }
  });
  return {
    nodes, x: (node) => x.get(node), y: (node) => y.get(node), box,
    width: (columns.length - 1) * pitch + box.width, height: most * (NODE.height + NODE.down) - NODE.down,
  };
}

/** All nodes as a map that fits a field of this shape (width by height). */
export function layoutFilm(graph, film, shape) {
  const x = new Float32Array(graph.count);
  const y = new Float32Array(graph.count);
  const blocks = film.data.scenes.map((scene) => ({ name: scene.name, columns: [] }));
  film.shots.forEach((shot, i) => blocks[shot.scene].columns.push(graph.byShot.get(i) ?? []));
  const own = graph.byShot.get(-1) ?? [];
  const tall = 8;
  blocks.push({ name: "film", columns: Array.from({ length: Math.ceil(own.length / tall) }, (_, i) => own.slice(i * tall, (i + 1) * tall)) });
  for (const block of blocks) size(block);
  const width = breadth(blocks, shape);
  const height = flow(blocks, width);
  for (const { left, top, columns } of blocks) {
    columns.forEach((column, c) => column.forEach((node, r) => {
      x[node] = left + c * (CELL.side + CELL.room);
      y[node] = top + CELL.name + r * (CELL.side + 1);
    }));
  }
  return { x: (node) => x[node], y: (node) => y[node], blocks, width, height, box: { width: CELL.side, height: CELL.side } };
}

function size(block) {
  const tallest = Math.max(0, ...block.columns.map((column) => column.length));
  block.width = Math.max(60, block.columns.length * (CELL.side + CELL.room));
  block.height = CELL.name + tallest * (CELL.side + 1);
}

/** Puts blocks in lines of at most `width`; gives the height of all. */
function flow(blocks, width) {
  let [left, top, line] = [0, 0, 0];
  for (const block of blocks) {
    if (left > 0 && left + block.width > width) [left, top, line] = [0, top + line + CELL.apart, 0];
    Object.assign(block, { left, top });
    left += block.width + CELL.apart;
    line = Math.max(line, block.height);
  }
  return top + line;
}

/** The width at which the blocks fill the shape best: of so many blocks a line as gives the largest picture. */
function breadth(blocks, shape) {
  const widest = Math.max(...blocks.map((block) => block.width));
  let best = { width: widest, size: Infinity };
  for (let count = 1; count <= Math.min(60, blocks.length); count += 1) {
    const width = count * (widest + CELL.apart) - CELL.apart;
    const size = Math.max(width, flow(blocks, width) * shape);
    if (size < best.size) best = { width, size };
  }
  return best.width;
}
