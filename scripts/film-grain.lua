-- Grain as film has it: stronger in shadows than in light, another on every picture.
return {
  version = 2,
  doc = "Film grain: fine noise, stronger in shadows than in light, new on every picture.",
  params = {
    amount = { type = "number", default = 0.35, min = 0, max = 1, doc = "How much: 0 none, 1 pushed stock." },
    size = { type = "number", default = 1.4, min = 0.5, max = 8, doc = "How coarse, in thousandths of the picture's height." },
    colour = { type = "number", default = 0.25, min = 0, max = 1, doc = "0 grey grain, 1 coloured." },
    shade = { type = "number", default = 0.6, min = 0, max = 1, doc = "How much weaker it is in highlights." },
  },
  cost = 30,
  run = function(node)
    local p = node.params
    local grains = p.size * node.height / 1000
    -- A grain smaller than a pixel is seen only as the pixel's mean of several: as much weaker as it is smaller.
    local strength = p.amount * 0.085 * math.min(1, grains)
    local options = { strength = strength, size = math.clamp(grains, 1, 32), colour = p.colour, shade = p.shade }
    return function(n)
      return node.clip:picture(n):grain(options)
    end
  end,
}
