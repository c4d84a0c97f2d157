//! The engine's [`Scripts`], in Lua.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value as Json;
use storyreel_engine::kinds::script::{ScriptKind, ScriptSource};
use storyreel_engine::kinds::{self, PortType};
use storyreel_engine::scripts::{
    Declaration, Document, Expansion, Reading, ScriptFile, Scripts, Source, SubKind, SubNode, Subgraph,
};
use storyreel_engine::storyboard::types::{FileId, Span};
use storyreel_engine::storyboard::{Code, Diagnostic, nearest};
use storyreel_engine::units::Digest;
use storyreel_engine::world::{World, WorldError};

use crate::asking::{Asker, during};
use crate::chunk::MAX_BYTES;
use crate::library::{self, LIBRARY};
use crate::node::{Declared, Work, check_values, declared, expand};
use crate::places::Texts;
use crate::sandbox::{Failed, Limits, Sandbox};
use crate::storyboard;

/// The folder of a project's nodes.
pub const FOLDER: &str = "scripts";

/// What the user grants to scripts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grants {
    /// To run programs.
    pub exec: bool,
    /// To reach these hosts.
    pub net: Vec<String>,
}

impl Grants {
    /// Whether `want` is granted.
    pub fn allow(&self, want: &str) -> bool {
        match want.strip_prefix("net=") {
            Some(host) => self.net.iter().any(|known| known == host),
            None => want == "exec" && self.exec,
        }
    }
}

/// Lua.
#[derive(Debug, Default)]
pub struct LuaScripts {
    grants: Grants,
    /// Declarations by the texts they came from, so that reading again runs nothing again.
    known: Mutex<BTreeMap<PathBuf, Known>>,
}

#[derive(Debug)]
struct Known {
    texts: Vec<(String, Digest)>,
    declaration: Arc<Declaration>,
}

/// A node's script, found.
struct Found {
    id: String,
    text: Arc<str>,
    /// Where it lies; nowhere where it is ours.
    path: Option<PathBuf>,
}

impl LuaScripts {
    /// With what is granted.
    pub fn new(grants: Grants) -> Self {
        Self { grants, known: Mutex::default() }
    }

    fn find(name: &str, world: &dyn World) -> Result<Option<Found>, String> {
        let folder = world.root().join(FOLDER);
        let file = format!("{name}.lua");
        match world.locate(&folder, &file) {
            Ok(path) => {
                let text = world.text(&path, MAX_BYTES).map_err(|error| error.to_string())?;
                Ok(Some(Found { id: path.to_string_lossy().into_owned(), text, path: Some(path) }))
            }
            Err(WorldError::Missing(_)) => {
                let ours = library::node(name);
                Ok(ours.map(|script| Found { id: library::id(name), text: script.text.into(), path: None }))
            }
            Err(error) => Err(error.to_string()),
        }
    }

