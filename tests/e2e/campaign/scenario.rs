//! What goes wrong in a run, drawn from its seed alone.

use std::fmt;

/// A kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The front is killed at some moment ...
    FrontKilled,
    /// ... or a worker ...
    WorkerKilled,
    /// ... or all of them.
    BothKilled,
    /// Tries fail by what may pass.
    Failures,
    /// Some nodes always fail.
    LastingFailures,
    /// Nodes say that they have too little memory.
    MemoryTold,
    /// Workers have a limit, and some devices a ballast that uses most of it up.
    MemoryLimit,
    /// Nodes hang.
    Hangs,
    /// Workers abort, or are killed by the system, before, while or after a node runs.
    Crashes,
    /// The disk of the cache fills up.
    DiskFull,
    /// Bits of the cache's files flip before the render ...
    Flips,
    /// ... or while it goes.
    FlipsMeanwhile,
    /// Files of the cache are cut short before the render ...
    Cuts,
    /// ... or while it goes.
    CutsMeanwhile,
    /// The cache cannot be written from some moment on.
    ReadOnly,
    /// Two renders of the film share the cache.
    TwoRenders,
    /// The cache's folder vanishes, and returns while the render goes or after it.
    Vanishes,
    /// What the cache holds is of the future: the clock has jumped back since.
    ClockBack,
}

/// All of them. Seeds go through these in turn.
pub const KINDS: [Kind; 18] = [
    Kind::FrontKilled,
    Kind::Failures,
    Kind::Flips,
    Kind::Vanishes,
    Kind::Crashes,
    Kind::DiskFull,
    Kind::TwoRenders,
    Kind::MemoryTold,
    Kind::FlipsMeanwhile,
    Kind::Hangs,
    Kind::ReadOnly,
    Kind::WorkerKilled,
    Kind::MemoryLimit,
    Kind::Cuts,
    Kind::LastingFailures,
    Kind::BothKilled,
    Kind::ClockBack,
    Kind::CutsMeanwhile,
];

/// When in a run a kind strikes. Kinds of different groups go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Before the render.
    Before,
    /// At a moment of it.
    Strike,
    /// Workers bring it with them.
    Worker,
    /// Beside it.
    Beside,
}

impl Kind {
    /// When it strikes.
    pub fn group(self) -> Group {
        match self {
            Self::Flips | Self::Cuts | Self::ClockBack => Group::Before,
            Self::Failures
            | Self::LastingFailures
            | Self::MemoryTold
            | Self::MemoryLimit
            | Self::Hangs
            | Self::Crashes => Group::Worker,
            Self::TwoRenders => Group::Beside,
            _ => Group::Strike,
        }
    }

    /// Whether it damages files, so that some artifacts may be found damaged afterwards.
    pub fn damages(self) -> bool {
        matches!(self, Self::Flips | Self::FlipsMeanwhile | Self::Cuts | Self::CutsMeanwhile)
    }

    /// What the faulty worker is told.
    fn words(self, dice: &mut Dice) -> String {
        match self {
            // Fewer tries fail than a node has.
            Self::Failures => "first=3 busy=40".into(),
            Self::LastingFailures => format!("never={}", 5 + dice.below(20)),
            // Of what helps against too little memory, two steps are open to every node on two devices.
            Self::MemoryTold => "first=2 memory=40".into(),
            Self::Hangs => "first=1 hang=8".into(),
            Self::Crashes => ["first=2 abort=25", "first=2 kill=25"][dice.below(2) as usize].into(),
            Self::MemoryLimit => {
                let devices = ["cpu:0", "cpu:1", "cpu:0,cpu:1"][dice.below(3) as usize];
                format!("ballast={devices} room={}", (4 + dice.below(60)) << 20)
            }
            _ => String::new(),
        }
    }
}

/// What the cache holds when the render begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// Nothing.
    Fresh,
    /// All records, and about half of the artifacts.
    Half,
    /// Everything but the film, which has to be made of scenes whose pictures are damaged.
    Damaged,
}

/// A moment of a render.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// So many nodes have begun or ended; 0 is before the render.
    pub events: u64,
    /// So many microseconds after that.
    pub micros: u64,
}

/// A run of the campaign.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// What all of it is drawn from.
    pub seed: u64,
    /// One kind, or two that go together.
    pub kinds: Vec<Kind>,
    /// What there is at the beginning.
    pub start: Start,
    /// When it strikes, for kinds that do.
    pub moment: Moment,
    /// Words for the faulty worker; the real one works where there are none.
    pub words: String,
    /// Whether workers read damaged artifacts unchecked: the control.
    pub trusting: bool,
}

impl Scenario {
    /// The scenario of that seed.
    pub fn of(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let mut kinds = vec![KINDS[(seed % KINDS.len() as u64) as usize]];
        let second = KINDS[dice.below(KINDS.len() as u64) as usize];
        // A render that begins while the cache is away rightly begins another one.
        let apart =
            [Kind::Vanishes, Kind::TwoRenders].iter().all(|kind| *kind == kinds[0] || *kind == second);
        if dice.below(4) == 0 && second.group() != kinds[0].group() && !apart {
            kinds.push(second);
        }
        let half = kinds.iter().any(|kind| kind.group() == Group::Before) || dice.below(3) == 0;
        let start = if half { Start::Half } else { Start::Fresh };
        let earliest = u64::from(kinds.contains(&Kind::Vanishes));
        let events = dice.below(if half { 12 } else { 28 }).max(earliest);
        let moment = Moment { events, micros: dice.below(40_000) };
        let words: Vec<String> = kinds.iter().map(|kind| kind.words(&mut dice)).collect();
        Self { seed, kinds, start, moment, words: words.join(" ").trim().to_owned(), trusting: false }
    }

    /// Artifacts that the film is made of are damaged, and read checked or unchecked.
    pub fn unread(seed: u64, trusting: bool) -> Self {
        let moment = Moment { events: 0, micros: 0 };
        Self {
            seed,
            kinds: vec![Kind::Flips],
            start: Start::Damaged,
            moment,
            words: "first=0".into(),
            trusting,
        }
    }

    /// Whether that is among its kinds.
    pub fn has(&self, kind: Kind) -> bool {
        self.kinds.contains(&kind)
    }

    /// The kind that strikes at a moment.
    pub fn strike(&self) -> Option<Kind> {
        self.kinds.iter().copied().find(|kind| kind.group() == Group::Strike)
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seed, kinds, start, moment, words, .. } = self;
        write!(f, "STORYREEL_CAMPAIGN_SEED={seed} {kinds:?} {start:?}")?;
        if self.strike().is_some() {
            write!(f, " at {}+{} us", moment.events, moment.micros)?;
        }
        if words.is_empty() { Ok(()) } else { write!(f, " [{words}]") }
    }
}

/// Splitmix64 (Steele, Lea, Flood 2014).
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Equal seeds give equal throws.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number from 0 to `count` - 1.
    pub fn below(&mut self, count: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % count.max(1)
    }
}

#[test]
fn scenarios_are_drawn_from_their_seed_and_meet_every_kind() {
    let all: Vec<Scenario> = (0..500).map(Scenario::of).collect();
    assert_eq!(format!("{all:?}"), format!("{:?}", (0..500).map(Scenario::of).collect::<Vec<_>>()));
    for kind in KINDS {
        let count = all.iter().filter(|scenario| scenario.has(kind)).count();
        assert!(count >= 27, "{kind:?}: {count}");
    }
    let two = all.iter().filter(|scenario| scenario.kinds.len() == 2).count();
    assert!((60..=160).contains(&two), "{two}");
}
