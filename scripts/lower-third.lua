-- Who speaks: a bar grows, and a plate with name and role slides out from behind it.

-- Fast at first, then gently to rest.
local function glide(t)
  t = 1 - math.clamp(t, 0, 1)
  return 1 - t * t * t
end

return {
  version = 1,
  doc = "A name and a role in the lower third: they slide in, stay, and slide out.",
  params = {
    name = { type = "text", doc = "Who it is." },
    role = { type = "text", default = "", doc = "What they are or do; left out, there is one line." },
    from = { type = "time", default = 0.6, doc = "When it slides in." },
    to = { type = "time", optional = true, doc = "When it is gone; where not written, after `hold`." },
    hold = { type = "time", default = 4, doc = "How long it stays, at most until the shot ends." },
    slide = { type = "time", default = 0.6, doc = "How long it takes to slide in, and out." },
    side = { type = "choice", choices = { "left", "right" }, default = "left", doc = "On which side it lies." },
    size = { type = "number", default = 5.2, min = 1, max = 20, doc = "Of the name, in hundredths of the picture's height." },
    colour = { type = "colour", default = "#ffffff", doc = "Of the letters." },
    accent = { type = "colour", default = "#f2b134", doc = "Of the bar." },
    plate = { type = "colour", default = "#10161ecc", doc = "Of the plate behind the letters; its last two digits are its opacity." },
  },
  cost = 8,
  run = function(node)
    local p = node.params
    local w, h = node.width, node.height
    local size = math.max(8, p.size * h / 100)
    local small = math.max(7, size * 0.6)
    local name = { size = size, weight = 500, colour = p.colour, leading = 1.15 }
    local role = { size = small, weight = 400, colour = p.colour:sub(1, 7) .. "d0", leading = 1.25 }
    local inside = size * 0.55
    local wide, high = measure_text(p.name, name)
    local below_wide, below_high = 0, 0
    if p.role ~= "" then
      below_wide, below_high = measure_text(p.role, role)
    end
    local bar = math.max(2, math.floor(size * 0.13 + 0.5))
    local across = math.min(math.ceil(math.max(wide, below_wide) + 2 * inside), math.floor(w * 0.84))
    local down = math.ceil(high + below_high + inside * 1.05)

    local plate = frame(across, down, p.plate)
    name.x, name.y = inside, inside * 0.42
    plate:text(p.name, name)
    if p.role ~= "" then
      role.x, role.y = inside, inside * 0.42 + high
      plate:text(p.role, role)
    end

    local right = p.side == "right"
    local edge = math.floor(w * 0.06)
    local x = if right then w - edge - bar else edge
    local y = math.floor(h * 0.88 - down)
    local to = math.min(p.to or (p.from + p.hold), node.seconds)

    return function(n)
      local picture = node.clip:picture(n)
      local t = n / node.fps
      local slide = math.max(p.slide, 1e-6)
      -- The bar leads on the way in, and leaves last on the way out.
      local grown = glide((t - p.from) / (slide * 0.6)) * glide((to - t) / (slide * 0.6))
      local out = glide((t - p.from - slide * 0.25) / slide) * glide((to - t - slide * 0.25) / slide)
      if grown <= 0 then
        return picture
      end
      local seen = math.floor(across * out + 0.5)
      if seen > 0 then
        -- What is still behind the bar is cut off.
        local part = plate:crop(if right then 0 else across - seen, 0, seen, down)
        picture:paste(part, { x = if right then x - seen else x + bar, y = y })
      end
      local tall = down * grown
      picture:rectangle(x, y + (down - tall) / 2, bar, tall, { fill = p.accent })
      return picture
    end
  end,
}
