//! Frames as scripts have them: every whole-frame operation, in place where it changes pixels one by one, as a new
//! frame where it looks around.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use mlua::prelude::LuaResult;
use mlua::{AnyUserData, FromLuaMulti, Lua, Table, UserData, UserDataMethods, Value};
use storyreel_pixels::blend::{Blend, blend};
use storyreel_pixels::colour::{self, Levels};
use storyreel_pixels::convolve::{self, Kernel};
use storyreel_pixels::curve::{Curve, curves};
use storyreel_pixels::expression::{Expression, Moment, Names};
use storyreel_pixels::generate::{self, Grain};
use storyreel_pixels::lut::{Lut, lut};
use storyreel_pixels::warp::{self, Beyond, Manner, Sampling};
use storyreel_pixels::{Frame, PixelError, arithmetic, blur, cube, layout, measure, resize};

use super::Running;
use super::arguments::{Colour, Options, Points, Three};
use super::painting;

/// A frame in a script's hands.
pub struct LuaFrame(pub Frame);

/// A colour table in a script's hands.
pub struct LuaLut(pub Arc<Lut>);

impl UserData for LuaLut {}

/// A compiled expression in a script's hands.
struct LuaExpression {
    expression: Expression,
    parameters: Vec<String>,
}

impl UserData for LuaExpression {
    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        methods.add_method(
            "run",
            |lua, this, (frame, values, inputs): (AnyUserData, Option<Table>, Option<Table>)| {
                let mut frames = vec![frame];
                if let Some(inputs) = inputs {
                    frames.extend(inputs.sequence_values::<AnyUserData>().collect::<LuaResult<Vec<_>>>()?);
                }
                let parameters = parameters(&this.parameters, values.as_ref())?;
                run_expression(lua, &this.expression, &frames, &parameters)
            },
        );
    }
}

/// The bindings' state.
pub fn running(lua: &Lua) -> LuaResult<Arc<Running>> {
    lua.app_data_ref::<Arc<Running>>()
        .map(|running| running.clone())
        .ok_or_else(|| mlua::Error::runtime("this works only while a node runs"))
}

/// Does `work` apart from the script's own time; where the account is full, once more after what the script is done
/// with has been let go.
pub fn apart<T>(lua: &Lua, mut work: impl FnMut() -> storyreel_pixels::Result<T>) -> LuaResult<T> {
    let running = running(lua)?;
    let mut done = running.meter.apart(&mut work);
    if let Err(PixelError::Memory { .. }) = done {
        lua.gc_collect()?;
        done = running.meter.apart(&mut work);
    }
    running.meter.heavy().map_err(|excess| mlua::Error::runtime(excess.told(running.meter.limits())))?;
    done.map_err(|error| mlua::Error::runtime(error.to_string()))
}

/// A method that changes a frame and gives it back, so that calls can follow each other.
pub fn changes<M, A>(
    methods: &mut M,
    name: &'static str,
    change: impl Fn(&mut Frame, &A) -> storyreel_pixels::Result<()> + Send + Sync + 'static,
) where
    M: UserDataMethods<LuaFrame>,
    A: FromLuaMulti,
{
    methods.add_function(name, move |lua, (this, args): (AnyUserData, Args<A>)| {
        {
            let mut frame = this.borrow_mut::<LuaFrame>()?;
            apart(lua, || change(&mut frame.0, &args.0))?;
        }
        Ok(this)
    });
}

/// A method that makes a new frame.
pub fn makes<M, A>(
    methods: &mut M,
    name: &'static str,
    make: impl Fn(&Frame, &A) -> storyreel_pixels::Result<Frame> + Send + Sync + 'static,
) where
    M: UserDataMethods<LuaFrame>,
    A: FromLuaMulti,
{
    methods.add_method(name, move |lua, this, args: Args<A>| {
        apart(lua, || make(&this.0, &args.0)).map(LuaFrame)
    });
}