    /// What is known of that script, if none of its texts has changed.
    fn known(&self, found: &Found, world: &dyn World) -> Option<Arc<Declaration>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = known.get(Path::new(&found.id))?;
        let same = entry.texts.iter().enumerate().all(|(at, (id, digest))| {
            let now = match at {
                0 => Some(Digest::of(found.text.as_bytes())),
                _ if library::is_ours(id) => Some(*digest),
                _ => world.text(Path::new(id), MAX_BYTES).ok().map(|text| Digest::of(text.as_bytes())),
            };
            now == Some(*digest)
        });
        same.then(|| entry.declaration.clone())
    }

    fn remember(&self, found: &Found, texts: &Texts, declaration: &Arc<Declaration>) {
        let texts = texts.all().iter().map(|(id, text)| (id.clone(), Digest::of(text.as_bytes()))).collect();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(PathBuf::from(&found.id), Known { texts, declaration: declaration.clone() });
    }

    /// Declares anew. The mistake's places are in chunks.
    fn declare_found(
        &self,
        name: &str,
        found: &Found,
        world: &dyn World,
    ) -> (Texts, Result<Arc<Declaration>, Failed>) {
        let (id, text) = (found.id.clone(), found.text.clone());
        let ran = during(world, move |asker| run(&id, &text, asker));
        let (declared, texts) = match ran {
            Ok(ran) => ran,
            Err(failed) => return (Texts::default(), Err(failed)),
        };
        let declaration = declared.map(|(declared, expands)| {
            let declaration = Arc::new(declaration(name, found, declared, expands, &texts));
            self.remember(found, &texts, &declaration);
            declaration
        });
        (texts, declaration)
    }

    /// The node of that name, for one that expands to it.
    fn declared(&self, name: &str, world: &dyn World) -> Result<Arc<Declaration>, String> {
        let Some(found) = Self::find(name, world)? else {
            let names = self.names(world);
            let near = nearest(name, names.iter().map(String::as_str));
            let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            return Err(format!("there is no node `{name}`{near}"));
        };
        match self.known(&found, world) {
            Some(known) => Ok(known),
            None => self.declare_found(name, &found, world).1.map_err(|failed| format!("`{name}`: {failed}")),
        }
    }

    fn not_granted(&self, declaration: &Declaration, named: Span) -> Option<Diagnostic> {
        let want = declaration.wants.iter().find(|want| !self.grants.allow(want))?;
        let message = format!("`{}` wants `{want}`, which is not granted", declaration.name);
        let mut mistake = Diagnostic::new(Code::NotGranted, named, message);
        mistake.help(format!("look at its script, and if you trust it add --allow-{want}"));
        Some(mistake)
    }
}

/// What is declared, and whether it expands.
type Ran = (Result<(Declared, bool), Failed>, Texts);

fn run(id: &str, text: &Arc<str>, asker: Asker) -> Ran {
    let sandbox = match Sandbox::new(Limits::DESCRIBING, 0, Box::new(asker), |_, _| Ok(())) {
        Ok(sandbox) => sandbox,
        Err(failed) => return (Err(failed), Texts::default()),
    };
    let declared = sandbox.run(id, text).and_then(|value| declared(&sandbox, value));
    // The function itself stays with its interpreter.
    let declared = declared.map(|(declared, work)| (declared, matches!(work, Work::Expand(_))));
    (declared, Texts::of(&sandbox))
}

fn declaration(name: &str, found: &Found, declared: Declared, expands: bool, texts: &Texts) -> Declaration {
    let sense = declared.sense();
    let place = if found.path.is_some() { "project" } else { "library" };
    let one_line = declared.doc.lines().next().unwrap_or_default().to_owned();
    let kind = ScriptKind {
        name: format!("{place}/{name}"),
        version: declared.version,
        doc: one_line,
        inputs: declared
            .inputs
            .iter()
            .map(|input| (input.name.clone(), input.ty, input.many || input.optional))
            .collect(),
        outputs: declared.outputs.clone(),
    };
    let sources = texts.all().iter().enumerate().map(|(at, (id, text))| ScriptFile {
        source: ScriptSource {
            name: if at == 0 { name.to_owned() } else { module_name(id) },
            digest: Digest::of(text.as_bytes()),
        },
        path: (!library::is_ours(id)).then(|| PathBuf::from(id)),
    });
    Declaration {
        name: name.to_owned(),
        kind: kind.kind(),
        doc: declared.doc.clone(),
        inputs: declared.inputs.clone(),
        params: declared.params.clone(),
        expands,
        micros: declared.micros,
        bytes_a_pixel: declared.bytes_a_pixel,
        sources: sources.collect(),
        sense,
        wants: declared.wants.clone(),
    }
}

/// What a module is called in keys: its file's name, whatever its folder.
fn module_name(id: &str) -> String {
    Path::new(id).file_stem().map_or_else(|| id.to_owned(), |stem| stem.to_string_lossy().into_owned())
}

impl Scripts for LuaScripts {
    fn storyboard(
        &self,
        file: FileId,
        vars: &[(String, String)],
        reading: &mut Reading<'_>,
    ) -> Option<Document> {
        storyboard::document(file, vars, reading)
    }

