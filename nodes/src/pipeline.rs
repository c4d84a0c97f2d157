//! Pictures drawn on one thread while another uses them: an encoder never waits for the picture
//! that it could have had drawn already.

use std::ops::Range;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use storyreel_engine::run::protocol::{Failure, FailureKind, Thrift};
use storyreel_media::{MediaError, Picture, PictureSource};

use crate::failure::OrFailure;
use crate::node::Work;

/// Pictures that may be drawn ahead: two, since a third would only hold memory; none where memory is short.
fn ahead(thrift: Thrift) -> usize {
    if thrift == Thrift::Frugal { 0 } else { 2 }
}

type Drawn = (u64, Result<Picture, MediaError>);

/// Draws `frames` of `clip` in order and hands each to `each`, which may use it until it returns.
/// Tells progress and stops soon after a cancellation.
///
/// # Errors
/// Those of the clip, of `each`, and the cancellation.
pub fn draw(
    work: &Work<'_>,
    clip: Box<dyn PictureSource>,
    frames: Range<u64>,
    phase: &str,
    mut each: impl FnMut(u64, &Picture) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let ahead = ahead(work.context.thrift);
    let (drawn, to_use) = sync_channel(ahead);
    let (used, to_draw) = sync_channel(ahead + 1);
    let total = frames.end.saturating_sub(frames.start);
    std::thread::scope(|scope| {
        let artist = std::thread::Builder::new().name("draw".to_owned());
        let first = frames.start;
        let artist = artist
            .spawn_scoped(scope, move || draw_all(clip, frames, &drawn, &to_draw))
            .map_err(|error| no_thread(&error))?;
        // Returning early drops `to_use`; the artist's next send fails and it ends too.
        for (index, picture) in to_use {
            work.context.check()?;
            let picture = picture.or_failure()?;
            each(index, &picture)?;
            let _ = used.try_send(picture);
            work.context.progress(index - first + 1, total, phase);
        }
        // Its own words are told, and not that it panicked.
        artist.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        Ok(())
    })
}

/// The system has no memory for another thread's stack.
fn no_thread(error: &std::io::Error) -> Failure {
    Failure::new(FailureKind::OutOfMemory, format!("no memory for a thread to draw on: {error}"))
}

fn draw_all(
    mut clip: Box<dyn PictureSource>,
    frames: Range<u64>,
    drawn: &SyncSender<Drawn>,
    spare: &Receiver<Picture>,
) {
    for index in frames {
        let mut picture = spare.try_recv().unwrap_or_default();
        let result = clip.picture(index, &mut picture).map(|()| picture);
        let failed = result.is_err();
        if drawn.send((index, result)).is_err() || failed {
            return;
        }
    }
}