/// Arguments that come after the frame.
pub struct Args<A>(pub A);

impl<A: FromLuaMulti> FromLuaMulti for Args<A> {
    fn from_lua_multi(values: mlua::MultiValue, lua: &Lua) -> LuaResult<Self> {
        A::from_lua_multi(values, lua).map(Self)
    }
}

impl UserData for LuaFrame {
    fn add_fields<F: mlua::UserDataFields<Self>>(fields: &mut F) {
        fields.add_meta_field("__type", "frame");
        fields.add_field_method_get("width", |_, this| Ok(this.0.width()));
        fields.add_field_method_get("height", |_, this| Ok(this.0.height()));
    }

    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        colours(methods);
        others(methods);
        neighbours(methods);
        geometry(methods);
        numbers(methods);
        expressions(methods);
        painting::methods(methods);
        super::filter::frames(methods);
    }
}

fn colours<M: UserDataMethods<LuaFrame>>(methods: &mut M) {
    changes(methods, "fill", |frame, colour: &Colour| frame.fill(colour.opaque()));
    changes(methods, "add", |frame, value: &Three| arithmetic::add(frame, value.0));
    changes(methods, "multiply", |frame, value: &Three| arithmetic::multiply(frame, value.0));
    changes(methods, "clamp", |frame, (low, high): &(Option<f32>, Option<f32>)| {
        arithmetic::clamp(frame, low.unwrap_or(0.0), high.unwrap_or(1.0))
    });
    changes(methods, "invert", |frame, (): &()| {
        arithmetic::invert(frame);
        Ok(())
    });
    changes(methods, "saturation", |frame, amount: &f32| colour::saturation(frame, *amount));
    changes(methods, "hue", |frame, degrees: &f32| colour::hue(frame, *degrees));
    changes(methods, "gamma", |frame, gamma: &Three| colour::gamma(frame, gamma.0));
    changes(methods, "contrast", |frame, (amount, pivot): &(f32, Option<f32>)| {
        colour::contrast(frame, *amount, pivot.unwrap_or(0.5))
    });
    changes(methods, "lift_gamma_gain", |frame, (lift, gamma, gain): &(Three, Three, Three)| {
        colour::lift_gamma_gain(frame, lift.0, gamma.0, gain.0)
    });
    changes(methods, "luma", |frame, (): &()| {
        measure::luma(frame);
        Ok(())
    });
    changes(methods, "threshold", |frame, (level, softness): &(f32, Option<f32>)| {
        measure::threshold(frame, *level, softness.unwrap_or(0.0))
    });
    methods.add_function("levels", |lua, (this, options): (AnyUserData, Option<Table>)| {
        let mut options = Options::of(lua, "levels", options.as_ref());
        let levels = Levels {
            in_low: options.or("in_low", 0.0)?,
            in_high: options.or("in_high", 1.0)?,
            gamma: options.or("gamma", 1.0)?,
            out_low: options.or("out_low", 0.0)?,
            out_high: options.or("out_high", 1.0)?,
        };
        options.end()?;
        apart(lua, || colour::levels(&mut borrowed(&this)?.0, levels))?;
        Ok(this)
    });
    methods.add_function("matrix", |lua, (this, rows): (AnyUserData, Vec<Vec<f32>>)| {
        let mut matrix: colour::Matrix = [[0.0; 4]; 3];
        if rows.len() != 3 || rows.iter().any(|row| !matches!(row.len(), 3 | 4)) {
            return Err(mlua::Error::runtime("a colour matrix has three rows of three or four numbers"));
        }
        for (to, from) in matrix.iter_mut().zip(&rows) {
            to[..from.len()].copy_from_slice(from);
        }
        apart(lua, || colour::matrix(&mut borrowed(&this)?.0, &matrix))?;
        Ok(this)
    });
    methods.add_function(
        "curves",
        |lua, (this, red, green, blue): (AnyUserData, Points, Option<Points>, Option<Points>)| {
            let curve = |points: &Points| apart(lua, || Curve::new(&points.0));
            let red = curve(&red)?;
            let green = green.as_ref().map(curve).transpose()?.unwrap_or_else(|| red.clone());
            let blue = blue.as_ref().map(curve).transpose()?.unwrap_or_else(|| red.clone());
            apart(lua, || {
                curves(&mut borrowed(&this)?.0, [&red, &green, &blue]);
                Ok(())
            })?;
            Ok(this)
        },
    );
    methods.add_function("lut", |lua, (this, table, amount): (AnyUserData, AnyUserData, Option<f32>)| {
        let table = table.borrow::<LuaLut>()?.0.clone();
        apart(lua, || {
            let frame = &mut borrowed(&this)?.0;
            match amount {
                None => lut(frame, &table),
                Some(amount) => {
                    let mut graded = frame.copy()?;
                    lut(&mut graded, &table);
                    arithmetic::mix(frame, &graded, amount)?;
                }
            }
            Ok(())
        })?;
        Ok(this)
    });
}

