//! The film's one sound encode: a mix becomes AAC-LC packets in an ADTS stream, a format that every
//! player knows and that says all that a film needs to copy them.
//!
//! An encoder that throws detail away lifts peaks above those of its input. So the packets are decoded
//! again as they come and measured; where they break through the ceiling, the mix is encoded anew, as
//! much lower as they were too high.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use ffmpeg_next::ffi;

use crate::aac::AacTrack;
use crate::av::{Coder, Frame, Options, Packet, failure};
use crate::error::{MediaError, Result};
use crate::io::{aac_parameters, set_extradata};
use crate::loudness::LoudnessMeter;

/// Samples of a packet, and those that the encoder puts before the first.
const BLOCK: u64 = 1024;
/// The stream's header as MP4 files carry it: AAC-LC, 48 kHz, stereo, nothing hidden in it.
const CONFIG: [u8; 5] = [0x11, 0x90, 0x56, 0xe5, 0x00];
/// Bytes before each packet.
const HEADER: usize = 7;
/// Encodings, at most: each is lower by what the last was too high, and a little more.
const TRIES: u32 = 4;
/// The little more, in dB.
const MARGIN: f64 = 0.05;

/// What is wanted of the encode.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wanted {
    /// Bits a second.
    pub bitrate: u32,
    /// The highest true peak that a player may meet, in dBTP.
    pub ceiling: f64,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Soundtrack {
    /// How much lower than the mix it is, in dB.
    pub lowered: f64,
    /// Integrated loudness as a player meets it, in LUFS.
    pub integrated: f64,
    /// True peak as a player meets it, in dBTP.
    pub true_peak: f64,
}

/// Encodes the WAV file `mix` to the ADTS file `out`; `go_on` hears the samples done before each block, and
/// where it says no, there is no result.
///
/// # Errors
/// The mix is no 48 kHz stereo WAV, no try stays under the ceiling, or writing failed.
pub fn encode(
    mix: &Path,
    wanted: Wanted,
    out: &Path,
    go_on: &mut dyn FnMut(u64) -> bool,
) -> Result<Option<Soundtrack>> {
    let mut lowered = 0.0;
    for _ in 0..TRIES {
        let Some(made) = attempt(mix, wanted.bitrate, lowered, out, go_on)? else { return Ok(None) };
        if made.true_peak <= wanted.ceiling {
            return Ok(Some(made));
        }
        lowered += made.true_peak - wanted.ceiling + MARGIN;
    }
    let problem = format!("its peaks stay above {} dBTP, however low the mix", wanted.ceiling);
    Err(failure("encoding AAC", problem))
}

fn attempt(
    mix: &Path,
    bitrate: u32,
    lowered: f64,
    out: &Path,
    go_on: &mut dyn FnMut(u64) -> bool,
) -> Result<Option<Soundtrack>> {
    let written = |source| MediaError::io("write", out, source);
    let mut track = AacTrack::open(mix, bitrate, 10_f64.powf(-lowered / 20.0) as f32)?;
    let mut file = BufWriter::new(File::create(out).map_err(written)?);
    let (mut packet, mut ear) = (Packet::new()?, Ear::new()?);
    let (mut bytes, mut done) = (Vec::new(), 0);
    while track.next(&mut packet)? {
        if !go_on(done) {
            return Ok(None);
        }
        bytes.clear();
        bytes.extend(header(packet.bytes().len())?);
        bytes.extend(packet.bytes());
        file.write_all(&bytes).map_err(written)?;
        ear.hear(&bytes)?;
        done = (done + BLOCK).min(track.samples());
    }
    file.into_inner().map_err(|error| written(error.into_error()))?;
    let (integrated, true_peak) = ear.heard()?;
    Ok(Some(Soundtrack { lowered, integrated, true_peak }))
}

/// The ADTS header of a packet of `size` bytes.
fn header(size: usize) -> Result<[u8; HEADER]> {
    let size = size + HEADER;
    if size >= 1 << 13 {
        return Err(failure("encoding AAC", format!("a packet of {size} bytes")));
    }
    let (high, middle, low) = ((size >> 11) as u8, (size >> 3) as u8, ((size & 7) << 5) as u8);
    // Sync word, MPEG-4 without a checksum; AAC-LC at 48 kHz; stereo; no limit to the bit reservoir.
    Ok([0xff, 0xf1, 0x4c, 0x80 | high, middle, low | 0x1f, 0xfc])
}

