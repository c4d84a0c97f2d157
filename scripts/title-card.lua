-- A title over the shot, or on a card of one colour: it rises a little as it comes, and a fine rule opens beneath it.

local function eased(t)
  t = math.clamp(t, 0, 1)
  return t * t * (3 - 2 * t)
end

-- The narrowest width at which `words` still break into as few lines as in `widest`: lines of nearly equal length.
local function balanced(words, style, widest)
  style.width = widest
  local _, _, lines = measure_text(words, style)
  local low, high = widest / lines * 0.8, widest
  for _ = 1, if lines > 1 then 8 else 0 do
    style.width = (low + high) / 2
    local width, _, count = measure_text(words, style)
    if count > lines or width > style.width then
      low = style.width
    else
      high = style.width
    end
  end
  style.width = high
  return select(2, measure_text(words, style))
end

-- A clear strip with `words` on it, across the whole picture.
local function strip(node, words, style, left, right)
  local widest = right - left
  local height = balanced(words, style, widest)
  -- Room for shadows and for what hangs below a line.
  local room = math.ceil(style.size * 0.4)
  local made = frame(node.width, math.ceil(height) + 2 * room, "#ffffff00")
  style.x = if style.align == "middle" then left + (widest - style.width) / 2 else left
  style.y = room
  made:text(words, style)
  return { frame = made, height = height, room = room }
end

return {
  version = 1,
  doc = "A title and what stands below it, over the shot or on a card; they come and go softly.",
  params = {
    title = { type = "text", doc = "The title." },
    subtitle = { type = "text", default = "", doc = "A smaller line below it: who made it, where, when." },
    position = { type = "choice", choices = { "middle", "top", "bottom", "left" }, default = "middle", doc = "Where: middle, top, bottom, or at the left below the middle." },
    size = { type = "number", default = 12, min = 2, max = 40, doc = "Of the title, in hundredths of the picture's height." },
    weight = { type = "number", default = 300, min = 300, max = 900, doc = "Of the title's letters: 300 fine, 900 heavy." },
    colour = { type = "colour", default = "#fbf8f1", doc = "Of the letters." },
    rule = { type = "boolean", default = true, doc = "Whether a fine line stands between title and subtitle." },
    shade = { type = "number", default = 0.35, min = 0, max = 1, doc = "How much the picture darkens while the title is there." },
    card = { type = "colour", optional = true, doc = "A ground of this colour instead of the shot." },
    from = { type = "time", default = 0.4, doc = "When the title comes." },
    to = { type = "time", optional = true, doc = "When it is gone; where not written, with the shot's end." },
    fade = { type = "time", default = 0.9, doc = "How long it takes to come, and to go." },
  },
  cost = 25,
  run = function(node)
    local p = node.params
    local w, h = node.width, node.height
    local align = if p.position == "left" then "left" else "middle"
    local left, right = w * 0.08, w * 0.92
    local size = p.size * h / 100
    local dark = { align = align, colour = p.colour, shadow_colour = "#00000080" }

    local function style(size, weight, leading)
      local one = table.clone(dark)
      one.size, one.weight, one.leading = size, weight, leading
      if not p.card then
        one.shadow, one.shadow_blur = 0.5 + size * 0.008, 0.5 + size * 0.07
      end
      return one
    end

    local title = strip(node, p.title, style(size, p.weight, 1.12), left, right)
    local small = math.max(7, size * 0.31)
    local subtitle = p.subtitle ~= "" and strip(node, p.subtitle, style(small, 400, 1.35), left, right)
    local ruled = p.rule and subtitle
    local gap = size * (if ruled then 0.34 else 0.16)

    local whole = title.height + (if subtitle then subtitle.height + gap * (if ruled then 1.9 else 1) else 0)
    local top = ({ middle = (h - whole) * 0.48, top = h * 0.1, bottom = h * 0.9 - whole, left = h * 0.84 - whole })[p.position]
    local beneath = top + title.height + gap
    local rise = 0.012 * h
    local to = p.to or node.seconds
    local ground = p.card and frame(w, h, p.card)

    -- How much of something that comes `later` seconds after the title is there.
    local function there(t, later)
      local fade = math.max(p.fade, 1e-6)
      return eased((t - p.from - later) / fade) * eased((to - t) / fade)
    end

    return function(n)
      local t = n / node.fps
      local first, second = there(t, 0), there(t, p.fade * 0.45)
      local picture = if ground then ground:copy() else node.clip:picture(n)
      if first <= 0 then
        return picture
      end
      if not ground then
        picture:multiply(1 - p.shade * first)
      end
      local drift = rise * (1 - eased((t - p.from) / math.max(p.fade * 1.6, 1e-6)))
      picture:paste(title.frame, { y = top - title.room + drift, opacity = first })
      if ruled then
        local long = size * 1.5 * second
        local from = if align == "left" then left + size * 0.03 else w / 2 - long / 2
        local thick = math.max(1, h / 500)
        if long > 0.5 then
          picture:rectangle(from, beneath, long, thick, { fill = p.colour:sub(1, 7) .. string.format("%02x", math.floor(200 * second)) })
        end
      end
      if subtitle then
        local y = beneath + (if ruled then gap * 0.9 else 0)
        picture:paste(subtitle.frame, { y = y - subtitle.room + drift, opacity = second })
      end
      return picture
    end
  end,
}
