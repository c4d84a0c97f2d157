//! Footage as a clip: any of its pictures by number, at an even rate, upright, in square pixels,
//! deinterlaced, in BT.709.

use std::ffi::c_int;
use std::path::{Path, PathBuf};

use ffmpeg_next::ffi::{self, AVColorRange, AVColorSpace, AVColorTransferCharacteristic, AVPixelFormat};

use crate::av::{Coder, Frame, Packet};
use crate::confined::{Input, Track, check_size};
use crate::convert::{self, Turn};
use crate::deinterlace::Deinterlacer;
use crate::error::{MediaError, Progress, Result};
use crate::index::Index;
use crate::picture::{ClipSpec, Picture, PictureSource};
use crate::scale::{PICTURE, Sws, read_frame};

/// Pictures kept: enough for blending neighbours of slowed footage back and forth.
const KEPT: usize = 3;

/// What the header says of a picture track.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Shape {
    /// Width and height as coded.
    pub(crate) coded: (u32, u32),
    /// Width and height as shown, upright and in square pixels.
    pub(crate) shown: (u32, u32),
    /// How it is turned.
    pub(crate) turn: Turn,
    /// Whether its pictures are two fields each.
    pub(crate) interlaced: bool,
}

impl Shape {
    pub(crate) fn of(track: Track, path: &Path) -> Result<Self> {
        let parameters = track.parameters();
        refuse_high_range(parameters.color_trc, path)?;
        let coded = (parameters.width, parameters.height);
        let (Ok(width @ 1..), Ok(height @ 1..)) = (u32::try_from(coded.0), u32::try_from(coded.1)) else {
            return Err(MediaError::broken(path, "does not say how large its pictures are"));
        };
        let mut aspect = track.0.sample_aspect_ratio;
        if aspect.num <= 0 || aspect.den <= 0 {
            aspect = parameters.sample_aspect_ratio;
        }
        let square = if aspect.num > 0 && aspect.den > 0 {
            let wide = (2 * i64::from(width) * i64::from(aspect.num) + i64::from(aspect.den))
                / (2 * i64::from(aspect.den));
            // To the even number beside it, as cameras and editors have it.
            (wide.max(2) / 2 * 2, i64::from(height))
        } else {
            (i64::from(width), i64::from(height))
        };
        let square = if aspect.num == aspect.den { (i64::from(width), i64::from(height)) } else { square };
        check_size(path, square.0, square.1)?;
        let turn = track.display_matrix().map_or(Turn::NONE, |matrix| Turn::from_matrix(&matrix));
        let square = (square.0 as u32, square.1 as u32);
        let shown = if turn.sideways() { (square.1, square.0) } else { square };
        use ffi::AVFieldOrder::{AV_FIELD_BB, AV_FIELD_BT, AV_FIELD_TB, AV_FIELD_TT};
        let order = parameters.field_order;
        let interlaced = [AV_FIELD_TT, AV_FIELD_BB, AV_FIELD_TB, AV_FIELD_BT].contains(&order);
        Ok(Self { coded: (width, height), shown, turn, interlaced })
    }

    /// Size in square pixels, before it is turned.
    fn square(&self) -> (u32, u32) {
        if self.turn.sideways() { (self.shown.1, self.shown.0) } else { self.shown }
    }
}

/// High dynamic range would be taken for what it is not: grey and flat where it is PQ, dull where it is HLG.
fn refuse_high_range(transfer: AVColorTransferCharacteristic, path: &Path) -> Result<()> {
    use AVColorTransferCharacteristic::{AVCOL_TRC_ARIB_STD_B67, AVCOL_TRC_SMPTE2084};
    let curve = match transfer {
        AVCOL_TRC_SMPTE2084 => "PQ",
        AVCOL_TRC_ARIB_STD_B67 => "HLG",
        _ => return Ok(()),
    };
    Err(MediaError::broken(
        path,
        format!(
            "is high dynamic range ({curve}), and films here are standard range; tone-map it first, for example \
             with ffmpeg -vf zscale=t=linear:npl=100,tonemap=hable,zscale=t=bt709:p=bt709:m=bt709,format=yuv422p10le"
        ),
    ))
}

/// Real footage, picture by picture.
pub struct FootageReader {
    path: PathBuf,
    input: Input,
    track: c_int,
    clock: ffi::AVRational,
    coder: Coder,
    index: Index,
    shape: Shape,
    spec: ClipSpec,
    packet: Packet,
    decoded: Frame,
    whole: Frame,
    fields: Option<Deinterlacer>,
    converter: Option<Converter>,
    /// Where decoding stands: the number of the last picture that came out.
    at: Option<usize>,
    input_ended: bool,
    kept: Vec<(usize, Picture)>,
    unturned: Picture,
}

