//! Shapes and text on frames, as scripts draw them.

use mlua::prelude::LuaResult;
use mlua::{AnyUserData, Lua, Table, UserDataMethods};
use storyreel_pixels::PixelError;
use storyreel_pixels::draw::{Ends, Paint, Pen, draw};
use storyreel_pixels::path::Outline;
use storyreel_pixels::text::{self, Align, Shadow, TextStyle};

use super::arguments::{Colour, Options, Points};
use super::frame::{LuaFrame, apart};

fn told(error: PixelError) -> mlua::Error {
    mlua::Error::runtime(error.to_string())
}

/// `{fill = "#fff", stroke = "#000", width = 2, ends = "round", dashes = {4, 4}}`.
fn paint(mut options: Options<'_>) -> LuaResult<Paint> {
    let fill: Option<Colour> = options.get("fill")?;
    let stroke: Option<Colour> = options.get("stroke")?;
    let ends: String = options.or("ends", "butt".into())?;
    let pen = Pen {
        width: options.or("width", 1.0)?,
        colour: stroke.map_or([1.0; 4], |colour| colour.0),
        ends: Ends::named(&ends).map_err(told)?,
        dashes: options.or("dashes", Vec::new())?,
    };
    let even_odd = options.or("even_odd", false)?;
    options.end()?;
    let nothing = fill.is_none() && stroke.is_none();
    let fill = if nothing { Some([1.0; 4]) } else { fill.map(|colour| colour.0) };
    Ok(Paint { fill, stroke: stroke.map(|_| pen), even_odd })
}

fn shape(
    lua: &Lua,
    this: &AnyUserData,
    outline: LuaResult<Outline>,
    options: Option<&Table>,
) -> LuaResult<()> {
    let outline = outline?;
    let paint = paint(Options::of(lua, "a shape", options))?;
    let mut frame = this.borrow_mut::<LuaFrame>()?;
    apart(lua, || draw(&mut frame.0, &outline, &paint))
}

/// Adds the methods that draw.
pub fn methods<M: UserDataMethods<LuaFrame>>(methods: &mut M) {
    methods.add_function("rectangle", |lua, (this, x, y, w, h, options): Sided| {
        shape(lua, &this, Outline::rectangle(x, y, w, h).map_err(told), options.as_ref())?;
        Ok(this)
    });
    methods.add_function("rounded", |lua, (this, x, y, w, h, radius, options): Rounded| {
        shape(lua, &this, Outline::rounded(x, y, w, h, radius).map_err(told), options.as_ref())?;
        Ok(this)
    });
    methods.add_function("ellipse", |lua, (this, x, y, across, down, options): Sided| {
        shape(lua, &this, Outline::ellipse(x, y, across, down).map_err(told), options.as_ref())?;
        Ok(this)
    });
    methods.add_function("polygon", |lua, (this, points, options): (AnyUserData, Points, Option<Table>)| {
        shape(lua, &this, Outline::polygon(&points.0).map_err(told), options.as_ref())?;
        Ok(this)
    });
    methods.add_function("line", |lua, (this, points, options): (AnyUserData, Points, Option<Table>)| {
        let mut paint = paint(Options::of(lua, "a line", options.as_ref()))?;
        if let Some(fill) = paint.fill.take().filter(|_| paint.stroke.is_none()) {
            paint.stroke = Some(Pen { colour: fill, ..Pen::default() });
        }
        let outline = Outline::polyline(&points.0).map_err(told)?;
        {
            let mut frame = this.borrow_mut::<LuaFrame>()?;
            apart(lua, || draw(&mut frame.0, &outline, &paint))?;
        }
        Ok(this)
    });
    methods.add_function("path", |lua, (this, words, options): (AnyUserData, String, Option<Table>)| {
        shape(lua, &this, Outline::parse(&words).map_err(told), options.as_ref())?;
        Ok(this)
    });
    methods.add_function("text", |lua, (this, words, options): (AnyUserData, String, Option<Table>)| {
        let (x, y, style) = style(Options::of(lua, "text", options.as_ref()))?;
        {
            let mut frame = this.borrow_mut::<LuaFrame>()?;
            apart(lua, || text::draw(&mut frame.0, &words, x, y, &style).map(drop))?;
        }
        Ok(this)
    });
}

type Sided = (AnyUserData, f32, f32, f32, f32, Option<Table>);
type Rounded = (AnyUserData, f32, f32, f32, f32, f32, Option<Table>);

/// Gives scripts `measure_text`.
pub fn give(lua: &Lua) -> LuaResult<()> {
    lua.globals().set(
        "measure_text",
        lua.create_function(|lua, (words, options): (String, Option<Table>)| {
            let (_, _, style) = style(Options::of(lua, "measure_text", options.as_ref()))?;
            let size = apart(lua, || text::measure(&words, &style))?;
            Ok((size.width, size.height, size.lines))
        })?,
    )
}

/// Where a text lies and how it is set.
fn style(mut options: Options<'_>) -> LuaResult<(f32, f32, TextStyle)> {
    let none = TextStyle::default();
    let (x, y) = (options.or("x", 0.0)?, options.or("y", 0.0)?);
    let align: String = options.or("align", "left".into())?;
    let outline: Option<f32> = options.get("outline")?;
    let outline_colour: Colour = options.or("outline_colour", Colour([0.0, 0.0, 0.0, 1.0]))?;
    let shadow: Option<f32> = options.get("shadow")?;
    let shadow_colour: Colour = options.or("shadow_colour", Colour([0.0, 0.0, 0.0, 0.6]))?;
    let shadow_blur: Option<f32> = options.get("shadow_blur")?;
    let style = TextStyle {
        size: options.or("size", none.size)?,
        weight: options.or("weight", none.weight)?,
        colour: options.or("colour", Colour(none.colour))?.0,
        align: Align::named(&align).map_err(told)?,
        width: options.get("width")?,
        leading: options.or("leading", none.leading)?,
        outline: outline.map(|width| (width, outline_colour.0)),
        shadow: shadow.map(|distance| Shadow {
            across: distance,
            down: distance,
            blur: shadow_blur.unwrap_or(distance),
            colour: shadow_colour.0,
        }),
    };
    options.end()?;
    Ok((x, y, style))
}
