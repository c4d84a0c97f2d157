//! A graph as a program for registers: what is worked out once a picture, once a row, once a pixel.

use super::graph::{Graph, Id, Rank};
use super::op::Op;

/// Where an instruction for pixels finds a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operand {
    /// A register of many pixels.
    Register(u16),
    /// A number of this picture or row: the node that it is.
    Single(Id),
    /// A channel of an input, read where it lies.
    Channel(u8, u8),
}

/// One operation on many pixels. The result's register is none of its operands'.
#[derive(Clone, Copy, Debug)]
pub(super) struct Instruction {
    pub op: Op,
    pub from: [Operand; 3],
    pub into: u16,
}

/// What is worked out where.
#[derive(Clone, Debug)]
pub(super) struct Program {
    pub graph: Graph,
    /// Nodes that are the same in all of a picture, in order.
    pub picture: Vec<Id>,
    /// Nodes that are the same in a row, in order.
    pub row: Vec<Id>,
    /// For each pixel.
    pub pixels: Vec<Instruction>,
    /// Registers needed.
    pub registers: usize,
    /// For red, green, blue, alpha.
    pub outputs: [Option<Operand>; 4],
    /// Nodes that anything needs.
    needed: Vec<bool>,
}

impl Program {
    pub fn new(graph: Graph) -> Self {
        let needed = needed(&graph);
        let of = |rank: Rank| -> Vec<Id> {
            let at = |id: &Id| needed[*id as usize] && graph.ranks[*id as usize] == rank;
            (0..graph.nodes.len() as Id).filter(at).collect()
        };
        let (picture, row, pixel) = (of(Rank::Picture), of(Rank::Row), of(Rank::Pixel));
        let mut places = Places::new(&graph, &pixel);
        let mut pixels = Vec::new();
        for id in pixel {
            let node = graph.nodes[id as usize];
            if let Op::Channel(input, channel) = node.op {
                places.of[id as usize] = Operand::Channel(input, channel);
                continue;
            }
            let mut from = [Operand::Single(0); 3];
            for (to, input) in from.iter_mut().zip(node.inputs()) {
                *to = places.of[*input as usize];
            }
            let into = places.take(id);
            pixels.push(Instruction { op: node.op, from, into });
            places.free(id, node.inputs());
        }
        let outputs = graph.outputs.map(|id| id.map(|id| places.of[id as usize]));
        Self { picture, row, pixels, registers: places.count, outputs, needed, graph }
    }

    /// Whether a node of this kind is needed.
    pub fn needs(&self, mut kind: impl FnMut(Op) -> bool) -> bool {
        self.graph.nodes.iter().zip(&self.needed).any(|(node, needed)| *needed && kind(node.op))
    }
}

/// Which nodes the outputs are made from.
fn needed(graph: &Graph) -> Vec<bool> {
    let mut needed = vec![false; graph.nodes.len()];
    graph.outputs.iter().flatten().for_each(|id| needed[*id as usize] = true);
    for at in (0..graph.nodes.len()).rev() {
        if needed[at] {
            graph.nodes[at].inputs().iter().for_each(|id| needed[*id as usize] = true);
        }
    }
    needed
}

/// Which register holds what, and until when.
struct Places {
    of: Vec<Operand>,
    /// The last node that needs a node; outputs are needed to the end.
    last: Vec<Id>,
    spare: Vec<u16>,
    count: usize,
}

impl Places {
    fn new(graph: &Graph, pixel: &[Id]) -> Self {
        let mut last = vec![0; graph.nodes.len()];
        for id in pixel {
            graph.nodes[*id as usize].inputs().iter().for_each(|input| last[*input as usize] = *id);
        }
        graph.outputs.iter().flatten().for_each(|id| last[*id as usize] = Id::MAX);
        let of = (0..graph.nodes.len() as Id).map(Operand::Single).collect();
        Self { of, last, spare: Vec::new(), count: 0 }
    }

    fn take(&mut self, id: Id) -> u16 {
        let register = self.spare.pop().unwrap_or_else(|| {
            self.count += 1;
            (self.count - 1) as u16
        });
        self.of[id as usize] = Operand::Register(register);
        register
    }

    /// Gives back the registers of values that `id` was the last to need.
    fn free(&mut self, id: Id, inputs: &[Id]) {
        for (at, input) in inputs.iter().enumerate() {
            let twice = inputs[..at].contains(input);
            if let (Operand::Register(register), true, false) =
                (self.of[*input as usize], self.last[*input as usize] == id, twice)
            {
                self.spare.push(register);
            }
        }
    }
}
