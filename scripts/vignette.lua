-- Light that falls off towards the corners.
return {
  version = 1,
  doc = "Darkens the corners, so that the eye stays in the middle.",
  params = {
    amount = { type = "number", default = 0.55, min = 0, max = 1, doc = "How much of the corners is taken: 0 nothing, 1 all." },
    radius = { type = "number", default = 0.8, min = 0.1, max = 2, doc = "How far from the middle it is half as strong; 1 is a corner." },
    softness = { type = "number", default = 0.8, min = 0.01, max = 2, doc = "How gently it begins: 0.01 an edge, 1 all the way." },
    roundness = { type = "number", default = 0.4, min = 0, max = 1, doc = "0 follows the picture's shape, 1 is a circle." },
    colour = { type = "colour", default = "#000000", doc = "What the corners turn to." },
  },
  cost = 12,
  run = function(node)
    local p = node.params
    local shape = { radius = p.radius, softness = p.softness, roundness = p.roundness }
    local mask = vignette_mask(node.width, node.height, shape):invert():multiply(p.amount)
    local colour = frame(node.width, node.height, p.colour)
    return function(n)
      return node.clip:picture(n):mix_by(colour, mask)
    end
  end,
}
