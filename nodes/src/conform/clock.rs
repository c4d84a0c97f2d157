//! Which picture of a clip falls on which picture of the film; integers throughout.

/// Two rates, the speed between them, and the clip's length.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// The clip's rate.
    pub from: (u32, u32),
    /// The film's rate.
    pub to: (u32, u32),
    /// 1/2 plays at half speed.
    pub speed: (u32, u32),
    /// The clip's length; what lies beyond repeats the last picture.
    pub frames: Option<u64>,
}

/// A picture of the clip, and how much of the next lies over it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The picture.
    pub picture: u64,
    /// The next one's share, in 65536ths.
    pub weight: u32,
}

impl Clock {
    /// Pictures of the clip a picture of the film, as a fraction.
    fn ratio(&self) -> (u128, u128) {
        let wide = |value: u32| u128::from(value);
        (
            wide(self.to.1) * wide(self.speed.0) * wide(self.from.0),
            (wide(self.to.0) * wide(self.speed.1) * wide(self.from.1)).max(1),
        )
    }

    /// The picture shown in the middle of the film's picture `index`.
    pub fn nearest(&self, index: u64) -> Moment {
        let (num, den) = self.ratio();
        self.bounded((2 * u128::from(index) + 1) * num / (2 * den), 0)
    }

    /// The two pictures whose middles lie around the middle of the film's picture `index`.
    pub fn between(&self, index: u64) -> Moment {
        let (num, den) = self.ratio();
        let middle = (2 * u128::from(index) + 1) * num;
        let from_first = middle.saturating_sub(den);
        let picture = from_first / (2 * den);
        let weight = (from_first % (2 * den)) * 65_536 / (2 * den);
        self.bounded(picture, weight as u32)
    }

    fn bounded(&self, picture: u128, weight: u32) -> Moment {
        let last = self.frames.map_or(u128::from(u64::MAX), |frames| u128::from(frames.max(1) - 1));
        if picture >= last {
            return Moment { picture: last as u64, weight: 0 };
        }
        Moment { picture: picture as u64, weight }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock(from: (u32, u32), to: (u32, u32)) -> Clock {
        Clock { from, to, speed: (1, 1), frames: Some(100) }
    }

    #[test]
    fn equal_rates_pass_every_picture_untouched() {
        let same = clock((24, 1), (24, 1));
        for index in 0..100 {
            let expected = Moment { picture: index, weight: 0 };
            assert_eq!((same.nearest(index), same.between(index)), (expected, expected));
        }
    }

    #[test]
    fn sixteen_to_twenty_four_spreads_evenly() {
        let shown: Vec<_> = (0..6).map(|i| clock((16, 1), (24, 1)).nearest(i).picture).collect();
        assert_eq!(shown, [0, 1, 1, 2, 3, 3]);
    }

    #[test]
    fn the_end_repeats_the_last_picture() {
        assert_eq!(clock((24, 1), (24, 1)).between(500), Moment { picture: 99, weight: 0 });
    }

    #[test]
    fn half_speed_blends_halves() {
        let slow = Clock { speed: (1, 2), ..clock((24, 1), (24, 1)) };
        assert_eq!(slow.between(1), Moment { picture: 0, weight: 16_384 });
        assert_eq!(slow.between(2), Moment { picture: 0, weight: 49_152 });
    }
}