/// The frame of a value that was seen to be one.
fn borrowed(this: &AnyUserData) -> storyreel_pixels::Result<mlua::UserDataRefMut<LuaFrame>> {
    this.borrow_mut::<LuaFrame>()
        .map_err(|_| PixelError::Argument("a frame is in use by the same call twice".into()))
}

fn others<M: UserDataMethods<LuaFrame>>(methods: &mut M) {
    let two = |methods: &mut M,
               name: &'static str,
               change: fn(&mut Frame, &Frame, f32) -> storyreel_pixels::Result<()>,
               default: f32| {
        methods.add_function(
            name,
            move |lua, (this, other, amount): (AnyUserData, AnyUserData, Option<f32>)| {
                let other = other.borrow::<LuaFrame>()?;
                apart(lua, || change(&mut borrowed(&this)?.0, &other.0, amount.unwrap_or(default)))?;
                Ok(this)
            },
        );
    };
    two(methods, "add_frame", arithmetic::add_frame, 1.0);
    two(methods, "subtract_frame", |frame, other, _| arithmetic::subtract_frame(frame, other), 1.0);
    two(methods, "multiply_frame", |frame, other, _| arithmetic::multiply_frame(frame, other), 1.0);
    two(methods, "mix", arithmetic::mix, 0.5);
    two(methods, "alpha_from", |frame, other, _| frame.set_alpha_from(other), 1.0);
    changes(methods, "alpha", |frame, value: &f32| frame.set_alpha(*value));
    methods.add_function("mix_by", |lua, (this, other, mask): (AnyUserData, AnyUserData, AnyUserData)| {
        let (other, mask) = (other.borrow::<LuaFrame>()?, mask.borrow::<LuaFrame>()?);
        apart(lua, || arithmetic::mix_by(&mut borrowed(&this)?.0, &other.0, &mask.0))?;
        Ok(this)
    });
    methods.add_function(
        "blend",
        |lua, (this, other, options): (AnyUserData, AnyUserData, Option<Table>)| {
            let mut options = Options::of(lua, "blend", options.as_ref());
            let mode: String = options.or("mode", "normal".into())?;
            let opacity: f32 = options.or("opacity", 1.0)?;
            let mask: Option<AnyUserData> = options.get("mask")?;
            options.end()?;
            let other = other.borrow::<LuaFrame>()?;
            let mask = mask.as_ref().map(AnyUserData::borrow::<LuaFrame>).transpose()?;
            apart(lua, || {
                let mode = Blend::named(&mode)?;
                blend(&mut borrowed(&this)?.0, &other.0, mode, opacity, mask.as_ref().map(|mask| &mask.0))
            })?;
            Ok(this)
        },
    );
    methods.add_function("paste", |lua, (this, over, options): (AnyUserData, AnyUserData, Option<Table>)| {
        let mut options = Options::of(lua, "paste", options.as_ref());
        let (x, y): (f32, f32) = (options.or("x", 0.0)?, options.or("y", 0.0)?);
        let opacity: f32 = options.or("opacity", 1.0)?;
        options.end()?;
        let over = over.borrow::<LuaFrame>()?;
        apart(lua, || layout::paste(&mut borrowed(&this)?.0, &over.0, x, y, opacity))?;
        Ok(this)
    });
    makes(methods, "copy", |frame, (): &()| frame.copy());
}

