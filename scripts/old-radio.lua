-- A small loudspeaker with a worn valve: a narrow band, bent peaks, reception that comes and goes.

-- Samples before a block over which the filters settle.
local LEAD = 9600

return {
  version = 1,
  doc = "An old radio: a narrow band of the sound, driven hard, with reception that comes and goes.",
  inputs = { sound = { type = "sound", doc = "What is on the air." } },
  outputs = { sound = { type = "sound" } },
  params = {
    low = { type = "number", default = 350, min = 20, max = 5000, doc = "Where the band begins, in Hz." },
    high = { type = "number", default = 3200, min = 200, max = 20000, doc = "Where it ends, in Hz." },
    drive = { type = "number", default = 3, min = 0.1, max = 20, doc = "How hard the valve is driven: 1 clean, 8 torn." },
    fading = { type = "number", default = 0.25, min = 0, max = 1, doc = "How far reception sinks when it comes and goes." },
    gain = { type = "number", default = 0, min = -60, max = 24, doc = "Louder or softer, in dB." },
  },
  cost = 6,
  run = function(node)
    local p = node.params
    if p.low >= p.high then
      error(`\`low\` ({p.low} Hz) lies below \`high\` ({p.high} Hz)`)
    end
    -- A valve that is driven makes everything louder; half of that is given back, in dB.
    local gain = p.gain - 10 * math.log10(math.max(p.drive, 1))

    local function reception(seconds)
      return 1 - p.fading * math.clamp(0.5 + math.noise(seconds * 0.43, (node.seed % 977) + 0.37, 0.61), 0, 1)
    end

    return function(from, count)
      local sound = node.sound:read(from - LEAD, count + LEAD)
      sound:high_pass(p.low):high_pass(p.low):low_pass(p.high)
      sound:saturate(p.drive)
      -- The cabinet: overtones of what was bent are held back as well.
      sound:low_pass(p.high * 1.15):high_pass(p.low * 0.8):gain(gain)
      return sound:crop(LEAD, count):fade(reception(from / 48000), reception((from + count) / 48000))
    end
  end,
}
