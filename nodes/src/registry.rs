//! Every kind this build can do: the one list that a new kind is added to.

use storyreel_engine::kinds::Kind;

use crate::node::{Stored, Streamed};

/// A kind's implementation.
#[derive(Clone, Copy)]
pub enum Implementation {
    /// Gives clips.
    Streamed(&'static dyn Streamed),
    /// Writes outputs.
    Stored(&'static dyn Stored),
}

impl Implementation {
    /// What it implements.
    pub fn kind(self) -> &'static Kind {
        match self {
            Self::Streamed(node) => node.kind(),
            Self::Stored(node) => node.kind(),
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
        self.nodes.iter().map(|node| node.kind())
    }

    /// The implementation of exactly that kind and version.
    pub fn find(&self, name: &str, version: u32) -> Option<Implementation> {
        self.nodes.iter().copied().find(|node| node.kind().name == name && node.kind().version == version)
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
            };
            assert_eq!(storage, kind.storage, "{}", kind.name);
        }
    }
}
