-- A dream out of other nodes: faded colours, soft focus, glow, corners that turn white.
return {
  version = 1,
  doc = "A dream or a memory: faded, soft, glowing, bright towards the corners.",
  params = {
    amount = { type = "number", default = 0.7, min = 0, max = 1, doc = "How far from waking." },
    corners = { type = "colour", default = "#f6efe2", doc = "What the corners turn to." },
  },
  expand = function(graph, node)
    local k = node.params.amount
    local faded = graph:add("lut-look", { clip = node.clip, look = "faded", amount = 0.8 * k })
    local soft = graph:add("soft-focus", { clip = faded, amount = 0.6 * k, radius = 8 })
    local bright = graph:add("glow", { clip = soft, amount = 0.65 * k, threshold = 0.45, radius = 50 })
    return graph:add("vignette", {
      clip = bright, amount = 0.55 * k, radius = 0.95, softness = 0.8, roundness = 0.6, colour = node.params.corners,
    })
  end,
}
