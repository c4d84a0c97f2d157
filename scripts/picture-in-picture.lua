-- A second picture in a corner of the first, with rounded corners, a border and a shadow.

return {
  version = 1,
  doc = "A second picture in a corner of the first: border, rounded corners, shadow.",
  inputs = {
    clip = { type = "clip", doc = "The large picture." },
    inset = { type = "clip", doc = "The small one: a shot (`scene.shot`), footage or a still." },
  },
  params = {
    corner = { type = "choice", choices = { "top-left", "top-right", "bottom-left", "bottom-right", "middle" }, default = "bottom-right", doc = "Where the small picture lies." },
    size = { type = "number", default = 0.3, min = 0.05, max = 1, doc = "Its height, of the large picture's: 0.3 or 30%." },
    shape = { type = "choice", choices = { "film", "square", "circle" }, default = "film", doc = "As wide as the film is, or cut to a square or a circle." },
    margin = { type = "number", default = 5, min = 0, max = 40, doc = "From the sides, in hundredths of the height." },
    corners = { type = "number", default = 1.8, min = 0, max = 50, doc = "How round its corners are, in hundredths of the height; 0 is sharp." },
    border = { type = "number", default = 0.45, min = 0, max = 10, doc = "How thick its border is, in hundredths of the height; 0 has none." },
    colour = { type = "colour", default = "#ffffff", doc = "Of the border." },
    shadow = { type = "number", default = 0.5, min = 0, max = 1, doc = "How dark its shadow is; 0 has none." },
    fade = { type = "time", default = 0, doc = "How long it takes to come; 0 has it there from the first picture." },
  },
  cost = 30,
  run = function(node)
    local p = node.params
    local w, h = node.width, node.height
    local tall = math.max(2, math.floor(h * p.size + 0.5))
    local wide = if p.shape == "film" then math.max(2, math.floor(w * p.size + 0.5)) else math.min(tall, w)
    local border = p.border * h / 100
    local round = math.min(if p.shape == "circle" then tall else p.corners * h / 100, math.min(wide, tall) / 2)

    local margin = p.margin * h / 100
    local x = if p.corner:find("left") then margin elseif p.corner:find("right") then w - margin - wide else (w - wide) / 2
    local y = if p.corner:find("top") then margin elseif p.corner:find("bottom") then h - margin - tall else (h - tall) / 2
    x, y = math.floor(x + 0.5), math.floor(y + 0.5)

    local mask = frame(wide, tall, "#000000"):rounded(0, 0, wide, tall, round, { fill = "#ffffff" })

    -- Shadow and border lie beneath and never change: one layer, a little larger than the small picture.
    local soft = 0.016 * h
    local room = math.ceil(soft * 3.5 + border + 2)
    local clear = function()
      return frame(wide + 2 * room, tall + 2 * room, "#00000000")
    end
    local beneath = clear()
    if p.shadow > 0 then
      local drop = soft * 0.5
      local ink = "#000000" .. string.format("%02x", math.floor(p.shadow * 255 + 0.5))
      beneath:rounded(room - border, room - border + drop, wide + 2 * border, tall + 2 * border, round + border, { fill = ink })
      beneath = beneath:blur(soft)
    end
    if border > 0 then
      local own = clear()
      own:rounded(room - border, room - border, wide + 2 * border, tall + 2 * border, round + border, { fill = p.colour })
      beneath:paste(own)
    end

    -- The part of the inset that has the shape wanted, from its middle.
    local cut = math.min(w, math.floor(h * wide / tall + 0.5))
    return function(n)
      local picture = node.clip:picture(n)
      local there = 1
      if p.fade > 0 then
        local t = math.clamp(n / node.fps / p.fade, 0, 1)
        there = t * t * (3 - 2 * t)
      end
      if there <= 0 then
        return picture
      end
      local inset = node.inset:picture(n)
      if cut < w then
        inset = inset:crop((w - cut) // 2, 0, cut, h)
      end
      inset = inset:resize(wide, tall, "area"):alpha_from(mask)
      -- As a whole, so that while it comes the border is not seen through the inset.
      local whole = if there < 1 then picture:copy() else picture
      whole:paste(beneath, { x = x - room, y = y - room })
      whole:paste(inset, { x = x, y = y })
      return if there < 1 then picture:mix(whole, there) else whole
    end
  end,
}
