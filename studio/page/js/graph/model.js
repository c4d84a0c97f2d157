// The graph of nodes as the server gives it, with quick neighbours. What always holds: events of another revision change
// nothing.

export class Graph {
  constructor(data) {
    Object.assign(this, { revision: data.revision, kinds: data.kinds, states: data.states, nodes: data.nodes });
    this.count = data.nodes.kind.length;
    this.after = neighbours(this.count, data.edges, 0);
    this.before = neighbours(this.count, data.edges, 1);
    this.byShot = new Map();
    data.nodes.shot.forEach((shot, i) => {
      if (!this.byShot.has(shot)) this.byShot.set(shot, []);
      this.byShot.get(shot).push(i);
    });
  }

  kind(node) {
    return this.kinds[this.nodes.kind[node]];
  }

  state(node) {
    return this.states[this.nodes.state[node]];
  }

  /** Takes an event; true where something changed. */
  change({ revision, changes }) {
    if (revision !== this.revision) return false;
    for (const [node, state, progress] of changes) {
      this.nodes.state[node] = state;
      this.nodes.progress[node] = progress;
    }
    return changes.length > 0;
  }
}

/** `of(node)` gives the nodes at the other end of its edges; `end` says which end is asked from. */
function neighbours(count, edges, end) {
  const first = new Int32Array(count + 1);
  for (let i = end; i < edges.length; i += 2) first[edges[i] + 1] += 1;
  for (let i = 0; i < count; i += 1) first[i + 1] += first[i];
  const at = first.slice();
  const others = new Int32Array(edges.length / 2);
  for (let i = 0; i < edges.length; i += 2) {
    const from = edges[i + end];
    others[at[from]] = edges[i + 1 - end];
    at[from] += 1;
  }
  return (node) => others.subarray(first[node], first[node + 1]);
}
