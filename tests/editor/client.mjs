// Speaks to yaml-language-server over stdio as an editor does, and prints what it answers as JSON.
// node client.mjs SCHEMA FOLDER: the server is installed into FOLDER when it is not there.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const PACKAGE = "yaml-language-server@1.25.0";
const [schema, folder] = process.argv.slice(2).map((path) => resolve(path));

const server = join(folder, "node_modules", "yaml-language-server", "bin", "yaml-language-server");
if (!existsSync(server)) {
  mkdirSync(folder, { recursive: true });
  const npm = spawnSync("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", folder, PACKAGE], {
    stdio: ["ignore", 2, "inherit"],
  });
  if (npm.status !== 0) {
    console.error(`npm could not install ${PACKAGE}: ${npm.error ?? `status ${npm.status}`}`);
    process.exit(1);
  }
}

const child = spawn(process.execPath, [server, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
const waiting = new Map();
const diagnostics = new Map();
let nextId = 1;

function write(message) {
  const body = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }));
  child.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
  child.stdin.write(body);
}

function request(method, params) {
  const id = nextId++;
  write({ id, method, params });
  return new Promise((done, fail) => waiting.set(id, { done, fail }));
}

function receive(message) {
  if (message.method === "textDocument/publishDiagnostics") {
    diagnostics.get(message.params.uri)?.(message.params.diagnostics);
  } else if (message.method !== undefined && message.id !== undefined) {
    // The server asks for settings and capabilities; the defaults serve.
    const result = message.method === "workspace/configuration" ? message.params.items.map(() => null) : null;
    write({ id: message.id, result });
  } else if (message.id !== undefined) {
    const { done, fail } = waiting.get(message.id);
    waiting.delete(message.id);
    message.error ? fail(new Error(message.error.message)) : done(message.result);
  }
}

let buffer = Buffer.alloc(0);
child.stdout.on("data", (chunk) => {
  buffer = Buffer.concat([buffer, chunk]);
  for (;;) {
    const end = buffer.indexOf("\r\n\r\n");
    if (end < 0) return;
    const length = Number(/Content-Length: (\d+)/i.exec(buffer.toString("latin1", 0, end))[1]);
    if (buffer.length < end + 4 + length) return;
    const body = buffer.toString("utf8", end + 4, end + 4 + length);
    buffer = buffer.subarray(end + 4 + length);
    receive(JSON.parse(body));
  }
});

const timer = setTimeout(() => {
  console.error("yaml-language-server did not answer within 60 s");
  child.kill();
  process.exit(1);
}, 60_000);

const start = [
  `# yaml-language-server: $schema=${pathToFileURL(schema)}`,
  "storyboard: 1",
  "scenes:",
  "  - scene: cliff",
  "    shots:",
  "      - shot: wide",
  "        action: waves",
  "        duration: 6s",
];

function open(name, lines) {
  const uri = pathToFileURL(join(folder, name)).href;
  const told = new Promise((done) => diagnostics.set(uri, done));
  const textDocument = { uri, languageId: "yaml", version: 1, text: lines.join("\n") };
  write({ method: "textDocument/didOpen", params: { textDocument } });
  return { uri, told };
}

const labels = (answer) => (answer?.items ?? answer ?? []).map((item) => item.label);

await request("initialize", {
  processId: process.pid,
  rootUri: null,
  capabilities: {
    textDocument: {
      completion: { completionItem: { documentationFormat: ["markdown"], snippetSupport: true } },
      hover: { contentFormat: ["markdown"] },
    },
    workspace: { configuration: true },
  },
});
write({ method: "initialized", params: {} });

const wrong = open("wrong.yaml", [...start, "        durration: 4s", ""]);
const marked = await wrong.told;

const keys = open("keys.yaml", [...start, "        "]);
const completion = await request("textDocument/completion", {
  textDocument: { uri: keys.uri },
  position: { line: 8, character: 8 },
});
const hover = await request("textDocument/hover", {
  textDocument: { uri: keys.uri },
  position: { line: 7, character: 10 },
});

const words = open("words.yaml", [...start, "        fit: "]);
const values = await request("textDocument/completion", {
  textDocument: { uri: words.uri },
  position: { line: 8, character: 13 },
});

clearTimeout(timer);
console.log(
  JSON.stringify({
    completion: labels(completion),
    values: labels(values),
    hover: typeof hover.contents === "string" ? hover.contents : hover.contents.value,
    diagnostics: marked.map(({ message, range }) => ({ message, line: range.start.line })),
  }),
);
child.kill();
process.exit(0);
