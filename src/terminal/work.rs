//! How far a run is, and how long it still takes. What the steps done have taken corrects what was estimated, kind
//! by kind: where encoding goes half as fast as thought, all encoding to come counts double.

use std::collections::BTreeMap;
use std::time::Duration;

use storyreel_engine::run::event::KindTotals;

/// So many milliseconds of work weigh as much as what was thought before: a few short steps prove little.
const DOUBT: f64 = 500.0;

/// How far a run is: steps, and their work in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Whole {
    pub steps_done: u64,
    pub steps: u64,
    pub work_done: u64,
    pub work: u64,
}

impl Whole {
    /// By the share of the work that is done; nothing is said before it means something, nor of the last second.
    pub fn time_left(self, elapsed: Duration) -> Option<Duration> {
        if self.work_done == 0
            || self.work_done >= self.work
            || elapsed < Duration::from_secs(1)
            || self.work_done * 50 < self.work
        {
            return None;
        }
        let left = elapsed.mul_f64(self.work.saturating_sub(self.work_done) as f64 / self.work_done as f64);
        (left >= Duration::from_secs(1)).then_some(left)
    }

    pub fn percent(self) -> u64 {
        100 * self.work_done.min(self.work) / self.work.max(1)
    }
}

/// The work of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Work {
    steps_done: u64,
    steps: u64,
    kinds: BTreeMap<String, Kind>,
}

/// The work of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Kind {
    /// Steps that are not over ...
    left: u64,
    /// ... and what they were estimated to take, in milliseconds.
    to_do: u64,
    /// What the steps done were estimated to take ...
    estimated: u64,
    /// ... and what they took.
    took: u64,
}

impl Work {
    /// All of it still to do.
    pub fn of(kinds: &BTreeMap<String, KindTotals>) -> Self {
        let kind = |of: &KindTotals| Kind { left: of.nodes, to_do: of.work_millis, ..Kind::default() };
        Self {
            steps_done: 0,
            steps: kinds.values().map(|kind| kind.nodes).sum(),
            kinds: kinds.iter().map(|(name, of)| (name.clone(), kind(of))).collect(),
        }
    }

    /// A step is done that was estimated, if that is known, to take so long, and took so long.
    pub fn done(&mut self, kind: &str, estimated: Option<u64>, took: u64) {
        let kind = self.over(kind);
        kind.estimated += kind.over(estimated);
        kind.took += took;
    }

    /// A step need not, or cannot, be done.
    pub fn dropped(&mut self, kind: &str, estimated: Option<u64>) {
        self.over(kind).over(estimated);
    }

    /// One step more is over. One that nobody had counted on, since it was done before and is lost, counts now.
    fn over(&mut self, kind: &str) -> &mut Kind {
        let kind = self.kinds.entry(kind.to_owned()).or_default();
        self.steps_done += 1;
        self.steps += u64::from(kind.left == 0);
        kind
    }

    /// Where the whole is, `running` being the kinds of running jobs, and what was estimated for what they have done.
    pub fn whole<'a>(&self, running: impl Iterator<Item = (&'a str, u64)>) -> Whole {
        let doubt = self.doubt();
        let pace = |kind: &str| self.kinds.get(kind).map_or(doubt, |kind| kind.pace(doubt));
        let took: u64 = self.kinds.values().map(|kind| kind.took).sum();
        let left: f64 = self.kinds.values().map(|kind| kind.to_do as f64 * kind.pace(doubt)).sum();
        let begun: f64 = running.map(|(kind, estimated)| estimated as f64 * pace(kind)).sum();
        Whole {
            steps_done: self.steps_done,
            steps: self.steps,
            work_done: took + begun as u64,
            work: took + left as u64,
        }
    }

    /// How many times as long as estimated all that is done has taken: what is thought of kinds not seen yet.
    fn doubt(&self) -> f64 {
        let all = self.kinds.values().fold(Kind::default(), |all, kind| Kind {
            estimated: all.estimated + kind.estimated,
            took: all.took + kind.took,
            ..all
        });
        all.pace(1.0)
    }
}