impl FootageReader {
    /// Opens footage and reads when its pictures are shown: all of the file, without decoding.
    ///
    /// # Errors
    /// The file is of a kind that is not allowed, too large, damaged, or without pictures.
    pub fn open(path: &Path, progress: Progress) -> Result<Self> {
        let mut input = Input::open(path)?;
        let track = input.pictures().ok_or_else(|| MediaError::broken(path, "has no picture track"))?;
        let (number, clock, shape) = (track.0.index, track.0.time_base, Shape::of(track, path)?);
        let coder = input.decoder(number)?;
        let index = Index::scan(&mut input, number, progress)?;
        let spec = ClipSpec { size: shape.shown, rate: index.rate, frames: Some(index.frames) };
        Ok(Self {
            path: path.to_path_buf(),
            input,
            track: number,
            clock,
            coder,
            index,
            shape,
            spec,
            packet: Packet::new()?,
            decoded: Frame::new()?,
            whole: Frame::new()?,
            fields: None,
            converter: None,
            at: None,
            input_ended: true,
            kept: Vec::new(),
            unturned: Picture::default(),
        })
    }

    /// Decodes until picture `place` of the track has come out, into `whole`.
    fn reach(&mut self, place: usize) -> Result<()> {
        // A deinterlaced picture depends on the one before it.
        let context = usize::from(self.shape.interlaced);
        let key = self.index.key_before(self.index.times[place.saturating_sub(context)]);
        let key_time = self.index.keys.get(key).map_or(i64::MIN, |key| key.0);
        let ahead = self.at.is_some_and(|at| at < place && self.index.times[at] >= key_time);
        if !ahead {
            self.restart(key)?;
        }
        let wanted = self.index.times[place];
        let mut earlier = key;
        // Until the picture has come out it is not known where decoding stands.
        self.at = None;
        loop {
            let Some(time) = self.next_frame()? else { return Err(self.damaged(place)) };
            if time < wanted {
                continue;
            }
            if time == wanted {
                self.at = Some(place);
                return Ok(());
            }
            // Came out beyond it: the container's seek was too coarse, or the picture is damaged.
            if ahead || earlier == 0 {
                return Err(self.damaged(place));
            }
            earlier = earlier.saturating_sub(4);
            self.restart(earlier)?;
        }
    }

    fn damaged(&self, place: usize) -> MediaError {
        MediaError::Damaged { file: self.path.clone(), place: format!("at picture {place}") }
    }

    /// Begins decoding at a key picture.
    fn restart(&mut self, key: usize) -> Result<()> {
        let start = self.index.times[0].min(0);
        let time = if key == 0 { start } else { self.index.keys[key].1 };
        self.input.seek(self.track, time)?;
        self.coder.flush();
        (self.fields, self.at, self.input_ended) = (None, None, false);
        Ok(())
    }

    /// The next picture of the track, into `whole`, and its time; `None` at the end.
    fn next_frame(&mut self) -> Result<Option<i64>> {
        if !self.shape.interlaced {
            let found = self.next_decoded()?;
            if found.is_some() {
                std::mem::swap(&mut self.whole, &mut self.decoded);
            }
            return Ok(found);
        }
        loop {
            if let Some(fields) = &mut self.fields
                && fields.receive(&mut self.whole)?
            {
                let time = convert::rescale(self.whole.pts, fields.clock(), self.clock);
                return Ok(Some(time));
            }
            let ended = self.next_decoded()?.is_none();
            let frame = &mut self.decoded;
            if self.fields.is_none() && !ended {
                self.fields = Some(Deinterlacer::new(frame.format, frame.width, frame.height, self.clock)?);
            }
            match &mut self.fields {
                Some(fields) if !ended => fields.send(Some(frame))?,
                Some(fields) => {
                    fields.send(None)?;
                    if !fields.receive(&mut self.whole)? {
                        return Ok(None);
                    }
                    return Ok(Some(convert::rescale(self.whole.pts, fields.clock(), self.clock)));
                }
                None => return Ok(None),
            }
        }
    }

    /// The next picture as decoded, into `decoded`, and its time.
    fn next_decoded(&mut self) -> Result<Option<i64>> {
        loop {
            self.decoded.clear();
            match self.coder.receive_frame(&mut self.decoded) {
                Ok(Some(true)) => {
                    let time = self.decoded.best_effort_timestamp;
                    self.decoded.pts = time;
                    return Ok(Some(time));
                }
                Ok(Some(false)) => return Ok(None),
                Ok(None) => self.feed()?,
                // A picture that cannot be decoded is missed where it is asked for.
                Err(_) => self.feed()?,
            }
        }
    }

    /// Gives the decoder one more packet of the track, or the end.
    fn feed(&mut self) -> Result<()> {
        while !self.input_ended {
            if !self.input.read(&mut self.packet)? {
                break;
            }
            if self.packet.stream_index == self.track {
                // Damage shows as a missing picture.
                let _ = self.coder.send_packet(Some(&mut self.packet));
                return Ok(());
            }
        }
        self.input_ended = true;
        self.coder.send_packet(None)
    }

