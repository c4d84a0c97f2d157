//! Runs a program over frames: rows on threads, pixels of a row by 256 at a time for each instruction.

use super::op::{self, Op};
use super::program::{Operand, Program};
use super::tile::{Scratch, Source, TILE, Tile};
use crate::error::Result;
use crate::frame::{Frame, tame};
use crate::rows::{lanes, whole_rows};

/// Everything a program may read.
pub(super) struct World<'a> {
    pub inputs: &'a [&'a Frame],
    pub parameters: &'a [f32],
    pub seconds: f32,
    pub picture: f32,
    pub seed: u32,
}

impl World<'_> {
    pub fn size(&self) -> (usize, usize) {
        self.inputs[0].size()
    }

    /// A channel of a row; alpha that is not there is none.
    pub fn row(&self, input: u8, channel: u8, y: usize) -> Option<&[f32]> {
        let frame = self.inputs[usize::from(input)];
        let plane = if channel == 3 { frame.alpha()? } else { frame.channels()[usize::from(channel)] };
        Some(&plane[y * frame.width()..][..frame.width()])
    }

    /// A channel between pixels (bilinear; pixel middles at whole numbers, as `x` and `y` are), beyond its sides the
    /// outermost ones.
    #[inline]
    pub fn sample(&self, input: u8, channel: u8, x: f32, y: f32) -> f32 {
        let frame = self.inputs[usize::from(input)];
        let (width, height) = frame.size();
        let plane = if channel == 3 {
            match frame.alpha() {
                Some(alpha) => alpha,
                None => return 1.0,
            }
        } else {
            frame.channels()[usize::from(channel)]
        };
        let (x, y) = (op::clamp(x, 0.0, (width - 1) as f32), op::clamp(y, 0.0, (height - 1) as f32));
        let (left, top) = (x as usize, y as usize);
        let (u, v) = (x - left as f32, y - top as f32);
        let (right, bottom) = ((left + 1).min(width - 1), (top + 1).min(height - 1));
        let above = plane[top * width + left] * (1.0 - u) + plane[top * width + right] * u;
        let below = plane[bottom * width + left] * (1.0 - u) + plane[bottom * width + right] * u;
        above * (1.0 - v) + below * v
    }

    /// A node of a picture or a row.
    fn single(&self, op: Op, values: [f32; 3], y: usize) -> f32 {
        let (width, height) = self.size();
        match op {
            Op::Time => self.seconds,
            Op::Picture => self.picture,
            Op::Width => width as f32,
            Op::Height => height as f32,
            Op::Parameter(at) => self.parameters[usize::from(at)],
            Op::Y => y as f32,
            Op::V => (y as f32 + 0.5) / height as f32,
            _ => op::single(op, values, self.seed),
        }
    }
}

/// The frame that a program makes of its inputs.
pub(super) fn run(program: &Program, world: &World<'_>) -> Result<Frame> {
    let first = world.inputs[0];
    let (width, height) = first.size();
    let alpha = first.alpha().is_some() || program.outputs[3].is_some();
    let mut out = Frame::unwritten("map", width, height, alpha, first.budget())?;
    let singles = {
        let mut singles = vec![0.0; program.graph.nodes.len()];
        evaluate(program, &program.picture, world, 0, &mut singles);
        singles
    };
    let scratch = || Scratch::new(program.registers, singles.clone());
    whole_rows(&mut out, scratch, |scratch, y, [r, g, b], a| {
        evaluate(program, &program.row, world, y, &mut scratch.values.singles);
        let mut rows = [Some(r), Some(g), Some(b), a];
        for from in (0..width).step_by(TILE) {
            let n = TILE.min(width - from);
            lanes(
                #[inline(always)]
                || {
                    let tile = Tile { world, y, from, n };
                    tile.run(&program.pixels, scratch);
                    for (channel, row) in rows.iter_mut().enumerate() {
                        let Some(row) = row else { continue };
                        let operand = program.outputs[channel].unwrap_or(Operand::Channel(0, channel as u8));
                        let row = &mut row[from..from + n];
                        match tile.source(operand, &scratch.values) {
                            Source::Row(values) => {
                                row.iter_mut().zip(values).for_each(|(o, v)| *o = tame(*v))
                            }
                            Source::One(value) => row.fill(tame(value)),
                        }
                        if channel == 3 {
                            row.iter_mut().for_each(|a| *a = op::clamp(*a, 0.0, 1.0));
                        }
                    }
                },
            );
        }
    });
    Ok(out)
}

fn evaluate(program: &Program, nodes: &[u32], world: &World<'_>, y: usize, singles: &mut [f32]) {
    for id in nodes {
        let node = program.graph.nodes[*id as usize];
        let mut values = [0.0; 3];
        for (value, input) in values.iter_mut().zip(node.inputs()) {
            *value = singles[*input as usize];
        }
        singles[*id as usize] = world.single(node.op, values, y);
    }
}
