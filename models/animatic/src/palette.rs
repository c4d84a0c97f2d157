//! Palettes: the colours that an hour, a weather and a mood give to sky, haze and light. Every colour
//! of a picture comes from a material's own colour under one palette, so a picture holds together.

use crate::grade::{Rgb, bright, hex, luma, mix, times};
use crate::paint::Light;
use crate::reading::{Hour, Mood, Reading, Weather};

/// The light of a shot.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Palette {
    /// From the zenith down to the horizon.
    pub sky: [Rgb; 4],
    /// What far things fade to.
    pub haze: Rgb,
    /// How fast they do.
    pub density: f32,
    /// The sun's or moon's colour; black where neither is seen.
    pub sun: Rgb,
    /// Where it stands: right of the centre and above the horizon, in picture heights.
    pub sun_at: (f32, f32),
    /// The disc's radius.
    pub sun_size: f32,
    /// What the lit side of things is multiplied by.
    pub key: Rgb,
    /// What the shaded side is multiplied by.
    pub ambient: Rgb,
    /// The nearest silhouettes lean to it.
    pub ink: Rgb,
    /// Clouds' lit and shaded sides.
    pub cloud: (Rgb, Rgb),
    /// Lamps and windows are lit.
    pub night: bool,
    /// Stars, 0..1.
    pub stars: f32,
}

/// One hour's palette in hexadecimal: sky, haze, sun, key, ambient, ink, clouds.
struct Row {
    sky: [u32; 4],
    haze: u32,
    sun: u32,
    sun_at: (f32, f32),
    sun_size: f32,
    key: Rgb,
    ambient: Rgb,
    ink: u32,
    cloud: (u32, u32),
    stars: f32,
}

fn row(hour: Hour) -> Row {
    match hour {
        Hour::Dawn => Row {
            sky: [0x35577f, 0x7f8fb0, 0xefb6a2, 0xffe0b0],
            haze: 0xdcab9f,
            sun: 0xfff0c4,
            sun_at: (-0.26, 0.035),
            sun_size: 0.062,
            key: [1.06, 0.86, 0.74],
            ambient: [0.50, 0.50, 0.64],
            ink: 0x232a44,
            cloud: (0xffc9ae, 0xb592a8),
            stars: 0.0,
        },
        Hour::Morning => Row {
            sky: [0x4a90c6, 0x82b8dc, 0xc4e0e8, 0xfbeed4],
            haze: 0xbdd6dd,
            sun: 0xfffbe6,
            sun_at: (-0.46, 0.30),
            sun_size: 0.045,
            key: [1.02, 0.97, 0.87],
            ambient: [0.64, 0.69, 0.80],
            ink: 0x26405a,
            cloud: (0xffffff, 0xc8d8e6),
            stars: 0.0,
        },
        Hour::Noon => Row {
            sky: [0x2270b8, 0x4f9cd6, 0x98cdea, 0xdff2f2],
            haze: 0xb2d6e6,
            sun: 0xffffff,
            sun_at: (0.30, 0.62),
            sun_size: 0.045,
            key: [1.02, 1.0, 0.95],
            ambient: [0.68, 0.73, 0.82],
            ink: 0x223a50,
            cloud: (0xffffff, 0xbfd6e8),
            stars: 0.0,
        },
        Hour::GoldenHour => Row {
            sky: [0x4a6a97, 0xa394a2, 0xf7b169, 0xffe08e],
            haze: 0xebb27c,
            sun: 0xfff6d0,
            sun_at: (0.28, 0.085),
            sun_size: 0.072,
            key: [1.14, 0.87, 0.57],
            ambient: [0.58, 0.48, 0.52],
            ink: 0x3a2432,
            cloud: (0xffd79a, 0xc08d8e),
            stars: 0.0,
        },
        Hour::Dusk => Row {
            sky: [0x1c2450, 0x473f78, 0xa8577f, 0xf98f66],
            haze: 0x84587c,
            sun: 0x000000,
            sun_at: (0.20, -0.02),
            sun_size: 0.0,
            key: [0.74, 0.55, 0.62],
            ambient: [0.36, 0.34, 0.54],
            ink: 0x14163a,
            cloud: (0xe5788a, 0x54436f),
            stars: 0.30,
        },
        Hour::Night => Row {
            sky: [0x070c22, 0x101d42, 0x1d3462, 0x345a80],
            haze: 0x24406a,
            sun: 0xeef2e2,
            sun_at: (0.34, 0.34),
            sun_size: 0.042,
            key: [0.50, 0.60, 0.80],
            ambient: [0.20, 0.25, 0.44],
            ink: 0x060a1c,
            cloud: (0x41608c, 0x1a2c50),
            stars: 1.0,
        },
    }
}

impl Palette {
    /// The palette of a reading.
    pub fn of(reading: &Reading) -> Palette {
        let r = row(reading.hour);
        let mut palette = Palette {
            sky: r.sky.map(hex),
            haze: hex(r.haze),
            density: 0.16,
            sun: hex(r.sun),
            sun_at: r.sun_at,
            sun_size: r.sun_size,
            key: r.key,
            ambient: r.ambient,
            ink: hex(r.ink),
            cloud: (hex(r.cloud.0), hex(r.cloud.1)),
            night: matches!(reading.hour, Hour::Dusk | Hour::Night),
            stars: r.stars,
        };
        palette.weather(reading.weather, reading.hour);
        palette.mood(reading.mood);
        palette
    }

