-- Tells Redis what a gateway knows when Redis is back: first, where it has lost its memory, what it
-- had told before, then what the gateway has let through alone.
-- ARGV, from 5: 1 if the memory is lost, the day that was told, its tokens, the day of what is owed,
--   its tokens, then for each bucket its number, requests and tokens told, requests and tokens owed
local lost = ARGV[5] == '1'
if lost and tonumber(ARGV[6]) == today then
  dayUsed = math.max(dayUsed, tonumber(ARGV[7]))
end
if tonumber(ARGV[8]) == today then
  dayUsed = math.max(0, dayUsed + tonumber(ARGV[9]))
end

local function restore(kind, bucket, told, owed)
  if lost then
    local count = tonumber(redis.call('HGET', account, kind .. bucket)) or 0
    change(kind, bucket, math.max(0, told - count))
  end
  if owed ~= 0 then
    change(kind, bucket, owed)
  end
end

for i = 10, #ARGV, 5 do
  local bucket = math.min(tonumber(ARGV[i]), newest)
  if bucket >= newest - buckets then
    restore('r', bucket, tonumber(ARGV[i + 1]), tonumber(ARGV[i + 3]))
    restore('t', bucket, tonumber(ARGV[i + 2]), tonumber(ARGV[i + 4]))
  end
end
save()
return {1}
