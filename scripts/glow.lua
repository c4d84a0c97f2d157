-- Bloom: what is bright spills over. Where a sound enters, the louder the stronger.

-- How loud the sound is at every picture, against its loudest there: quick to rise, slow to fall, as a lamp is.
local function swell(node)
  local levels, most = {}, 1e-4
  for n = 0, node.frames - 1 do
    local at = n / node.fps
    local now = node.sound:level(at - 0.03, at + 0.06)
    most = math.max(most, now)
    levels[n] = now
  end
  local left = math.exp(-1 / (0.22 * node.fps))
  local held = 0
  for n = 0, node.frames - 1 do
    held = math.max(levels[n] / most, held * left)
    levels[n] = held
  end
  return levels
end

return {
  version = 1,
  doc = "Glow: bright parts of the picture spill over, the stronger the louder a sound is at that moment.",
  inputs = {
    clip = { type = "clip", doc = "What glows." },
    sound = { type = "sound", optional = true, doc = "A cue, a shot's sound or a file whose loudness drives it." },
  },
  params = {
    amount = { type = "number", default = 0.7, min = 0, max = 2, doc = "How strong; with a sound, at its loudest." },
    rest = { type = "number", default = 0.15, min = 0, max = 1, doc = "What part of it is left in silence, where a sound drives it." },
    threshold = { type = "number", default = 0.55, min = 0, max = 1, doc = "How bright a place is that begins to glow." },
    radius = { type = "number", default = 35, min = 1, max = 200, doc = "How far it spills, in thousandths of the picture's height." },
    colour = { type = "colour", default = "#fff4e6", doc = "What the light is tinted with." },
  },
  cost = 45,
  run = function(node)
    local p = node.params
    local w, h = node.width, node.height
    -- A glow has no detail: a quarter of the size is enough for it, and a sixteenth of the work.
    local sw, sh = math.max(8, w // 4), math.max(8, h // 4)
    local radius = p.radius * sh / 1000
    local bright = expression("c * smoothstep(low, low + 0.35, l)", { "low" })
    local levels = node.sound and swell(node)
    return function(n)
      local picture = node.clip:picture(n)
      local strength = p.amount
      if levels then
        strength *= p.rest + (1 - p.rest) * (levels[math.clamp(n, 0, node.frames - 1)] or 0)
      end
      if strength <= 0 then
        return picture
      end
      local light = bright:run(picture:resize(sw, sh, "area"), { low = p.threshold })
      -- A tight halo in a wide one: light falls off steeply at first, then slowly.
      local halo = light:blur(radius):add_frame(light:blur(radius / 3), 0.5):multiply(p.colour)
      halo = halo:multiply(strength):clamp():resize(w, h, "bilinear")
      return picture:blend(halo, { mode = "screen" })
    end
  end,
}
