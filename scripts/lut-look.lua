-- A look for the whole picture: from a .cube file, or one of those that are known by name.

-- Each gives red, green and blue anew; `k` is how much of it is taken. `l` is luma. Shadows and highlights are told
-- apart by smooth steps of luma, so that no edge appears where one goes over into the other.
local looks = {
  ["teal-orange"] = [[
    let s = (1 - smoothstep(0, 0.55, l)) * smoothstep(0, 0.06, l)
    let m = smoothstep(0.15, 0.75, l)
    let warm = clamp((r - b) * 2.2 + 0.25, 0, 1)
    let r1 = r - 0.060 * s + (0.075 * warm - 0.02) * m
    let g1 = g + 0.034 * s + 0.012 * m
    let b1 = b + 0.034 * s - (0.070 * warm - 0.015) * m
    let tone = 0.2126 * r1 + 0.7152 * g1 + 0.0722 * b1
    let q = 1.12
    let lift = 0.10 * (l - 0.45) * 4 * l * (1 - l)
    r = mix(r, tone + (r1 - tone) * q + lift, k)
    g = mix(g, tone + (g1 - tone) * q + lift, k)
    b = mix(b, tone + (b1 - tone) * q + lift, k)
  ]],
  bleach = [[
    let tone = select(l < 0.5, 2 * l * l, 1 - 2 * (1 - l) ^ 2)
    let silver = 0.35 * l + 0.65 * tone
    r = mix(r, silver + (r - l) * 0.42 + 0.008, k)
    g = mix(g, silver + (g - l) * 0.42 + 0.012, k)
    b = mix(b, silver + (b - l) * 0.42 + 0.016, k)
  ]],
  noir = [[
    let grey = 0.42 * r + 0.48 * g + 0.10 * b
    let tone = mix(grey, smoothstep(0.03, 0.95, grey), 0.75)
    r = mix(r, tone, k)
    g = mix(g, tone * 0.995 + 0.002, k)
    b = mix(b, tone * 0.985 + 0.010, k)
  ]],
  faded = [[
    let tone = 0.10 + 0.80 * l
    r = mix(r, tone + (r - l) * 0.62 + 0.020 * l + 0.004, k)
    g = mix(g, tone + (g - l) * 0.62 + 0.006, k)
    b = mix(b, tone + (b - l) * 0.62 + 0.032 * (1 - l) - 0.022 * l, k)
  ]],
  warm = [[
    let m = 4 * l * (1 - l)
    r = mix(r, r * 1.045 + 0.020 * m, k)
    g = mix(g, g * 1.005 + 0.006 * m, k)
    b = mix(b, b * 0.885 + 0.004, k)
  ]],
  cold = [[
    let m = 4 * l * (1 - l)
    let tone = l + (l - 0.5) * 0.06 * m
    r = mix(r, tone + (r - l) * 0.80 - 0.042 * m, k)
    g = mix(g, tone + (g - l) * 0.80 - 0.002 * m, k)
    b = mix(b, tone + (b - l) * 0.80 + 0.052 * m + 0.012, k)
  ]],
}

return {
  version = 1,
  doc = "A colour look: from a .cube file, or one by name.",
  params = {
    look = {
      type = "choice",
      choices = { "teal-orange", "bleach", "noir", "faded", "warm", "cold" },
      default = "teal-orange",
      doc = "Which, where no file is given: teal-orange, bleach (bypass), noir (black and white), faded, warm, cold.",
    },
    file = { type = "file", optional = true, doc = "A .cube table (1D or 3D) in place of a look by name." },
    amount = { type = "number", default = 1, min = 0, max = 1, doc = "How much of it: 0 leaves the picture, 1 is all of it." },
  },
  cost = 20,
  run = function(node)
    local p = node.params
    if p.file then
      local table = p.file:cube()
      return function(n)
        return node.clip:picture(n):lut(table, p.amount)
      end
    end
    local look = expression(looks[p.look], { "k" })
    return function(n)
      return look:run(node.clip:picture(n), { k = p.amount })
    end
  end,
}