    fn declare(&self, name: &str, named: Span, reading: &mut Reading<'_>) -> Option<Arc<Declaration>> {
        let found = match Self::find(name, reading.world) {
            Ok(Some(found)) => found,
            Ok(None) => {
                let names = self.names(reading.world);
                let mut mistake = Diagnostic::new(Code::UnknownNode, named, format!("unknown node `{name}`"));
                let near = nearest(name, names.iter().map(String::as_str));
                mistake.help(near.map_or_else(
                    || {
                        format!(
                            "write {FOLDER}/{name}.lua, or name one of the library: {}",
                            ours().join(", ")
                        )
                    },
                    |near| format!("did you mean `{near}`?"),
                ));
                reading.mistakes.push(mistake);
                return None;
            }
            Err(reason) => {
                reading.mistakes.push(Diagnostic::new(Code::UnknownNode, named, reason));
                return None;
            }
        };
        let known = self.known(&found, reading.world);
        let declaration = match known {
            Some(known) => known,
            None => {
                let (texts, declared) = self.declare_found(name, &found, reading.world);
                let first = reading.sources.add(PathBuf::from(&found.id), found.text.clone());
                let files = texts.add_to(reading, first);
                texts.tell_printed(&files, reading);
                match declared {
                    Ok(declaration) => declaration,
                    Err(failed) => {
                        let whole = Span { file: first, start: 0, end: 0 };
                        let mut mistake = texts.diagnostic(&failed, &files, None);
                        if mistake.span == whole {
                            mistake.message = format!("`{name}`: {}", mistake.message);
                        }
                        mistake.also(named, "named here");
                        reading.mistakes.push(mistake);
                        return None;
                    }
                }
            }
        };
        if let Some(mistake) = self.not_granted(&declaration, named) {
            reading.mistakes.push(mistake);
            return None;
        }
        Some(declaration)
    }

    fn expand(&self, asked: &Expansion<'_>, world: &dyn World) -> Result<Subgraph, String> {
        let name = &asked.declaration.name;
        let found = Self::find(name, world)?.ok_or_else(|| format!("the script of `{name}` is gone"))?;
        let question = expand::Asked {
            script: (found.id.clone(), found.text.clone()),
            values: asked.values.clone(),
            clip: asked.clip,
            inputs: asked.inputs.clone(),
            outputs: asked.declaration.kind.outputs.iter().map(|port| port.name.to_owned()).collect(),
            seed: asked.seed,
            times: expand::times(asked.declaration),
        };
        let built = during(world, move |asker| expand::expand(question, Box::new(asker)));
        let built = built.and_then(|built| built).map_err(|failed| failed.with_line(&found.id))?;
        let mut nodes = Vec::with_capacity(built.nodes.len());
        for wanted in built.nodes {
            nodes.push(self.node(wanted, asked, world)?);
        }
        let mut subgraph = Subgraph { nodes, outputs: built.outputs };
        check_edges(&mut subgraph, asked.declaration)?;
        Ok(subgraph)
    }

    fn names(&self, world: &dyn World) -> Vec<String> {
        let folder = world.root().join(FOLDER);
        let own = world.neighbours(&folder).into_iter();
        let own = own.filter_map(|name| name.strip_suffix(".lua").map(str::to_owned));
        let mut names: Vec<String> = own.chain(ours().into_iter().map(str::to_owned)).collect();
        names.sort();
        names.dedup();
        names
    }
}

/// Our own nodes as they declare themselves, in the order of their names.
pub fn library_declarations() -> Vec<Arc<Declaration>> {
    let scripts = LuaScripts::default();
    let world = storyreel_engine::world::MemoryWorld::new();
    ours().into_iter().filter_map(|name| scripts.declared(name, &world).ok()).collect()
}

/// The names of our own nodes.
pub fn ours() -> Vec<&'static str> {
    LIBRARY.iter().filter(|script| !script.module).map(|script| script.name).collect()
}