impl Kind {
    /// One step less to do; how long it was estimated to take, by the mean of those left where nobody says.
    fn over(&mut self, estimated: Option<u64>) -> u64 {
        let estimated = estimated.unwrap_or(self.to_do / self.left.max(1));
        self.left = self.left.saturating_sub(1);
        self.to_do = if self.left == 0 { 0 } else { self.to_do.saturating_sub(estimated) };
        estimated
    }

    /// How many times as long as estimated its steps take; `before` is what was thought before any was done.
    fn pace(&self, before: f64) -> f64 {
        (self.took as f64 + DOUBT * before) / (self.estimated as f64 + DOUBT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn work(kinds: &[(&str, u64, u64)]) -> Work {
        let totals = |(name, nodes, work_millis): &(&str, u64, u64)| {
            ((*name).to_owned(), KindTotals { nodes: *nodes, work_millis: *work_millis })
        };
        Work::of(&kinds.iter().map(totals).collect())
    }

    #[test]
    fn the_time_left_is_told_once_it_means_something() {
        let seconds = Duration::from_secs;
        let whole = |work_done| Whole { work_done, work: 100, ..Whole::default() };
        assert_eq!(whole(0).time_left(seconds(10)), None);
        assert_eq!(whole(25).time_left(seconds(10)), Some(seconds(30)));
        assert_eq!(
            whole(99).time_left(seconds(10)),
            None,
            "a step that takes its time is not at its end for long"
        );
        assert_eq!(whole(25).percent(), 25);
    }

    #[test]
    fn a_kind_that_takes_longer_than_thought_counts_for_more_and_the_others_do_not() {
        let mut all = work(&[("encode", 10, 100_000), ("mix", 1, 20_000)]);
        assert_eq!(all.whole([].into_iter()), Whole { steps: 11, work: 120_000, ..Whole::default() });
        // Mixing takes as long as thought, encoding three times as long.
        all.done("mix", Some(20_000), 20_000);
        (0..5).for_each(|_| all.done("encode", Some(10_000), 30_000));
        let whole = all.whole([("encode", 5_000)].into_iter());
        assert_eq!((whole.steps_done, whole.steps), (6, 11));
        let near = |value: u64, wanted: u64| value.abs_diff(wanted) * 50 <= wanted;
        assert!(near(whole.work, 170_000 + 150_000), "{whole:?}");
        assert!(near(whole.work_done, 170_000 + 15_000), "{whole:?}");
        // Without learning, half of the encoding would be 100 of 120 seconds after 170.
        let left = whole.time_left(Duration::from_secs(185)).unwrap();
        assert!(near(left.as_secs(), 135), "{left:?}");
    }

    #[test]
    fn what_need_not_be_done_counts_for_nothing_and_what_nobody_has_seen_goes_like_the_rest() {
        let mut all = work(&[("encode", 2, 60_000), ("voice", 4, 8_000)]);
        all.dropped("voice", None);
        assert_eq!(all.whole([].into_iter()).work, 66_000);
        all.done("encode", Some(20_000), 40_000);
        let whole = all.whole([].into_iter());
        let expected = 40_000 + 40_000 * 2 + 6_000 * 2;
        assert!(whole.work.abs_diff(expected) * 20 < expected, "{whole:?}");
        all.done("encode", Some(40_000), 80_000);
        (0..3).for_each(|_| all.dropped("voice", None));
        assert_eq!(
            all.whole([].into_iter()),
            Whole { steps_done: 6, steps: 6, work_done: 120_000, work: 120_000 }
        );
        // A step that was done before, and whose result is lost.
        all.done("mix", None, 5000);
        let whole = all.whole([].into_iter());
        assert_eq!((whole.steps_done, whole.steps), (7, 7));
    }
}