fn neighbours<M: UserDataMethods<LuaFrame>>(methods: &mut M) {
    makes(methods, "blur", |frame, radius: &f32| blur::gaussian(frame, *radius));
    makes(methods, "sharpen", |frame, (radius, amount, threshold): &(f32, f32, Option<f32>)| {
        convolve::sharpen(frame, *radius, *amount, threshold.unwrap_or(0.0))
    });
    makes(methods, "edges", |frame, strength: &Option<f32>| convolve::edges(frame, strength.unwrap_or(1.0)));
    makes(methods, "convolve", |frame, (rows, normalize): &(Vec<Vec<f32>>, Option<bool>)| {
        let width = rows.first().map_or(0, Vec::len);
        if rows.iter().any(|row| row.len() != width) {
            return Err(PixelError::Argument("`convolve` wants rows of one length".into()));
        }
        let kernel = Kernel::new(width, rows.len(), &rows.concat())?;
        convolve::convolve(frame, &if normalize.unwrap_or(false) { kernel.normalized() } else { kernel })
    });
    methods.add_function("grain", |lua, (this, options): (AnyUserData, Option<Table>)| {
        let running = running(lua)?;
        let mut options = Options::of(lua, "grain", options.as_ref());
        let grain = Grain {
            strength: options.or("strength", 0.03)?,
            size: options.or("size", 1.0)?,
            colour: options.or("colour", 0.0)?,
            shade: options.or("shade", 0.0)?,
            seed: running.seed,
            frame: running.picture.load(Ordering::Relaxed) as u32,
        };
        options.end()?;
        apart(lua, || generate::grain(&mut borrowed(&this)?.0, grain))?;
        Ok(this)
    });
}

fn manner(options: &mut Options<'_>) -> LuaResult<Manner> {
    let beyond: String = options.or("beyond", "edge".into())?;
    let sampling: String = options.or("sampling", "bilinear".into())?;
    let told = |error: PixelError| mlua::Error::runtime(error.to_string());
    Ok(Manner {
        beyond: Beyond::named(&beyond).map_err(told)?,
        sampling: Sampling::named(&sampling).map_err(told)?,
    })
}