/// Decodes packets again, as a player does, and measures them.
struct Ear {
    decoder: Coder,
    packet: Packet,
    frame: Frame,
    block: Vec<f32>,
    meter: LoudnessMeter,
}

impl Ear {
    fn new() -> Result<Self> {
        let mut decoder = Coder::decoder(ffi::AVCodecID::AV_CODEC_ID_AAC, "hearing AAC")?;
        decoder.open(&mut Options::new(&[]))?;
        let (packet, frame, meter) = (Packet::new()?, Frame::new()?, LoudnessMeter::new()?);
        Ok(Self { decoder, packet, frame, block: Vec::new(), meter })
    }

    fn hear(&mut self, bytes: &[u8]) -> Result<()> {
        self.packet.set(bytes)?;
        self.decoder.send_packet(Some(&mut self.packet))?;
        self.take()
    }

    fn take(&mut self) -> Result<()> {
        while self.decoder.receive_frame(&mut self.frame)? == Some(true) {
            let count = self.frame.nb_samples.max(0) as usize;
            self.block.resize(count * 2, 0.0);
            for channel in 0..2 {
                let samples = self.frame.sound_mut(channel, count).chunks_exact(4);
                for (to, from) in self.block.iter_mut().skip(channel).step_by(2).zip(samples) {
                    *to = f32::from_ne_bytes([from[0], from[1], from[2], from[3]]);
                }
            }
            self.meter.add(&self.block)?;
            self.frame.clear();
        }
        Ok(())
    }

    /// Loudness in LUFS and true peak in dBTP.
    fn heard(mut self) -> Result<(f64, f64)> {
        self.decoder.send_packet(None)?;
        self.take()?;
        let loudness = self.meter.loudness()?;
        Ok((loudness.integrated, loudness.true_peak))
    }
}

/// Reads an encoded soundtrack, packet by packet, with the times that a film gives them.
pub(crate) struct SoundtrackReader {
    path: PathBuf,
    input: BufReader<File>,
    samples: u64,
    packets: u64,
}

impl SoundtrackReader {
    /// Opens the soundtrack of a film of so many samples.
    pub(crate) fn open(path: &Path, samples: u64) -> Result<Self> {
        let file = File::open(path).map_err(|source| MediaError::io("read", path, source))?;
        let mut reader = Self { path: path.to_path_buf(), input: BufReader::new(file), samples, packets: 0 };
        let has = reader.count()?;
        let wanted = samples.div_ceil(BLOCK) + 1;
        if has != wanted {
            let problem = format!("has {has} packets of sound; a film of {samples} samples takes {wanted}");
            return Err(MediaError::broken(path, problem));
        }
        Ok(reader)
    }

    /// Counts the packets, and goes back to the first.
    fn count(&mut self) -> Result<u64> {
        let mut packets = 0;
        while let Some(size) = self.size()? {
            self.input
                .seek_relative(size as i64)
                .map_err(|source| MediaError::io("read", &self.path, source))?;
            packets += 1;
        }
        self.input.seek(SeekFrom::Start(0)).map_err(|source| MediaError::io("read", &self.path, source))?;
        Ok(packets)
    }

    /// Bytes of the next packet; `None` at the end.
    fn size(&mut self) -> Result<Option<usize>> {
        let mut head = [0; HEADER];
        match self.input.read(&mut head[..1]) {
            Ok(0) => return Ok(None),
            Ok(_) => {}
            Err(source) => return Err(MediaError::io("read", &self.path, source)),
        }
        let damaged = || MediaError::broken(&self.path, "is a damaged soundtrack");
        self.input.read_exact(&mut head[1..]).map_err(|_| damaged())?;
        let size = usize::from(head[3] & 3) << 11 | usize::from(head[4]) << 3 | usize::from(head[5] >> 5);
        let payload = size.checked_sub(HEADER).ok_or_else(damaged)?;
        if header(payload)? == head { Ok(Some(payload)) } else { Err(damaged()) }
    }

