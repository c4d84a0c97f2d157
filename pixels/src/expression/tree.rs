//! An expression as it was written: statements of trees.

use super::op::Op;

/// A value as written.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Tree {
    /// A number or something that needs no argument.
    Leaf(Op),
    /// What `c` stands for: the channel that is being worked out.
    Own,
    /// The luma of an input.
    Luma(u8),
    /// The statement with this number, a `let`.
    Let(usize),
    /// An operation on up to three values.
    Apply(Op, Vec<Tree>),
}

/// What a statement gives its value to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A name of its own.
    Let,
    /// A channel: 0 to 3 are red, green, blue, alpha.
    Channel(u8),
    /// Red, green and blue, each by itself.
    Each,
}

/// A statement.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Statement {
    pub target: Target,
    pub value: Tree,
}
