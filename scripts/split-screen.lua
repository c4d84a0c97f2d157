-- Several shots at once: side by side, one above the other, or in four quarters.

return {
  version = 1,
  doc = "Several shots on one screen: side by side, stacked, or in quarters.",
  inputs = {
    clip = { type = "clip", doc = "The first picture." },
    others = { type = "clip", many = true, doc = "The others, in order: shots (`scene.shot`), footage or stills." },
  },
  params = {
    layout = { type = "choice", choices = { "side-by-side", "stacked", "quad" }, default = "side-by-side", doc = "How they lie: side-by-side, stacked, or quad (two by two)." },
    gap = { type = "number", default = 0.6, min = 0, max = 20, doc = "Between them, in hundredths of the picture's height." },
    frame = { type = "number", default = 0, min = 0, max = 20, doc = "Around all of them, in hundredths of the picture's height." },
    colour = { type = "colour", default = "#0b0b0d", doc = "Of gap and frame." },
  },
  cost = 45,
  run = function(node)
    local p = node.params
    local w, h = node.width, node.height
    local clips = { node.clip, unpack(node.others) }
    local across, down = #clips, 1
    if p.layout == "stacked" then
      across, down = 1, #clips
    elseif p.layout == "quad" then
      if #clips ~= 4 then
        error(`\`quad\` shows four pictures: \`others\` names three, not {#node.others}`)
      end
      across, down = 2, 2
    end

    local function even(pixels)
      return 2 * math.floor(pixels / 2 + 0.5)
    end
    local gap, around = even(p.gap * h / 100), even(p.frame * h / 100)
    if p.gap > 0 then
      gap = math.max(2, gap)
    end
    -- Cells end on even pixels, where colours do not bleed from one into the next.
    local function ends(whole, count, at)
      local free = whole - 2 * around - gap * (count - 1)
      local from = around + even(free * at / count) + gap * at
      local to = around + even(free * (at + 1) / count) + gap * at
      return from, math.min(to, whole) - from
    end

    local cells = {}
    for i, clip in ipairs(clips) do
      local column, row = (i - 1) % across, (i - 1) // across
      local x, wide = ends(w, across, column)
      local y, tall = ends(h, down, row)
      if wide < 2 or tall < 2 then
        error("`gap` and `frame` leave no room for the pictures")
      end
      -- The largest part of the cell's shape, from the picture's middle.
      local scale = math.max(wide / w, tall / h)
      local cut_wide = math.min(w, math.floor(wide / scale + 0.5))
      local cut_tall = math.min(h, math.floor(tall / scale + 0.5))
      table.insert(cells, {
        clip = clip, x = x, y = y, wide = wide, tall = tall,
        cut = { (w - cut_wide) // 2, (h - cut_tall) // 2, cut_wide, cut_tall },
      })
    end

    return function(n)
      local picture = frame(w, h, p.colour)
      for _, cell in ipairs(cells) do
        local seen = cell.clip:picture(n):crop(unpack(cell.cut))
        if seen.width ~= cell.wide or seen.height ~= cell.tall then
          seen = seen:resize(cell.wide, cell.tall, "area")
        end
        picture:paste(seen, { x = cell.x, y = cell.y })
      end
      return picture
    end
  end,
}
