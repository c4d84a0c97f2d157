//! Every kind this build can do: the one list that a new kind is added to.

use storyreel_engine::kinds::Kind;
use storyreel_engine::kinds::script::is_script;

use crate::node::{Stored, Streamed};

/// A kind's implementation.
#[derive(Clone, Copy)]
pub enum Implementation {
    /// Gives clips.
    Streamed(&'static dyn Streamed),
    /// Writes outputs.
    Stored(&'static dyn Stored),
    /// Does what its script says.
    Script,
}

impl Implementation {
    /// What it implements; `None` of scripts, which implement any number.
    pub fn kind(self) -> Option<&'static Kind> {
        match self {
            Self::Streamed(node) => Some(node.kind()),
            Self::Stored(node) => Some(node.kind()),
            Self::Script => None,
        }
    }
}

/// The implementations.
pub struct Registry {
    nodes: &'static [Implementation],
}

use Implementation::{Stored as S, Streamed as T};

static REGISTRY: Registry = Registry {
    nodes: &[
        T(&crate::generate::Generate),
        T(&crate::generate::Personalize),
        T(&crate::footage::Footage),
        T(&crate::still::Still),
        T(&crate::edit::Edit),
        T(&crate::conform::Conform),
        S(&crate::rank::Rank),
        T(&crate::pick::Pick),
        T(&crate::transition::Transition),
        T(&crate::slate::Slate),
        S(&crate::encode::Encode),
        S(&crate::prores::ProRes),
        S(&crate::frame::Frame),
        S(&crate::effects::Effects),
        S(&crate::voice::Voice),
        S(&crate::recording::Recording),
        S(&crate::extend::Extend),
        S(&crate::mix::Mix),
        S(&crate::excerpt::Excerpt),
        S(&crate::join::Join),
        S(&crate::sheet::Sheet),
        S(&crate::soundtrack::Soundtrack),
        S(&crate::mux::Mux),
    ],
};

/// The registry of this build.
pub fn registry() -> &'static Registry {
    &REGISTRY
}

impl Registry {
    /// Everything this build can do.
    pub fn nodes(&self) -> impl Iterator<Item = &'static Kind> + '_ {
        self.nodes.iter().filter_map(|node| node.kind())
    }

    /// The implementation of exactly that kind and version.
    pub fn find(&self, name: &str, version: u32) -> Option<Implementation> {
        if is_script(name) {
            return Some(Implementation::Script);
        }
        let wanted = |kind: &Kind| kind.name == name && kind.version == version;
        self.nodes.iter().copied().find(|node| node.kind().is_some_and(wanted))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_the_engine_is_implemented_once_as_it_is_stored() {
        use storyreel_engine::kinds::{ALL, Storage};
        assert_eq!(registry().nodes.len(), ALL.len());
        for kind in ALL {
            let storage = match registry().find(kind.name, kind.version).expect(kind.name) {
                T(_) => Storage::Streamed,
                S(_) => Storage::Stored,
                Implementation::Script => panic!("{}", kind.name),
            };
            assert_eq!(storage, kind.storage, "{}", kind.name);
        }
    }
}
