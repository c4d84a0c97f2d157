//! Lua as the engine sees it: something that turns a script into a tree, a declaration or a subgraph. The engine
//! knows no Lua; the crate `lua/` does.
//!
//! What always holds: a script reads the outside world through [`World`] alone, so that what it read is known;
//! the same texts give the same answers.

mod declaration;

use std::sync::Arc;

pub use declaration::{Choice, Declaration, Input, Param, ParamType, ScriptFile, Sense};
use serde_json::{Map, Value};

use crate::kinds::Kind;
use crate::kinds::script::ClipShape;
use crate::storyboard::tree::Node;
use crate::storyboard::types::{FileId, Span};
use crate::storyboard::{Code, Diagnostic, Sources};
use crate::world::World;

/// What a script is read with, and where its mistakes go.
pub struct Reading<'a> {
    /// The outside world.
    pub world: &'a dyn World,
    /// The texts so far; those of scripts are added.
    pub sources: &'a mut Sources,
    /// The mistakes so far.
    pub mistakes: &'a mut Vec<Diagnostic>,
}

/// What a Lua storyboard gave.
#[derive(Debug)]
pub struct Document {
    /// The same tree that a YAML file gives.
    pub tree: Node,
    /// Variables that the script asked for; those given and never asked for are told.
    pub used: Vec<String>,
}

/// What a node that expands is told.
#[derive(Debug)]
pub struct Expansion<'a> {
    /// The node.
    pub declaration: &'a Declaration,
    /// Its parameters, defaults included.
    pub values: &'a Map<String, Value>,
    /// The clip that is asked for; of a node that gives none, that of the shot.
    pub clip: ClipShape,
    /// How many things enter each port.
    pub inputs: Vec<(String, usize)>,
    /// Where its random choices derive from.
    pub seed: u64,
}

/// What a node expanded to. Nodes stand before their users.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Subgraph {
    /// The nodes.
    pub nodes: Vec<SubNode>,
    /// What is given, by the expanding node's port.
    pub outputs: Vec<(String, Source)>,
}

/// Where something comes from within a subgraph.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// What enters the expanding node: port and place.
    Entering(String, u32),
    /// A node of the subgraph, and its port.
    Node(usize, String),
}

/// One node of a subgraph.
#[derive(Clone, Debug, PartialEq)]
pub struct SubNode {
    /// What it is.
    pub what: SubKind,
    /// What enters, port by port, in order.
    pub inputs: Vec<(String, Source)>,
    /// A word or two for people.
    pub label: String,
}

/// What a node of a subgraph is.
#[derive(Clone, Debug, PartialEq)]
pub enum SubKind {
    /// A built-in kind with its parameters, checked.
    BuiltIn(&'static Kind, Value),
    /// Another script's node with its own values.
    Script(Arc<Declaration>, Map<String, Value>),
}

/// The languages that scripts are written in.
pub trait Scripts: std::fmt::Debug + Send + Sync {
    /// The tree of the storyboard that the script in `file` of the sources builds. `None` where it has mistakes.
    fn storyboard(
        &self,
        file: FileId,
        vars: &[(String, String)],
        reading: &mut Reading<'_>,
    ) -> Option<Document>;

    /// The custom node of that name, as its script declares it; `named` is where it is named. `None` where its
    /// script has mistakes, or there is none.
    fn declare(&self, name: &str, named: Span, reading: &mut Reading<'_>) -> Option<Arc<Declaration>>;

    /// The subgraph that a node expands to.
    ///
    /// # Errors
    /// In words for the storyboard's writer, with the script's line.
    fn expand(&self, asked: &Expansion<'_>, world: &dyn World) -> Result<Subgraph, String>;

    /// The names of all custom nodes that there are.
    fn names(&self, world: &dyn World) -> Vec<String>;
}

/// No scripts at all, for those who embed the engine without a language.
#[derive(Clone, Copy, Debug)]
pub struct NoScripts;

impl Scripts for NoScripts {
    fn storyboard(
        &self,
        file: FileId,
        _: &[(String, String)],
        reading: &mut Reading<'_>,
    ) -> Option<Document> {
        let span = Span { file, start: 0, end: 0 };
        reading.mistakes.push(Diagnostic::new(Code::Script, span, "scripts are not read here"));
        None
    }

    fn declare(&self, name: &str, named: Span, reading: &mut Reading<'_>) -> Option<Arc<Declaration>> {
        let message = format!("unknown node `{name}`: scripts are not read here");
        reading.mistakes.push(Diagnostic::new(Code::UnknownNode, named, message));
        None
    }

    fn expand(&self, _: &Expansion<'_>, _: &dyn World) -> Result<Subgraph, String> {
        Err("scripts are not read here".into())
    }

    fn names(&self, _: &dyn World) -> Vec<String> {
        Vec::new()
    }
}