impl LuaScripts {
    fn node(
        &self,
        wanted: expand::Wanted,
        asked: &Expansion<'_>,
        world: &dyn World,
    ) -> Result<SubNode, String> {
        let what = if wanted.built_in {
            let kind = kinds::named(&wanted.node).ok_or_else(|| {
                let near = nearest(&wanted.node, kinds::ALL.iter().map(|kind| kind.name));
                let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                format!("there is no built-in node `{}`{near}", wanted.node)
            })?;
            if !kind.tools.is_empty() || kind.outputs.iter().any(|port| port.ty == PortType::Film) {
                return Err(format!("`{}` cannot be a part of another node", wanted.node));
            }
            let params = Json::Object(wanted.values);
            (kind.check)(&params).map_err(|reason| format!("parameters of `{}`: {reason}", kind.name))?;
            SubKind::BuiltIn(kind, params)
        } else {
            let declaration = self.declared(&wanted.node, world)?;
            if let Some(want) = declaration.wants.iter().find(|want| !self.grants.allow(want)) {
                return Err(format!("`{}` wants `{want}`, which is not granted", wanted.node));
            }
            let rate = asked.clip.rate;
            let frames = |seconds: f64| rate.frames_near((seconds * 1_000_000.0).round() as i64, 1_000_000).0;
            let values = check_values(&declaration, &wanted.values, &frames)?;
            SubKind::Script(declaration, values)
        };
        Ok(SubNode { what, inputs: wanted.inputs, label: wanted.node })
    }
}

/// Names the ports that handles without one mean, and checks the types of all that flows.
fn check_edges(subgraph: &mut Subgraph, expanding: &Declaration) -> Result<(), String> {
    let kinds: Vec<&'static kinds::Kind> = subgraph
        .nodes
        .iter()
        .map(|node| match &node.what {
            SubKind::BuiltIn(kind, _) => *kind,
            SubKind::Script(declaration, _) => declaration.kind,
        })
        .collect();
    let resolve = |source: &mut Source| -> Result<PortType, String> {
        match source {
            Source::Entering(port, _) => {
                expanding.input(port).map(|input| input.ty).ok_or_else(|| format!("nothing enters `{port}`"))
            }
            Source::Node(at, port) => {
                let kind = kinds.get(*at).ok_or("a node that is not there")?;
                if port.is_empty() {
                    match kind.outputs {
                        [only] => *port = only.name.to_owned(),
                        _ => {
                            return Err(format!(
                                "`{}` gives several things: name one with :output(name)",
                                kind.name
                            ));
                        }
                    }
                }
                let found = kind.outputs.iter().find(|known| known.name == *port);
                found.map(|known| known.ty).ok_or_else(|| format!("`{}` has no output `{port}`", kind.name))
            }
        }
    };
    for (at, node) in subgraph.nodes.iter_mut().enumerate() {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for (port, source) in &mut node.inputs {
            let given = resolve(source)?;
            let Some(entered) = kinds[at].inputs.iter().find(|known| known.name == *port) else {
                return Err(format!("`{}` has no input `{port}`", node.label));
            };
            if entered.ty != given {
                return Err(format!("`{}` takes {:?} at `{port}`, not {given:?}", node.label, entered.ty));
            }
            *counts.entry(port.clone()).or_default() += 1;
        }
        let optional = |port: &str| match &node.what {
            SubKind::Script(declaration, _) => {
                declaration.input(port).is_some_and(|input| input.optional || input.many)
            }
            SubKind::BuiltIn(..) => false,
        };
        for port in kinds[at].inputs {
            let count = counts.get(port.name).copied().unwrap_or(0);
            let single = match &node.what {
                SubKind::Script(declaration, _) => {
                    declaration.input(port.name).is_some_and(|input| !input.many)
                }
                SubKind::BuiltIn(..) => !port.many,
            };
            if (count == 0 && !optional(port.name)) || (single && count > 1) {
                return Err(format!(
                    "`{}` takes one thing at `{}`, and {count} enter",
                    node.label, port.name
                ));
            }
        }
    }
    for (name, source) in &mut subgraph.outputs {
        let given = resolve(source)?;
        let wanted = expanding.kind.outputs.iter().find(|port| port.name == *name).map(|port| port.ty);
        if wanted != Some(given) {
            return Err(format!("`{name}` is a {:?}, not a {given:?}", wanted.unwrap_or(given)));
        }
    }
    Ok(())
}
