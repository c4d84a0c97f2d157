//! What the worker tells of itself and of the project's files.

use std::collections::BTreeMap;
use std::path::Path;

use storyreel_engine::run::Work;
use storyreel_engine::run::protocol::{Blob, Failure, Job};
use storyreel_engine::run::work::Context;
use storyreel_engine::units::{Rate, Samples, Size};
use storyreel_engine::world::{MediaFacts, Tool};
use storyreel_media::probe::{Facts, probe};

use crate::registry::Registry;
use crate::shelf::leave;

impl Work for Registry {
    fn kinds(&self) -> Vec<(String, u32)> {
        self.nodes().map(|kind| (kind.name.to_owned(), kind.version)).collect()
    }

    fn libraries(&self) -> BTreeMap<String, String> {
        storyreel_media::libraries::libraries()
    }

    fn run(&self, job: &Job, context: &Context<'_>) -> Result<BTreeMap<String, Blob>, Failure> {
        self.run_job(job, context)
    }

    fn leave(&self, models: &[Tool]) {
        leave(models);
    }

    fn probe(&self, path: &Path) -> Result<MediaFacts, String> {
        facts(probe(path).map_err(|error| error.to_string())?)
    }
}

fn facts(facts: Facts) -> Result<MediaFacts, String> {
    let size = |(width, height)| Size { width, height };
    Ok(match facts {
        Facts::Still { size: still } => MediaFacts::Still { size: size(still) },
        Facts::Sound { samples, channels } => {
            MediaFacts::Sound { samples: Samples(samples as i64), channels }
        }
        Facts::Footage(footage) => MediaFacts::Footage {
            size: size(footage.size),
            rate: Rate::new(footage.rate.0, footage.rate.1).ok_or("its pictures have no rate")?,
            frames: footage.frames as i64,
            sound: footage.sound,
        },
    })
}
