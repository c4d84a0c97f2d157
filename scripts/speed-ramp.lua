-- Time that runs faster and slower. Which picture is seen is the integral of the speed, worked out exactly.

-- How much of a stretch's mean speed has gone by at `x` from 0 to 1: the integrals of 0, of x and of 3x² - 2x³.
local gone = {
  hold = function() return 0 end,
  linear = function(x) return x * x / 2 end,
  smooth = function(x) return x * x * x - x * x * x * x / 2 end,
}

-- Stretches of the way: where each begins, how long it is, its speeds, and how much of the clip has passed before it.
local function stretches(times, speeds, ease)
  local all, passed = {}, times[1] * speeds[1]
  for i = 1, #times - 1 do
    local long = times[i + 1] - times[i]
    table.insert(all, { from = times[i], long = long, first = speeds[i], last = speeds[i + 1], passed = passed })
    passed += long * (speeds[i] + (speeds[i + 1] - speeds[i]) * ease(1))
  end
  return all, passed
end

return {
  version = 1,
  doc = "Speeds the shot up and slows it down between moments, with eases; after its last picture it holds.",
  params = {
    speeds = { type = "numbers", default = { 1.6, 0.4, 1.6 }, doc = "How fast it plays at each moment: 1 as it is, 0.25 slow motion, 0 a freeze." },
    times = { type = "numbers", default = {}, doc = "The moments, in seconds, one for each speed; where not written, evenly over the shot." },
    ease = { type = "choice", choices = { "smooth", "linear", "hold" }, default = "smooth", doc = "How speed changes from one moment to the next: `hold` keeps it and jumps." },
    blend = { type = "boolean", default = true, doc = "Whether pictures between two pictures are mixed from both; otherwise the earlier is shown." },
  },
  cost = 25,
  run = function(node)
    local p = node.params
    local times, speeds = p.times, p.speeds
    if #speeds == 0 then
      error("`speeds` wants at least one number")
    end
    if #times == 0 then
      times = {}
      for i = 1, #speeds do
        times[i] = if #speeds == 1 then 0 else (i - 1) / (#speeds - 1) * node.seconds
      end
    end
    if #times ~= #speeds then
      error(`\`times\` has {#times} moments and \`speeds\` {#speeds}: one speed a moment`)
    end
    for i, speed in ipairs(speeds) do
      if speed < 0 then
        error("`speeds` cannot be below 0: a shot does not run backwards")
      elseif times[i] < 0 or (i > 1 and times[i] <= times[i - 1]) then
        error("`times` go forward from 0: each is later than the one before")
      end
    end
    local ease = gone[p.ease]
    local all, total = stretches(times, speeds, ease)

    -- The moment of the shot that is seen at the moment `t`, both in seconds.
    local function seen(t)
      if t <= times[1] then
        return t * speeds[1]
      end
      for _, one in ipairs(all) do
        if t < one.from + one.long then
          local x = (t - one.from) / one.long
          return one.passed + one.long * (one.first * x + (one.last - one.first) * ease(x))
        end
      end
      return total + (t - times[#times]) * speeds[#speeds]
    end

    return function(n)
      local at = math.clamp(seen(n / node.fps) * node.fps, 0, node.frames - 1)
      -- Sums of fractions miss whole pictures by a hair.
      local whole = math.floor(at + 1e-6)
      local part = at - whole
      local picture = node.clip:picture(whole)
      if p.blend and part > 1e-3 then
        picture:mix(node.clip:picture(whole + 1), part)
      end
      return picture
    end
  end,
}