    /// Draws all sky colours to one, `pull` of the way; hides the sun and the stars.
    fn cover(&mut self, tint: Rgb, pull: f32, dim: f32) {
        for stop in &mut self.sky {
            let grey = bright(tint, 0.35 + 0.75 * luma(*stop));
            *stop = bright(mix(*stop, grey, pull), dim);
        }
        let grey = bright(tint, 0.35 + 0.75 * luma(self.haze));
        self.haze = bright(mix(self.haze, grey, pull), dim);
        self.cloud = (
            bright(mix(self.cloud.0, bright(tint, 0.3 + 0.75 * luma(self.cloud.0)), pull), dim),
            bright(mix(self.cloud.1, bright(tint, 0.25 + 0.7 * luma(self.cloud.1)), pull), dim),
        );
        self.sun = [0.0; 3];
        self.sun_size = 0.0;
        self.stars = 0.0;
        // Covered light comes from everywhere: lit and shaded sides draw together.
        let flat = mix(self.key, self.ambient, 0.55);
        self.key = bright(mix(mix(self.key, flat, 0.7), times(tint, [luma(self.key); 3]), 0.35), dim.sqrt());
        self.ambient = bright(mix(self.ambient, flat, 0.25), dim.sqrt());
    }

    fn weather(&mut self, weather: Weather, hour: Hour) {
        match weather {
            Weather::Clear => {}
            Weather::Cloud => {
                self.cover(hex(0xd2d9de), 0.55, 0.96);
                self.density *= 1.2;
            }
            Weather::Rain => {
                let glow = self.sky[3];
                self.cover(hex(0xa9bac6), 0.62, 0.86);
                self.sky[3] = mix(self.sky[3], glow, 0.35);
                self.density *= 1.8;
            }
            Weather::Storm => {
                let glow = self.sky[3];
                self.cover(hex(0x8a9fa8), 0.68, 0.72);
                self.sky[3] = mix(self.sky[3], glow, 0.45);
                self.sky[0] = bright(self.sky[0], 0.62);
                self.sky[1] = bright(self.sky[1], 0.75);
                self.density *= 1.5;
            }
            Weather::Snow => {
                self.cover(hex(0xdbe4ee), 0.62, 0.99);
                self.density *= 2.0;
            }
            Weather::Fog => {
                let pull = if hour == Hour::Night { 0.45 } else { 0.6 };
                self.cover(hex(0xdde2e2), pull, 0.98);
                for stop in &mut self.sky {
                    *stop = mix(*stop, self.haze, 0.6);
                }
                self.density *= 4.2;
            }
        }
    }

    fn mood(&mut self, mood: Mood) {
        let (tint, pull, gain) = match mood {
            Mood::Calm => return,
            Mood::Sombre => ([0.86, 0.93, 1.06], 0.6, 0.92),
            Mood::Joyful => ([1.06, 1.01, 0.92], 0.6, 1.03),
            Mood::Tense => ([0.93, 0.98, 1.0], 0.7, 0.90),
            Mood::Tender => ([1.05, 0.99, 0.97], 0.6, 1.01),
        };
        let tint = mix([1.0; 3], tint, pull);
        for colour in [&mut self.haze, &mut self.key, &mut self.ambient, &mut self.cloud.0, &mut self.cloud.1]
        {
            *colour = bright(times(*colour, tint), gain);
        }
        for stop in &mut self.sky {
            *stop = bright(times(*stop, tint), gain);
        }
    }

    /// How much haze lies before a depth, 0..1.
    pub fn haze_at(&self, depth: f64) -> f32 {
        1.0 - (-(depth as f32 - 1.0).max(0.0) * self.density).exp()
    }

    /// A material's colour at a depth; `light` from 0 in the shade to 1 in the light.
    pub fn lit(&self, material: Rgb, light: f32, depth: f64) -> Rgb {
        let shade = mix(self.ambient, self.key, light);
        let own = times(material, shade);
        mix(own, self.haze, self.haze_at(depth))
    }

    /// A near silhouette: the material sunk in ink.
    pub fn ink(&self, material: Rgb, strength: f32) -> Rgb {
        mix(times(material, self.ambient), self.ink, strength)
    }

    /// The sky's colour at a height above the horizon, 0 at the horizon, 1 at the top of a wide shot.
    pub fn sky_at(&self, up: f32) -> Rgb {
        let up = up.clamp(0.0, 1.0);
        let stops = [(0.0, self.sky[3]), (0.22, self.sky[2]), (0.58, self.sky[1]), (1.0, self.sky[0])];
        for pair in stops.windows(2) {
            if up <= pair[1].0 {
                let t = (up - pair[0].0) / (pair[1].0 - pair[0].0);
                return mix(pair[0].1, pair[1].1, t * t * (3.0 - 2.0 * t));
            }
        }
        self.sky[0]
    }

    /// Whether the sun or moon is seen.
    pub fn has_sun(&self) -> bool {
        self.sun_size > 0.0
    }

    /// The light that falls on subjects at a depth.
    pub fn light(&self, reading: &Reading) -> Light {
        let against = self.has_sun() && matches!(reading.hour, Hour::Dawn | Hour::GoldenHour | Hour::Night);
        let rim = match reading.hour {
            Hour::Dusk => Some(bright(self.sky[3], 0.9)),
            _ if against => Some(mix(self.sun, self.sky[3], 0.35)),
            _ => None,
        };
        // Figures are read before their surroundings: they never sink wholly into the dark.
        let raised = |c: Rgb, least: f32| bright(c, (least / luma(c).max(0.05)).max(1.0));
        Light {
            key: raised(self.key, 0.66),
            ambient: raised(self.ambient, 0.44),
            direction: if self.sun_at.0 < 0.0 { -0.75 } else { 0.75 },
            rim,
            night: self.night,
        }
    }
}