fn geometry<M: UserDataMethods<LuaFrame>>(methods: &mut M) {
    makes(methods, "resize", |frame, (width, height, filter): &(usize, usize, Option<String>)| {
        let filter = resize::Filter::named(filter.as_deref().unwrap_or("bicubic"))?;
        resize::resize(frame, *width, *height, filter)
    });
    makes(methods, "crop", |frame, (x, y, width, height): &(usize, usize, usize, usize)| {
        layout::crop(frame, *x, *y, *width, *height)
    });
    changes(methods, "flip_across", |frame, (): &()| {
        layout::flip_across(frame);
        Ok(())
    });
    changes(methods, "flip_down", |frame, (): &()| {
        layout::flip_down(frame);
        Ok(())
    });
    makes(methods, "turn", |frame, quarters: &i32| layout::turn(frame, *quarters));
    makes(methods, "fringe", |frame, amount: &f32| warp::fringe(frame, *amount));
    methods.add_method("rotate", |lua, this, (degrees, options): (f32, Option<Table>)| {
        let mut options = Options::of(lua, "rotate", options.as_ref());
        let manner = manner(&mut options)?;
        options.end()?;
        apart(lua, || warp::rotate(&this.0, degrees, manner)).map(LuaFrame)
    });
    methods.add_method("lens", |lua, this, options: Option<Table>| {
        let mut options = Options::of(lua, "lens", options.as_ref());
        let (k1, k2): (f32, f32) = (options.or("k1", 0.0)?, options.or("k2", 0.0)?);
        let zoom: f32 = options.or("zoom", 1.0)?;
        let manner = manner(&mut options)?;
        options.end()?;
        apart(lua, || warp::lens(&this.0, k1, k2, zoom, manner)).map(LuaFrame)
    });
    // Moves, turns and scales about the middle.
    methods.add_method("move", |lua, this, options: Option<Table>| {
        let mut options = Options::of(lua, "move", options.as_ref());
        let (x, y): (f32, f32) = (options.or("x", 0.0)?, options.or("y", 0.0)?);
        let (degrees, scale): (f32, f32) = (options.or("degrees", 0.0)?, options.or("scale", 1.0)?);
        let manner = manner(&mut options)?;
        options.end()?;
        let matrix = about_the_middle(this.0.size(), (x, y), degrees, scale)?;
        apart(lua, || warp::matrix(&this.0, &matrix, manner)).map(LuaFrame)
    });
    methods.add_method("corners", |lua, this, (points, options): (Points, Option<Table>)| {
        let mut options = Options::of(lua, "corners", options.as_ref());
        let manner = manner(&mut options)?;
        options.end()?;
        let corners: [(f32, f32); 4] =
            points.0.try_into().map_err(|_| mlua::Error::runtime("`corners` wants four points"))?;
        apart(lua, || warp::matrix(&this.0, &warp::to_corners(this.0.size(), corners)?, manner)).map(LuaFrame)
    });
    methods.add_method("displace", |lua, this, (map, x, y): (AnyUserData, f32, Option<f32>)| {
        let map = map.borrow::<LuaFrame>()?;
        apart(lua, || warp::displace(&this.0, &map.0, (x, y.unwrap_or(x)), Manner::default())).map(LuaFrame)
    });
}

fn about_the_middle(
    (width, height): (usize, usize),
    (x, y): (f32, f32),
    degrees: f32,
    scale: f32,
) -> LuaResult<[[f32; 3]; 3]> {
    if !(scale.is_finite() && scale > 1e-4) {
        return Err(mlua::Error::runtime("`scale` is a number above 0"));
    }
    let (sin, cos) = libm::sincosf(degrees.to_radians());
    let (middle_x, middle_y) = (width as f32 / 2.0, height as f32 / 2.0);
    let (a, b) = (cos * scale, -sin * scale);
    let (c, d) = (sin * scale, cos * scale);
    Ok([
        [a, b, middle_x + x - a * middle_x - b * middle_y],
        [c, d, middle_y + y - c * middle_x - d * middle_y],
        [0.0, 0.0, 1.0],
    ])
}

fn numbers<M: UserDataMethods<LuaFrame>>(methods: &mut M) {
    methods.add_method("pixel", |lua, this, (x, y): (usize, usize)| apart(lua, || this.0.pixel(x, y)));
    methods.add_method("statistics", |lua, this, ()| {
        let found = apart(lua, || Ok(measure::statistics(&this.0)))?;
        let told = lua.create_table()?;
        let channels = ["r", "g", "b", "l"];
        for (at, name) in channels.into_iter().enumerate() {
            let one = lua.create_table()?;
            one.raw_set("mean", found.mean[at])?;
            one.raw_set("deviation", found.deviation[at])?;
            one.raw_set("min", found.least[at])?;
            one.raw_set("max", found.greatest[at])?;
            told.raw_set(name, one)?;
        }
        Ok(told)
    });
    methods.add_method("difference", |lua, this, other: AnyUserData| {
        let other = other.borrow::<LuaFrame>()?;
        apart(lua, || measure::difference(&this.0, &other.0))
    });
}

