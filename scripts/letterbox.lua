-- Bars that give the picture another shape.

-- Bars end on even lines: between two lines that share their colour, an edge would bleed.
local function even(pixels)
  return math.max(0, 2 * math.floor(pixels / 2 + 0.5))
end

return {
  version = 1,
  doc = "Bars above and below, or at the sides, so that the picture has another shape.",
  params = {
    aspect = { type = "number", default = 2.39, min = 0.2, max = 10, doc = "Width over height of what stays to be seen: 2.39, 1.85, 1.33, 1, 0.5625 ..." },
    colour = { type = "colour", default = "#000000", doc = "Of the bars." },
    close = { type = "time", default = 0, doc = "How long the bars take to glide in; 0 has them there from the first picture." },
  },
  cost = 4,
  run = function(node)
    local p = node.params
    local w, h = node.width, node.height
    local high = even((h - w / p.aspect) / 2)
    local wide = even((w - h * p.aspect) / 2)
    return function(n)
      local picture = node.clip:picture(n)
      local part = 1
      if p.close > 0 then
        local t = math.clamp(n / node.fps / p.close, 0, 1)
        part = t * t * (3 - 2 * t)
      end
      local paint = { fill = p.colour }
      if high * part > 0 then
        picture:rectangle(0, 0, w, high * part, paint)
        picture:rectangle(0, h - high * part, w, high * part, paint)
      elseif wide * part > 0 then
        picture:rectangle(0, 0, wide * part, h, paint)
        picture:rectangle(w - wide * part, 0, wide * part, h, paint)
      end
      return picture
    end
  end,
}
