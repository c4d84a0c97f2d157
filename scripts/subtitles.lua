-- Subtitles in the picture: from an .srt file, or one text.

local function seconds(text)
  local h, m, s, rest = text:match("(%d+):(%d+):(%d+)[,.](%d+)")
  if not h then
    return nil
  end
  return h * 3600 + m * 60 + s + tonumber("0." .. rest)
end

-- The lines of an .srt: when each comes and goes, and its words without marks such as <i>.
local function read(text)
  text = text:gsub("^\239\187\191", ""):gsub("\r\n", "\n"):gsub("\r", "\n")
  local lines = text:split("\n")
  local found, now = {}, nil
  for i, line in ipairs(lines) do
    local from, to = line:match("^%s*(%S+)%s+%-%->%s+(%S+)")
    if from and seconds(from) and seconds(to) then
      -- The number above a time belongs to it, and not to the words before it.
      if now and #now.words > 0 and now.words[#now.words]:match("^%s*%d+%s*$") and lines[i - 1] ~= "" then
        table.remove(now.words)
      end
      now = { from = seconds(from), to = seconds(to), words = {} }
      table.insert(found, now)
    elseif line:match("^%s*$") then
      now = nil
    elseif now then
      local plain = line:gsub("<[^>]*>", ""):gsub("{\\[^}]*}", "")
      table.insert(now.words, plain)
    end
  end
  return found
end

-- The narrowest width at which `words` break into as few lines as they do in `widest`.
local function balanced(words, style, widest)
  style.width = widest
  local _, _, lines = measure_text(words, style)
  local low, high = widest / lines * 0.8, widest
  for _ = 1, if lines > 1 then 8 else 0 do
    style.width = (low + high) / 2
    local width, _, count = measure_text(words, style)
    if count > lines or width > style.width then
      low = style.width
    else
      high = style.width
    end
  end
  style.width = high
  return measure_text(words, style)
end

return {
  version = 1,
  doc = "Burns subtitles into the picture, from an .srt file or one text.",
  params = {
    file = { type = "file", optional = true, doc = "An .srt file; its times count from the shot's start." },
    text = { type = "text", default = "", doc = "One text in place of a file." },
    from = { type = "time", default = 0, doc = "When the text comes." },
    to = { type = "time", optional = true, doc = "When it goes; where not written, with the shot." },
    shift = { type = "number", default = 0, min = -86400, max = 86400, doc = "Seconds by which the file's times come later; earlier where negative." },
    style = { type = "choice", choices = { "outline", "box" }, default = "outline", doc = "Letters with a dark outline, or on a dark box." },
    position = { type = "choice", choices = { "bottom", "top" }, default = "bottom", doc = "Where they stand." },
    size = { type = "number", default = 5.2, min = 1, max = 20, doc = "Of the letters, in hundredths of the picture's height." },
    margin = { type = "number", default = 7, min = 0, max = 40, doc = "Below them (above at the top), in hundredths of the picture's height." },
    colour = { type = "colour", default = "#ffffff", doc = "Of the letters." },
  },
  cost = 10,
  run = function(node)
    local p = node.params
    local w, h = node.width, node.height
    local all = {}
    if p.file then
      all = read(p.file:text())
      if #all == 0 then
        error(`\`{p.file.name}\` holds no subtitles: times such as 00:00:01,000 --> 00:00:03,500 with words below`)
      end
    elseif p.text ~= "" then
      all = { { from = p.from, to = p.to or math.huge, words = { p.text } } }
    else
      error("subtitles want a `file` or a `text`")
    end
    for _, one in ipairs(all) do
      if p.file then
        one.from += p.shift
        one.to += p.shift
      end
      one.words = table.concat(one.words, "\n")
    end

    local size = math.max(8, p.size * h / 100)
    -- A narrow picture, upright on a phone, has less room at its sides.
    local widest = w * (if w > h then 0.76 else 0.88)
    local made, order = {}, {}

    -- A clear layer with `words` on it. The latest few are kept: a line stays for many pictures.
    local function layer(words)
      if made[words] then
        return made[words]
      end
      local style = { size = size, weight = 500, colour = p.colour, leading = 1.22, align = "middle" }
      local wide, high = balanced(words, style, widest)
      local inside = if p.style == "box" then size * 0.4 else size * 0.3
      if p.style == "outline" then
        style.outline, style.outline_colour = math.max(0.8, size * 0.055), "#000000d8"
        style.shadow, style.shadow_blur, style.shadow_colour = size * 0.03, size * 0.12, "#000000a0"
      end
      local made_frame = frame(math.ceil(style.width + 2 * inside), math.ceil(high + 2 * inside), "#00000000")
      if p.style == "box" then
        local box = wide + 2 * inside
        made_frame:rounded((made_frame.width - box) / 2, inside * 0.5, box, high + inside, size * 0.18, { fill = "#000000b0" })
      end
      style.x, style.y = inside, inside
      made_frame:text(words, style)
      if #order >= 4 then
        made[table.remove(order, 1)] = nil
      end
      table.insert(order, words)
      made[words] = { frame = made_frame, inside = inside }
      return made[words]
    end

    return function(n)
      local picture = node.clip:picture(n)
      local t = (n + 0.5) / node.fps
      local words = {}
      for _, one in ipairs(all) do
        if one.from <= t and t < one.to and one.words ~= "" then
          table.insert(words, one.words)
        end
      end
      if #words == 0 then
        return picture
      end
      local over = layer(table.concat(words, "\n"))
      local margin = p.margin * h / 100 - over.inside
      local y = if p.position == "top" then margin else h - margin - over.frame.height
      return picture:paste(over.frame, { x = math.floor((w - over.frame.width) / 2 + 0.5), y = math.floor(y + 0.5) })
    end
  end,
}
