-- Cuts from clip to clip on the beat: where a sound begins anew, or at so many beats a minute.

return {
  version = 1,
  doc = "Cuts between clips on a sound's beats, or on so many beats a minute.",
  inputs = {
    clip = { type = "clip", doc = "The first picture." },
    clips = { type = "clip", many = true, doc = "Those it cuts to, in order and round again: shots (`scene.shot`), footage or stills." },
    sound = { type = "sound", optional = true, doc = "A cue, a shot's sound or a file: it cuts where something begins in it." },
  },
  params = {
    bpm = { type = "number", default = 0, min = 0, max = 600, doc = "Beats a minute, in place of the sound's own; 0 listens to the sound, and takes 120 where there is none." },
    every = { type = "integer", default = 1, min = 1, max = 64, doc = "Cuts on every beat (1), every second (2), every fourth (4) ..." },
    offset = { type = "time", default = 0, doc = "When the first beat is, for `bpm`." },
    shortest = { type = "time", default = 0.2, doc = "How long a clip is seen at least." },
    rise = { type = "number", default = 1.4, min = 1.05, max = 20, doc = "How much louder than before it a beginning is; higher hears fewer." },
    restart = { type = "boolean", default = false, doc = "Whether a clip begins anew at every cut; otherwise all run along beside each other." },
    punch = { type = "number", default = 0, min = 0, max = 1, doc = "How much each cut jumps closer and eases back." },
  },
  cost = 8,
  run = function(node)
    local p = node.params
    local clips = { node.clip, unpack(node.clips) }

    local beats = {}
    if p.bpm == 0 and node.sound then
      beats = node.sound:onsets { rise = p.rise }
    else
      local each = 60 / (if p.bpm > 0 then p.bpm else 120)
      for i = 0, math.ceil(node.seconds / each) do
        table.insert(beats, p.offset + i * each)
      end
    end
    -- The pictures at which it cuts; nothing is cut away from before it was seen.
    local cuts = { 0 }
    local counted = 0
    for _, beat in ipairs(beats) do
      local at = math.floor(beat * node.fps + 0.5)
      if at > 0 then
        counted += 1
        if counted % p.every == 0 and at - cuts[#cuts] >= math.max(1, p.shortest * node.fps) then
          table.insert(cuts, at)
        end
      end
    end

    local function last_cut(n)
      local low, high = 1, #cuts
      while low < high do
        local middle = (low + high + 1) // 2
        if cuts[middle] <= n then
          low = middle
        else
          high = middle - 1
        end
      end
      return low
    end

    return function(n)
      local i = last_cut(n)
      local since = n - cuts[i]
      local picture = clips[(i - 1) % #clips + 1]:picture(if p.restart then since else n)
      local closer = 0.09 * p.punch * math.exp(-since / (0.12 * node.fps))
      if i > 1 and closer > 1e-3 then
        picture = picture:move { scale = 1 + closer }
      end
      return picture
    end
  end,
}
