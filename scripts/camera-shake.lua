-- A camera in someone's hands: it sways, dips with each breath and trembles a little. The picture is enlarged by
-- just as much as the sway needs, so that no side of it is ever seen.

-- Smooth noise of mean 0, mostly within -1 to 1: a slow sway with quicker tremor on it. Lattice places of `math.noise`
-- are always 0, hence the odd offsets.
local function sway(t, seed, axis)
  local y, z = (seed % 977) + 0.37, axis * 17.13 + 0.61
  return 1.30 * math.noise(t * 0.55, y, z) + 0.55 * math.noise(t * 1.35, y + 31.7, z) + 0.18 * math.noise(t * 4.1, y + 77.3, z)
end

local FARTHEST = 1.3 + 0.55 + 0.18

return {
  version = 1,
  doc = "A camera in the hand: smooth sway, dip and roll; the picture is enlarged just enough that its sides never show.",
  params = {
    amount = { type = "number", default = 0.5, min = 0, max = 3, doc = "How much it moves: 0.3 a steady hand, 1 someone walking, 3 someone running." },
    speed = { type = "number", default = 1, min = 0.05, max = 10, doc = "How quick the moves are: 1 a calm breath." },
    roll = { type = "number", default = 0.5, min = 0, max = 5, doc = "How far it rolls, in degrees." },
  },
  cost = 70,
  run = function(node)
    local p = node.params
    local w, h = node.width, node.height
    local reach = 0.012 * p.amount * h
    local turn = p.roll * p.amount

    local function place(n)
      local t = n / node.fps * p.speed
      local seed = node.seed
      return reach * sway(t, seed, 1), 0.8 * reach * sway(t, seed, 2), turn * sway(t, seed, 3)
    end

    -- A corner of what is seen, taken back to where it lies in the picture enlarged `z` times, is within it where
    -- `z` is at least this.
    local function needed(x, y, degrees)
      local angle = math.rad(math.abs(degrees))
      local wide, high = w / 2 + math.abs(x), h / 2 + math.abs(y)
      local across = (wide * math.cos(angle) + high * math.sin(angle)) / (w / 2)
      local down = (wide * math.sin(angle) + high * math.cos(angle)) / (h / 2)
      return math.max(across, down)
    end

    local zoom = 1
    if node.frames <= 20000 then
      for n = 0, node.frames - 1 do
        zoom = math.max(zoom, needed(place(n)))
      end
    else
      zoom = needed(reach * FARTHEST, reach * FARTHEST, turn * FARTHEST)
    end
    return function(n)
      local picture = node.clip:picture(n)
      if zoom == 1 then
        return picture
      end
      local x, y, degrees = place(n)
      return picture:move { x = x, y = y, degrees = degrees, scale = zoom, sampling = "bicubic" }
    end
  end,
}
