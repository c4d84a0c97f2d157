//! An expression as a graph without repetition: equal parts are one node, what is known is worked out.
//!
//! What always holds: a node's inputs stand before it; nothing here changes a value in any bit (only the sign of a
//! zero and the bits of a NaN are not kept).

use std::collections::HashMap;

use super::op::{Op, single};
use super::tree::{Statement, Target, Tree};
use crate::picture::LUMA;

/// A node's number.
pub(super) type Id = u32;

/// An operation on earlier nodes; places beyond what it takes are 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Node {
    pub op: Op,
    pub from: [Id; 3],
    /// How many of `from` count.
    pub count: u8,
}

impl Node {
    pub fn inputs(&self) -> &[Id] {
        &self.from[..usize::from(self.count)]
    }
}

/// How often a value changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// Never, in one picture.
    Picture,
    /// From row to row.
    Row,
    /// From pixel to pixel.
    Pixel,
}

/// Nodes, and which of them are the outputs.
#[derive(Clone, Debug, Default)]
pub(super) struct Graph {
    pub nodes: Vec<Node>,
    pub ranks: Vec<Rank>,
    /// For red, green, blue, alpha; `None` is left as it was.
    pub outputs: [Option<Id>; 4],
    known: HashMap<Node, Id>,
    /// The noise's seed, needed to work out noise at known places.
    seed: u32,
}

impl Graph {
    pub fn new(statements: &[Statement], seed: u32) -> Self {
        let mut graph = Self { seed, ..Self::default() };
        // What `let`s gave, apart for each channel that `c` may stand for.
        for channel in 0..4_u8 {
            let mut lets = vec![None; statements.len()];
            for (at, statement) in statements.iter().enumerate() {
                match statement.target {
                    Target::Let => lets[at] = Some(graph.tree(&statement.value, channel, &lets)),
                    Target::Channel(target) if target == channel => {
                        graph.outputs[usize::from(channel)] =
                            Some(graph.tree(&statement.value, channel, &lets));
                    }
                    Target::Each if channel < 3 => {
                        graph.outputs[usize::from(channel)] =
                            Some(graph.tree(&statement.value, channel, &lets));
                    }
                    _ => {}
                }
            }
        }
        graph.fuse();
        graph
    }

    fn tree(&mut self, tree: &Tree, own: u8, lets: &[Option<Id>]) -> Id {
        match tree {
            Tree::Leaf(op) => self.node(*op, &[]),
            Tree::Own => self.node(Op::Channel(0, own), &[]),
            Tree::Luma(input) => self.luma(*input),
            Tree::Let(statement) => lets[*statement].unwrap_or_default(),
            Tree::Apply(op, values) => {
                let ids: Vec<Id> = values.iter().map(|value| self.tree(value, own, lets)).collect();
                self.node(*op, &ids)
            }
        }
    }

    /// `0.2126 r + 0.7152 g + 0.0722 b`, summed from the left.
    fn luma(&mut self, input: u8) -> Id {
        let mut sum = None;
        for (channel, weight) in LUMA.into_iter().enumerate() {
            let weight = self.number(weight);
            let value = self.node(Op::Channel(input, channel as u8), &[]);
            let part = self.node(Op::Multiply, &[weight, value]);
            sum = Some(sum.map_or(part, |sum| self.node(Op::Add, &[sum, part])));
        }
        sum.unwrap_or_default()
    }

    fn number(&mut self, value: f32) -> Id {
        self.node(Op::Number(value.to_bits()), &[])
    }

    fn known_number(&self, id: Id) -> Option<f32> {
        match self.nodes[id as usize].op {
            Op::Number(bits) => Some(f32::from_bits(bits)),
            _ => None,
        }
    }

    /// The node for an operation: an equal one if there is one, a number where all is known.
    fn node(&mut self, op: Op, values: &[Id]) -> Id {
        let mut from = [0; 3];
        from[..values.len()].copy_from_slice(values);
        let numbers: Option<Vec<f32>> = values.iter().map(|id| self.known_number(*id)).collect();
        if let Some(numbers) = numbers.filter(|numbers| !numbers.is_empty() && !matches!(op, Op::Sample(..)))
        {
            let number = |at: usize| numbers.get(at).copied().unwrap_or_default();
            return self.number(single(op, [number(0), number(1), number(2)], self.seed));
        }
        if let Some(same) = self.unchanged(op, values) {
            return same;
        }
        if let (Op::Divide, Some(by)) = (op, values.get(1).and_then(|id| self.known_number(*id))) {
            // To divide by a power of two is to multiply by its inverse, which is exact.
            let inverse = 1.0 / by;
            if by.to_bits() & 0x007f_ffff == 0 && by.is_normal() && inverse.is_normal() {
                let inverse = self.number(inverse);
                return self.node(Op::Multiply, &[values[0], inverse]);
            }
        }
        if matches!(op, Op::Add | Op::Multiply) && from[0] > from[1] {
            from.swap(0, 1);
        }
        self.insert(Node { op, from, count: values.len() as u8 })
    }

    fn insert(&mut self, node: Node) -> Id {
        if let Some(id) = self.known.get(&node) {
            return *id;
        }
        let own = match node.op {
            Op::X | Op::U | Op::Channel(..) | Op::Sample(..) => Rank::Pixel,
            Op::Y | Op::V => Rank::Row,
            _ => Rank::Picture,
        };
        let rank = node.inputs().iter().map(|id| self.ranks[*id as usize]).fold(own, Rank::max);
        let id = self.nodes.len() as Id;
        self.nodes.push(node);
        self.ranks.push(rank);
        self.known.insert(node, id);
        id
    }

    /// A value that an operation leaves as it is: times one, to the power of one.
    fn unchanged(&self, op: Op, values: &[Id]) -> Option<Id> {
        let is_one = |at: usize| values.get(at).is_some_and(|id| self.known_number(*id) == Some(1.0));
        match op {
            Op::Multiply if is_one(0) => values.get(1).copied(),
            Op::Multiply | Op::Divide | Op::Power if is_one(1) => values.first().copied(),
            _ => None,
        }
    }

    /// Joins a product that only one sum needs with that sum. Both are rounded as before.
    fn fuse(&mut self) {
        let mut uses = vec![0_u32; self.nodes.len()];
        let outputs = self.outputs.iter().flatten().copied();
        for id in self.nodes.iter().flat_map(|node| node.inputs()).copied().chain(outputs) {
            uses[id as usize] += 1;
        }
        for at in 0..self.nodes.len() {
            let node = self.nodes[at];
            if node.op != Op::Add || self.ranks[at] != Rank::Pixel {
                continue;
            }
            let [left, right, _] = node.from;
            let product = |id: Id| {
                let inner = self.nodes[id as usize];
                let alone = uses[id as usize] == 1 && self.ranks[id as usize] == Rank::Pixel;
                (inner.op == Op::Multiply && alone).then_some(inner.from)
            };
            let joined = product(left).map(|of| (of, right)).or_else(|| product(right).map(|of| (of, left)));
            if let Some(([a, b, _], c)) = joined {
                self.nodes[at] = Node { op: Op::MultiplyAdd, from: [a, b, c], count: 3 };
            }
        }
    }
}
