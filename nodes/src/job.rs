//! A job: a stored node, and the streamed nodes that feed it opened around it.

use std::collections::BTreeMap;

use storyreel_engine::run::protocol::{Blob, Failure, InputFrom, Job, JobNode, Thrift};
use storyreel_engine::run::work::Context;
use storyreel_media::PictureSource;

use crate::failure::with_disk;
use crate::inputs::{Input, Inputs};
use crate::material::Watch;
use crate::node::Work;
use crate::painted::forget_painted;
use crate::registry::{Implementation, Registry};
use crate::script;

impl Registry {
    /// Runs `job` to its outputs.
    ///
    /// # Errors
    /// The failure of the node that failed, with its label.
    pub fn run_job(&self, job: &Job, context: &Context<'_>) -> Result<BTreeMap<String, Blob>, Failure> {
        let Some(last) = job.nodes.len().checked_sub(1) else {
            return Err(Failure::permanent("a job without nodes"));
        };
        let node = &job.nodes[last];
        if job.thrift > Thrift::AsItIs {
            forget_painted();
        }
        let watch = Watch::over(job.nodes.iter().flat_map(|node| &node.files));
        let run = || match self.implementation(node)? {
            Implementation::Script => script::run(&Work { node, context }, self.inputs(job, last, context)?),
            Implementation::Stored(stored) => {
                stored.run(&Work { node, context }, self.inputs(job, last, context)?)
            }
            Implementation::Streamed(_) => {
                Err(Failure::permanent("a job ends in a node that stores its result"))
            }
        };
        let told = |failure| labelled(with_disk(failure, context.cache.root()), node);
        let outputs = run().map_err(told)?;
        if let Err(failure) = watch.unchanged() {
            // What was painted from such a file must not serve another job either.
            forget_painted();
            return Err(labelled(failure, node));
        }
        Ok(outputs)
    }

    fn open(&self, job: &Job, at: usize, context: &Context<'_>) -> Result<Box<dyn PictureSource>, Failure> {
        let node = &job.nodes[at];
        let open = || match self.implementation(node)? {
            Implementation::Script => script::open(&Work { node, context }, self.inputs(job, at, context)?),
            Implementation::Streamed(streamed) => {
                streamed.open(&Work { node, context }, self.inputs(job, at, context)?)
            }
            Implementation::Stored(_) => Err(Failure::permanent("a stored node was asked to stream")),
        };
        open().map_err(|failure| labelled(failure, node))
    }

    fn implementation(&self, node: &JobNode) -> Result<Implementation, Failure> {
        self.find(&node.kind, node.version).ok_or_else(|| {
            Failure::permanent(format!(
                "this worker has no `{}@{}`: it is of another build",
                node.kind, node.version
            ))
        })
    }

    fn inputs(&self, job: &Job, at: usize, context: &Context<'_>) -> Result<Inputs, Failure> {
        let mut wanted: Vec<_> = job.nodes[at].inputs.iter().collect();
        wanted.sort_by(|a, b| (&a.port, a.index).cmp(&(&b.port, b.index)));
        let mut inputs = Inputs::default();
        for input in wanted {
            let entering = match &input.from {
                InputFrom::Blob(blob) => Input::Blob(*blob),
                // Inputs stand before their users; anything else would not end.
                InputFrom::Stream(from) if *from < at => Input::Clip(self.open(job, *from, context)?),
                InputFrom::Stream(_) => return Err(Failure::permanent("a job whose nodes are out of order")),
            };
            inputs.push(&input.port, entering);
        }
        Ok(inputs)
    }
}

/// The innermost node that failed keeps its name.
fn labelled(mut failure: Failure, node: &JobNode) -> Failure {
    if failure.node.is_empty() {
        failure.node.clone_from(&node.label);
    }
    failure
}
