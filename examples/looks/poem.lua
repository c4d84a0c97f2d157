-- A poem, a line a shot: the same picture hour by hour, its words beneath. Functions and a loop write the storyboard.

local hours = { "golden evening", "dusk", "night", "dawn, clear" }
local looks = { "warm", "teal-orange", "cold", "faded" }

local film = storyboard {
  title = "Harbour Poem",
  film = { size = "1280x720", fps = 24 },
  seed = 11,
  look = "gouache illustration, soft light",
}
film:place("cliff", "a lighthouse on a basalt cliff above the sea")

local scene = film:scene("poem", { place = "cliff" })

-- One line of the poem as a shot that looks and sounds like its hour.
local function verse(number, words)
  local shot = scene:shot(`line{number}`, {
    action = "waves roll in, gulls wheel",
    setting = hours[(number - 1) % #hours + 1],
    camera = if number % 2 == 1 then "slow push in" else "slow pull out",
    duration = "3s",
    sound = "calm sea",
  })
  shot:step("lut-look", { look = looks[(number - 1) % #looks + 1], amount = 0.8 })
  shot:step("subtitles", { text = words, from = "0.3s", to = "2.8s", size = 6, margin = 10 })
end

for number, words in ipairs(lines_of("poem.txt")) do
  verse(number, words)
end

film:step("vignette", { amount = 0.5 })
film:step("film-grain", { amount = 0.25 })
film:cue("tide", { prompt = "solo cello, slow, D minor, 60 bpm", from = "start", to = "end" })
return film