    /// Converts `whole` and keeps it.
    fn keep(&mut self, place: usize) -> Result<&Picture> {
        let mut picture = match self.kept.len() {
            KEPT.. => self.kept.remove(0).1,
            _ => Picture::default(),
        };
        let fits = self.converter.as_ref().is_some_and(|converter| converter.fits(&self.whole));
        if !fits {
            self.converter = Some(Converter::new(&self.whole, self.shape.square(), &self.path)?);
        }
        if let Some(converter) = &mut self.converter {
            if self.shape.turn == Turn::NONE {
                converter.convert(&self.whole, &mut picture)?;
            } else {
                converter.convert(&self.whole, &mut self.unturned)?;
                self.shape.turn.apply(&self.unturned, &mut picture);
            }
        }
        self.kept.push((place, picture));
        let last = self.kept.len() - 1;
        Ok(&self.kept[last].1)
    }
}

impl PictureSource for FootageReader {
    fn spec(&self) -> &ClipSpec {
        &self.spec
    }

    fn picture(&mut self, index: u64, out: &mut Picture) -> Result<()> {
        if index >= self.index.frames {
            let (file, frames) = (self.path.clone(), self.index.frames);
            return Err(MediaError::BeyondEnd { file, index, frames });
        }
        let place = self.index.place(index);
        if let Some((_, picture)) = self.kept.iter().find(|(kept, _)| *kept == place) {
            out.clone_from(picture);
            return Ok(());
        }
        self.reach(place)?;
        out.clone_from(self.keep(place)?);
        Ok(())
    }
}

/// From a decoder's frames to pictures of one size in square pixels.
struct Converter {
    sws: Sws,
    output: Frame,
    size: (u32, u32),
    from: (c_int, c_int, c_int),
    full: bool,
    matrix: convert::Matrix,
}

impl Converter {
    fn new(frame: &Frame, size: (u32, u32), path: &Path) -> Result<Self> {
        check_size(path, i64::from(frame.width), i64::from(frame.height))?;
        let (format, named_full) = plain_format(frame.format);
        let format = format.ok_or_else(|| MediaError::broken(path, "has pictures of no known format"))?;
        let is_yuv = convert::is_yuv(format);
        let full = is_yuv && (named_full || frame.color_range == AVColorRange::AVCOL_RANGE_JPEG);
        let from = (frame.width as u32, frame.height as u32);
        let centred = frame.chroma_location == ffi::AVChromaLocation::AVCHROMA_LOC_CENTER;
        let sws = Sws::new(format, from, PICTURE, size, centred)?;
        let matrix = match frame.colorspace {
            _ if !is_yuv => convert::Matrix::Bt709,
            AVColorSpace::AVCOL_SPC_BT709 => convert::Matrix::Bt709,
            AVColorSpace::AVCOL_SPC_BT470BG | AVColorSpace::AVCOL_SPC_SMPTE170M => convert::Matrix::Bt601,
            AVColorSpace::AVCOL_SPC_FCC => convert::Matrix::Bt601,
            AVColorSpace::AVCOL_SPC_BT2020_NCL | AVColorSpace::AVCOL_SPC_BT2020_CL => convert::Matrix::Bt2020,
            // Untagged: what players assume, standard definition as BT.601.
            _ if frame.height < 720 => convert::Matrix::Bt601,
            _ => convert::Matrix::Bt709,
        };
        let output = Frame::picture(PICTURE, size.0, size.1)?;
        Ok(Self { sws, output, size, from: (frame.format, frame.width, frame.height), full, matrix })
    }

    fn fits(&self, frame: &Frame) -> bool {
        self.from == (frame.format, frame.width, frame.height)
    }

    fn convert(&mut self, frame: &Frame, out: &mut Picture) -> Result<()> {
        self.sws.run(frame, &mut self.output)?;
        out.reshape(self.size.0, self.size.1);
        read_frame(&self.output, out, [0, 0, self.size.0, self.size.1]);
        if self.full {
            convert::full_to_studio(out);
        }
        self.matrix.to_709(out);
        Ok(())
    }
}

/// The format without its claim of full range, and whether it claimed that.
fn plain_format(format: c_int) -> (Option<AVPixelFormat>, bool) {
    use AVPixelFormat::{
        AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUV422P, AV_PIX_FMT_YUV440P, AV_PIX_FMT_YUV444P, AV_PIX_FMT_YUVJ411P,
        AV_PIX_FMT_YUVJ420P, AV_PIX_FMT_YUVJ422P, AV_PIX_FMT_YUVJ440P, AV_PIX_FMT_YUVJ444P,
    };
    let format = convert::format_of(format);
    match format {
        Some(AV_PIX_FMT_YUVJ420P) => (Some(AV_PIX_FMT_YUV420P), true),
        Some(AV_PIX_FMT_YUVJ422P) => (Some(AV_PIX_FMT_YUV422P), true),
        Some(AV_PIX_FMT_YUVJ440P) => (Some(AV_PIX_FMT_YUV440P), true),
        Some(AV_PIX_FMT_YUVJ444P) => (Some(AV_PIX_FMT_YUV444P), true),
        Some(AV_PIX_FMT_YUVJ411P) => (Some(AVPixelFormat::AV_PIX_FMT_YUV411P), true),
        other => (other, false),
    }
}