fn parameters(names: &[String], values: Option<&Table>) -> LuaResult<Vec<f32>> {
    let value = |name: &String| -> LuaResult<f32> {
        let found: Value = match values {
            Some(values) => values.raw_get(name.as_str())?,
            None => Value::Nil,
        };
        match found {
            Value::Number(number) => Ok(number as f32),
            Value::Integer(number) => Ok(number as f32),
            Value::Boolean(value) => Ok(f32::from(u8::from(value))),
            other => Err(mlua::Error::runtime(format!(
                "`{name}` of the expression is a {}, not a number",
                other.type_name()
            ))),
        }
    };
    names.iter().map(value).collect()
}

fn run_expression(
    lua: &Lua,
    expression: &Expression,
    frames: &[AnyUserData],
    parameters: &[f32],
) -> LuaResult<LuaFrame> {
    let running = running(lua)?;
    let frames: Vec<_> = frames.iter().map(|frame| frame.borrow::<LuaFrame>()).collect::<LuaResult<_>>()?;
    let frames: Vec<&Frame> = frames.iter().map(|frame| &frame.0).collect();
    let picture = running.picture.load(Ordering::Relaxed);
    let moment = Moment { seconds: (picture as f64 / running.rate) as f32, picture: picture as u32 };
    apart(lua, || expression.run(&frames, parameters, moment)).map(LuaFrame)
}

/// Names of a table's keys, in their alphabet.
fn sorted_names(values: Option<&Table>) -> LuaResult<Vec<String>> {
    let Some(values) = values else { return Ok(Vec::new()) };
    let mut names: Vec<String> =
        values.pairs::<String, Value>().map(|pair| pair.map(|(name, _)| name)).collect::<LuaResult<_>>()?;
    names.sort();
    Ok(names)
}

fn expressions<M: UserDataMethods<LuaFrame>>(methods: &mut M) {
    methods.add_function(
        "map",
        |lua, (this, text, values, inputs): (AnyUserData, String, Option<Table>, Option<Table>)| {
            let mut frames = vec![this];
            if let Some(inputs) = &inputs {
                frames.extend(inputs.sequence_values::<AnyUserData>().collect::<LuaResult<Vec<_>>>()?);
            }
            let names = sorted_names(values.as_ref())?;
            let expression = compiled(lua, &text, frames.len(), &names)?;
            run_expression(lua, &expression, &frames, &parameters(&names, values.as_ref())?)
        },
    );
}

/// The expression of that text; the same text is compiled once.
fn compiled(lua: &Lua, text: &str, inputs: usize, names: &[String]) -> LuaResult<Expression> {
    type Known = std::collections::BTreeMap<(String, usize, Vec<String>), Expression>;
    const KEPT: usize = 64;
    let seed = running(lua)?.seed;
    let key = (text.to_owned(), inputs, names.to_vec());
    if let Some(known) = lua.app_data_ref::<Known>().and_then(|known| known.get(&key).cloned()) {
        return Ok(known);
    }
    let parameters: Vec<&str> = names.iter().map(String::as_str).collect();
    let made = apart(lua, || Expression::compile(text, Names::new(inputs, &parameters), seed))?;
    let mut known = lua.remove_app_data::<Known>().unwrap_or_default();
    if known.len() >= KEPT {
        known.clear();
    }
    known.insert(key, made.clone());
    lua.set_app_data(known);
    Ok(made)
}

