#pragma once

namespace escalon::view {

// KEYS[1] is `at`; each following key has one operation in ARGV, in order. ARGV: epoch, expected pos, next pos, then
// the operations:
//   S value · Z n score member … · z n member … · D · H n field value … · h n field value … · R most value … n · A n
//   member … · E seconds
// Everything is checked before the first write, and out-of-memory refuses a script as a whole (Redis checks it once, at
// the start).
inline constexpr char kWriteScript[] = R"lua(
local at = redis.call('HMGET', KEYS[1], 'epoch', 'pos')
if at[1] and tonumber(at[1]) > tonumber(ARGV[1]) then return {'deposed', at[2] or ''} end
if (at[2] or '') ~= ARGV[2] then return {'elsewhere', at[2] or ''} end
local a = 4
for k = 2, #KEYS do
  local op = ARGV[a]
  if op == 'S' then
    redis.call('SET', KEYS[k], ARGV[a + 1])
    a = a + 2
  elseif op == 'Z' then
    local n = tonumber(ARGV[a + 1])
    redis.call('ZADD', KEYS[k], unpack(ARGV, a + 2, a + 1 + 2 * n))
    a = a + 2 + 2 * n
  elseif op == 'z' then
    local n = tonumber(ARGV[a + 1])
    redis.call('ZREM', KEYS[k], unpack(ARGV, a + 2, a + 1 + n))
    a = a + 2 + n
  elseif op == 'R' then
    local n = tonumber(ARGV[a + 2])
    local length = redis.call('RPUSH', KEYS[k], unpack(ARGV, a + 3, a + 2 + n))
    local most = tonumber(ARGV[a + 1])
    if length > most then redis.call('LTRIM', KEYS[k], -most, -1) end
    a = a + 3 + n
  elseif op == 'H' then
    local n = tonumber(ARGV[a + 1])
    redis.call('HSET', KEYS[k], unpack(ARGV, a + 2, a + 1 + 2 * n))
    a = a + 2 + 2 * n
  elseif op == 'h' then
    local n = tonumber(ARGV[a + 1])
    for i = a + 2, a + 1 + 2 * n, 2 do
      if redis.call('HGET', KEYS[k], ARGV[i]) == ARGV[i + 1] then redis.call('HDEL', KEYS[k], ARGV[i]) end
    end
    a = a + 2 + 2 * n
  elseif op == 'A' then
    local n = tonumber(ARGV[a + 1])
    redis.call('SADD', KEYS[k], unpack(ARGV, a + 2, a + 1 + n))
    a = a + 2 + n
  elseif op == 'E' then
    redis.call('EXPIRE', KEYS[k], ARGV[a + 1])
    a = a + 2
  else
    redis.call('UNLINK', KEYS[k])
    a = a + 1
  end
end
redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'pos', ARGV[3])
return {'ok', ARGV[3]}
)lua";

// Clears a shard before it is written whole. KEYS: at, due, all, names, unique. ARGV: epoch, mark, tag, the
// position that histories go on from ('': none; they stay, and whoever writes a case replaces its history), first and
// last hour of live keys, and 1 when keys of the shard are not what was written there: then every one of them goes.
inline constexpr char kClearScript[] = R"lua(
local at = ARGV[7] == '1' and redis.pcall('HMGET', KEYS[1], 'epoch', 'pos') or redis.call('HMGET', KEYS[1], 'epoch', 'pos')
local epoch = tonumber(at[1] or '')
if epoch and epoch > tonumber(ARGV[1]) then return {'deposed', at[2] or ''} end
if ARGV[7] == '1' then
  local cursor = '0'
  repeat
    local page = redis.call('SCAN', cursor, 'MATCH', ARGV[3] .. '*', 'COUNT', 1000)
    cursor = page[1]
    for _, key in ipairs(page[2]) do redis.call('UNLINK', key) end
  until cursor == '0'
  redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'pos', ARGV[2])
  return {'ok', ARGV[2]}
end
if ARGV[4] ~= '' and (at[2] or '') ~= ARGV[4] then return {'elsewhere', at[2] or ''} end
for _, id in ipairs(redis.call('ZRANGE', KEYS[3], 0, -1)) do redis.call('UNLINK', ARGV[3] .. 'c:' .. id) end
for hour = tonumber(ARGV[5]), tonumber(ARGV[6]) do redis.call('UNLINK', ARGV[3] .. 'k:' .. hour) end
for _, name in ipairs(redis.call('SMEMBERS', KEYS[4])) do redis.call('UNLINK', ARGV[3] .. name) end
redis.call('UNLINK', KEYS[2], KEYS[3], KEYS[4], KEYS[5])
redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'pos', ARGV[2])
return {'ok', ARGV[2]}
)lua";

// One page of a shard for a take-over: KEYS: at, all. ARGV: tag, from rank, how many. Returns pos, then the snapshots.
inline constexpr char kLoadScript[] = R"lua(
local out = {redis.call('HGET', KEYS[1], 'pos') or ''}
for _, id in ipairs(redis.call('ZRANGE', KEYS[2], ARGV[2], ARGV[2] + ARGV[3] - 1)) do
  out[#out + 1] = redis.call('GET', ARGV[1] .. 'c:' .. id) or ''
end
return out
)lua";

// Cases by key with the position they belong to. KEYS: at, then the cases'.
inline constexpr char kReadScript[] = R"lua(
local out = {redis.call('HGET', KEYS[1], 'pos') or ''}
for k = 2, #KEYS do out[#out + 1] = redis.call('GET', KEYS[k]) end
return out
)lua";

// A page of an index. KEYS: at, index. ARGV: tag, from score, from member, limit, and 1 for descending. Starts behind
// (score, member). Returns pos, then member, score, snapshot for each.
inline constexpr char kListScript[] = R"lua(
local out = {redis.call('HGET', KEYS[1], 'pos') or ''}
local limit, down, taken, offset = tonumber(ARGV[4]), ARGV[5] == '1', 0, 0
while taken < limit do
  local page
  if down then
    page = redis.call('ZREVRANGEBYSCORE', KEYS[2], ARGV[2], '-inf', 'WITHSCORES', 'LIMIT', offset, limit)
  else
    page = redis.call('ZRANGEBYSCORE', KEYS[2], ARGV[2], '+inf', 'WITHSCORES', 'LIMIT', offset, limit)
  end
  if #page == 0 then break end
  for i = 1, #page, 2 do
    local member, score = page[i], page[i + 1]
    local same = tonumber(score) == tonumber(ARGV[2])
    local behind = ARGV[3] == '' or not same or (down and member < ARGV[3]) or (not down and member > ARGV[3])
    if behind and taken < limit then
      out[#out + 1] = member
      out[#out + 1] = score
      out[#out + 1] = redis.call('GET', ARGV[1] .. 'c:' .. member) or ''
      taken = taken + 1
    end
  end
  offset = offset + limit
end
return out
)lua";

// The one case of a unique index. KEYS: at, unique. ARGV: tag, index key, limit. Returns as the list script does.
inline constexpr char kFindScript[] = R"lua(
local out = {redis.call('HGET', KEYS[1], 'pos') or ''}
local id = redis.call('HGET', KEYS[2], ARGV[2])
if id then
  out[2], out[3], out[4] = id, '0', redis.call('GET', ARGV[1] .. 'c:' .. id) or ''
end
return out
)lua";

}  // namespace escalon::view
