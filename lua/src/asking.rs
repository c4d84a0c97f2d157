//! How a script reaches the project: it runs on a thread of its own and asks; who called it answers from the
//! [`World`], so that what scripts read is known like everything else that compiling reads.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};

use storyreel_engine::world::{World, WorldError};

use crate::chunk::MAX_BYTES;
use crate::library;
use crate::sandbox::{Failed, Module, Modules};

/// Room for scripts whose calls stand deep in each other.
const STACK: usize = 16 << 20;

/// Bytes of a text that a script may read.
const MAX_READ: u64 = 4 << 20;

/// What a script asks.
enum Question {
    /// The text of a file, as named in a script in that folder.
    Text { folder: PathBuf, written: String, most: u64 },
    /// The text of a module, as required by the script of that id.
    Module { from: String, name: String },
}

type Answer = Result<Module, String>;

/// A script's way to ask.
#[derive(Clone, Debug)]
pub struct Asker {
    to: Sender<(Question, Sender<Answer>)>,
}

impl std::fmt::Debug for Question {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a question")
    }
}

impl Asker {
    fn ask(&self, question: Question) -> Answer {
        let gone = || "the project cannot be read any more".to_owned();
        let (to, from) = channel();
        self.to.send((question, to)).map_err(|_| gone())?;
        from.recv().map_err(|_| gone())?
    }

    /// The text of the file `written`, seen from `folder`.
    ///
    /// # Errors
    /// It cannot be had; in words for the script's writer.
    pub fn text(&self, folder: &Path, written: &str) -> Result<Arc<str>, String> {
        let question =
            Question::Text { folder: folder.to_owned(), written: written.to_owned(), most: MAX_READ };
        self.ask(question).map(|found| found.text)
    }
}

impl Modules for Asker {
    fn text(&mut self, from: &str, name: &str) -> Result<Module, String> {
        self.ask(Question::Module { from: from.to_owned(), name: name.to_owned() })
    }
}

/// Runs `work` on a thread of its own and answers what it asks from `world` meanwhile.
///
/// # Errors
/// No thread could be started.
pub fn during<T: Send>(world: &dyn World, work: impl FnOnce(Asker) -> T + Send) -> Result<T, Failed> {
    let (to, questions) = channel::<(Question, Sender<Answer>)>();
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("lua".into()).stack_size(STACK);
        let running = thread
            .spawn_scoped(scope, move || work(Asker { to }))
            .map_err(|error| Failed::plain(format!("no thread for a script: {error}")))?;
        // Ends when the last asker is gone, and with it the script.
        for (question, reply) in questions {
            let _ = reply.send(answer(world, question));
        }
        running.join().map_err(|_| Failed::plain("the script could not be run: a defect"))
    })
}

fn answer(world: &dyn World, question: Question) -> Answer {
    match question {
        Question::Text { folder, written, most } => {
            let path = world.locate(&folder, &written).map_err(|error| refused(&error, &written))?;
            read(world, &path, most, &written)
        }
        Question::Module { from, name } => module(world, &from, &name),
    }
}

fn read(world: &dyn World, path: &Path, most: u64, written: &str) -> Answer {
    let text = world.text(path, most).map_err(|error| refused(&error, written))?;
    Ok(Module { id: path.to_string_lossy().into_owned(), text })
}

fn refused(error: &WorldError, written: &str) -> String {
    match error {
        WorldError::Missing(_) => format!("there is no file `{written}`"),
        WorldError::Outside(_) => format!("`{written}` is outside the project folder"),
        other => other.to_string(),
    }
}

/// A module: a file beside the script that requires it, else one of the project's `scripts/`, else one of ours.
fn module(world: &dyn World, from: &str, name: &str) -> Answer {
    let good = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
    if name.is_empty() || !name.chars().all(good) {
        return Err(format!("`{name}` cannot be a module's name"));
    }
    if library::is_ours(from) {
        return ours(name).ok_or_else(|| format!("there is no module `{name}`"));
    }
    let file = format!(
        "{}.lua",
        name.trim_end_matches(".lua").replace("..", "\u{0}").replace('.', "/").replace('\u{0}', "..")
    );
    let beside = Path::new(from).parent().unwrap_or(Path::new(""));
    for folder in [beside.to_owned(), world.root().join("scripts")] {
        match world.locate(&folder, &file) {
            Ok(path) => return read(world, &path, MAX_BYTES, &file),
            Err(WorldError::Missing(_) | WorldError::NotAFile(_)) => {}
            Err(error) => return Err(refused(&error, &file)),
        }
    }
    ours(name).ok_or_else(|| {
        format!("there is no module `{name}`: neither `{file}` beside this script nor `scripts/{file}`")
    })
}

fn ours(name: &str) -> Option<Module> {
    let script = library::module(name)?;
    Some(Module { id: library::id(name), text: script.text.into() })
}
