//! Models that this worker holds loaded. The front's placement says which leave; whoever still works with one
//! that left keeps it until then.

use std::any::Any;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use storyreel_engine::run::protocol::Failure;
use storyreel_engine::world::Tool;

/// A loaded network or instrument: read from its file once a worker, shared by the jobs that use it.
pub trait Model: Sized + Send + Sync + 'static {
    /// Reads it.
    ///
    /// # Errors
    /// The file is not of this kind, in words.
    fn load(path: &Path) -> Result<Self, Failure>;
}

/// One loaded model, and the file that it came from.
struct Loaded {
    path: PathBuf,
    model: Arc<dyn Any + Send + Sync>,
}

static SHELF: Mutex<BTreeMap<Tool, Loaded>> = Mutex::new(BTreeMap::new());

/// The model that `tool` is, whose file lies at `path`; loaded now, where it is not already.
///
/// # Errors
/// Those of loading it.
pub fn model<M: Model>(tool: Tool, path: &Path) -> Result<Arc<M>, Failure> {
    let mut shelf = SHELF.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(loaded) = shelf.get(&tool)
        && loaded.path == path
        && let Ok(model) = loaded.model.clone().downcast()
    {
        return Ok(model);
    }
    let model = Arc::new(M::load(path)?);
    shelf.insert(tool, Loaded { path: path.to_owned(), model: model.clone() });
    Ok(model)
}

/// These leave.
pub fn leave(tools: &[Tool]) {
    let mut shelf = SHELF.lock().unwrap_or_else(PoisonError::into_inner);
    tools.iter().for_each(|tool| drop(shelf.remove(tool)));
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    struct Counted;
    static LOADS: AtomicUsize = AtomicUsize::new(0);

    impl Model for Counted {
        fn load(path: &Path) -> Result<Self, Failure> {
            if path.ends_with("bad") {
                return Err(Failure::permanent("it is no model"));
            }
            LOADS.fetch_add(1, Ordering::Relaxed);
            Ok(Self)
        }
    }

    #[test]
    fn a_model_is_loaded_once_until_it_leaves() {
        let ask = |path: &str| {
            model::<Counted>(Tool::Encoder, Path::new(path)).map(|_| LOADS.load(Ordering::Relaxed))
        };
        assert_eq!([ask("a"), ask("a")], [Ok(1), Ok(1)]);
        let held = model::<Counted>(Tool::Encoder, Path::new("a")).unwrap();
        leave(&[Tool::Encoder]);
        assert_eq!(Arc::strong_count(&held), 1, "the shelf has let go of it");
        assert_eq!([ask("a"), ask("b")], [Ok(2), Ok(3)], "another file is another model");
        assert!(ask("bad").is_err());
    }
}