    /// The next packet; `false` at the end. The first starts before zero, by the encoder's delay; the
    /// last is as short as the film needs.
    pub(crate) fn next(&mut self, packet: &mut Packet) -> Result<bool> {
        let Some(size) = self.size()? else { return Ok(false) };
        let mut bytes = vec![0; size];
        let damaged = |_| MediaError::broken(&self.path, "is a soundtrack that was cut off");
        self.input.read_exact(&mut bytes).map_err(damaged)?;
        packet.set(&bytes)?;
        let at = self.packets as i64 * BLOCK as i64 - BLOCK as i64;
        (packet.pts, packet.dts) = (at, at);
        packet.duration = (self.samples as i64 - at).clamp(0, BLOCK as i64);
        packet.flags = ffi::AV_PKT_FLAG_KEY;
        self.packets += 1;
        Ok(true)
    }

    /// Tells the stream what is in it.
    pub(crate) fn describe(&self, stream: &mut ffi::AVStream, bitrate: u32) -> Result<()> {
        set_extradata(stream.codecpar, &CONFIG)?;
        aac_parameters(stream, bitrate, BLOCK as u32);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wav::{WavFormat, WavWriter};

    /// Noise with loud, hard bursts: what an encoder overshoots at.
    fn bursts(path: &Path, samples: usize) {
        let mut state = 1_u32;
        let block: Vec<f32> = (0..samples * 2)
            .map(|i| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let noise = (state >> 8) as f32 / 8_388_608.0 - 1.0;
                if i % 9000 < 600 { 0.8 * noise.signum() } else { 0.2 * noise }
            })
            .collect();
        let mut out = WavWriter::new(File::create(path).unwrap(), 2, WavFormat::Float, None).unwrap();
        out.write(&block).unwrap();
        out.finish().unwrap();
    }

    #[test]
    fn peaks_that_the_encoder_lifts_are_brought_under_the_ceiling() {
        let folder = tempfile::tempdir().unwrap();
        let (mix, out) = (folder.path().join("mix.wav"), folder.path().join("film.aac"));
        bursts(&mix, 48_000);
        let encode = |ceiling| {
            encode(&mix, Wanted { bitrate: 96_000, ceiling }, &out, &mut |_| true).unwrap().unwrap()
        };
        let free = encode(20.0);
        assert_eq!(free.lowered, 0.0);
        assert!(free.true_peak > -2.0, "{free:?}");
        let held = encode(free.true_peak - 1.0);
        assert!(held.true_peak <= free.true_peak - 1.0 && held.lowered >= 1.0, "{held:?}");
    }

    #[test]
    fn it_is_read_as_it_was_written_and_damage_shows() {
        let folder = tempfile::tempdir().unwrap();
        let (mix, out) = (folder.path().join("mix.wav"), folder.path().join("film.aac"));
        let samples = 5000;
        bursts(&mix, samples);
        encode(&mix, Wanted { bitrate: 96_000, ceiling: 6.0 }, &out, &mut |_| true).unwrap().unwrap();
        let mut reader = SoundtrackReader::open(&out, samples as u64).unwrap();
        let (mut packet, mut times) = (Packet::new().unwrap(), Vec::new());
        while reader.next(&mut packet).unwrap() {
            times.push((packet.pts, packet.duration));
        }
        assert_eq!((times[0], times.len()), ((-1024, 1024), 6));
        assert_eq!(times[5], (4096, 904));
        assert!(SoundtrackReader::open(&out, 48_000).is_err(), "too short for the film");
        let bytes = std::fs::read(&out).unwrap();
        std::fs::write(&out, &bytes[..bytes.len() - 3]).unwrap();
        let mut cut = SoundtrackReader::open(&out, samples as u64).unwrap();
        assert!((0..6).any(|_| cut.next(&mut packet).is_err()));
    }

    #[test]
    fn a_wish_to_stop_is_heeded() {
        let folder = tempfile::tempdir().unwrap();
        let (mix, out) = (folder.path().join("mix.wav"), folder.path().join("film.aac"));
        bursts(&mix, 48_000);
        let stopped = encode(&mix, Wanted { bitrate: 96_000, ceiling: 6.0 }, &out, &mut |done| done < 9000);
        assert_eq!(stopped.unwrap(), None);
    }
}