/// Gives scripts what makes frames: `frame(...)`, `gradient`, `clouds`, `expression`, `cube`.
pub fn give(lua: &Lua) -> LuaResult<()> {
    let globals = lua.globals();
    globals.set(
        "frame",
        lua.create_function(|lua, (width, height, colour): (usize, usize, Option<Colour>)| {
            let budget = running(lua)?.budget.clone();
            let colour = colour.unwrap_or(Colour([0.0, 0.0, 0.0, 1.0]));
            let made = apart(lua, || {
                let mut made = Frame::constant(width, height, colour.opaque(), &budget)?;
                if colour.0[3] < 1.0 {
                    made.set_alpha(colour.0[3])?;
                }
                Ok(made)
            })?;
            Ok(LuaFrame(made))
        })?,
    )?;
    globals.set(
        "expression",
        lua.create_function(|lua, (text, names, inputs): (String, Option<Vec<String>>, Option<usize>)| {
            let names = names.unwrap_or_default();
            let expression = compiled(lua, &text, inputs.unwrap_or(0) + 1, &names)?;
            Ok(LuaExpression { expression, parameters: names })
        })?,
    )?;
    globals.set(
        "cube",
        lua.create_function(|lua, text: String| {
            apart(lua, || cube::parse(&text)).map(|table| LuaLut(Arc::new(table)))
        })?,
    )?;
    generators(lua)?;
    painting::give(lua)
}

fn generators(lua: &Lua) -> LuaResult<()> {
    let globals = lua.globals();
    globals.set(
        "chance",
        lua.create_function(|lua, (a, b, c): (Option<u32>, Option<u32>, Option<u32>)| {
            let seed = running(lua)?.seed;
            Ok(generate::chance(seed, [a.unwrap_or(0), b.unwrap_or(0), c.unwrap_or(0)]))
        })?,
    )?;
    globals.set(
        "vignette_mask",
        lua.create_function(|lua, (width, height, options): (usize, usize, Option<Table>)| {
            let budget = running(lua)?.budget.clone();
            let mut options = Options::of(lua, "vignette_mask", options.as_ref());
            let (radius, softness): (f32, f32) = (options.or("radius", 0.75)?, options.or("softness", 0.6)?);
            let roundness: f32 = options.or("roundness", 0.5)?;
            options.end()?;
            let size = (width, height);
            apart(lua, || generate::vignette(size, radius, softness, roundness, &budget)).map(LuaFrame)
        })?,
    )?;
    globals.set(
        "clouds",
        lua.create_function(|lua, (width, height, options): (usize, usize, Option<Table>)| {
            let running = running(lua)?;
            let mut options = Options::of(lua, "clouds", options.as_ref());
            let (size, octaves): (f32, u32) = (options.or("size", 64.0)?, options.or("octaves", 4)?);
            let time: f32 = options.or("time", 0.0)?;
            options.end()?;
            let made =
                || generate::clouds((width, height), size, octaves, time, running.seed, &running.budget);
            apart(lua, made).map(LuaFrame)
        })?,
    )?;
    globals.set(
        "gradient",
        lua.create_function(|lua, (width, height, options): (usize, usize, Table)| {
            let budget = running(lua)?.budget.clone();
            let mut options = Options::of(lua, "gradient", Some(&options));
            let stops: Vec<Table> = options.or("stops", Vec::new())?;
            let stop = |stop: &Table| -> LuaResult<(f32, [f32; 3])> {
                Ok((stop.raw_get(1)?, stop.raw_get::<Colour>(2)?.opaque()))
            };
            let stops: Vec<_> = stops.iter().map(stop).collect::<LuaResult<_>>()?;
            let from: Vec<f32> = options.or("from", vec![0.0, 0.0])?;
            let to: Option<Vec<f32>> = options.get("to")?;
            let radius: Option<f32> = options.get("radius")?;
            options.end()?;
            let point = |point: &[f32]| match point {
                [x, y] => Ok((*x, *y)),
                _ => Err(mlua::Error::runtime("a place is two numbers: {x, y}")),
            };
            let run = match (to, radius) {
                (_, Some(radius)) => generate::Run::Radial(point(&from)?, radius),
                (to, None) => {
                    let to = to.unwrap_or_else(|| vec![0.0, height as f32]);
                    generate::Run::Linear(point(&from)?, point(&to)?)
                }
            };
            apart(lua, || generate::gradient(width, height, run, &stops, &budget)).map(LuaFrame)
        })?,
    )
}
