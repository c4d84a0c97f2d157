-- The softness of a diffusion filter: the sharp picture, with a blurred one laid over it.
return {
  version = 1,
  doc = "Soft focus: a blurred picture over the sharp one, so that outlines melt and eyes stay.",
  params = {
    amount = { type = "number", default = 0.45, min = 0, max = 1, doc = "How much of the blurred picture is seen." },
    radius = { type = "number", default = 9, min = 0.5, max = 100, doc = "How soft, in thousandths of the picture's height." },
  },
  cost = 60,
  run = function(node)
    local p = node.params
    return function(n)
      local picture = node.clip:picture(n)
      return picture:mix(picture:blur(p.radius * node.height / 1000), p.amount)
    end
  end,
}
